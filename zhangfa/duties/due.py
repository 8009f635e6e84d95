"""Occurrences and the alarms that ring when they fall due: what is due at one instant rings once, however much it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from zhangfa.core import clock
from zhangfa.core.bulk import write_together
from zhangfa.duties.models import Occurrence
from zhangfa.runtime import alarms
from zhangfa.runtime.models import Alarm

OVERDUE, SECOND = "duties.overdue", "duties.second"
BATCH = 1_000


def insert(rows: Sequence[Occurrence], *, is_repeatable: bool = False) -> None:
    """Write occurrences with their alarms; `is_repeatable`: those that stand already stay as they are."""
    for row in rows:
        row.due_on = last_day(row.due_at)
    if is_repeatable:
        Occurrence.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
        ring(row.due_at for row in rows)
    else:
        write_together((rows, ""), (_alarms(row.due_at for row in rows), alarms.AGAIN))


def last_day(due_at: dt.datetime) -> dt.date:
    """The day by which it is to be done: 24:00 belongs to the day that ends."""
    return clock.local_date(due_at - dt.timedelta(microseconds=1))


def ring(instants: Iterable[dt.datetime]) -> None:
    alarms.set_alarms(_alarms(instants))


def _alarms(instants: Iterable[dt.datetime]) -> list[Alarm]:
    return [Alarm(subject=subject(at), kind=OVERDUE, next_alarm_at=at) for at in sorted(set(instants))]


def ring_again(escalated_at: dt.datetime, at: dt.datetime) -> None:
    """For what was passed to the superior at one instant, the next step up."""
    alarms.set_alarm(subject(escalated_at), SECOND, at, rung=1)


def subject(instant: dt.datetime) -> str:
    return f"duties:{instant.astimezone(dt.UTC).isoformat()}"


def instant_of(subject: str) -> dt.datetime:
    return dt.datetime.fromisoformat(subject.partition(":")[2])
