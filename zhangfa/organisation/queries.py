"""Reads across seats and holdings: who decides, who is above, what is wrong with the chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from zhangfa.core import clock, compiled
from zhangfa.organisation.models import Absence, Charge, Company, Holding, Person, Seat, Unit
from zhangfa.organisation.rules import is_round
from zhangfa.ui.registry import Slot


def company() -> Company | None:
    return Company.objects.order_by("pk").first()


def holders(seat_ids: Iterable[int], at: dt.datetime) -> dict[int, list[Person]]:
    """The people who hold the seats on that day, longest first."""
    found: dict[int, list[Person]] = {}
    for row in compiled.rows(_held, seats=set(seat_ids), day=clock.local_date(at)):
        found.setdefault(row.seat_id, []).append(row.person)
    return found


def _held(seats: Sequence[int], day: dt.date) -> QuerySet[Holding]:
    rows = Holding.objects.filter(Holding.valid_q(day), seat_id__in=seats)
    return rows.select_related("person").order_by("from_on", "pk")


def seated_in(which: Q, at: dt.datetime) -> dict[int, list[Person]]:
    """Who sits in the active seats that the condition on `Seat` names, by seat, longest first; an empty seat is left out."""
    found: dict[int, list[Person]] = {}
    for row in compiled.rows(_sitting, which=which, day=clock.local_date(at)):
        found.setdefault(row.seat_id, []).append(row.person)
    return found


def present_in(which: Q, at: dt.datetime) -> list[Person]:
    """Those of them who are not away at that instant."""
    found = compiled.rows(_present, which=which, day=clock.local_date(at), at=at)
    return list(dict.fromkeys(row.person for row in found))


def _present(which: Q, day: dt.date, at: dt.datetime) -> QuerySet[Holding]:
    running = Absence.objects.filter(cancelled_at=None, from_at__lte=at, to_at__gt=at)
    return _sitting(which, day).exclude(Exists(running.filter(person_id=OuterRef("person_id"))))


def _sitting(which: Q, day: dt.date) -> QuerySet[Holding]:
    seats = Seat.objects.filter(which, is_active=True)
    rows = Holding.objects.filter(Holding.valid_q(day), seat__in=seats)
    return rows.select_related("person").order_by("seat_id", "from_on", "pk")


def managing(unit: Unit) -> Q:
    """The seats at the head of the unit's department, as a condition on `Seat`."""
    return Q(unit=unit.department_id or unit.pk, post__grade=50)


def holder_of(seat: Seat | int, at: dt.datetime) -> Person | None:
    """The person in the seat on that day; None where it is empty."""
    seat_id = seat if isinstance(seat, int) else seat.pk
    return next(iter(holders([seat_id], at).get(seat_id, [])), None)


def grades_of(people: Iterable[int], at: dt.datetime) -> dict[int, int]:
    """The highest grade of each person on that day; without a seat, none."""
    return dict(compiled.rows(_graded, people=set(people), day=clock.local_date(at)))


def _graded(people: Sequence[int], day: dt.date) -> QuerySet[Holding, tuple[int, int]]:
    rows = Holding.objects.filter(Holding.valid_q(day), person_id__in=people).order_by()
    return rows.values_list("person_id").annotate(Max("seat__post__grade"))


def absence_of(person_id: int, at: dt.datetime) -> Absence | None:
    return max(absences_of([person_id], at), key=lambda absence: absence.pk, default=None)


def absences_of(people: Iterable[int], at: dt.datetime) -> list[Absence]:
    """Who of these people is away at that instant, each with their delegate, oldest entry first."""
    return compiled.rows(_away, people=set(people), at=at)


def _away(people: Sequence[int], at: dt.datetime) -> QuerySet[Absence]:
    running = Absence.objects.filter(person_id__in=people, cancelled_at=None, from_at__lte=at, to_at__gt=at)
    return running.select_related("delegate").order_by("pk")


