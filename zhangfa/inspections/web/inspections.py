"""Lists of inspections, the drawing up, and the page of one (AM-W3, HS-W1.6)."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.inspections import actions, queries, rules
from zhangfa.inspections.models import Inspection
from zhangfa.inspections.permissions import (
    inspect,
    knows_list,
    plan_inspections,
    plan_spot_checks,
    read_inspections,
)
from zhangfa.inspections.web.forms import INSPECTION_FORMS, PlanForm
from zhangfa.organisation.models import Person, Unit
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.access import is_open
from zhangfa.ui.filters import DayFrom, DayTo, FilterSet
from zhangfa.ui.pages import CreatePage, KnownFacts, ListPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Link
from zhangfa.ui.words import join

S = Inspection.Status
STATUSES = {
    S.DRAFT.value: Status(S.DRAFT.label, "grey"), S.ISSUED.value: Status(S.ISSUED.label, "blue"), S.STARTED.value: Status(S.STARTED.label, "amber"),
    S.DONE.value: Status(S.DONE.label, "green"), S.CANCELLED.value: Status(S.CANCELLED.label, "grey"),
}  # fmt: skip
NEXT = {
    S.DRAFT: _("确定科目和检查人，清单定稿"),
    S.ISSUED: _("到现场后开始检查"),
    S.STARTED: _("提问、记录回答并请签字"),
}


class InspectionFilter(FilterSet):
    kind = df.ChoiceFilter(label=_("类别"), choices=Inspection.Kind.choices, empty_label=_("全部"))
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices, empty_label=_("全部"))
    since = DayFrom("planned_on", label=_("检查日期从"))
    until = DayTo("planned_on", label=_("检查日期到"))


class InspectionList(ListPage):
    """Inspections and spot checks that concern the reader."""

    model, permission, title, nav = Inspection, read_inspections, _("检查与抽查"), "inspections"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("unit.shown_name", _("检查对象"), phone="title", link=True),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("get_kind_display", _("类别")),
        Column("planned_on", _("检查日期"), kind="date"),
        Column("planned_by.shown_name", _("拟定人")),
        Column("finished_at", _("完成时间"), kind="when", optional=True),
    ]
    sorts = {"new": (_("最新"), "-pk"), "day": (_("按检查日期"), "-planned_on", "-pk")}
    filterset_class = InspectionFilter
    select_related = ["record", "unit", "planned_by"]
    links = [
        Link("inspections:new", _("拟检查清单"), icon="plus", permission=plan_inspections),
        Link("inspections:spot-new", _("拟抽查提纲"), icon="eye", permission=plan_spot_checks, is_primary=False),
        Link("inspections:problems", _("整改事项"), icon="tools", is_primary=False),
        Link("inspections:results", _("执行制度情况"), icon="chart-bar", is_primary=False),
    ]
    empty = Empty(
        _("没有检查"),
        _("出发前先拟清单：查哪个单位、问什么、谁去。"),
        "clipboard-list",
        plan_spot_checks,
        _("涉及您的检查会出现在这里。"),
    )


class Plan(CreatePage):
    """A list for an inspection, before anybody leaves."""

    permission, title, form_class, nav = plan_inspections, _("拟检查清单"), PlanForm, "inspections"
    help, submit_label = (
        _("先定对象、日期和提纲，下一步加科目、定检查人。至少一项科目不事先通知。"),
        _("下一步：科目和检查人"),
    )
    kind = Inspection.Kind.INSPECTION

    def act(self, form: Any) -> Inspection:
        return actions.plan(kind=self.kind, **form.params(), by=self.actor, at=self.at)


class PlanSpot(Plan):
    """An outline for a surprise visit to a post below."""

    permission, title = plan_spot_checks, _("拟抽查提纲")
    help = _("抽查是突然到访：提纲先写好，谁也不通知；发现的问题在下周内解决。")
    kind = Inspection.Kind.SPOT


class InspectionPage(KnownFacts):
    """One inspection: the list, who goes and how they were drawn, the sheets, what is to be put right."""

    model, permission, template_name, nav = Inspection, read_inspections, "inspections/inspection.html", "inspections"
    select_related = ["record__unit", "unit", "planned_by"]
    do_url = "inspections:do"
    parts = records_parts("files", "comments", "trail")
    facts = [
        Column("unit.shown_name", _("检查对象")), Column("get_kind_display", _("类别")), Column("planned_on", _("检查日期"), kind="date"),
        Column("planned_by.shown_name", _("拟定人")), Column("issued_at", _("清单定稿时间"), kind="when"), Column("started_at", _("开始时间"), kind="when"),
        Column("stated_start_at", _("设备所记开始时间"), kind="when"), Column("finished_at", _("完成时间"), kind="when"),
        Column("recheck_on", _("复查日期"), kind="date"),
        Column("outline", _("检查提纲"), wide=True, value=lambda row, page: row.outline if page.knows else ""), Column("comment", _("总体评价"), wide=True),
    ]  # fmt: skip

    @cached_property
    def knows(self) -> bool:
        """Whether the reader sees what is not announced."""
        row = self.object
        return row.status in (S.STARTED, S.DONE) or knows_list(row, self.actor)

    def open_parts(self) -> list[Any]:
        return super().open_parts() if self.knows else []

    def number(self) -> Any:
        return self.object.number

    def page_title(self) -> Any:
        return gettext("%(kind)s：%(unit)s") % {
            "kind": self.object.get_kind_display(),
            "unit": self.object.unit.shown_name,
        }

    def next_step(self) -> Any:
        return NEXT.get(self.object.status, "")

    @cached_property
    def inspectors(self) -> list[Any]:
        return list(self.object.inspectors.select_related("person").order_by("pk"))

    def holder(self) -> Any:
        row = self.object
        if row.status == S.DRAFT:
            return row.planned_by.shown_name if row.planned_by else ""
        return join(i.person.shown_name for i in self.inspectors) if row.status in (S.ISSUED, S.STARTED) else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        items = list(row.items.order_by("no"))
        sheets = list(row.sheets.select_related("record", "person", "post").order_by("pk"))
        mine = {s.pk for s in row.sheets.model.objects.visible_to(self.actor).filter(inspection=row)}
        return super().get_context_data(
            items=[item for item in items if item.is_announced or self.knows], knows=self.knows, hidden=len(items),
            inspectors=self.inspectors if self.knows or row.issued_at else [], draws=self.draws() if self.knows else [],
            sheets=[sheet for sheet in sheets if sheet.pk in mine],
            problems=row.problems.model.objects.visible_to(self.actor).filter(inspection=row).select_related("owner").order_by("pk"),
            may_fill=row.status in (S.ISSUED, S.STARTED) and is_open(inspect, by=self.actor, at=self.at, obj=row),
            last_day=rules.last_day_for(row.planned_on), **kwargs,
        )  # fmt: skip

    def draws(self) -> list[dict[str, Any]]:
        """Each draw in words, drawn again to see that it comes out the same."""
        draws = self.object.draws
        people = {pk for d in draws if d["what"] == "inspectors" for pk in d["pool"]}
        names = {p.pk: p.shown_name for p in Person.objects.filter(pk__in=people)}
        units = {
            u.pk: u.shown_name
            for u in Unit.objects.filter(pk__in=[d["department"] for d in draws if "department" in d])
        }
        found = []
        for d in draws:
            is_people = d["what"] == "inspectors"
            show = (lambda key: names.get(key, "")) if is_people else (lambda key: str(key).partition(":")[2])
            found.append(
                {
                    **d, "is_people": is_people, "drawn_words": join(show(key) for key in d["drawn"]), "pool_words": join(show(key) for key in d["pool"]),
                    "pool_count": len(d["pool"]), "where": units.get(d.get("department"), ""), "is_same": rules.draw(d["seed"], d["pool"], d["count"]) == d["drawn"],
                }
            )  # fmt: skip
        return found


class InspectionDo(TransitionPage):
    record_page, nav, forms = InspectionPage, "inspections", INSPECTION_FORMS

    def get_initial(self) -> dict[str, Any]:
        if self.kwargs["name"] == "draw_questions":
            row = self.subject()
            return {"posts": sorted({seat.post_id for _person, seat in queries.may_be_asked(row.unit, self.at)})}
        return super().get_initial()
