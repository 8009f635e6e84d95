"""What the clock brings: overdue duties go up, rhythms open their periods, open duties follow their seats."""

from __future__ import annotations

import datetime as dt

from zhangfa.duties import actions, engine
from zhangfa.organisation.actor import system_actor
from zhangfa.runtime.alarms import handler
from zhangfa.runtime.models import Alarm
from zhangfa.runtime.schedule import every


@handler(engine.OVERDUE)
def duty_overdue(alarm: Alarm, at: dt.datetime) -> None:
    actions.escalate(int(alarm.subject.partition(":")[2]), by=system_actor("duties", at), at=at)


@every("duties.generate", minutes=10)
def turn(at: dt.datetime) -> None:
    actions.generate(at)
    actions.move_holders(at)
