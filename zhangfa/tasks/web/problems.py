"""网点问题: raised by outlets, answered or made into a task (HS-W1.2)."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.models import Seat
from zhangfa.tasks import actions
from zhangfa.tasks.models import Problem
from zhangfa.tasks.permissions import raise_problems, read_problems
from zhangfa.tasks.web.forms import PROBLEM_FORMS, ProblemForm
from zhangfa.ui.filters import BoundFilterSet, DayFrom, DayTo, LookupFilter
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Link

S = Problem.Status
STATUSES = {
    S.RAISED.value: Status(S.RAISED.label, "amber"), S.TASKED.value: Status(S.TASKED.label, "blue"),
    S.SOLVED.value: Status(S.SOLVED.label, "green"), S.DECLINED.value: Status(S.DECLINED.label, "grey"),
}  # fmt: skip


class ProblemFilter(BoundFilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)
    kind = df.ChoiceFilter(label=_("类别"), choices=Problem.Kind.choices)
    outlet = LookupFilter("outlet", source="outlets", label=_("网点"))
    since = DayFrom("raised_at", label=_("提出日期从"))
    until = DayTo("raised_at", label=_("提出日期到"))

    class Meta:
        model = Problem
        fields: list[str] = []


class ProblemList(ListPage):
    model, permission, title, nav = Problem, read_problems, _("网点问题"), "outlet-problems"
    columns = [
        Column("number", _("编号"), kind="no", value=lambda row, page: str(row), link=True),
        Column("text", _("问题"), phone="title", wide=True, link=True),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("get_kind_display", _("类别")),
        Column("outlet.shown_name", _("网点")),
        Column("raised_by.shown_name", _("提出人")),
        Column("raised_at", _("提出时间"), kind="when"),
        Column("task.record.number", _("任务"), kind="no", optional=True),
        Column("answer", _("处理结果"), wide=True, optional=True),
    ]
    sorts = {"new": (_("最新"), "-id")}
    filterset_class = ProblemFilter
    select_related = ["outlet", "raised_by", "task__record"]
    links = [Link("tasks:problem-new", _("登记问题"), icon="plus", permission=raise_problems)]
    empty = Empty(
        _("没有登记的问题"), _("网点解决不了的事，点“登记问题”，部门经理会处理或布置任务。"), "message-report"
    )


class ProblemCreate(CreatePage):
    permission, title, form_class, nav = raise_problems, _("登记网点问题"), ProblemForm, "outlet-problems"
    back_url = "/problems/"

    def get_initial(self) -> dict[str, Any]:
        seat = self.actor.seat_for("oa", "sl")
        return {"outlet": str(seat.unit_id)} if seat else {}

    def act(self, form: Any) -> Problem:
        return actions.raise_problem(**form.params(), by=self.actor, at=self.at)


class ProblemRecord(RecordPage):
    model, permission, nav, do_url = Problem, read_problems, "outlet-problems", "tasks:problem-do"
    template_name = "tasks/problem.html"
    select_related = ["outlet", "raised_by", "task__record", "task__owner", "closed_by"]
    facts = [
        Column("text", _("问题"), wide=True), Column("outlet.shown_name", _("网点")), Column("get_kind_display", _("类别")),
        Column("raised_by.shown_name", _("提出人")), Column("raised_at", _("提出时间"), kind="when"),
        Column("answer", _("处理结果"), wide=True), Column("closed_by.shown_name", _("处理人")),
        Column("closed_at", _("处理时间"), kind="when"),
    ]  # fmt: skip

    def number(self) -> Any:
        return str(self.object)

    def page_title(self) -> Any:
        return gettext("%(outlet)s：%(kind)s问题") % {
            "outlet": self.object.outlet.shown_name,
            "kind": self.object.get_kind_display(),
        }

    def next_step(self) -> Any:
        return {S.RAISED: _("部门经理处理或布置任务"), S.TASKED: _("承办人完成任务")}.get(self.object.status, "")

    def holder(self) -> Any:
        return self.object.task.owner.shown_name if self.object.status == S.TASKED and self.object.task else ""


class ProblemDo(TransitionPage):
    record_page, forms, nav = ProblemRecord, PROBLEM_FORMS, "outlet-problems"

    def get_initial(self) -> dict[str, Any]:
        """One step: the problem is the task's ground, the outlet's own seat its owner."""
        problem = self.subject()
        if self.kwargs["name"] != "make_task":
            return {}
        seat = (
            Seat.objects.filter(unit_id=problem.outlet_id, post_id__in=("oa", "sl"), is_active=True)
            .order_by("pk")
            .first()
        )
        return {"details": problem.text, "title": problem.text[:60], "seat": str(seat.pk) if seat else ""}
