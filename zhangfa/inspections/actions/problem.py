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
from zhangfa.duties import seats
from zhangfa.inspections import rules
from zhangfa.inspections.models import Inspection, Problem, Sheet
from zhangfa.inspections.models.problem import HEADS
from zhangfa.inspections.permissions import PLANNERS, SPOTTERS, finish_problem, recheck_problem
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.calendar import is_working
from zhangfa.organisation.models import Holding, Person, Seat, Unit
from zhangfa.organisation.queries import holders, managing, seated_in

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
        seat_id=_seat_of_owner(owner, unit, at), orderer_seat_id=_seat_of_orderer(unit, is_spot=is_spot, by=by, at=at),
    )  # fmt: skip
    event = "inspections.problem.spotted" if is_spot else "inspections.problem.ordered"
    owing = _owed_by_head(row, at) if is_spot else _owed_by_owner(row, at)
    announce(
        event, row, by=by, at=at, label=_("提出整改"), clause=rules.clause_of(is_spot=is_spot), is_new=True,
        codes={"owner": owner.pk, "due_on": due_on.isoformat(), "urgency": urgency, **owing},
    )  # fmt: skip
    facts = {"number": row.number, "due": due_on.isoformat()}
    notify([owner.pk], "inspections.ordered", facts, at=at, url=row.get_absolute_url())
    told = sorted(_concerned(row, at) - {owner.pk, by.person_id})
    facts |= {"unit": unit.name, "name": owner.name}
    notify(told, "inspections.found", facts, at=at, url=row.get_absolute_url())
    return row


def _end_of(day: dt.date) -> str:
    return clock.day_start(day + dt.timedelta(days=1)).isoformat()


def _seat_of_owner(owner: Person, unit: Unit, at: dt.datetime) -> int | None:
    """The seat that stands nearest to the place, of those that the owner holds."""
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person=owner, seat__is_active=True)
    seats = sorted(
        held.select_related("seat__unit"),
        key=lambda one: (one.seat.unit_id != unit.pk, one.seat.unit.department_id != unit.department_id, one.pk),
    )
    return seats[0].seat_id if seats else None


def _seat_of_orderer(unit: Unit, *, is_spot: bool, by: Actor, at: dt.datetime) -> int | None:
    """The seat from which the order comes; what somebody finds who went for the head of the department is the head's."""
    posts = SPOTTERS if is_spot else (*PLANNERS, *HEADS)
    fitting = [seat for seat in by.seats if seat.post in posts]
    if fitting:
        return min(fitting, key=lambda seat: (posts.index(seat.post), seat.is_delegated, seat.id)).id
    if is_spot and (heads := seated_in(managing(unit), at)):
        return min(heads)
    return by.seats[0].id if by.seats else None


def _concerned(row: Problem, at: dt.datetime) -> set[int]:
    """Beside the owner: the person whose answers showed it, who stands above the owner, and the head of the department."""
    above = seats.above({0: (row.seat_id, row.owner_id)}, at).values()
    heads = seated_in(managing(row.unit), at).values()
    asked = {row.sheet.person_id} if row.sheet else set()
    return asked | {pk for _seat, people in above for pk in people} | {one.pk for found in heads for one in found}


def _owed_by_head(row: Problem, at: dt.datetime) -> dict[str, Any]:
    """What a spot check found is owed by the seat that sees to it (HS-W1.6)."""
    who = _at_desk(row.ordered_by_id, row.orderer_seat_id, at)
    return {"handler": who, "seat": row.orderer_seat_id, "due_at": _end_of(row.due_on)}


def _owed_by_owner(row: Problem, at: dt.datetime) -> dict[str, Any]:
    """Who owes an inspection's order until when: the owner's seat, and with it whoever holds it now (AM-W3)."""
    found: dict[str, Any] = {"handler": _at_desk(row.owner_id, row.seat_id, at), "due_at": _end_of(row.due_on)}
    return found | ({"seat": row.seat_id} if row.seat_id else {})


def _at_desk(person: int | None, seat: int | None, at: dt.datetime) -> int | None:
    """The person while they sit there or nobody else does, else who has come into the seat."""
    people = [one.pk for one in holders([seat], at).get(seat, [])] if seat else []
    return person if not people or person in people else people[0]


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
    looks_again = _at_desk(row.ordered_by_id, row.orderer_seat_id, at)
    notify([looks_again], "inspections.rectified", {"number": row.number}, at=at, url=row.get_absolute_url())
    owing: dict[str, Any] = {} if row.is_spot else {"recheck_due_at": _recheck_due(row, at)}
    if owing and row.orderer_seat_id:
        owing["seat"] = row.orderer_seat_id
    return {"codes": {"handler": looks_again, **owing}}


@arrow(
    Problem, sources=[S.DONE], target=S.CLOSED, label=_("复查合格，关闭"), event="closed", permit=recheck_problem, guard=_guard_note,
    clause=CLAUSE,
)  # fmt: skip
def close(row: Problem, *, by: Actor, at: dt.datetime, note: str) -> dict[str, Any]:
    """Looked at again and found in order."""
    row.rechecked_at, row.rechecked_by_id, row.recheck_note = at, by.person_id, note
    owner = _at_desk(row.owner_id, row.seat_id, at)
    notify([owner], "inspections.closed", {"number": row.number}, at=at, url=row.get_absolute_url())
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
    """Not in order: it goes back to its owner with a further day, by which it is owed anew."""
    row.rechecked_at, row.rechecked_by_id, row.recheck_note = at, by.person_id, note
    row.due_on, row.done_at, row.rounds = due_on, None, row.rounds + 1
    notify(
        [_at_desk(row.owner_id, row.seat_id, at)],
        "inspections.rejected",
        {"number": row.number, "due": due_on.isoformat()},
        at=at,
        url=row.get_absolute_url(),
    )
    return {"codes": {"rounds": row.rounds, **({} if row.is_spot else _owed_by_owner(row, at))}}


def take_over(row: Problem, role: str, *, to: Person, seat: Seat, by: Actor, at: dt.datetime) -> None:
    """What somebody who leaves was to put right, or to look at again, goes to the successor with the signed list.

    Nobody looks again at what is theirs to put right: where the successor has the other part, the second look goes to who stands above.
    """
    other = row.ordered_by_id if role == "owner" else row.owner_id
    above = seats.above({0: (seat.pk, to.pk)}, at).get(0) if to.pk == other else None
    changed: dict[str, int] = {} if above and role == "ordered_by" else {role: to.pk}
    if above:
        changed |= {"ordered_by": above[1][0], "orderer_seat": above[0]}
    for name, value in changed.items():
        setattr(row, f"{name}_id", value)
    row.version += 1
    row.save(update_fields=[*changed, "version"])
    event = "inspections.problem.passed_up" if above and role == "ordered_by" else "inspections.problem.taken_over"
    owing = (
        {}
        if row.is_spot or not above
        else {"handler": above[1][0], "seat": above[0], "recheck_due_at": _recheck_due(row, at)}
    )
    announce(
        event, row, by=by, at=at, label=_("随交接单移交"), clause=rules.clause_of(is_spot=row.is_spot), codes=changed | owing
    )  # fmt: skip
