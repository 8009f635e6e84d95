"""Adverse records: facts and evidence, never a label (CS-W2.1, A-34)."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "CS-W2.1"
SHORTEST_FACTS = 20
SHORTEST_GROUND = 5


def refuse_note(*, facts: str, occurred_on: dt.date, today: dt.date) -> Iterator[Refusal]:
    """What happened is told in facts."""
    if occurred_on > today:
        yield Refusal("adverse.future", _("发生日期不能晚于今天。"), {}, CLAUSE, "occurred_on")
    if len(facts.strip()) < SHORTEST_FACTS:
        yield Refusal(
            "adverse.facts",
            _("请写明事实经过（不少于 %(count)s 个字），不要只写评价。"),
            {"count": SHORTEST_FACTS},
            CLAUSE,
            "facts",
        )


def refuse_check(*, has_evidence: bool, ground: str) -> Iterator[Refusal]:
    """It stands only on evidence, and with the opinion of who checked it."""
    if not has_evidence:
        yield Refusal("adverse.evidence", _("还没有证据：请先在“照片与附件”里添加。"), {}, CLAUSE)
    yield from refuse_ground(ground=ground)


def refuse_ground(*, ground: str) -> Iterator[Refusal]:
    if len(ground.strip()) < SHORTEST_GROUND:
        yield Refusal(
            "adverse.ground",
            _("请写明核实的依据（不少于 %(count)s 个字）。"),
            {"count": SHORTEST_GROUND},
            CLAUSE,
            "ground",
        )


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the month's last."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
