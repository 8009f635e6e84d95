"""The sink: events open and close occurrences in the transaction of what happened (X-1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from zhangfa.core import clock
from zhangfa.core.transitions import Happened
from zhangfa.duties import rules
from zhangfa.duties.catalogue import DutyRow, catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.organisation.models import Holding, Seat
from zhangfa.policy import queries as policy
from zhangfa.runtime import alarms

OVERDUE = "duties.overdue"
# A case given to another handler takes its open duties with it.
HANDED_OVER = frozenset({"claims.case.reassigned", "claims.case.handed_over"})


def receive(happened: Happened) -> None:
    """Close, end, move and open what listens to the event; an event that nobody listens to costs nothing."""
    known, event = catalogue(), happened.event
    if event in HANDED_OVER:
        _hand_over(happened)
    if not known.listens(event):
        return
    for duty in known.closes.get(event, ()):
        _close(duty, happened)
    for duty in known.voids.get(event, ()):
        _void(duty, happened)
    for duty in known.moves.get(event, ()):
        _move(duty, happened)
    for duty in known.opens.get(event, ()):
        _open(duty, happened)


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


def _standing(duty: DutyRow, happened: Happened) -> list[Occurrence]:
    """The open occurrences of the duty, in any version, that the event is about."""
    rows = Occurrence.objects.select_for_update(of=("self",)).open()
    rows = rows.filter(subject_key=subject_of(duty, happened), duty__code=duty.code, duty__stage=duty.stage).order_by(
        "opened_at", "pk"
    )
    if duty.rhythm == "event":
        return list(rows)
    if period := happened.codes.get("period"):
        return list(rows.filter(period=str(period)))
    return list(rows[:1])


def _close(duty: DutyRow, happened: Happened) -> None:
    for occurrence in _standing(duty, happened):
        occurrence.state = rules.state_when_done(due_at=occurrence.due_at, done_at=happened.at)
        occurrence.done_at, occurrence.evidence_event = happened.at, happened.event
        occurrence.save(update_fields=["state", "done_at", "evidence_event"])
        alarms.clear(alarm_subject(occurrence))


def _void(duty: DutyRow, happened: Happened) -> None:
    for occurrence in _standing(duty, happened):
        occurrence.state, occurrence.done_at, occurrence.evidence_event = (
            Occurrence.State.VOID,
            happened.at,
            happened.event,
        )
        occurrence.save(update_fields=["state", "done_at", "evidence_event"])
        alarms.clear(alarm_subject(occurrence))


def _move(duty: DutyRow, happened: Happened) -> None:
    """A new due instant while it is not overdue yet: the hour that the customer chose."""
    due = rules.instant(happened.codes.get(duty.due.get("code", "")))
    for occurrence in _standing(duty, happened) if due else []:
        if happened.at <= occurrence.due_at and due != occurrence.due_at:
            occurrence.due_at = due
            occurrence.save(update_fields=["due_at"])
            alarms.set_alarm(alarm_subject(occurrence), OVERDUE, due)


def _open(duty: DutyRow, happened: Happened) -> None:
    if _standing(duty, happened):
        return  # the same happening told twice
    seat = seat_for(duty, happened)
    if seat is None:
        return  # a company without such a post owes nothing by it; the chart's problems name the missing post
    figures = {key: policy.figure(key, happened.at) for key in duty.figures}
    figure = figures[duty.due["key"]].value
    due = rules.due_after(duty.due, figure=figure, codes=happened.codes, at=happened.at)
    create(
        duty, seat, subject_of(duty, happened), clock.local_date(happened.at).isoformat(), happened.at, due,
        person_id=_handler(happened), record_id=happened.record_id, figures=[f.as_json() for f in figures.values()],
    )  # fmt: skip


def create(
    duty: DutyRow, seat: Seat, subject: str, period: str, opened_at: dt.datetime, due_at: dt.datetime, *,
    person_id: int | None = None, record_id: Any = None, figures: list[Any] | None = None,
) -> Occurrence | None:  # fmt: skip
    """Insert the occurrence with its alarm; None where it stands already."""
    if Occurrence.objects.filter(duty_id=duty.key, seat=seat, subject_key=subject, period=period).exists():
        return None
    holder = (
        person_id
        or Holding.objects.filter(Holding.valid_q(clock.local_date(opened_at)), seat=seat)
        .values_list("person_id", flat=True)
        .first()
    )
    made = Occurrence.objects.create(
        duty_id=duty.key, seat=seat, person_id=holder, subject_key=subject, period=period, record_id=record_id, opened_at=opened_at,
        due_at=due_at, policy=figures or [],
    )  # fmt: skip
    alarms.set_alarm(alarm_subject(made), OVERDUE, due_at)
    return made


def seat_for(duty: DutyRow, happened: Happened) -> Seat | None:
    """The seat that owes: named by the event, else the handler's (of the duty's post first), else the first of the post."""
    if seat_id := happened.codes.get("seat"):
        return Seat.objects.filter(pk=seat_id).first()
    return seat_of_person(_handler(happened), duty.post, happened.at) or seat_of_post(duty.post, happened.at)


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
