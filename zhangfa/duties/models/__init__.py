"""What is owed by rule, each time it was owed, and the papers about it."""

from zhangfa.duties.models.counts import NONE, Count, DayCount, PersonCount
from zhangfa.duties.models.owed import (
    EVERYWHERE,
    EXCUSE,
    Duty,
    Evidence,
    Occurrence,
    OccurrenceQuerySet,
    Rhythm,
    Scope,
    scope_of,
    seen_by,
)
from zhangfa.duties.models.papers import DutyChange, Excuse, Feed, Handover, HandoverItem

__all__ = [
    "EVERYWHERE",
    "EXCUSE",
    "NONE",
    "Count",
    "DayCount",
    "Duty",
    "DutyChange",
    "Evidence",
    "Excuse",
    "Feed",
    "Handover",
    "HandoverItem",
    "Occurrence",
    "OccurrenceQuerySet",
    "PersonCount",
    "Rhythm",
    "Scope",
    "scope_of",
    "seen_by",
]
