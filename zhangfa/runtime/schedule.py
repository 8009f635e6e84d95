"""Regular work: each period of each entry runs once among all workers, and a missed period is not run twice afterwards."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from zhangfa.core import clock
from zhangfa.runtime.models import Slot

Work = Callable[[dt.datetime], object]

log = logging.getLogger(__name__)
_entries: dict[str, Entry] = {}
# The clocks of two machines may differ by this much; more is a clock that somebody set.
SKEW = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Entry:
    """A name, its work, and either a period in minutes or an hour of the day in Shanghai."""

    name: str
    work: Work
    minutes: int | None = None
    daily_at: dt.time | None = None

    def slot_at(self, at: dt.datetime) -> dt.datetime:
        """The start of the newest period that has begun."""
        if self.minutes is not None:
            step = self.minutes * 60
            return dt.datetime.fromtimestamp(int(at.timestamp()) // step * step, dt.UTC)
        local = at.astimezone(clock.TZ)
        slot = dt.datetime.combine(local.date(), self.daily_at or dt.time(), clock.TZ)
        return (slot if slot <= local else slot - dt.timedelta(days=1)).astimezone(dt.UTC)


def every(name: str, *, minutes: int | None = None, daily_at: dt.time | None = None) -> Callable[[Work], Work]:
    """Register regular work; long work enqueues a job instead of doing it here, in the slot's transaction.

    It goes by rows (what is due, what is missing): a period runs again where the clock was set back over it.
    """
    if (minutes is None) == (daily_at is None):
        raise ValueError("give either minutes or daily_at")

    def register(work: Work) -> Work:
        _entries[name] = Entry(name, work, minutes, daily_at)
        return work

    return register


def entries() -> list[Entry]:
    return list(_entries.values())


def run_due(at: dt.datetime) -> int:
    """Run the newest period of every entry that has not run yet. Returns how many ran.

    Periods of hours that have not come belong to a clock that was set back since; regular work doesn't wait for it to catch up.
    """
    slots = {entry.name: entry.slot_at(at) for entry in _entries.values()}
    known = Slot.objects.filter(name__in=slots, slot__gte=min(slots.values(), default=at))
    done = set(known.values_list("name", "slot"))
    if any(slot > at + SKEW for _name, slot in done):
        known.filter(slot__gt=at + SKEW).delete()
    return sum(_run(entry, slots[entry.name], at) for entry in entries() if (entry.name, slots[entry.name]) not in done)


def _run(entry: Entry, slot: dt.datetime, at: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    Slot.objects.create(name=entry.name, slot=slot)
            except IntegrityError:
                return False  # another worker was first
            entry.work(at)
    except Exception:
        # The slot is rolled back with the work, so the next tick tries again; the other entries go on.
        log.exception("scheduled work %s failed", entry.name)
        return False
    return True
