"""The alarm behind a doctor's note that is owed."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from zhangfa.people.actions.leave import NOTE_OWED
from zhangfa.people.actions.notes import remind
from zhangfa.runtime.alarms import handler
from zhangfa.runtime.models import Alarm


@handler(NOTE_OWED)
def note_owed(alarm: Alarm, at: dt.datetime) -> None:
    """The note of a sick leave has not come by its day."""
    remind(UUID(alarm.subject.partition(":")[2]), at)
