"""What the clock brings: overdue duties go up, rhythms open their periods, open duties follow their seats."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.duties import actions, counting, due
from zhangfa.organisation.actor import system_actor
from zhangfa.runtime.alarms import handler
from zhangfa.runtime.models import Alarm
from zhangfa.runtime.schedule import every


@handler(due.OVERDUE)
def duties_overdue(alarm: Alarm, at: dt.datetime) -> None:
    actions.escalate_due(due.instant_of(alarm.subject), by=system_actor("duties", at), at=at)


@handler(due.SECOND)
def duties_still_overdue(alarm: Alarm, at: dt.datetime) -> None:
    actions.escalate_further(due.instant_of(alarm.subject), by=system_actor("duties", at), at=at)


@every("duties.generate", minutes=10)
def turn(at: dt.datetime) -> None:
    actions.generate(at)
    actions.move_holders(at)


@every("duties.digest", daily_at=dt.time(8))
def digest(at: dt.datetime) -> None:
    """On Monday mornings, the week ahead."""
    if clock.local_date(at).weekday() == 0:
        actions.send_digest(at)


# Errors of the roll-up that are found by night are those of the last weeks; `zhangfa doctor --data` looks at all.
LOOKED_AT = dt.timedelta(days=40)


@every("duties.fold", minutes=10)
def fold(at: dt.datetime) -> None:
    counting.fold()


@every("duties.mend", daily_at=dt.time(3, 40))
def mend(at: dt.datetime) -> None:
    counting.mend((clock.local_date(at) - LOOKED_AT).replace(day=1))
