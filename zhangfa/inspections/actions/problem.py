"""Corrective actions: given, carried out, looked at again, closed or given back (AM-W3, HS-W1.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.inspections import rules
from zhangfa.inspections.models import Inspection, Problem, Sheet
from zhangfa.inspections.permissions import finish_problem, recheck_problem
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.calendar import is_working
from zhangfa.organisation.models import Holding, Person, Unit

S = Problem.Status
CLAUSE = rules.INSPECTIONS
RECHECK_DAYS = 2


def order(
    *, inspection: Inspection | None, sheet: Sheet | None, unit: Unit, issue: str, measure: str, owner: Person, due_on: dt.date, urgency: str,
    recheck_on: dt.date | None, by: Actor, at: dt.datetime,
) -> Problem:  # fmt: skip
    """Write the order and tell its owner; called by the actions that have asked who may."""
    is_spot = inspection is not None and inspection.is_spot
    row = Problem.objects.create(
        inspection=inspection, sheet=sheet, is_spot=is_spot, unit=unit, department_id=unit.department_id, issue=issue, measure=measure,
        owner=owner, due_on=due_on, urgency=urgency, recheck_on=recheck_on, ordered_by_id=by.person_id, ordered_at=at,
    )  # fmt: skip
    event = "inspections.problem.spotted" if is_spot else "inspections.problem.ordered"
    owing = {"handler": by.person_id, "due_at": _end_of(due_on)} if is_spot else _owed_by_owner(row, at)
    announce(
        event, row, by=by, at=at, label=_("提出整改"), clause=rules.clause_of(is_spot=is_spot), is_new=True,
        codes={"owner": owner.pk, "due_on": due_on.isoformat(), "urgency": urgency, **owing},
    )  # fmt: skip
    notify(
        [owner.pk],
        "inspections.ordered",
        {"number": row.number, "due": due_on.isoformat()},
        at=at,
        url=row.get_absolute_url(),
    )
    return row


def _end_of(day: dt.date) -> str:
    return clock.day_start(day + dt.timedelta(days=1)).isoformat()


def _owed_by_owner(row: Problem, at: dt.datetime) -> dict[str, Any]:
    """Who owes an inspection's order until when: its owner, in the seat that stands nearest to the place (AM-W3)."""
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person_id=row.owner_id, seat__is_active=True)
    seats = sorted(
        held.select_related("seat__unit"),
        key=lambda one: (one.seat.unit_id != row.unit_id, one.seat.unit.department_id != row.department_id, one.pk),
    )
    found: dict[str, Any] = {"handler": row.owner_id, "due_at": _end_of(row.due_on)}
    return found | ({"seat": seats[0].seat_id} if seats else {})


def _recheck_due(row: Problem, at: dt.datetime) -> str:
    """The day that was set for the second look, else two working days."""
    today = clock.local_date(at)
    return _end_of(max(row.recheck_on or today, clock.add_working_days(today, RECHECK_DAYS, is_working)))


def _guard_note(row: Problem, *, by: Actor, at: dt.datetime, note: str, **_more: Any) -> Iterator[Refusal]:
    yield from rules.refuse_note(text=note, field="note", clause=rules.clause_of(is_spot=row.is_spot))


@arrow(
    Problem, sources=[S.OPEN], target=S.DONE, label=_("整改完成"), event="rectified", permit=finish_problem, guard=_guard_note, clause=CLAUSE,
    hint=_("写明做了什么；由提出人复查后才关闭。"),
)  # fmt: skip
def finish_rectifying(row: Problem, *, by: Actor, at: dt.datetime, note: str) -> dict[str, Any]:
    """The owner says what was done; somebody else looks again."""
    row.done_at, row.done_note = at, note
    notify([row.ordered_by_id], "inspections.rectified", {"number": row.number}, at=at, url=row.get_absolute_url())
    owing = {} if row.is_spot else {"recheck_due_at": _recheck_due(row, at)}
    return {"codes": {"handler": row.ordered_by_id, **owing}}


@arrow(
    Problem, sources=[S.DONE], target=S.CLOSED, label=_("复查合格，关闭"), event="closed", permit=recheck_problem, guard=_guard_note,
    clause=CLAUSE,
)  # fmt: skip
def close(row: Problem, *, by: Actor, at: dt.datetime, note: str) -> dict[str, Any]:
    """Looked at again and found in order."""
    row.rechecked_at, row.rechecked_by_id, row.recheck_note = at, by.person_id, note
    notify([row.owner_id], "inspections.closed", {"number": row.number}, at=at, url=row.get_absolute_url())
    return {"codes": {"is_spot": row.is_spot, "late": clock.local_date(row.done_at or at) > row.due_on}}


def _guard_reject(row: Problem, *, by: Actor, at: dt.datetime, note: str, due_on: dt.date) -> Iterator[Refusal]:
    yield from _guard_note(row, by=by, at=at, note=note)
    if due_on < clock.local_date(at):
        yield Refusal("problem.past", _("期限不能早于今天。"), {}, CLAUSE, "due_on")


@arrow(
    Problem, sources=[S.DONE], target=S.OPEN, label=_("复查不合格，退回"), event="rejected", permit=recheck_problem, guard=_guard_reject,
    clause=CLAUSE,
)  # fmt: skip
def reject(row: Problem, *, by: Actor, at: dt.datetime, note: str, due_on: dt.date) -> dict[str, Any]:
    """Not in order: it goes back to its owner with a further day; the first due date stays what the duty counts by."""
    row.rechecked_at, row.rechecked_by_id, row.recheck_note = at, by.person_id, note
    row.due_on, row.done_at, row.rounds = due_on, None, row.rounds + 1
    notify(
        [row.owner_id],
        "inspections.rejected",
        {"number": row.number, "due": due_on.isoformat()},
        at=at,
        url=row.get_absolute_url(),
    )
    return {"codes": {"rounds": row.rounds, **({} if row.is_spot else _owed_by_owner(row, at))}}


def take_over(row: Problem, role: str, *, to: Person, by: Actor, at: dt.datetime) -> None:
    """What somebody who leaves was to put right, or to look at again, goes to the successor with the signed list."""
    setattr(row, role, to)
    row.version += 1
    row.save(update_fields=[role, "version"])
    announce(
        "inspections.problem.taken_over", row, by=by, at=at, label=_("随交接单移交"), clause=rules.clause_of(is_spot=row.is_spot),
        codes={role: to.pk},
    )  # fmt: skip
