"""Of all the seats from which somebody works, the one that a thing in their hands belongs to (X-1).

Who holds two posts and leaves one hands over what belongs to that one; who leaves both hands each thing over once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from zhangfa.core import clock
from zhangfa.duties.models import Handover
from zhangfa.organisation.models import Holding, Seat

RUNNING = (Handover.Status.OPEN, Handover.Status.SIGNING)
FOR_GOOD = dt.date.max


@dataclass(frozen=True)
class Desk:
    """One seat, and until when it is held."""

    seat: int
    post: str
    unit: int
    until: dt.date


@dataclass(frozen=True)
class Desks:
    """The seats of somebody who hands over one of them."""

    handed_over: int
    held: tuple[Desk, ...]

    def is_here(self, *, posts: Sequence[str] = (), unit: int | None = None, seat: int | None = None) -> bool:
        """Whether a thing of the unit, or one that these posts deal with, belongs to the seat that is handed over.

        What is owed from one of the seats belongs to that one. What fits no seat better than another stays with the one that is held longest.
        """
        if any(desk.seat == seat for desk in self.held):
            return seat == self.handed_over

        def fit(desk: Desk) -> tuple[bool, int, int, int]:
            rank = posts.index(desk.post) if desk.post in posts else len(posts)
            return desk.unit != unit, rank, -desk.until.toordinal(), desk.seat

        return min(self.held, key=fit).seat == self.handed_over if self.held else True


def desks_of(person: int, seat: Seat, at: dt.datetime) -> Desks:
    """What they hold beside the seat, or held and have not handed over yet; a post that begins afterwards is none of them."""
    today = clock.local_date(at)
    running = Handover.objects.filter(leaver_id=person, status__in=RUNNING).values("seat_id")
    rows = Holding.objects.filter(
        Q(to_on=None) | Q(to_on__gte=today) | Q(seat__in=running) | Q(seat=seat), person_id=person
    )
    ended = max((row.to_on or FOR_GOOD for row in rows if row.seat_id == seat.pk), default=FOR_GOOD)
    found: dict[int, Desk] = {}
    for row in rows.filter(from_on__lte=today).select_related("seat").order_by("from_on", "pk"):
        if row.from_on <= ended:
            found[row.seat_id] = Desk(row.seat_id, row.seat.post_id, row.seat.unit_id, row.to_on or FOR_GOOD)
    if seat.pk not in found:
        found[seat.pk] = Desk(seat.pk, seat.post_id, seat.unit_id, ended)
    return Desks(seat.pk, tuple(found.values()))
