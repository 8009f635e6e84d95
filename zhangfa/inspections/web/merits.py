"""奖惩意见 on screen: proposals, one with what was said and decided, and the form that begins it (HS-W1.9, HS-D4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters as df
from django import forms as base
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.approvals.queries import waiting_for, who_has
from zhangfa.inspections import actions
from zhangfa.inspections.merit_permissions import propose_merits, read_merits
from zhangfa.inspections.models import Finding, Merit
from zhangfa.organisation.models import Person
from zhangfa.organisation.web.fields import ObjectField, person_field
from zhangfa.records.web.parts import records_parts
from zhangfa.regulations.models import Regulation
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.forms import Form, MoneyField, TextField, WholeField
from zhangfa.ui.pages import CreatePage, KnownFacts, ListPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Link
from zhangfa.ui.words import join

S = Merit.Status
TONES = {
    S.PROPOSED: "amber", S.DECIDING: "blue", S.AGREED: "amber", S.DONE: "green", S.APPEALED: "red", S.REFUSED: "grey", S.LIFTED: "green", S.WITHDRAWN: "grey",
}  # fmt: skip
STATUSES = {status.value: Status(status.label, tone) for status, tone in TONES.items()}
NEXT = {
    S.PROPOSED: _("本人陈述后，由行政部经理决定"), S.DECIDING: _("由行政部经理决定"), S.AGREED: _("行政部执行"), S.APPEALED: _("由总经理决定申诉"),
}  # fmt: skip


class MeritForm(Form):
    """Who, what happened, by which rule, and what is proposed."""

    kind = base.ChoiceField(label=_("类型"), choices=Merit.Kind.choices, widget=base.RadioSelect)
    person = person_field("people", label=_("对象"))
    fact = TextField(
        label=_("事实"), max_length=1000, multiline=True, help_text=_("何时、何地、做了什么，依据哪些单据。")
    )
    ground = ObjectField(
        "regulations", Regulation, label=_("依据的制度"), required=False, placeholder=_("输入制度编号或标题"),
    )  # fmt: skip
    clause = TextField(label=_("依据的条款"), max_length=200, required=False)
    measure = base.ChoiceField(label=_("建议的处理"), choices=Merit.Measure.choices)
    amount = MoneyField(label=_("奖金金额"), required=False, minimum=Decimal("0.01"))
    finding = WholeField(label=_("表单情况"), required=False, widget=base.HiddenInput)

    def clean_finding(self) -> Finding | None:
        key = self.cleaned_data["finding"]
        if not key:
            return None
        found = Finding.objects.visible_to(self.actor).filter(pk=key).first()
        if found is None:
            raise base.ValidationError(_("没有这项表单情况。"))
        return found


class SayForm(Form):
    text = TextField(label=_("内容"), max_length=1000, multiline=True)


MERIT_FORMS = {"state": SayForm, "note_silence": SayForm, "appeal": SayForm}


class MeritFilter(FilterSet):
    kind = df.ChoiceFilter(label=_("类型"), choices=Merit.Kind.choices, empty_label=_("全部"))
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices, empty_label=_("全部"))


class Merits(ListPage):
    """Proposals that the reader may see, newest first."""

    model, permission, title, nav = Merit, read_merits, _("奖惩意见"), "merits"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True), Column("person.shown_name", _("对象"), phone="title"),
        Column("get_kind_display", _("类型")), Column("get_measure_display", _("建议的处理")), Column("status", _("状态"), kind="status", phone="badge"),
        Column("unit.shown_name", _("单位")), Column("proposed_at", _("提出时间"), kind="when"),
    ]  # fmt: skip
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = MeritFilter
    select_related = ["record", "person", "unit"]
    links = [Link("inspections:merit-new", _("提出奖惩意见"), icon="plus", permission=propose_merits)]
    empty = Empty(
        _("没有奖惩意见"), _("从核实过的表单情况，或从这里提出；由行政部经理决定，没有人决定自己的。"), "award", propose_merits,
        _("关于您的奖惩意见会出现在这里，您可以陈述和申诉。"),
    )  # fmt: skip


class MeritPage(KnownFacts):
    """One proposal from the fact to what was done, with the person's own word beside it."""

    model, permission, nav, do_url, template_name = (
        Merit,
        read_merits,
        "merits",
        "inspections:merit-do",
        "inspections/merit.html",
    )
    select_related = [
        "record__unit",
        "person",
        "unit",
        "ground__record",
        "finding",
        "proposed_by",
        "decided_by",
        "done_by",
        "heard_by",
    ]
    facts = [
        Column("person.shown_name", _("对象")), Column("unit.shown_name", _("单位")), Column("get_kind_display", _("类型")),
        Column("get_measure_display", _("建议的处理")), Column("amount", _("金额（元）"), kind="money"), Column("proposed_by.shown_name", _("提出人")),
        Column("proposed_at", _("提出时间"), kind="when"), Column("fact", _("事实"), wide=True),
        Column("ground", _("依据的制度"), wide=True, value=lambda row, page: row.ground and f"{row.ground.record.number} {row.ground.title} {row.clause}"),
        Column("statement", _("本人陈述"), wide=True), Column("stated_at", _("陈述时间"), kind="when"), Column("heard_by.shown_name", _("告知见证人")),
        Column("decided_by.shown_name", _("决定人")), Column("decided_at", _("决定时间"), kind="when"), Column("opinion", _("决定意见"), wide=True),
        Column("done_by.shown_name", _("执行人")), Column("done_on", _("执行日期"), kind="date"), Column("appeal", _("申诉"), wide=True),
        Column("appealed_at", _("申诉时间"), kind="when"),
    ]  # fmt: skip
    parts = records_parts("files", "comments", "trail")

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return f"{self.object.get_kind_display()} · {self.object.person.shown_name}"

    def next_step(self) -> Any:
        return NEXT.get(self.object.status, "")

    def holder(self) -> Any:
        if self.object.status == S.PROPOSED:
            return self.object.person.shown_name
        steps = waiting_for(self.object.record_id)
        return join(person.shown_name for step in steps for person in who_has(step, self.at))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object.finding
        sees = row is not None and Finding.objects.visible_to(self.actor).filter(pk=row.pk).exists()
        return super().get_context_data(finding=row if sees else None, **kwargs)


class MeritDo(TransitionPage):
    record_page, nav, forms = MeritPage, "merits", MERIT_FORMS


class MeritNew(CreatePage):
    """Propose a reward or penalty, also from a count of forms that somebody confirmed."""

    permission, title, form_class, nav = propose_merits, _("提出奖惩意见"), MeritForm, "merits"
    help = _("写清事实和依据；处罚先听本人陈述，再由行政部经理决定。系统的统计只供参考，不会自动奖惩。")

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("inspections:merits")

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("finding", "")
        key = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
        row = Finding.objects.visible_to(self.actor).filter(pk=key).first() if key else None
        if row is None:
            return {}
        numbers = join(line["number"] for line in row.evidence[:10])
        fact = _("%(week)s 这一周：%(kind)s %(count)s 张（%(numbers)s）。%(ruling)s") % {
            "week": row.week_on.isoformat(), "kind": row.get_kind_display(), "count": row.count, "numbers": numbers, "ruling": row.ruling,
        }  # fmt: skip
        person: Person = row.person
        return {
            "finding": row.pk,
            "person": person.pk,
            "fact": fact[:1000],
            "kind": Merit.Kind.PENALTY,
            "measure": Merit.Measure.TALK,
        }

    def act(self, form: Any) -> Merit:
        return actions.propose_merit(**form.params(), by=self.actor, at=self.at)
