"""Patterns in cases: who reads the counts (CC-D7). What is counted is lent by the app that owns it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor

READERS = ("cs",)
CLAUSE = "CC-D7"


def read_patterns(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The manager of the centre alone, and never somebody who also handles the cases that are counted."""
    if not by.holds(*READERS) or any(seat.post == "cc" for seat in by.own_seats):
        yield Refusal("patterns.read", _("案件规律统计只对客服中心经理开放。"), clause=CLAUSE, who=READERS)
