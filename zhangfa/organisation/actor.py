"""The actor: who acts, from which seat, for whom; built once per request or job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from zhangfa.core import clock
from zhangfa.core.compiled import Compiled
from zhangfa.organisation.models import Absence, Holding, Person, User


@dataclass(frozen=True)
class SeatView:
    """One seat an actor may act from: their own, or a principal's while delegated."""

    id: int
    post: str
    grade: int
    unit_id: int
    unit_kind: str
    department_id: int | None
    region_id: int | None
    person_id: int
    is_delegated: bool = False


@dataclass(frozen=True)
class Actor:
    """A person with the seats and delegations valid at `at`; never a bare User."""

    person_id: int | None
    name: str
    at: dt.datetime
    seats: tuple[SeatView, ...] = ()
    user_id: int | None = None
    is_technical: bool = False
    system: str = ""
    acting: SeatView | None = field(default=None)

    @property
    def posts(self) -> frozenset[str]:
        return frozenset(seat.post for seat in self.seats)

    @property
    def own_seats(self) -> tuple[SeatView, ...]:
        return tuple(seat for seat in self.seats if not seat.is_delegated)

    @property
    def grade(self) -> int:
        return max((seat.grade for seat in self.own_seats), default=0)

    @property
    def post(self) -> str:
        """The post acted from, for the audit trail."""
        seat = self.acting or next(iter(self.seats), None)
        return seat.post if seat else (self.system and "system")

    @property
    def principal_id(self) -> int | None:
        """The absent person for whom a delegate acts, if any."""
        return self.acting.person_id if self.acting and self.acting.is_delegated else None

    @property
    def is_system(self) -> bool:
        return bool(self.system)

    def seat_for(self, *posts: str, unit_id: int | None = None, department_id: int | None = None) -> SeatView | None:
        """The seat from which one of the posts is held for that unit or department; own seats before delegated ones."""
        for seat in self.seats:
            if posts and seat.post not in posts:
                continue
            if unit_id is not None and seat.unit_id != unit_id:
                continue
            if department_id is not None and department_id not in (seat.department_id, seat.unit_id):
                continue
            return seat
        return None

    def holds(self, *posts: str, unit_id: int | None = None, department_id: int | None = None) -> bool:
        return self.seat_for(*posts, unit_id=unit_id, department_id=department_id) is not None

    def from_seat(self, seat: SeatView | None) -> Actor:
        """The same actor, acting from the given seat."""
        if seat is None or seat == self.acting:
            return self
        return Actor(self.person_id, self.name, self.at, self.seats, self.user_id, self.is_technical, self.system, seat)

    def is_any_of(self, person_ids: Any) -> bool:
        """Own matter: the person behind the actor, or the principal, is among those given."""
        people = {p for p in person_ids if p is not None}
        return self.person_id in people or (self.principal_id is not None and self.principal_id in people)


def system_actor(name: str, at: dt.datetime) -> Actor:
    """The named actor of a job."""
    return Actor(None, name, at, system=name)


# What an app above wants of each request without a statement of its own: an expression read beside the seats, and who takes it.
riders: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []


def _held(person: int, day: dt.date, at: dt.datetime) -> Any:
    away = Absence.objects.filter(delegate=person, cancelled_at=None, from_at__lte=at, to_at__gt=at).values("person_id")
    # One list of ids instead of an OR: both engines then walk the index of holdings by person.
    people = Person.objects.filter(pk=person).values("pk").union(away, all=True)
    beside = {f"rider_{n}": expression() for n, (expression, _take) in enumerate(riders)}
    return (
        Holding.objects.filter(Holding.valid_q(day), person_id__in=people, seat__is_active=True)
        .annotate(**beside)
        .order_by("-seat__post__grade", "seat_id")
        .values_list(
            "seat_id", "seat__post_id", "seat__post__grade", "seat__unit_id", "seat__unit__kind", "seat__unit__department_id",
            "seat__unit__region_id", "person_id", *beside,
        )
    )  # fmt: skip


SEEN = 8  # columns of a seat
_DAYS = dt.date(1901, 1, 2), dt.date(1902, 3, 4)
_INSTANTS = dt.datetime(1901, 1, 2, 3, 4, 5, tzinfo=dt.UTC), dt.datetime(1902, 3, 4, 5, 6, 7, tzinfo=dt.UTC)
# Asked by every request.
_seats_of = Compiled(_held, person=(7_700_001, 7_700_002), day=_DAYS, at=_INSTANTS)


def actor_for_person(person: Any, at: dt.datetime, user: User | None = None) -> Actor:
    """The person's actor at an instant: one query, own seats first, then those of principals who are away."""
    rows = _seats_of(person=person.pk, day=clock.local_date(at), at=at)
    seats = [SeatView(*row[:SEEN], is_delegated=row[SEEN - 1] != person.pk) for row in rows]
    for n, (_expression, take) in enumerate(riders):
        if rows:
            take(rows[0][SEEN + n])
    seats.sort(key=lambda seat: seat.is_delegated)
    return Actor(
        person.pk, person.shown_name, at, tuple(seats), user.pk if user else None, bool(user and user.is_technical)
    )


def actor_for(user: User, at: dt.datetime) -> Actor:
    """The actor behind a login; a login without a person (technical administrator) holds no seat."""
    if user.person_id is None:
        return Actor(None, user.username, at, user_id=user.pk, is_technical=user.is_technical)
    return actor_for_person(user.person, at, user)
