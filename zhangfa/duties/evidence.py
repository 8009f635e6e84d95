"""Evidence of what a rhythm owes: what came in, for which period, and whether that is enough (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from zhangfa.core import bulk
from zhangfa.core.transitions import Happened
from zhangfa.duties import registry, rules, turning
from zhangfa.duties.catalogue import DutyRow, catalogue
from zhangfa.duties.models import Evidence, Occurrence
from zhangfa.organisation.models import Seat
from zhangfa.records.models import Record

ONE = Decimal(1)


def receive(duty: DutyRow, happened: Happened) -> None:
    """An event that is evidence of a rhythm's duty: the same thing counts once, whenever and however often it is told."""
    if any(happened.codes.get(name) != value for name, value in duty.match.items()):
        return
    _count(duty, happened)


def waive(duty: DutyRow, happened: Happened) -> None:
    """An event after which the period that it names owes nothing of the duty."""
    turning.turn(happened.at, catalogue().by_stem[duty.stem])
    for row in _owing(duty, happened):
        if row.is_open:
            row.state, row.done_at, row.evidence_event = Occurrence.State.VOID, happened.at, happened.event
            row.save(update_fields=["state", "done_at", "evidence_event"])


def receive_papers(happenings: Sequence[Happened]) -> None:
    """Papers of a form that a company named as evidence: handed in, with the field filled that it asks for."""
    known = catalogue().by_form
    papers = Record.objects.filter(pk__in={happened.record_id for happened in happenings}, form_code__in=list(known))
    found = {row.pk: row for row in papers.exclude(number=None).exclude(status=Record.Status.VOID)}
    for happened in happenings:
        paper = found.get(happened.record_id)
        for duty in known[paper.form_code] if paper else ():
            if proves(duty, paper):
                _count(duty, happened)


def proves(duty: DutyRow, paper: Any) -> bool:
    """Whether the paper says what the duty asks for: a field that is filled, or filled with this."""
    if not duty.asks.get("field"):
        return True
    said, wanted = registry.said(paper, duty.asks["field"]), str(duty.asks.get("value", "")).strip()
    return bool(said) and (not wanted or any(same(value, wanted) for value in said))


def same(said: Any, wanted: str) -> bool:
    """Whether a field says what was asked for; 是 and yes mean that a box is ticked, 5 and 5.0 are the same number."""
    if said is True:
        return wanted.lower() in ("是", "yes", "true")
    if str(said).strip() == wanted:
        return True
    try:
        return isinstance(said, int | Decimal) and Decimal(wanted) == said
    except ArithmeticError:
        return False


def _count(duty: DutyRow, happened: Happened) -> None:
    owing = _owing(duty, happened)
    if not any(row.due_at > happened.at for row in owing):
        # After a standstill the periods are made up first: what came in meanwhile belongs to one of them.
        turning.turn(happened.at, catalogue().by_stem[duty.stem])
        owing = _owing(duty, happened)
    prove(
        owing,
        source=happened.chain,
        event=happened.event,
        at=happened.at,
        amount=_amount(duty, happened.codes),
    )


def prove(owing: Iterable[Occurrence], *, source: str, event: str, at: dt.datetime, amount: Decimal = ONE) -> None:
    """Note the evidence, and settle what has enough of it; as many statements for a hall full of people as for one."""
    rows = list(owing)
    noted = _noted([row.pk for row in rows if row.counted])
    new = [row for row in rows if all(known != source for known, _at, _amount in noted.get(row.pk, ()))]
    facts = {"source": source, "event": event, "at": at, "amount": amount}
    if len(new) == 1:
        Evidence.objects.create(occurrence=new[0], **facts)
    else:
        made = bulk.line_of(Evidence)
        bulk.insert(Evidence, [made(occurrence_id=row.pk, **facts) for row in new])
    for row in new:
        found = [*noted.get(row.pk, ()), (source, at, amount)]
        _settle(row, event, sorted((when, much) for _source, when, much in found))
    bulk.update(Occurrence, new, ("counted", "state", "done_at", "evidence_event"))


def _noted(occurrences: Sequence[int]) -> dict[int, list[tuple[str, dt.datetime, Decimal]]]:
    """What came in before for these, which are locked: where nothing was counted there is nothing to look for."""
    found: dict[int, list[tuple[str, dt.datetime, Decimal]]] = {}
    if occurrences:
        rows = Evidence.objects.filter(occurrence_id__in=occurrences)
        for pk, *facts in rows.values_list("occurrence_id", "source", "at", "amount"):
            found.setdefault(pk, []).append((facts[0], facts[1], facts[2]))
    return found


def _settle(row: Occurrence, event: str, found: Sequence[tuple[dt.datetime, Decimal]]) -> None:
    """As the evidence says, in whatever order it came: done at the instant at which there was enough."""
    row.counted = sum((amount for _at, amount in found), Decimal(0))
    done_at = rules.reached(found, needed=row.needed)
    if done_at is not None and row.state not in (Occurrence.State.VOID, Occurrence.State.EXCUSED):
        row.state = rules.state_when_done(due_at=row.due_at, done_at=done_at)
        row.done_at, row.evidence_event = done_at, event


def _amount(duty: DutyRow, codes: Any) -> Decimal:
    return Decimal(str(codes[duty.need["of"]])) if "of" in duty.need else ONE


def _owing(duty: DutyRow, happened: Happened) -> list[Occurrence]:
    """What the event may settle: the period that it names; else, where evidence counts, the period of its instant; else the oldest."""
    rows = Occurrence.objects.select_for_update(of=("self",)).filter(
        duty__key__startswith=duty.stem, opened_at__lte=happened.at
    )
    if others := catalogue().others(duty):
        rows = rows.exclude(duty_id__in=others)
    if duty.subject == "company":
        rows = rows.filter(subject_key="company")
    elif duty.subject == "person":
        rows = rows.filter(subject_key__in=[f"person:{person}" for person in happened.codes.get("people", ())])
    else:
        rows = rows.filter(subject_key="seat", seat_id__in=_seats(duty, happened))
    if period := happened.codes.get("period"):
        return list(rows.filter(period=str(period)))
    if through := happened.codes.get("through"):
        # What was handed in for a period is all there was before it, too.
        return list(rows.filter(state=Occurrence.State.OPEN, period__lte=str(through)))
    if duty.is_counted:
        return list(rows.filter(due_at__gt=happened.at))
    # The same thing told again settles nothing more of the seat that it settled something of.
    told = Evidence.objects.filter(source=happened.chain, occurrence__duty__key__startswith=duty.stem)
    rows = rows.exclude(seat_id__in=list(told.values_list("occurrence__seat_id", flat=True)))
    rows = rows.filter(state=Occurrence.State.OPEN).order_by("opened_at", "pk")
    if "seats" not in happened.codes:
        return list(rows[:1])
    # Several did it together: the oldest of each.
    oldest: dict[int, Occurrence] = {}
    for row in rows:
        oldest.setdefault(row.seat_id, row)
    return list(oldest.values())


def _seats(duty: DutyRow, happened: Happened) -> list[int]:
    if "seats" in happened.codes:
        return [int(seat) for seat in happened.codes["seats"]]
    if seat := happened.codes.get("seat"):
        return [int(seat)]
    if duty.place and (unit := happened.codes.get(duty.place)):
        held = Seat.objects.filter(post_id__in=duty.posts, unit_id=int(unit))
        return list(held.values_list("pk", flat=True))
    return [seat.id for seat in happened.by.own_seats if seat.post in duty.posts]
