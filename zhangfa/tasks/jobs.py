"""Each day: holdings that were entered ahead take effect, and the running tasks of their seats with them."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.organisation.actor import system_actor
from zhangfa.runtime.schedule import every
from zhangfa.tasks import actions

# After a standstill, what changed meanwhile is followed too.
LOOK_BACK = dt.timedelta(days=45)


@every("tasks.follow", daily_at=dt.time(0, 10))
def follow_seats(at: dt.datetime) -> None:
    today = clock.local_date(at)
    actions.follow_changes(today - LOOK_BACK, today, by=system_actor("tasks", at), at=at)
