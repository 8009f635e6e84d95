"""Plans, one plan with its items and progress, and the summaries of a year (AM-D5)."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.planning import actions, queries, rules
from zhangfa.planning.models import Level, Plan, Rhythm, Summary
from zhangfa.planning.permissions import make_plans, read_checks, read_plans
from zhangfa.planning.web.forms import PLAN_FORMS, BeginForm, SummaryForm
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.filters import BoundFilterSet, LookupFilter
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Link

S = Plan.Status
STATUSES = {
    S.DRAFT.value: Status(S.DRAFT.label, "grey"), S.SUBMITTED.value: Status(S.SUBMITTED.label, "amber"),
    S.RETURNED.value: Status(S.RETURNED.label, "red"), S.APPROVED.value: Status(S.APPROVED.label, "blue"),
    S.CLOSED.value: Status(S.CLOSED.label, "green"), S.WITHDRAWN.value: Status(S.WITHDRAWN.label, "grey"),
}  # fmt: skip
NEXT = {
    S.DRAFT: _("逐条添加事项后提交审核"), S.SUBMITTED: _("上级审核"), S.RETURNED: _("按意见修改后重新提交"), S.APPROVED: _("按事项登记进展"),
}  # fmt: skip
IN_ITEMS = ("change_item", "drop_item")


class PlanFilter(BoundFilterSet):
    level = df.ChoiceFilter(label=_("层级"), choices=Level.choices)
    rhythm = df.ChoiceFilter(label=_("周期"), choices=Rhythm.choices)
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)
    department = LookupFilter("department", source="units", label=_("部门"))
    person = LookupFilter("person", source="staff", label=_("制订人"))

    class Meta:
        model = Plan
        fields: list[str] = []


class PlanList(ListPage):
    """The plans that the reader may see, from the company to the person."""

    model, permission, title, nav = Plan, read_plans, _("工作计划"), "plans"
    columns = [
        Column("record.number", _("编号"), kind="no"),
        Column("title", _("计划"), value=lambda row, page: queries.title_of(row), link=True, phone="title"),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("get_level_display", _("层级")),
        Column("person.shown_name", _("制订人")),
        Column("from_on", _("开始"), kind="date", optional=True),
        Column("to_on", _("结束"), kind="date"),
        Column("pct", _("完成率"), kind="pct"),
        Column("submitted_at", _("提交时间"), kind="when", optional=True),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = PlanFilter
    select_related = ["record", "unit", "person"]
    links = [
        Link("planning:new", _("制订计划"), icon="plus", permission=make_plans),
        Link("planning:checks", _("部门计划检查"), icon="list-check", permission=read_checks, is_primary=False),
        Link("planning:summaries", _("年终总结"), icon="file-text", is_primary=False),
    ]
    empty = Empty(_("没有计划"), _("点“制订计划”，选谁的、哪一期，再逐条写事项。"), "target")


class PlanCreate(CreatePage):
    permission, title, form_class, nav = make_plans, _("制订计划"), BeginForm, "plans"
    submit_label, back_url = _("开始起草"), "/plans/"

    def act(self, form: Any) -> Plan:
        return actions.begin(**form.params(), by=self.actor, at=self.at)


class PlanRecord(RecordPage):
    """One plan: items with target, owner, day, progress and variance; what hangs on them below."""

    model, permission, nav, do_url = Plan, read_plans, "plans", "planning:do"
    template_name = "planning/plan.html"
    select_related = [
        "record__unit",
        "unit",
        "person",
        "seat__post",
        "seat__unit",
        "parent__record",
        "parent__unit",
        "parent__person",
        "reviewed_by",
    ]
    parts = records_parts("files", "comments", "trail")
    facts = [
        Column("get_level_display", _("层级")), Column("get_rhythm_display", _("周期")), Column("from_on", _("开始"), kind="date"),
        Column("to_on", _("结束"), kind="date"), Column("person.shown_name", _("制订人")), Column("seat", _("岗位席位"), value=lambda row, page: str(row.seat)),
        Column("pct", _("完成率"), kind="pct"), Column("expected", _("期间已过"), kind="pct", value=lambda row, page: page.gone()),
        Column("submitted_at", _("提交时间"), kind="when"), Column("reviewed_by.shown_name", _("审核人")),
        Column("reviewed_at", _("审核时间"), kind="when"), Column("opinion", _("审核意见"), wide=True), Column("result", _("总结"), wide=True),
    ]  # fmt: skip

    def gone(self) -> Any:
        plan = self.object
        return rules.expected(from_on=plan.from_on, to_on=plan.to_on, today=clock.local_date(self.at))

    def number(self) -> Any:
        return self.object.record.number or ""

    def page_title(self) -> Any:
        return queries.title_of(self.object)

    def next_step(self) -> Any:
        return NEXT.get(self.object.status, "")

    def holder(self) -> Any:
        return "" if self.object.status in (S.SUBMITTED, S.CLOSED, S.WITHDRAWN) else self.object.person.shown_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(lines=queries.lines_of(self.object, self.at), **kwargs)
        open_now = {button[0].name for button in context["ready"]}
        # What is done to one item stands beside it, not above the plan.
        context["ready"] = [button for button in context["ready"] if button[0].name not in IN_ITEMS]
        context["refused"] = [button for button in context["refused"] if button[0].name not in IN_ITEMS]
        return context | {"may": {name: name in open_now for name in (*IN_ITEMS, "progress", "add_item")}}


class PlanDo(TransitionPage):
    record_page, forms, nav = PlanRecord, PLAN_FORMS, "plans"

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("item", "")
        plan = self.subject()
        row = plan.items.filter(pk=asked).first() if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
        name = self.kwargs["name"]
        if name == "add_item":
            return {"due_on": plan.to_on}
        if row is None:
            return {}
        if name == "change_item":
            return {
                "item": row.pk, "title": row.title, "standard": row.standard, "target": row.target, "unit": row.unit, "is_output": row.is_output, "owner": str(row.owner_id),
                "due_on": row.due_on, "parent": row.parent_id or "",
            }  # fmt: skip
        return {"item": row.pk, "actual": row.actual, "pct": row.pct if row.target is None else None}


class SummaryList(ListPage):
    model, permission, title, nav = Summary, read_plans, _("年终总结"), "plans"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True), Column("whose", _("单位或个人"), phone="title", link=True),
        Column("year", _("年度"), value=lambda row, page: str(row.year)), Column("get_level_display", _("层级")),
        Column("person.shown_name", _("撰写人")), Column("written_at", _("提交时间"), kind="when"),
    ]  # fmt: skip
    sorts = {"new": (_("最新"), "-pk")}
    select_related = ["record", "unit", "person"]
    links = [Link("planning:summary-new", _("写年终总结"), icon="plus", permission=make_plans)]
    empty = Empty(_("还没有年终总结"), _("每年 12 月起，部门经理写部门总结，每个人写自己的总结。"), "file-text")


class SummaryCreate(CreatePage):
    permission, title, form_class, nav = make_plans, _("写年终总结"), SummaryForm, "plans"
    back_url, submit_label = "/plans/summaries/", _("提交总结")
    help = _("全年各期计划的完成情况由系统列在总结里，提交后不再变化。")

    def act(self, form: Any) -> Summary:
        return actions.summarise(**form.params(), by=self.actor, at=self.at)


class SummaryRecord(RecordPage):
    model, permission, nav = Summary, read_plans, "plans"
    template_name = "planning/summary.html"
    select_related = ["record__unit", "unit", "person"]
    parts = records_parts("comments", "trail")
    facts = [
        Column("year", _("年度"), value=lambda row, page: str(row.year)), Column("person.shown_name", _("撰写人")),
        Column("written_at", _("提交时间"), kind="when"), Column("text", _("一年的成绩和差距"), wide=True),
        Column("problems", _("问题"), wide=True), Column("next_plan", _("下年打算"), wide=True),
    ]  # fmt: skip

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return f"{self.object.whose} {self.object.year} {_('年终总结')}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plans = [(line, Rhythm(line["rhythm"]).label) for line in self.object.figures["plans"]]
        return super().get_context_data(plans=plans, mean=self.object.figures["pct"], **kwargs)