def seats_with_post(post: str, *, unit_id: int | None = None, department_id: int | None = None) -> list[Seat]:
    """Active seats of a post, narrowed to a unit or a department."""
    which = Q(post_id=post)
    if unit_id is not None:
        which &= Q(unit_id=unit_id)
    if department_id is not None:
        which &= Q(unit__department_id=department_id)
    return compiled.rows(_active, which=which)


def _active(which: Q) -> QuerySet[Seat]:
    return Seat.objects.filter(which, is_active=True).select_related("unit", "post").order_by("pk")


def executive_seat_for(unit: Unit, at: dt.datetime) -> Seat | None:
    """The seat in charge 分管 of the unit: by assignment to it, its department, or else the company's only deputy, else the GM."""
    day = clock.local_date(at)
    charges = Charge.objects.filter(Holding.valid_q(day)).select_related("seat__unit", "seat__post")
    by_unit = {charge.unit_id: charge.seat for charge in charges}
    for unit_id in (unit.pk, unit.department_id, unit.region_id):
        if unit_id in by_unit:
            return by_unit[unit_id]
    deputies = seats_with_post("dgm")
    return deputies[0] if len(deputies) == 1 else next(iter(seats_with_post("gm")), None)


def manager_seat_of(unit: Unit) -> Seat | None:
    """The head of the unit's department: its department-manager seat."""
    return next(iter(compiled.rows(_active, which=managing(unit))), None)


@dataclass(frozen=True)
class Problem:
    """Something wrong with the chart: a code, and the seat or person it concerns."""

    code: str
    seat_id: int | None
    person_id: int | None
    words: str
    url: str = ""


# Lent by policy: what is missing there for the lines of decision to be whole.
problems_above: Slot = Slot(lambda at: ())


def chain_problems(at: dt.datetime) -> Iterator[Problem]:
    """Empty seats, lines that end or go round, the same person twice in one chain, delegations that fail (X-5).

    Five queries whatever the size.
    """
    seats = {seat.pk: seat for seat in Seat.objects.filter(is_active=True).select_related("post", "unit")}
    people = holders(seats, at)
    for pk, seat in seats.items():
        own = people.get(pk, [])
        if not own:
            yield Problem("empty_seat", pk, None, str(seat))
        above, goes_round = _line(pk, seats)
        if goes_round:
            yield Problem("reporting_loop", pk, None, str(seat))
        if seat.reports_to_id is None and seat.post_id != "gm":
            yield Problem("no_superior", pk, None, str(seat))
        chain = {person.pk for seat_id in above for person in people.get(seat_id, [])}
        for person in own:
            if person.pk in chain:
                yield Problem("same_person_twice", pk, person.pk, f"{person.shown_name} · {seat}")
    yield from _delegation_problems(at, {person.pk for found in people.values() for person in found})
    yield from problems_above(at)


def _line(start: int, seats: dict[int, Seat]) -> tuple[list[int], bool]:
    """The seats above, and whether the line comes back to a seat it passed."""
    seen = [start]
    above = seats[start].reports_to_id
    while above is not None and above in seats:
        if above in seen:
            return seen[1:], True
        seen.append(above)
        above = seats[above].reports_to_id
    return seen[1:], False


def _delegation_problems(at: dt.datetime, in_seat: set[int]) -> Iterator[Problem]:
    running = (
        Absence.objects.filter(cancelled_at=None, from_at__lte=at, to_at__gt=at).select_related("person").order_by("pk")
    )
    rows = [row for row in running if row.person_id in in_seat]
    ways: dict[int, int | None] = {row.person_id: row.delegate_id for row in rows if row.delegate_id is not None}
    for row in rows:
        if row.delegate_id is None:
            if row.person.kind == Person.Kind.STAFF:
                yield Problem("no_delegate", None, row.person_id, row.person.shown_name)
        elif is_round(row.person_id, row.delegate_id, ways):
            yield Problem("delegation_loop", None, row.person_id, row.person.shown_name)
