"""What lies ahead of somebody: calculated from the rhythms of their seats, for nobody owes it yet (ADR 17)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from zhangfa.duties import rules, seats, turning
from zhangfa.duties.catalogue import DutyRow, catalogue
from zhangfa.organisation.actor import Actor
from zhangfa.policy import queries as policy


@dataclass(frozen=True)
class Ahead:
    """A period that has not begun."""

    duty: DutyRow
    seat: int
    period: rules.Period


def ahead(actor: Actor, at: dt.datetime, days: int) -> list[Ahead]:
    """The periods that open within so many days for the actor's own seats, by due instant."""
    with policy.one_reading():
        return sorted(
            _ahead(actor, at, at + dt.timedelta(days=days)), key=lambda row: (row.period.due_at, row.duty.key)
        )


def _ahead(actor: Actor, at: dt.datetime, until: dt.datetime) -> Iterator[Ahead]:
    for duty in catalogue().rhythmic:
        mine = [seat.id for seat in actor.own_seats if seat.post in duty.posts]
        if duty.subject == "company" and mine:
            # Owed once by the company: by the first seat of the post.
            first = seats.of_post(duty.post, at)
            mine = [first.seat] if first and first.seat in mine else []
        if duty.subject == "person" or not mine:
            continue
        for period in turning.periods_between(duty, at, until):
            for seat in mine:
                yield Ahead(duty, seat, period)
