"""Workers' papers: the list by expiry, one worker with the trust code, entering and voiding a paper."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django import forms as base
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.models import Person
from zhangfa.organisation.web.common import Doings, OnePage, doing
from zhangfa.organisation.web.fields import person_field
from zhangfa.organisation.web.forms import ReasonForm
from zhangfa.people import actions, registry
from zhangfa.people.models import Certificate
from zhangfa.people.permissions import keep_papers, read_papers
from zhangfa.people.queries import papers_of
from zhangfa.people.rules import trust_code
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.forms import DateField, Form, TextField
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Link

CODES = {
    "green": Status(_("绿码"), "green"), "yellow": Status(_("黄码"), "amber"), "red": Status(_("红码"), "red"), "": Status(_("没有安心码"), "red"),
}  # fmt: skip


def state_of(row: Certificate, day: Any) -> Status:
    """Where a paper stands on a day."""
    if row.voided_at:
        return Status(_("已作废"))
    if not row.is_passed:
        return Status(_("不合格"), "red")
    if row.as_paper().holds_on(day):
        return Status(_("有效"), "green")
    return Status(_("已过期"), "red")


class PaperFilter(FilterSet):
    kind = df.ChoiceFilter(label=_("证件"), choices=Certificate.Kind.choices, empty_label=_("全部"))
    until = df.DateFilter(
        field_name="valid_to", lookup_expr="lte", label=_("在这一天之前到期"), widget=base.DateInput({"type": "date"})
    )


class Papers(ListPage):
    model, permission, title, nav = Certificate, read_papers, _("服务员证件"), "papers"
    columns = [
        Column("person.shown_name", _("服务员"), link=True, phone="title"),
        Column("person.no", _("工号"), kind="no"),
        Column("unit.shown_name", _("网点")),
        Column("get_kind_display", _("证件"), phone="badge"),
        Column("number", _("证号"), kind="no"),
        Column("valid_to", _("有效期至"), kind="date"),
        Column("state", _("状态"), kind="status", value=lambda row, page: state_of(row, clock.local_date(page.at))),
        Column("issuer", _("发证单位"), optional=True),
    ]
    sorts = {"end": (_("最早到期"), "valid_to", "id"), "late": (_("最晚到期"), "-valid_to", "-id")}
    filterset_class = PaperFilter
    select_related = ["person", "unit"]
    links = [Link("people:new", _("登记证件"), icon="plus", permission=keep_papers)]
    empty = Empty(_("没有证件"), _("服务员的健康证、上门服务证等，从“登记证件”开始。"), "id")

    def rows(self) -> Any:
        return Certificate.objects.standing()


class WorkerPapers(RecordPage):
    """One worker with the trust code of today and every paper."""

    model, permission, template_name, nav = Person, read_papers, "people/worker.html", "papers"

    def rows(self) -> Any:
        seen = Certificate.objects.visible_to(self.actor).order_by().values("person_id")
        return Person.objects.filter(pk__in=seen)

    def number(self) -> str:
        return str(self.object.no)

    def page_title(self) -> Any:
        return self.object.shown_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = clock.local_date(self.at)
        rows = Certificate.objects.visible_to(self.actor).filter(person=self.object).select_related("unit")
        lines = [(row, state_of(row, day)) for row in rows.order_by("kind", "-valid_from", "-pk")[:100]]
        newest = next(iter(lines), (None, None))[0]
        new = doing(_("登记证件"), "people:new", self, keep_papers)
        doings = Doings([] if newest is None else [new])
        code = CODES[trust_code(papers_of([self.object.pk]).get(self.object.pk, []), day)]
        may_keep = newest is not None and not list(keep_papers(newest, by=self.actor, at=self.at))
        return super().get_context_data(lines=lines, code=code, doings=doings, may_keep=may_keep, **kwargs)


def categories() -> list[tuple[str, Any]]:
    return [("", _("无")), *registry.service_kinds()]


class PaperForm(Form):
    """A paper as it lies on the table."""

    person = person_field("workers", label=_("服务员"))
    kind = base.ChoiceField(label=_("证件"), choices=Certificate.Kind.choices)
    number = TextField(label=_("证号"), max_length=40)
    issuer = TextField(label=_("发证单位"), max_length=60, required=False)
    valid_from = DateField(label=_("发证日期"))
    valid_to = DateField(label=_("有效期至"), required=False)
    category = base.ChoiceField(
        label=_("服务类别"), required=False, choices=categories, help_text=_("只有技能证书要选。")
    )
    is_passed = base.BooleanField(label=_("结果合格"), required=False, initial=True)


class PaperNew(CreatePage):
    permission, title, form_class, nav = keep_papers, _("登记证件"), PaperForm, "papers"

    def act(self, form: Any) -> Certificate:
        return actions.add_paper(**form.params(), by=self.actor, at=self.at)

    def get_initial(self) -> dict[str, Any]:
        return {"person": self.request.GET.get("person", "")[:20]}


class PaperVoid(OnePage):
    model, permission, title, form_class, nav = Certificate, keep_papers, _("作废证件"), ReasonForm, "papers"
    is_dangerous = True

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("people:worker", args=[self.subject().person_id])

    def act(self, form: Any) -> Certificate:
        return actions.void_paper(self.subject(), **form.params(), by=self.actor, at=self.at)
