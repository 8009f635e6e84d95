"""Which seat owes, who holds it, and what follows when somebody else comes into it (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Min, QuerySet

from zhangfa.core import clock
from zhangfa.core.transitions import Happened
from zhangfa.duties.catalogue import DutyRow
from zhangfa.duties.models import Occurrence
from zhangfa.organisation.models import Holding, Seat
from zhangfa.organisation.queries import holders

EVERYBODY = "all"


@dataclass(frozen=True)
class Place:
    """A seat with the scope that its rows copy, and whoever holds it."""

    seat: int
    unit: int
    department: int | None
    person: int | None = None


Places = dict[tuple[str, dt.date], Place | None]


def place_for(duty: DutyRow, happened: Happened, known: Places) -> Place | None:
    """The seat that owes: named by the event, else the handler's (of the duty's post first), else the first of the post."""
    if seat_id := happened.codes.get("seat"):
        return _place(Seat.objects.select_related("unit").filter(pk=int(seat_id)).first())
    if duty.place and (unit := happened.codes.get(duty.place)):
        return _of_unit(duty, int(unit), happened.at, known)
    handler = handler_of(happened)
    if handler is not None and handler == happened.by.person_id and (own := happened.by.own_seats):
        # Who acts has brought their seats along.
        seat = min(own, key=lambda seat: (seat.post != duty.post, seat.id))
        return Place(seat.id, seat.unit_id, seat.department_id)
    return of_person(handler, duty.post, happened.at) or _of_post(duty.post, happened.at, known)


def _of_post(post: str, at: dt.datetime, known: Places) -> Place | None:
    """The same post is looked up once for all that opens together."""
    key = (post, clock.local_date(at))
    if key not in known:
        known[key] = of_post(post, at)
    return known[key]


def _of_unit(duty: DutyRow, unit_id: int, at: dt.datetime, known: Places) -> Place | None:
    """Looked up once for all that the unit owes together; an empty seat owes too, and its superior hears of it."""
    key = (f"{unit_id}:{','.join(duty.posts)}", clock.local_date(at))
    if key not in known:
        empty = Seat.objects.filter(post_id__in=duty.posts, unit_id=unit_id, is_active=True).select_related("unit")
        known[key] = of_unit(duty.posts, unit_id, key[1]) or _place(empty.order_by("pk").first())
    return known[key] or _of_post(duty.post, at, known)


def _place(seat: Seat | None) -> Place | None:
    return Place(seat.pk, seat.unit_id, seat.unit.department_id) if seat else None


def handler_of(happened: Happened) -> int | None:
    handler = happened.codes.get("handler")
    return handler if isinstance(handler, int) else None


def holder(seat_id: int, at: dt.datetime) -> int | None:
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat_id=seat_id)
    return held.order_by("from_on", "pk").values_list("person_id", flat=True).first()


def of_person(person_id: int | None, post: str, at: dt.datetime) -> Place | None:
    if person_id is None:
        return None
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person_id=person_id, seat__is_active=True)
    rows = sorted(held.select_related("seat__unit"), key=lambda row: (row.seat.post_id != post, row.pk))
    return _place(rows[0].seat) if rows else None


def of_post(post: str, at: dt.datetime) -> Place | None:
    """The first seat of the post that somebody holds, with the one who holds it; else the first at all."""
    held = held_on((post,), clock.local_date(at))
    if held:
        return min(held, key=lambda place: place.seat)
    return _place(Seat.objects.filter(post_id=post, is_active=True).select_related("unit").order_by("pk").first())


def of_unit(posts: Sequence[str], unit_id: int, day: dt.date) -> Place | None:
    """The first held seat of the posts in a unit: who answers for what happens there."""
    rows = Holding.objects.filter(
        Holding.valid_q(day), seat__post_id__in=posts, seat__unit_id=unit_id, seat__is_active=True
    )
    return next(
        iter(_first_by_seat(rows.select_related("seat__unit").order_by("seat_id", "from_on", "pk")).values()), None
    )


def held_on(posts: Sequence[str], day: dt.date) -> list[Place]:
    """Every active seat of the posts that somebody holds on the day, with the one who held it first."""
    rows = Holding.objects.filter(Holding.valid_q(day), seat__post_id__in=posts, seat__is_active=True)
    return list(_first_by_seat(rows.select_related("seat__unit").order_by("from_on", "pk")).values())


def filled_in(posts: Sequence[str], first: dt.date, last: dt.date) -> list[tuple[Place, dt.date]]:
    """Every active seat of the posts that somebody held on one of the days, with who holds it at last and the first day of it."""
    rows = Holding.objects.filter(seat__post_id__in=posts, seat__is_active=True, from_on__lte=last)
    rows = rows.exclude(to_on__lt=first).select_related("seat__unit").order_by("from_on", "pk")
    held = list(rows)
    # Who sits there on the last day, else who came first.
    places = _first_by_seat(sorted(held, key=lambda row: row.to_on is not None and row.to_on < last))
    begun = {row.seat_id: row.from_on for row in reversed(held)}
    return [(place, begun[seat]) for seat, place in places.items()]


def begun_on() -> dt.date | None:
    """The day on which the company began: the first on which anybody held a seat."""
    return Holding.objects.aggregate(first=Min("from_on"))["first"]


def new_on(posts: Sequence[str], day: dt.date) -> set[int]:
    """The seats of the posts that were held for the first time ever on the day."""
    held = Holding.objects.filter(seat__post_id__in=posts, from_on__lte=day)
    firsts = held.values_list("seat_id").annotate(first=Min("from_on")).filter(first=day)
    return {seat for seat, _first in firsts}


def _first_by_seat(rows: Iterable[Holding]) -> dict[int, Place]:
    found: dict[int, Place] = {}
    for row in rows:
        if row.seat_id not in found:
            unit = row.seat.unit
            found[row.seat_id] = Place(row.seat_id, row.seat.unit_id, unit.department_id, row.person_id)
    return found


def joined(audience: Sequence[str], day: dt.date) -> set[int]:
    """The people of the audience on the day."""
    return set(_of(audience).filter(Holding.valid_q(day)).values_list("person_id", flat=True))


def joined_between(audience: Sequence[str], after: dt.date, until: dt.date) -> dict[int, dt.date]:
    """Who came into the audience after the one day and not after the other, each with the first day of theirs."""
    rows = _of(audience).filter(from_on__gt=after, from_on__lte=until)
    # The latest first, so that the first day stands.
    return dict(rows.order_by("-from_on").values_list("person_id", "from_on"))


def _of(audience: Sequence[str]) -> QuerySet[Holding]:
    rows = Holding.objects.filter(seat__is_active=True)
    return rows if EVERYBODY in audience else rows.filter(seat__post_id__in=audience)


# A post and the first and last day.
Span = tuple[str, dt.date, dt.date | None]


def held_by(people: Iterable[int]) -> dict[int, list[Span]]:
    """What each of the people holds or held in active seats."""
    found: dict[int, list[Span]] = {}
    rows = Holding.objects.filter(person_id__in=people, seat__is_active=True)
    for person, *span in rows.values_list("person_id", "seat__post_id", "from_on", "to_on"):
        found.setdefault(person, []).append((span[0], span[1], span[2]))
    return found


def changed(since: dt.date, until: dt.date) -> set[int]:
    """The seats into which somebody came, or out of which somebody went, on one of the days after `since` up to `until`."""
    come = Holding.objects.filter(from_on__gt=since, from_on__lte=until).values_list("seat_id", flat=True)
    gone = Holding.objects.filter(to_on__gte=since, to_on__lt=until).values_list("seat_id", flat=True)
    return {*come, *gone}


def follow(seat_ids: Iterable[int], at: dt.datetime) -> int:
    """What the seats owe goes to whoever holds them now. Returns how much changed hands."""
    owed = Occurrence.objects.open().filter(seat_id__in=list(seat_ids))
    rows = list(owed.values_list("pk", "seat_id", "person_id"))
    held = holders({seat for _pk, seat, _person in rows}, at) if rows else {}
    moving: dict[int, list[int]] = {}
    for pk, seat, person in rows:
        people = [someone.pk for someone in held.get(seat, [])]
        if people and person not in people:
            moving.setdefault(people[0], []).append(pk)
    return sum(
        Occurrence.objects.open().filter(pk__in=keys).update(person_id=person) for person, keys in moving.items()
    )


def above(starts: Mapping[int, tuple[int | None, int | None]], at: dt.datetime) -> dict[int, tuple[int, list[int]]]:
    """For each key (a seat to start from, a person to pass over): the next seat upward that somebody else holds, with its people.

    Two statements for each step up the ladder, however many start.
    """
    found: dict[int, tuple[int, list[int]]] = {}
    standing = {key: seat for key, (seat, _person) in starts.items() if seat is not None}
    seen: dict[int, set[int]] = {key: {seat} for key, seat in standing.items()}
    while standing:
        ways = dict(Seat.objects.filter(pk__in=set(standing.values())).values_list("pk", "reports_to_id"))
        higher = {key: up for key, seat in standing.items() if (up := ways.get(seat)) and up not in seen[key]}
        people = holders(set(higher.values()), at) if higher else {}
        standing = {}
        for key, seat in higher.items():
            seen[key].add(seat)
            others = [person.pk for person in people.get(seat, []) if person.pk != starts[key][1]]
            if others:
                found[key] = (seat, others)
            else:
                standing[key] = seat
    return found
