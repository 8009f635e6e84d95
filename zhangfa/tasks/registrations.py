"""What tasks lend to the house: notices, menu, workbench, search, the paper, the clauses they serve."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as lazy

from zhangfa.core.text import _
from zhangfa.core.transitions import sink
from zhangfa.duties import registry as evidence
from zhangfa.duties import rules as duties
from zhangfa.notices import registry as notices
from zhangfa.policy import registry as policy
from zhangfa.records.registry import Form, forms
from zhangfa.tasks import actions, jobs, leaving, permissions, queries, registry  # noqa: F401  the slot registers itself
from zhangfa.tasks.actions import holders, problem
from zhangfa.tasks.models import Task
from zhangfa.tasks.web import pages, problems
from zhangfa.ui import menu
from zhangfa.ui import registry as shell

WITH_DUE = {
    "tasks.assigned": _("交给您一项任务 %(number)s，完成时间 %(due)s。请看细则和结果标准。"),
    "tasks.inherited": _("您接任的岗位有一项未办结的任务 %(number)s，完成时间 %(due)s，现在由您办理。"),
    "tasks.returned": _("任务 %(number)s 没有通过验收，请按意见重做，完成时间 %(due)s。"),
    "tasks.postponed": _("任务 %(number)s 的完成时间改为 %(due)s。"),
}
PLAIN = {
    "tasks.reported": _("任务 %(number)s 已报告完成，请对照结果标准验收。"),
    "tasks.accepted": _("任务 %(number)s 已验收通过。"),
    "tasks.withdrawn": _("任务 %(number)s 已撤销，您不用办了。"),
    "tasks.taken": _("任务 %(number)s 已转交他人，您不用办了。"),
    "tasks.problem_raised": _("网点提出了问题 %(number)s，请处理或布置任务。"),
    "tasks.problem_answered": _("您提出的问题 %(number)s 有了处理结果。"),
}


def _with_due(sentence: str) -> Any:
    from django.utils.translation import gettext

    from zhangfa.core import clock
    from zhangfa.ui.display import when_text

    def said(params: Any) -> str:
        due = duties.instant(str(params["due"]).replace("Z", "+00:00"))
        return gettext(sentence) % {"number": params["number"], "due": when_text(due, clock.now()) if due else ""}

    return said


def register() -> None:
    """Fill every registry; called once at start-up."""
    leaving.offer_tasks()
    for code, sentence in WITH_DUE.items():
        notices.text(code, _with_due(sentence))
    for code, sentence in PLAIN.items():
        notices.text(code, sentence)
    registry.source(
        problem.SOURCE,
        lazy("网点问题"),
        url=lambda id: f"/problems/{id}/",
        has_own_ground=False,
        happened=problem.follow_task,
    )
    evidence.offer_models({actions.FORM: Task})
    forms.add(
        Form(
            actions.FORM, _("交办任务单"), visible=queries.is_visible, may_write=queries.may_write, content=queries.content,
            build=_print, lock=actions.lock_task,
        )
    )  # fmt: skip
    sink(holders.ORDER, "tasks", holders.receive)
    menu.register(
        "tasks", lazy("任务"), "tasks:mine", icon="checkbox", permission=permissions.read_tasks, order=8, group="work"
    )
    menu.register(
        "outlet-problems", lazy("网点问题"), "tasks:problems", icon="message-report", permission=permissions.raise_problems, order=45,
        group="work",
    )  # fmt: skip
    shell.todo.add("tasks", queries.todo_items, label=lazy("任务"), order=12, url="/tasks/", below="tasks")
    shell.todo.add(
        "problems",
        queries.problems_waiting,
        label=lazy("网点问题"),
        order=45,
        url="/problems/?status=raised",
        below="tasks",
    )
    shell.waiting.add("tasks", queries.waiting_items, label=lazy("我交办的任务"), url="/tasks/given/", below="tasks")
    shell.figures.add("tasks", queries.figures, order=70)
    shell.search.add("tasks", queries.search, label=lazy("任务"), order=60)
    shell.red_owners.add("tasks", queries.red_owners)
    shell.red.add("tasks", queries.red_items, label=lazy("任务逾期"), order=30, url="/tasks/all/?stands=late")
    shell.statuses.add("tasks.task.status", pages.STATUSES)
    shell.statuses.add("tasks.problem.status", problems.STATUSES)
    policy.serves("X-7", policy.PARTIAL, [("tasks:mine", _("我的任务")), ("tasks:tally", _("任务完成情况"))])
    policy.serves("HS-W1.2", policy.PARTIAL, [("tasks:new", _("交办任务")), ("tasks:problems", _("网点问题"))])


def _print(record: Any, **kwargs: Any) -> Any:
    """The print's builder, found when a print is asked for."""
    from zhangfa.tasks.prints import task_form

    return task_form(record, **kwargs)
