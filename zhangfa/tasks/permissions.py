"""Who gives tasks, who reports, who accepts; problems of outlets (X-7, HS-W1.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade
from zhangfa.tasks.rules import CLAUSE, STANDARD_CLAUSE, refuse_own

LEADERS = ("gm", "dgm", "am", "fin", "mk", "cs", "hs", "ls", "sup", "ops", "hr", "oa", "sl")
RAISERS = ("oa", "sl", "sup", "hs", "ls")


def read_tasks(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Each person sees what is theirs; the technical administrator has no part in it."""
    if by.person_id is None and not by.is_system:
        yield Refusal("tasks.read", _("系统管理员不查看任务。"), {}, CLAUSE)


def give_tasks(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who lead others give tasks."""
    if by.person_id is None or not any(seat.grade >= Grade.LINE_MANAGER for seat in by.seats):
        yield Refusal("tasks.give", _("任务由有下属的岗位交办。"), {}, CLAUSE, "", LEADERS)


def read_tallies(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who lead others see how the tasks below them stand."""
    yield from give_tasks(by=by, at=at)


def _people(by: Actor) -> set[int | None]:
    return {by.person_id, *(seat.person_id for seat in by.seats if seat.is_delegated)}


def owner(task: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who has the task, or their delegate, reports."""
    if by.person_id is None or task.owner_id not in _people(by):
        yield Refusal("task.owner", _("这一步由承办人%(name)s办理。"), {"name": task.owner.shown_name}, CLAUSE)


def giver(task: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who gave the task, or somebody above them; never who has it."""
    is_giver = by.person_id is not None and by.person_id == task.giver_id
    if not (is_giver or task.checkers & {seat.id for seat in by.seats}):
        name = task.giver.shown_name if task.giver else str(task.giver_seat or "")
        yield Refusal("task.giver", _("这一步由交办人%(name)s或其上级办理。"), {"name": name}, CLAUSE)
    elif by.person_id == task.owner_id:
        yield from refuse_own(people=[by.person_id], owner=task.owner_id, reporter=None)


def checker(task: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who may accept or send back: the giver, if the report is not their own."""
    found = list(giver(task, by=by, at=at))
    yield from found or refuse_own(people=[by.person_id], owner=task.owner_id, reporter=task.reported_by_id)


def read_problems(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if by.person_id is None and not by.is_system:
        yield Refusal("problems.read", _("系统管理员不查看网点问题。"), {}, STANDARD_CLAUSE)


def raise_problems(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The posts of outlets and sites, and those above them."""
    if by.person_id is None or not by.holds(*RAISERS):
        yield Refusal("problems.raise", _("网点问题由网点岗位和主管他们的岗位登记。"), {}, STANDARD_CLAUSE, "", RAISERS)


def answer_problems(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The manager of the department and the supervisors of the outlets; not who raised it."""
    posts = ("hs", "ls", "sup")
    if by.person_id is None or not by.holds(*posts):
        yield Refusal("problems.answer", _("网点问题由部门经理或主管处理。"), {}, STANDARD_CLAUSE, "", posts)
