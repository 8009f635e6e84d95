"""What the clock brings: rhythms open their periods, what is owed follows its seat."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.core.work import work
from zhangfa.duties import seats, turning
from zhangfa.duties.actions import handovers
from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Rhythm
from zhangfa.policy import queries as policy

# The row that says up to which day changes of holders were followed.
HOLDERS = "holders"


def generate(at: dt.datetime) -> int:
    """Open what the rhythms owe by now, filled in after a standstill; the same call again adds nothing. Returns how many."""
    with work(), policy.one_reading():
        return turning.turn(at, catalogue().rhythmic)


def move_holders(at: dt.datetime) -> int:
    """Open duties follow the seat: whoever came into it since the last look owes them. Returns how many changed hands.

    Looks only at seats in which somebody came or went on one of the days since.
    """
    with work():
        row = Rhythm.objects.select_for_update().filter(stem=HOLDERS).first() or Rhythm(
            stem=HOLDERS, until=at - turning.LONGEST_GAP
        )
        since, today = clock.local_date(row.until), clock.local_date(at)
        if since >= today:
            return 0
        moved = seats.follow(seats.changed(since, today), at)
        handovers.relieve_superiors(at)
        row.until = at
        row.save()
        return moved
