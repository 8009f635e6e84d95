"""Problems of outlets: raised, answered, or made into a task in one step (HS-W1.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Seat, Unit
from zhangfa.organisation.queries import holders, manager_seat_of
from zhangfa.tasks import rules
from zhangfa.tasks.actions.task import assign
from zhangfa.tasks.models import Problem, Task
from zhangfa.tasks.permissions import answer_problems, raise_problems

S = Problem.Status
CLAUSE = rules.STANDARD_CLAUSE
SOURCE = "tasks.problem"


def raise_problem(*, outlet: Unit, kind: str, text: str, by: Actor, at: dt.datetime) -> Problem:
    """An outlet's problem goes to the manager of its department."""
    demand([*raise_problems(by=by, at=at), *_refuse_problem(outlet, text)])
    with work():
        problem = Problem.objects.create(
            outlet=outlet,
            department_id=outlet.department_id,
            kind=kind,
            text=text,
            raised_at=at,
            raised_by_id=by.person_id,
        )
        announce(
            "tasks.problem.raised", problem, by=by, at=at, label=_("登记网点问题"), clause=CLAUSE, is_new=True,
            codes={"outlet": outlet.pk, "kind": kind}, values={"text": text},
        )  # fmt: skip
        seat = manager_seat_of(outlet)
        people = [person.pk for person in holders([seat.pk], at).get(seat.pk, [])] if seat else []
        notify(
            set(people) - {by.person_id}, "tasks.problem_raised", {"number": str(problem)}, at=at, url=problem.get_absolute_url(),
            clause=CLAUSE,
        )  # fmt: skip
        return problem


def _refuse_problem(outlet: Unit, text: str) -> Iterator[Refusal]:
    if outlet.kind not in (Unit.Kind.OUTLET, Unit.Kind.SITE):
        yield Refusal("problem.outlet", _("请选择网点或驻点。"), {}, CLAUSE, "outlet")
    if len(text.strip()) < rules.TEXT_LENGTH:
        yield Refusal(
            "problem.text",
            _("请写明是什么问题（不少于 %(count)s 个字）。"),
            {"count": rules.TEXT_LENGTH},
            CLAUSE,
            "text",
        )


def _guard_task(problem: Problem, *, by: Actor, at: dt.datetime, **_more: Any) -> Iterator[Refusal]:
    return iter(())


@arrow(
    Problem, sources=[S.RAISED], target=S.TASKED, label=_("布置任务"), event="tasked", permit=answer_problems, guard=_guard_task,
    clause=CLAUSE, hint=_("写明谁、什么时候、做到什么程度；任务验收后问题自动记为已解决。"),
)  # fmt: skip
def make_task(
    problem: Problem,
    *,
    by: Actor,
    at: dt.datetime,
    seat: Seat,
    title: str,
    details: str,
    standard: str,
    due_at: dt.datetime,
) -> dict[str, Any]:
    """One step from the problem to a task that somebody owes."""
    task = assign(
        title=title, details=details, standard=standard, due_at=due_at, owner_seat=seat, by=by, at=at, source_kind=SOURCE,
        source_id=problem.pk, source_title=problem.text[:120], clause=CLAUSE,
    )  # fmt: skip
    problem.task = task
    return {"codes": {"task": str(task.pk)}}


def _guard_answer(problem: Problem, *, by: Actor, at: dt.datetime, answer: str) -> Iterator[Refusal]:
    if by.person_id == problem.raised_by_id:
        yield Refusal("problem.own", _("自己提出的问题由他人答复。"), {}, CLAUSE)
    yield from rules.refuse_reason(reason=answer, field="answer")


def _close(problem: Problem, answer: str, by: Actor, at: dt.datetime) -> None:
    problem.answer, problem.closed_at, problem.closed_by_id = answer, at, by.person_id
    notify(
        [problem.raised_by_id],
        "tasks.problem_answered",
        {"number": str(problem)},
        at=at,
        url=problem.get_absolute_url(),
        clause=CLAUSE,
    )


@arrow(
    Problem, sources=[S.RAISED], target=S.SOLVED, label=_("当场解决"), event="solved", permit=answer_problems, guard=_guard_answer,
    clause=CLAUSE,
)  # fmt: skip
def solve(problem: Problem, *, by: Actor, at: dt.datetime, answer: str) -> None:
    """Solved without a task; how stands on it."""
    _close(problem, answer, by, at)


@arrow(
    Problem, sources=[S.RAISED], target=S.DECLINED, label=_("不作处理"), event="declined", permit=answer_problems, guard=_guard_answer,
    clause=CLAUSE,
)  # fmt: skip
def decline(problem: Problem, *, by: Actor, at: dt.datetime, answer: str) -> None:
    """Nothing is done about it; why is told to who raised it."""
    _close(problem, answer, by, at)


def solve_of(task: Task, *, by: Actor, at: dt.datetime) -> None:
    """The accepted task solves the problem that it came from; a withdrawn one leaves it to be answered."""
    for problem in Problem.objects.select_for_update(of=("self",)).filter(task=task, status=S.TASKED):
        problem.status, problem.version = S.SOLVED, problem.version + 1
        _close(problem, task.report[:400], by, at)
        problem.save()
        announce(
            "tasks.problem.solved",
            problem,
            by=by,
            at=at,
            label=_("网点问题已解决"),
            clause=CLAUSE,
            codes={"task": str(task.pk)},
        )


def reopen_of(task: Task, *, by: Actor, at: dt.datetime) -> None:
    """The task was withdrawn: the problem waits for an answer again."""
    for problem in Problem.objects.select_for_update(of=("self",)).filter(task=task, status=S.TASKED):
        problem.status, problem.version, problem.task = S.RAISED, problem.version + 1, None
        problem.save()
        announce(
            "tasks.problem.reopened",
            problem,
            by=by,
            at=at,
            label=_("网点问题重新待处理"),
            clause=CLAUSE,
            codes={"task": str(task.pk)},
        )


def follow_task(task: Task, event: str, *, by: Actor, at: dt.datetime) -> None:
    """What a problem hears of its task."""
    if event == "accepted":
        solve_of(task, by=by, at=at)
    elif event == "withdrawn":
        reopen_of(task, by=by, at=at)
