"""Who may call and run a meeting, speak, vote and enter decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.meetings.rules import CLAUSE
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade

CONVENERS = ("am", "cs", "hs", "ls", "fin", "mk", "sup", "gm", "dgm")


def read_meetings(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody sees the meetings they take part in; the technical administrator sees no paper."""
    if by.person_id is None and not by.is_system:
        yield Refusal("meeting.read", _("系统管理员不查看单据。"), {}, CLAUSE)


def call_meetings(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Supervisors, managers and administration call meetings."""
    if by.is_system:
        return
    if by.person_id is None or not any(s.grade >= Grade.SUPERVISOR or s.post == "hr" for s in by.seats):
        yield Refusal("meeting.call", _("会议由主管、经理和行政部召集。"), {}, CLAUSE, "", CONVENERS)


def convener(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The convener runs the meeting; administration may keep its minutes."""
    if not by.is_system and not by.is_any_of([obj.convener_id]) and not by.holds("am"):
        name = obj.convener.shown_name if obj.convener else ""
        yield Refusal("meeting.convener", _("这一步由主持人%(name)s办理。"), {"name": name}, CLAUSE, "", ("am",))


def participant(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Only for oneself: an opinion and a vote are nobody else's."""
    if not obj.participants.filter(person_id=by.person_id or 0).exists():
        yield Refusal("meeting.participant", _("您不是这次会议的参会人。"), {}, CLAUSE)


def voter(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    row = obj.participants.filter(person_id=by.person_id or 0).first()
    if row is None or not row.has_vote:
        yield Refusal("vote.none", _("您在这次会议上没有表决权。"), {}, CLAUSE)
    elif not row.is_present:
        yield Refusal("vote.absent", _("只有到会的人才能表决。"), {}, CLAUSE)
