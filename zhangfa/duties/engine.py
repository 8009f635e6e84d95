"""The sink: events open and close occurrences in the transaction of what happened (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Q, Value, When

from zhangfa.core import clock
from zhangfa.core.transitions import Happened
from zhangfa.core.work import owe
from zhangfa.duties import rules
from zhangfa.duties.catalogue import DutyRow, catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.organisation.models import Holding, Seat
from zhangfa.policy import queries as policy
from zhangfa.runtime import alarms
from zhangfa.runtime.models import Alarm

OVERDUE = "duties.overdue"
ORDER = 50  # before the trail
# A case given to another handler takes its open duties with it.
HANDED_OVER = frozenset({"claims.case.reassigned", "claims.case.handed_over"})


def receive(happened: Happened) -> None:
    """Close, end, move and open what listens to the event; an event that nobody listens to costs nothing."""
    if happened.event in HANDED_OVER or catalogue().listens(happened.event):
        owe(ORDER, follow, happened)


def follow(happenings: Sequence[Happened]) -> None:
    """What one transaction closed and opened, in the order in which it happened; what it opens is inserted together."""
    known = catalogue()
    opening: list[tuple[DutyRow, Happened]] = []
    for happened in happenings:
        event = happened.event
        if event in HANDED_OVER or any(event in table for table in (known.closes, known.voids, known.moves)):
            _open(opening)
            opening = []
        if event in HANDED_OVER:
            _hand_over(happened)
        _end(known.closes.get(event, ()), happened, _in_time_or_late(happened.at))
        _end(known.voids.get(event, ()), happened, Value(Occurrence.State.VOID))
        for duty in known.moves.get(event, ()):
            _move(duty, happened)
        opening += [(duty, happened) for duty in known.opens.get(event, ())]
    _open(opening)


def alarm_subject(occurrence: Occurrence) -> str:
    return f"occurrence:{occurrence.pk}"


def subject_of(duty: DutyRow, happened: Happened) -> str:
    """What the occurrence is about; the same for the event that opens it and the one that closes it."""
    if stated := happened.codes.get("subject"):
        return str(stated)
    if duty.subject == "record" and happened.record_id:
        return f"record:{happened.record_id}"
    if duty.subject == "company":
        return "company"
    return f"{happened.obj._meta.label_lower}:{happened.obj.pk}"


def _about(duty: DutyRow, happened: Happened) -> Q:
    """The occurrences of the duty, in any version, that the event is about."""
    return Q(subject_key=subject_of(duty, happened), duty__code=duty.code, duty__stage=duty.stage)


def _about(duty: DutyRow, happened: Happened) -> Q:
    """The occurrences of the duty, in any version, that the event is about."""
    about = Q(subject_key=subject_of(duty, happened), duty__key__startswith=duty.stem)
    if duty.rhythm == "event":
        return about
    if period := happened.codes.get("period"):
        return about & Q(period=str(period))
    oldest = Occurrence.objects.open().filter(about).order_by("opened_at", "pk")
    return Q(pk__in=list(oldest.values_list("pk", flat=True)[:1]))


def _about_any(pairs: Iterable[tuple[DutyRow, Happened]]) -> Q:
    return reduce(or_, (_about(duty, happened) for duty, happened in pairs))


def _in_time_or_late(at: dt.datetime) -> Case:
    """`rules.state_when_done`, for rows that are not read: late stays late (X-1)."""
    return Case(When(due_at__gte=at, then=Value(Occurrence.State.DONE)), default=Value(Occurrence.State.LATE))


def _end(duties: Sequence[DutyRow], happened: Happened, state: Case | Value) -> None:
    """Done or no longer needed. The alarm stays: it finds nothing open and rings for nobody."""
    if duties:
        standing = Occurrence.objects.open().filter(_about_any((duty, happened) for duty in duties))
        standing.update(state=state, done_at=happened.at, evidence_event=happened.event)


def _move(duty: DutyRow, happened: Happened) -> None:
    """A new due instant while it is not overdue yet: the hour that the customer chose."""
    due = rules.instant(happened.codes.get(duty.due.get("code", "")))
    if due is None:
        return
    standing = Occurrence.objects.select_for_update().open().filter(_about(duty, happened))
    for occurrence in standing.filter(due_at__gte=happened.at).exclude(due_at=due):
        occurrence.due_at = due
        occurrence.save(update_fields=["due_at"])
        alarms.set_alarm(alarm_subject(occurrence), OVERDUE, due)


def _open(opening: Sequence[tuple[DutyRow, Happened]]) -> None:
    """Insert what is owed from now on; what stands already, or stood on this day, is not owed again."""
    if not opening:
        return
    # Nothing stands yet about what this very event made.
    asked = [(duty, happened) for duty, happened in opening if duty.subject != "object" or not happened.is_new]
    known = list(Occurrence.objects.filter(_about_any(asked))) if asked else []
    made: list[Occurrence] = []
    for duty, happened in opening:
        subject, seat_id = subject_of(duty, happened), seat_for(duty, happened)
        if seat_id is None:
            continue  # a company without such a post owes nothing by it; the chart's problems name the missing post
        row = _due(duty, happened, seat_id, subject)
        same = [r for r in (*known, *made) if r.subject_key == subject and r.duty_id.startswith(duty.stem)]
        if not any(r.is_open or _identity(r) == _identity(row) for r in same):
            made.append(row)
    insert(made)


def _due(duty: DutyRow, happened: Happened, seat_id: int, subject: str) -> Occurrence:
    figures = {key: policy.figure(key, happened.at) for key in duty.figures}
    figure = figures[duty.due["key"]].value
    return Occurrence(
        duty_id=duty.key, seat_id=seat_id, person_id=_handler(happened) or _holder(seat_id, happened.at), subject_key=subject,
        period=clock.local_date(happened.at).isoformat(), record_id=happened.record_id, opened_at=happened.at,
        due_at=rules.due_after(duty.due, figure=figure, codes=happened.codes, at=happened.at),
        policy=[f.as_json() for f in figures.values()],
    )  # fmt: skip


def _identity(row: Occurrence) -> tuple[Any, ...]:
    return row.duty_id, row.seat_id, row.subject_key, row.period


def insert(rows: Sequence[Occurrence]) -> None:
    """Write occurrences with their alarms."""
    if rows:
        Occurrence.objects.bulk_create(rows)
        alarms.set_alarms(Alarm(subject=alarm_subject(row), kind=OVERDUE, next_alarm_at=row.due_at) for row in rows)


def create(
    duty: DutyRow, seat: Seat, subject: str, period: str, opened_at: dt.datetime, due_at: dt.datetime, *,
    figures: list[Any] | None = None,
) -> Occurrence | None:  # fmt: skip
    """Insert the occurrence of a rhythm; None where it stands already."""
    if Occurrence.objects.filter(duty_id=duty.key, seat=seat, subject_key=subject, period=period).exists():
        return None
    made = Occurrence(
        duty_id=duty.key, seat=seat, person_id=_holder(seat.pk, opened_at), subject_key=subject, period=period, opened_at=opened_at,
        due_at=due_at, policy=figures or [],
    )  # fmt: skip
    insert([made])
    return made


def _holder(seat_id: int, at: dt.datetime) -> int | None:
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat_id=seat_id)
    return held.values_list("person_id", flat=True).first()


def seat_for(duty: DutyRow, happened: Happened) -> int | None:
    """The seat that owes: named by the event, else the handler's (of the duty's post first), else the first of the post."""
    if seat_id := happened.codes.get("seat"):
        return int(seat_id)
    handler = _handler(happened)
    if handler is not None and handler == happened.by.person_id and (own := happened.by.own_seats):
        # Who acts has brought their seats along.
        return min(own, key=lambda seat: (seat.post != duty.post, seat.id)).id
    seat = seat_of_person(handler, duty.post, happened.at) or seat_of_post(duty.post, happened.at)
    return seat.pk if seat else None


def seat_of_person(person_id: int | None, post: str, at: dt.datetime) -> Seat | None:
    if person_id is None:
        return None
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person_id=person_id, seat__is_active=True)
    rows = sorted(held.select_related("seat"), key=lambda row: (row.seat.post_id != post, row.pk))
    return rows[0].seat if rows else None


def seat_of_post(post: str, at: dt.datetime) -> Seat | None:
    """The first seat of the post that somebody holds, else the first at all."""
    seats = Seat.objects.filter(post_id=post, is_active=True).order_by("pk")
    held = Q(holdings__in=Holding.objects.filter(Holding.valid_q(clock.local_date(at))))
    return seats.filter(held).first() or seats.first()


def _handler(happened: Happened) -> int | None:
    handler = happened.codes.get("handler")
    return handler if isinstance(handler, int) else None


def _hand_over(happened: Happened) -> None:
    handler = _handler(happened)
    if handler is None or happened.record_id is None:
        return
    about = Q(record_id=happened.record_id) | Q(record__parent_id=happened.record_id)
    for occurrence in Occurrence.objects.select_for_update(of=("self",)).open().filter(about).select_related("duty"):
        seat = seat_of_person(handler, occurrence.duty.post, happened.at)
        if seat is not None:
            occurrence.seat, occurrence.person_id = seat, handler
            occurrence.save(update_fields=["seat", "person"])
