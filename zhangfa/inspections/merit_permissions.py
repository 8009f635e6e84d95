"""Who proposes a reward or penalty, is heard, decides and carries it out; nobody in their own matter (HS-W1.9, HS-D4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.inspections.merit_rules import CLAUSE
from zhangfa.inspections.models import MERIT_READERS
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Holding, Person

PROPOSERS = ("am", "hr", "gm", "dgm")
EXECUTORS = ("am", "hr")


def read_merits(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody sees what concerns them."""
    if by.person_id is None and not by.is_system:
        yield Refusal("merit.read", _("系统管理员不查看单据。"), {}, CLAUSE)


def propose_merits(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever leads people proposes for their people; administration and the executives for all. `obj` is the person."""
    if by.person_id is None or not any(seat.grade >= Grade.LINE_MANAGER for seat in by.seats):
        yield Refusal("merit.post", _("奖惩意见由管理员以上提出。"), {}, CLAUSE, "", PROPOSERS)
        return
    if not isinstance(obj, Person):
        return
    if by.is_any_of({obj.pk}):
        yield Refusal("merit.own", _("不能为自己提出奖惩意见。"), {}, CLAUSE, "person")
    elif not by.holds(*PROPOSERS):
        units = {u for s in by.seats if s.grade >= Grade.LINE_MANAGER for u in (s.unit_id,)}
        departments = {s.department_id or s.unit_id for s in by.seats if s.grade >= Grade.SUPERVISOR}
        held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person=obj, seat__is_active=True)
        places = set(held.values_list("seat__unit_id", "seat__unit__department_id"))
        if not any(unit in units or department in departments or unit in departments for unit, department in places):
            yield Refusal(
                "merit.not_yours", _("只能为本单位、本部门的人提出奖惩意见。"), {}, CLAUSE, "person", PROPOSERS
            )


def person_concerned(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The person themselves, in nobody else's name."""
    if by.person_id is None or by.person_id != obj.person_id:
        yield Refusal("merit.person", _("这一步由本人%(name)s办理。"), {"name": obj.person.shown_name}, CLAUSE)


def witness(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """That somebody was told and says nothing is noted by personnel or administration, neither person nor proposer."""
    if not by.holds(*EXECUTORS) or by.is_any_of({obj.person_id, obj.proposed_by_id}):
        yield Refusal("merit.witness", _("由人事或行政部在场见证，提出人和本人不能见证。"), {}, CLAUSE, "", EXECUTORS)


def proposer(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not by.is_any_of({obj.proposed_by_id}):
        yield Refusal("merit.proposer", _("这一步由提出人办理。"), {}, CLAUSE)


def executor(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Administration carries it out (HS-D4); never for oneself."""
    if not by.holds(*EXECUTORS):
        yield Refusal("merit.executor", _("由行政部执行。"), {}, CLAUSE, "", EXECUTORS)
    elif by.is_any_of({obj.person_id}):
        yield Refusal("merit.own_execution", _("自己的奖惩由他人执行。"), {}, CLAUSE, "", EXECUTORS)


__all__ = [
    "EXECUTORS", "MERIT_READERS", "executor", "person_concerned", "propose_merits", "proposer", "read_merits", "witness",
]  # fmt: skip
