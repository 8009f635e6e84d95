"""People: the list, the page of one, and their numbers to somebody with a reason."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation import chart
from zhangfa.organisation.actions import people
from zhangfa.organisation.models import Absence, Holding, Person
from zhangfa.organisation.permissions import edit_chart, edit_people, read_people, reveal_phone, set_absence
from zhangfa.organisation.web import forms
from zhangfa.organisation.web.common import Doings, OnePage, doing
from zhangfa.ui import words
from zhangfa.ui.access import is_open
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage
from zhangfa.ui.registry import Part
from zhangfa.ui.tables import Column, Empty, Link


class PersonFilter(FilterSet):
    kind = df.ChoiceFilter(label=_("类别"), choices=Person.Kind.choices, empty_label=_("全部"))
    gone = df.BooleanFilter(label=_("已离职"), field_name="left_on", lookup_expr="isnull", exclude=True)


def posts_of(person: Any, page: Any) -> str:
    return words.join(str(holding.seat) for holding in person.current)


class People(ListPage):
    model, permission, title, nav = Person, read_people, _("人员"), "people"
    columns = [
        Column("no", _("工号"), link=True, phone="meta"),
        Column("shown_name", _("姓名"), link=True, phone="title"),
        Column("posts", _("岗位"), value=posts_of),
        Column("get_kind_display", _("类别"), phone="badge"),
        Column("masked_phone", _("手机")),
        Column("joined_on", _("入职日期"), kind="date", optional=True),
        Column("left_on", _("离职日期"), kind="date", optional=True),
    ]
    sorts = {"no": (_("工号"), "no"), "new": (_("最新登记"), "-id")}
    filterset_class = PersonFilter
    links = [Link("organisation:person-new", _("登记人员"), icon="user-plus", permission=edit_people)]
    empty = Empty(_("还没有人员"), _("由行政部或人事从“登记人员”开始。"), "users")

    def load(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        now = Holding.objects.filter(Holding.valid_q(clock.local_date(self.at))).select_related(
            "seat__post", "seat__unit"
        )
        return super().load(rows).prefetch_related(Prefetch("holdings", queryset=now, to_attr="current"))


def holdings_part(page: Any, person: Person) -> tuple[str, dict[str, Any]]:
    rows = person.holdings.select_related("seat__post", "seat__unit").order_by("-from_on", "-pk")[:50]
    may_seat = person.left_on is None and is_open(edit_chart, by=page.actor, at=page.at)
    return "organisation/holdings.html", {"holdings": rows, "by_person": False, "may_seat": may_seat}


def absences_part(page: Any, person: Person) -> tuple[str, dict[str, Any]]:
    rows = (
        Absence.objects.visible_to(page.actor)
        .filter(person=person)
        .select_related("delegate")
        .order_by("-from_at", "-pk")[:50]
    )
    return "organisation/person_absences.html", {"absences": rows}


class PersonPage(RecordPage):
    model, permission, template_name, nav = Person, read_people, "organisation/person.html", "people"
    facts = [
        Column("no", _("工号")), Column("get_kind_display", _("类别")), Column("masked_phone", _("手机")),
        Column("joined_on", _("入职日期"), kind="date"), Column("left_on", _("离职日期"), kind="date"),
    ]  # fmt: skip
    parts = [Part("holdings", _("任职"), holdings_part, open=True), Part("absences", _("离岗与代理"), absences_part)]

    def number(self) -> str:
        return str(self.object.no)

    def page_title(self) -> Any:
        return self.object.shown_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.object
        return super().get_context_data(
            doings=Doings([
                doing(_("修改资料"), "organisation:person-edit", self, edit_people, person), doing(_("登记离岗"), "organisation:person-absence", self, set_absence, person),
                doing(_("查看手机号"), "organisation:person-phone", self, reveal_phone, person),
            ]),
            away=chart.absences_of([person.pk], self.at).get(person.pk), **kwargs,
        )  # fmt: skip


class PersonCreate(CreatePage):
    permission, title, form_class, nav = edit_people, _("登记人员"), forms.PersonCreateForm, "people"

    def get_initial(self) -> dict[str, Any]:
        return {"joined_on": clock.local_date(self.at)}

    def act(self, form: Any) -> Person:
        return people.add(**form.params(), by=self.actor, at=self.at)


class PersonEdit(OnePage):
    model, permission, title, form_class, nav = Person, edit_people, _("修改人员资料"), forms.PersonEditForm, "people"

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("no", "name", "name_en", "joined_on", "left_on")}

    def act(self, form: Any) -> Person:
        return people.edit(self.object, **form.params(), by=self.actor, at=self.at)


class PersonPhone(OnePage):
    """Show a number once, to somebody with a reason."""

    model, permission, title, form_class, nav = Person, reveal_phone, _("查看手机号"), forms.ReasonForm, "people"
    submit_label = _("查看")

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        form = self.get_form()
        if not form.is_valid():
            return self.show(form, status=422)
        value = people.reveal(self.object, reason=form.cleaned_data["reason"], by=self.actor, at=self.at)
        template = "organisation/revealed.html" if self.is_fragment else "organisation/revealed_page.html"
        return self.response_class(request, template, self.get_context_data(form=form, value=value))
