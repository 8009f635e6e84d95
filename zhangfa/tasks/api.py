"""Tasks and outlets' problems through the programming interface."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from ninja import Router

from zhangfa.core.text import _
from zhangfa.records.api.operations import key_lookup
from zhangfa.tasks import actions
from zhangfa.tasks.models import Problem, Task
from zhangfa.tasks.permissions import give_tasks, raise_problems, read_problems, read_tasks
from zhangfa.tasks.rules import CLAUSE, STANDARD_CLAUSE
from zhangfa.tasks.web.forms import PROBLEM_FORMS, TASK_FORMS, GiveForm, ProblemForm
from zhangfa.tasks.web.pages import TaskList
from zhangfa.tasks.web.problems import ProblemList
from zhangfa.ui.api import Call, Schema, creates, lists, reads, transitions
from zhangfa.ui.api.operations import Input

router = Router()
JOINS = ("record", "owner", "giver", "unit")


class TaskOut(Schema):
    """A task: what, for whom, by when, what counts as done, and how it stands."""

    id: str
    number: str
    title: str
    details: str
    standard: str
    status: str
    status_label: str
    outcome: str
    due_at: dt.datetime
    redo_at: dt.datetime | None
    owner: int
    owner_name: str
    owner_seat: int
    giver: int | None
    giver_name: str
    source: str
    source_id: str
    clause: str
    assigned_at: dt.datetime
    report: str
    reported_at: dt.datetime | None
    returned_count: int
    opinion: str
    closed_at: dt.datetime | None
    version: int
    url: str


def shown(call: Call, task: Task) -> TaskOut:
    return TaskOut(
        id=str(task.pk), number=task.record.number or "", title=task.title, details=task.details, standard=task.standard,
        status=task.status, status_label=task.get_status_display(), outcome=task.outcome(call.at), due_at=task.due_at, redo_at=task.redo_at,
        owner=task.owner_id, owner_name=task.owner.shown_name, owner_seat=task.owner_seat_id, giver=task.giver_id,
        giver_name=task.giver.shown_name if task.giver else "", source=task.source_kind, source_id=task.source_id, clause=task.clause,
        assigned_at=task.assigned_at, report=task.report, reported_at=task.reported_at, returned_count=task.returned_count,
        opinion=task.opinion, closed_at=task.closed_at, version=task.version, url=task.get_absolute_url(),
    )  # fmt: skip


def _find(call: Call) -> Task:
    rows = Task.objects.visible_to(call.actor).select_related(*JOINS)
    found: Task = call.one(rows, **key_lookup(call.path["key"], "record__number"))
    call.check(read_tasks, found)
    return found


def _give(given: Input) -> Task:
    return actions.assign(**given.params, by=given.call.actor, at=given.call.at)


lists(router, "/tasks", id="tasks", summary=_("任务"), page=TaskList, line=shown, out=TaskOut, about=CLAUSE)
creates(
    router, "/tasks", id="give_task", summary=_("交办任务"), form=GiveForm, act=_give, show=shown, out=TaskOut, permission=give_tasks,
    about=STANDARD_CLAUSE,
)  # fmt: skip
reads(router, "/tasks/{key}", id="task", summary=_("一项任务"), give=lambda call: shown(call, _find(call)), out=TaskOut)
transitions(router, "/tasks/{key}", model=Task, noun="task", forms_of=TASK_FORMS, find=_find, show=shown, out=TaskOut)


class ProblemOut(Schema):
    """A problem of an outlet, and what became of it."""

    id: int
    number: str
    outlet: int
    outlet_name: str
    kind: str
    text: str
    status: str
    status_label: str
    raised_at: dt.datetime
    raised_by: str
    task: str | None
    answer: str
    closed_at: dt.datetime | None


def problem_shown(_call: Call, row: Problem) -> ProblemOut:
    return ProblemOut(
        id=row.pk, number=str(row), outlet=row.outlet_id, outlet_name=row.outlet.shown_name, kind=row.kind, text=row.text, status=row.status,
        status_label=row.get_status_display(), raised_at=row.raised_at, raised_by=row.raised_by.shown_name if row.raised_by else "",
        task=str(row.task_id) if row.task_id else None, answer=row.answer, closed_at=row.closed_at,
    )  # fmt: skip


def _find_problem(call: Call) -> Problem:
    rows = Problem.objects.visible_to(call.actor).select_related("outlet", "raised_by")
    key = str(call.path["key"]).upper().removeprefix("W")
    found: Problem = call.one(rows, pk=int(key) if re.fullmatch("[0-9]{1,18}", key, re.ASCII) else 0)
    call.check(read_problems, found)
    return found


def _raise(given: Input) -> Any:
    return actions.raise_problem(**given.params, by=given.call.actor, at=given.call.at)


PROBLEM = "/outlet-problems/{key}"
lists(
    router, "/outlet-problems", id="problems", summary=_("网点问题"), page=ProblemList, line=problem_shown, out=ProblemOut,
    about=STANDARD_CLAUSE,
)  # fmt: skip
creates(
    router, "/outlet-problems", id="raise_problem", summary=_("登记网点问题"), form=ProblemForm, act=_raise, show=problem_shown, out=ProblemOut,
    permission=raise_problems, about=STANDARD_CLAUSE,
)  # fmt: skip
reads(
    router,
    PROBLEM,
    id="problem",
    summary=_("一个网点问题"),
    give=lambda call: problem_shown(call, _find_problem(call)),
    out=ProblemOut,
)
transitions(
    router,
    PROBLEM,
    model=Problem,
    noun="problem",
    forms_of=PROBLEM_FORMS,
    find=_find_problem,
    show=problem_shown,
    out=ProblemOut,
)
