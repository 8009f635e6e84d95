"""My tasks, those I gave, one task, giving one, and how tasks stand per person (X-7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.records.web.parts import records_parts
from zhangfa.tasks import actions, queries, rules
from zhangfa.tasks.models import Task
from zhangfa.tasks.permissions import give_tasks, read_tallies, read_tasks
from zhangfa.tasks.registry import kinds
from zhangfa.tasks.web.forms import TASK_FORMS, GiveForm, this_month
from zhangfa.ui.filters import BoundFilterSet, DayFrom, DayTo, LookupFilter
from zhangfa.ui.forms import PeriodForm
from zhangfa.ui.page import Page
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Link

S = Task.Status
STATUSES = {
    S.ASSIGNED.value: Status(S.ASSIGNED.label, "blue"), S.REPORTED.value: Status(S.REPORTED.label, "amber"),
    S.RETURNED.value: Status(S.RETURNED.label, "red"), S.ACCEPTED.value: Status(S.ACCEPTED.label, "green"),
    S.WITHDRAWN.value: Status(S.WITHDRAWN.label, "grey"),
}  # fmt: skip
OUTCOMES = {
    rules.IN_TIME: Status(_("按时"), "green"), rules.LATE: Status(_("逾期完成"), "amber"), rules.OPEN: Status(_("未到期"), "blue"),
    rules.OVERDUE: Status(_("已逾期"), "red"), rules.DROPPED: Status(_("已撤销"), "grey"),
}  # fmt: skip
NEXT = {S.ASSIGNED: _("按细则办理，办完报告"), S.RETURNED: _("按退回意见重做后报告"), S.REPORTED: _("对照结果标准验收")}


def outcome(row: Task, page: Any) -> Status:
    """In time or not, by the report."""
    return OUTCOMES[row.outcome(page.at)]


class TaskFilter(BoundFilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)
    stands = df.ChoiceFilter(
        label=_("完成情况"), choices=[("late", _("逾期未完成")), ("running", _("未办结"))], method="by_standing"
    )
    source = df.ChoiceFilter("source_kind", label=_("来源"), choices=kinds)
    person = LookupFilter("owner", source="people", label=_("承办人"))
    department = LookupFilter("department", source="units", label=_("部门"))
    since = DayFrom("due_at", label=_("完成时间从"))
    until = DayTo("due_at", label=_("完成时间到"))

    class Meta:
        model = Task
        fields: list[str] = []

    def by_standing(self, qs: Any, name: str, value: str) -> Any:
        if value == "late":
            return qs.filter(status__in=(S.ASSIGNED, S.RETURNED), due_at__lt=clock.now())
        return qs.filter(status__in=(S.ASSIGNED, S.RETURNED, S.REPORTED))


class TaskList(ListPage):
    """Every task that the reader may see."""

    model, permission, title, nav = Task, read_tasks, _("全部任务"), "tasks"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("title", _("任务"), link=True, phone="title", wide=True),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("owner.shown_name", _("承办人")),
        Column("giver.shown_name", _("交办人")),
        Column("due_at", _("要求完成时间"), kind="when"),
        Column("outcome", _("是否按时"), kind="status", value=outcome),
        Column("source_label", _("来源"), optional=True),
        Column("unit.shown_name", _("承办单位"), optional=True),
        Column("reported_at", _("报告时间"), kind="when", optional=True),
        Column("returned_count", _("退回次数"), kind="number", optional=True),
        Column("clause", _("依据"), optional=True),
    ]
    sorts = {"new": (_("最新"), "-pk"), "due": (_("完成时间最近"), "due_at", "pk")}
    filterset_class = TaskFilter
    select_related = ["record", "owner", "giver", "unit"]
    links = [Link("tasks:new", _("交办任务"), icon="plus", permission=give_tasks)]
    empty = Empty(_("没有任务"), _("上级交办、会议决议和整改要求都会成为任务，列在这里。"), "checkbox")


class MyTasks(TaskList):
    """What I have to do, the most urgent first."""

    title = _("我的任务")
    sorts = {"due": (_("完成时间最近"), "due_at", "pk"), "new": (_("最新"), "-pk")}
    links = [
        Link("tasks:new", _("交办任务"), icon="plus", permission=give_tasks),
        Link("tasks:given", _("我交办的"), icon="send", permission=give_tasks, is_primary=False),
        Link("tasks:all", _("全部任务"), icon="list", is_primary=False),
        Link("tasks:tally", _("完成情况"), icon="chart-bar", permission=read_tallies, is_primary=False),
    ]
    empty = Empty(_("没有交给您的任务"), _("上级交办的任务、会议决议和整改要求会出现在这里。"), "checkbox")

    def rows(self) -> Any:
        return queries.mine(self.actor)


class GivenTasks(TaskList):
    """What I gave to others."""

    title = _("我交办的任务")
    permission = give_tasks
    links = [Link("tasks:new", _("交办任务"), icon="plus", permission=give_tasks)]
    empty = Empty(_("您还没有交办过任务"), _("点“交办任务”，写明细则、完成时间和结果标准。"), "send")

    def rows(self) -> Any:
        return queries.given(self.actor)


class Give(CreatePage):
    """交办任务: to a seat below, with details, finish time and standard."""

    permission, title, form_class, nav = give_tasks, _("交办任务"), GiveForm, "tasks"
    submit_label, back_url = _("交办"), "/tasks/"
    help = _("没有细则、完成时间和结果标准的任务不能布置。")

    def act(self, form: Any) -> Task:
        return actions.assign(**form.params(), by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return gettext("任务已交办，%(name)s会收到通知。") % {"name": outcome.owner.shown_name}


class TaskRecord(RecordPage):
    """One task: what, by when, what counts as done, what came of it."""

    model, permission, nav, do_url = Task, read_tasks, "tasks", "tasks:do"
    template_name = "tasks/task.html"
    select_related = [
        "record__unit", "owner", "giver", "owner_seat__post", "owner_seat__unit", "giver_seat__post", "giver_seat__unit",
        "reported_by", "closed_by",
    ]  # fmt: skip
    parts = records_parts("files", "comments", "trail")
    facts = [
        Column("details", _("细则"), wide=True),
        Column("standard", _("结果标准"), wide=True),
        Column("due_at", _("要求完成时间"), kind="when"),
        Column("outcome", _("是否按时"), kind="status", value=outcome),
        Column("redo_at", _("重做完成时间"), kind="when"),
        Column("owner", _("承办人"), value=lambda row, page: row.owner.shown_name),
        Column("owner_seat", _("承办岗位"), value=lambda row, page: str(row.owner_seat)),
        Column("giver", _("交办人"), value=lambda row, page: row.giver.shown_name if row.giver else ""),
        Column("giver_seat", _("交办岗位"), value=lambda row, page: str(row.giver_seat) if row.giver_seat else ""),
        Column("assigned_at", _("交办时间"), kind="when"),
        Column("returned_count", _("退回次数"), value=lambda row, page: row.returned_count or ""),
        Column("reported_at", _("报告时间"), kind="when"),
        Column("report", _("完成情况"), wide=True),
        Column("opinion", _("意见"), wide=True),
        Column("closed_by", _("结束人"), value=lambda row, page: row.closed_by.shown_name if row.closed_by else ""),
        Column("closed_at", _("结束时间"), kind="when"),
    ]

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return self.object.title

    def next_step(self) -> Any:
        return NEXT.get(self.object.status, "")

    def holder(self) -> Any:
        if self.object.status == S.REPORTED:
            return self.object.giver.shown_name if self.object.giver else str(self.object.giver_seat or "")
        return self.object.owner.shown_name if self.object.is_running else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # What is still empty says nothing.
        context["fact_cells"] = [(fact, cell) for fact, cell in context["fact_cells"] if fact.raw(self.object, self)]
        return context


class TaskDo(TransitionPage):
    """Report, accept, send back, move, hand over, withdraw."""

    record_page, forms, nav = TaskRecord, TASK_FORMS, "tasks"


class Tallies(Page):
    """任务完成情况: per person what was due in a period, in time, late, overdue (X-7)."""

    permission, template_name, title, nav = read_tallies, "tasks/tally.html", _("任务完成情况"), "tasks"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        usual = this_month(self.at)
        asked = {name: self.request.GET.get(name) or usual[name] for name in usual}
        form = PeriodForm(asked, actor=self.actor, at=self.at)
        period = form.cleaned_data if form.is_valid() else usual
        since, until = clock.day_start(period["since"]), clock.day_start(period["until"] + dt.timedelta(days=1))
        rows = queries.tallies(queries.people_below(self.actor), since, until, self.at)
        return super().get_context_data(form=form, period=period, rows=rows, **kwargs)
