"""Handing a decision to the tasks: its owner gets it with day and standard of result (HS-W1.2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.core import clock
from zhangfa.meetings.models import Decision, Meeting
from zhangfa.meetings.queries import SOURCE
from zhangfa.meetings.rules import CLAUSE
from zhangfa.tasks.actions import assign


def hand_out(meeting: Meeting, decision: Decision, *, by: Any, at: dt.datetime) -> str:
    """The task that the decision becomes; its key."""
    task = assign(
        title=decision.text[:120], details=decision.text, standard=decision.standard, due_at=clock.day_end(clock.day_start(decision.due_on)),
        person=decision.owner, source_kind=SOURCE, source_id=meeting.pk, source_title=meeting.topic, clause=CLAUSE, by=by, at=at,
        parent=meeting.record,
    )  # fmt: skip
    return str(task.pk)
