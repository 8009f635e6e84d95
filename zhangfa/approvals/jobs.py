"""The alarm behind every waiting step."""

from __future__ import annotations

import datetime as dt

from zhangfa.approvals import actions
from zhangfa.organisation.actor import system_actor
from zhangfa.runtime.alarms import handler
from zhangfa.runtime.models import Alarm


@handler(actions.ESCALATE)
def step_overdue(alarm: Alarm, at: dt.datetime) -> None:
    """A step left undecided goes one level up."""
    actions.escalate(int(alarm.subject.partition(":")[2]), by=system_actor("approvals", at), at=at)
