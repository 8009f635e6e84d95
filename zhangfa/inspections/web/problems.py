"""Corrective actions: the list and one of them (AM-W3, HS-W1.6)."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.inspections.models import Problem
from zhangfa.inspections.permissions import read_inspections
from zhangfa.inspections.web.forms import PROBLEM_FORMS
from zhangfa.organisation.queries import holders
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import KnownFacts, ListPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty

S = Problem.Status
STATUSES = {
    S.OPEN.value: Status(S.OPEN.label, "amber"), S.DONE.value: Status(S.DONE.label, "blue"), S.CLOSED.value: Status(S.CLOSED.label, "green"),
}  # fmt: skip


def state(row: Problem, page: Any) -> Status:
    """Its status; red once its day is over."""
    if row.status == S.OPEN and row.due_on < clock.local_date(page.at):
        return Status(_("逾期未整改"), "red")
    return STATUSES[row.status]


class ProblemFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices, empty_label=_("全部"))
    urgency = df.ChoiceFilter(label=_("要求"), choices=Problem.Urgency.choices, empty_label=_("全部"))


class Problems(ListPage):
    """Everything that is to be put right, in the reader's scope."""

    model, permission, title, nav = Problem, read_inspections, _("整改事项"), "problems"
    columns = [
        Column("number", _("编号"), kind="no", link=True), Column("issue", _("问题"), phone="title", wide=True, link=True),
        Column("state", _("状态"), kind="status", value=state, phone="badge"), Column("unit.shown_name", _("单位")),
        Column("get_urgency_display", _("要求")), Column("owner.shown_name", _("责任人")), Column("due_on", _("期限"), kind="date"),
        Column("recheck_on", _("复查日期"), kind="date", optional=True), Column("ordered_by.shown_name", _("提出人"), optional=True),
    ]  # fmt: skip
    sorts = {"new": (_("最新"), "-id"), "due": (_("期限最近"), "due_on", "-id")}
    filterset_class = ProblemFilter
    select_related = ["unit", "owner", "ordered_by"]
    empty = Empty(_("没有整改事项"), _("检查和抽查发现的问题提出整改后，会出现在这里。"), "tools")


class ProblemPage(KnownFacts):
    """What is wrong, what is done, by whom, by when, and what the second look showed."""

    model, permission, nav, do_url = Problem, read_inspections, "problems", "inspections:problem-do"
    select_related = ["unit", "owner", "ordered_by", "rechecked_by", "inspection__record", "sheet__record"]
    template_name = "inspections/problem.html"
    facts = [
        Column("unit.shown_name", _("单位")), Column("owner.shown_name", _("责任人")), Column("get_urgency_display", _("要求")),
        Column("due_on", _("期限"), kind="date"), Column("ordered_by.shown_name", _("提出人")), Column("ordered_at", _("提出时间"), kind="when"),
        Column("issue", _("问题"), wide=True), Column("measure", _("整改办法"), wide=True), Column("done_at", _("整改完成时间"), kind="when"),
        Column("done_note", _("整改情况"), wide=True), Column("recheck_on", _("复查日期"), kind="date"), Column("rechecked_at", _("复查时间"), kind="when"),
        Column("rechecked_by.shown_name", _("复查人")), Column("recheck_note", _("复查结果"), wide=True), Column("rounds", _("退回次数"), kind="number"),
    ]  # fmt: skip

    def page_title(self) -> Any:
        return gettext("整改：%(unit)s") % {"unit": self.object.unit.shown_name}

    def next_step(self) -> Any:
        return {S.OPEN: _("责任人整改并填写情况"), S.DONE: _("提出人复查")}.get(self.object.status, "")

    def holder(self) -> Any:
        row = self.object
        who, seat = {S.OPEN: (row.owner, row.seat_id), S.DONE: (row.ordered_by, row.orderer_seat_id)}.get(
            row.status, (None, None)
        )
        # The duty moves with the seat.
        sitting = holders([seat], self.at).get(seat, []) if seat else []
        return (who if who in sitting or not sitting else sitting[0]).shown_name if who or sitting else ""


class ProblemDo(TransitionPage):
    record_page, nav, forms = ProblemPage, "problems", PROBLEM_FORMS
