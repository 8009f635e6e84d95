"""Reads across inspections: the list's facts, who sits where, results per person and unit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q

from zhangfa.core import clock
from zhangfa.core.periods import month_after
from zhangfa.inspections import rules
from zhangfa.inspections.models import Answer, Inspection, Sheet
from zhangfa.inspections.models.problem import HEADS
from zhangfa.organisation.models import Absence, Grade, Holding, Person, Seat, Unit
from zhangfa.organisation.queries import managing, seated_in
from zhangfa.records.models import Attachment, Signature

COUNTED = (Sheet.Status.HANDED, Sheet.Status.RULED)


def list_facts(row: Inspection) -> rules.ListFacts:
    counted = row.items.aggregate(items=Count("pk"), announced=Count("pk", filter=Q(is_announced=True)))
    return rules.ListFacts(
        items=counted["items"], announced=counted["announced"], inspectors=row.inspectors.count(), is_spot=row.is_spot
    )


def within(unit: Unit) -> Q:
    """Seats of the unit itself and, of a department or company, of what hangs below it; as a condition on `Seat`."""
    if unit.kind == Unit.Kind.COMPANY:
        return Q()
    if unit.kind == Unit.Kind.DEPARTMENT:
        return Q(unit=unit) | Q(unit__department=unit)
    if unit.kind == Unit.Kind.REGION:
        return Q(unit=unit) | Q(unit__region=unit)
    return Q(unit=unit)


def people_in(unit: Unit, at: dt.datetime) -> frozenset[int]:
    """Those who sit in the unit itself."""
    rows = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__unit=unit, seat__is_active=True)
    return frozenset(rows.values_list("person_id", flat=True))


def may_be_asked(unit: Unit, at: dt.datetime) -> list[tuple[Person, Seat]]:
    """Who sits in the unit or below, by rung; bounded, for a telephone keeps the list."""
    rows = Holding.objects.filter(
        Holding.valid_q(clock.local_date(at)), seat__in=Seat.objects.filter(within(unit), is_active=True)
    )
    found = rows.select_related("person", "seat__post", "seat__unit").order_by(
        "-seat__post__grade", "seat__unit_id", "pk"
    )
    return [(row.person, row.seat) for row in found[:60]]


def seat_of(person: Person, unit: Unit, at: dt.datetime) -> Seat | None:
    """The seat from which the person answers: in the inspected unit, else the highest."""
    rows = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person=person, seat__is_active=True)
    held = [row.seat for row in rows.select_related("seat__unit", "seat__post").order_by("-seat__post__grade", "pk")]
    return next((seat for seat in held if seat.unit_id == unit.pk), held[0] if held else None)


def draw_pool(row: Inspection, department: Unit, at: dt.datetime) -> list[int]:
    """Who may be drawn: staff of the department who are present, nobody of the inspected unit, nobody twice."""
    day = clock.local_date(at)
    seats = Seat.objects.filter(within(department), post__grade__gt=Grade.WORKER, is_active=True)
    away = Absence.objects.filter(cancelled_at=None, from_at__lte=at, to_at__gt=at).values("person_id")
    rows = Holding.objects.filter(Holding.valid_q(day), seat__in=seats).exclude(person_id__in=away)
    taken = set(row.inspectors.values_list("person_id", flat=True)) | people_in(row.unit, at)
    return sorted(set(rows.values_list("person_id", flat=True)) - taken)


def managers_of(unit: Unit, at: dt.datetime) -> set[int]:
    """The head of the unit's department, and the line managers of the unit itself."""
    condition = managing(unit) | Q(unit=unit, post__grade__gte=Grade.LINE_MANAGER)
    return {person.pk for people in seated_in(condition, at).values() for person in people}


def heads_who_asked(row: Inspection, at: dt.datetime) -> list[int]:
    """HS-W1.6: the head's seats of the department from which somebody asked there, in person or standing in for who is away.

    Whoever wrote answers down, or put their name to a sheet as its inspector, was there.
    """
    wrote = Answer.objects.filter(sheet__inspection=row, written_by__isnull=False).values_list("written_by_id")
    named = Signature.objects.filter(record__check_sheet__inspection=row, role="inspector").values_list("signer_id")
    asked = {pk for (pk,) in wrote.union(named)}
    away = Absence.objects.filter(delegate__in=asked, cancelled_at=None, from_at__lte=at, to_at__gt=at)
    people = asked | set(away.values_list("person_id", flat=True))
    heads = Q(seat__unit=row.department_id) | Q(seat__unit__department=row.department_id)
    rows = Holding.objects.filter(
        heads,
        Holding.valid_q(clock.local_date(at)),
        person_id__in=people,
        seat__post_id__in=HEADS,
        seat__is_active=True,
    )
    return sorted(set(rows.values_list("seat_id", flat=True)))


def was_shown(sheet: Sheet) -> bool:
    """A-57: the person put their name to it, or refused before a witness."""
    done = (Signature.State.SIGNED, Signature.State.REFUSED)
    return Signature.objects.filter(record_id=sheet.pk, role="asked", state__in=done).exists()


def counted_sheets(month: dt.date) -> Any:
    """Sheets of a month that count: handed in and not contested any more."""
    ends = month_after(month)
    return Sheet.objects.filter(status__in=COUNTED, checked_on__gte=month, checked_on__lt=ends)


def place_of(no: int) -> str:
    """Where a picture of a question belongs, the same in every language."""
    return f"№ {no}"


def pictures_of(sheets: list[Sheet]) -> dict[Any, dict[str, list[Attachment]]]:
    """The pictures of each sheet by the number of their question; those that belong to none under nothing."""
    rows = Attachment.objects.filter(record_id__in=[sheet.pk for sheet in sheets], removed_at=None).exclude(
        thumb_sha256=""
    )
    found: dict[Any, dict[str, list[Attachment]]] = {}
    for row in rows.order_by("pk"):
        no = row.place.removeprefix("№ ") if row.place.startswith("№ ") else ""
        found.setdefault(row.record_id, {}).setdefault(no, []).append(row)
    return found
