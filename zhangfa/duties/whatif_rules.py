"""What would have been with another figure: deadlines moved, quotas changed; pure instants and counts (issue 4, item 8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.duties import rules

LONGEST = dt.timedelta(days=731)
# So many are listed one by one; the counts cover all of them.
LISTED = 100
LATE_WORDS = {rules.LATE: _("会逾期完成"), rules.MISSED: _("会逾期未完成")}
# The rhythms that have periods of their own.
TURNING = ("daily", "weekly", *rules.MONTHS)


def _weekday(day: dt.date) -> bool:
    return day.weekday() < 5


def refuse_question(
    *, since: dt.date, until: dt.date, today: dt.date, value: Any, standing: Any, is_count: bool = False
) -> Iterator[Refusal]:  # fmt: skip
    """A period that has passed, not longer than two years, and a figure that differs from the one in force."""
    if since > until:
        yield Refusal("whatif.period", _("开始日期不能晚于结束日期。"), {}, "X-1", "until")
    elif until - since > LONGEST:
        yield Refusal("whatif.long", _("一次最多重算两年。"), {}, "X-1", "since")
    if since > today:
        yield Refusal("whatif.future", _("只能重算已经过去的日子。"), {}, "X-1", "since")
    if value == standing:
        yield Refusal("whatif.same", _("这就是现在的数字，请填另一个。"), {}, "X-1", "value")
    if isinstance(value, str) and value.split()[0] not in TURNING:
        yield Refusal("whatif.rhythm", _("请填每天、每周、每月、每季度、每半年或每年一次的节奏。"), {}, "X-1", "value")
    elif isinstance(value, int | Decimal) and value <= 0 and is_count:
        yield Refusal("whatif.zero", _("请填大于 0 的数。"), {}, "X-1", "value")


def moved_due(
    due_at: dt.datetime, opened_at: dt.datetime, *, old: Decimal, new: Decimal, rule: Mapping[str, Any],
    is_working: rules.Working = _weekday,
) -> dt.datetime:  # fmt: skip
    """When it would have been due: the same start with the other figure, under the same cap of the day."""
    unit = rule.get("unit", "days")
    if unit not in ("minutes", "hours", "days", "working_days"):
        return due_at
    if unit == "working_days":
        start = opened_at
        return clock.day_start(clock.add_working_days(clock.local_date(start), int(new), is_working) + rules.DAY)
    before = dt.timedelta(**{unit: float(old)})
    is_capped = rule.get("cap") == "day_end" and due_at < opened_at + before
    start = opened_at if is_capped else due_at - before
    due = start + dt.timedelta(**{unit: float(new)})
    return min(due, clock.day_end(start)) if rule.get("cap") == "day_end" else due


def stands(*, due_at: dt.datetime, done_at: dt.datetime | None, state: str, at: dt.datetime) -> str:
    """How it would count: excused stays excused, what was never done is missed once the instant has passed."""
    if state in (rules.EXCUSED, rules.VOID):
        return state
    if done_at is not None:
        return rules.state_when_done(due_at=due_at, done_at=done_at)
    return rules.MISSED if due_at < at else rules.PENDING


def quota_stands(
    evidence: Iterable[tuple[dt.datetime, Decimal]],
    *,
    needed: Decimal,
    due_at: dt.datetime,
    state: str,
    at: dt.datetime,
) -> str:
    """The same for what takes more than one proof."""
    return stands(due_at=due_at, done_at=rules.reached(evidence, needed=needed), state=state, at=at)


def scaled(needed: Decimal, *, old: Decimal, new: Decimal) -> Decimal:
    """What somebody owed of a quota, with another quota: whoever owed a part of it owes the same part."""
    return new if not old or needed == old else (needed * new / old).quantize(rules.TENTH)


@dataclass(frozen=True)
class Owed:
    """What a seat owed of a rhythm: which period, how it stands, when it was done, and the proofs of what takes more than one."""

    name: str
    state: str
    done_at: dt.datetime | None = None
    needed: Decimal = Decimal(1)
    proofs: Sequence[tuple[dt.datetime, Decimal]] = ()


def turned(
    owed: Sequence[Owed], periods: Sequence[rules.Period], *, is_same: bool, is_counted: bool, at: dt.datetime
) -> list[str]:
    """How the periods of another rhythm would stand with what one seat did.

    `is_same`: the periods keep their names, each keeps what was done for it. Else everything that was done settles the oldest period that
    had begun and was open; of what counts (`is_counted`) each period has what came within it.
    """
    if is_counted:
        return [_with_proofs(owed, period, at) for period in periods]
    if is_same:
        named = {row.name: row for row in owed}
        return [
            stands(due_at=period.due_at, done_at=row.done_at, state=row.state, at=at)
            for period in periods
            if (row := named.get(period.name)) is not None
        ]
    done: dict[str, dt.datetime] = {}
    turns = sorted(periods, key=lambda period: period.opens_at)
    for instant in sorted(row.done_at for row in owed if row.done_at is not None):
        settled = next((p for p in turns if p.opens_at <= instant and p.name not in done), None)
        if settled is not None:
            done[settled.name] = instant
    return [stands(due_at=p.due_at, done_at=done.get(p.name), state=rules.PENDING, at=at) for p in turns]


def _with_proofs(owed: Sequence[Owed], period: rules.Period, at: dt.datetime) -> str:
    proofs = sorted({proof for row in owed for proof in row.proofs if period.opens_at <= proof[0] < period.due_at})
    return quota_stands(proofs, needed=owed[0].needed, due_at=period.due_at, state=rules.PENDING, at=at)


@dataclass
class Moved:
    """What the other figure does to one kind of decision: per post how many and how much money, before and after, and which moved."""

    before: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    after: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    elsewhere: list[Any] = field(default_factory=list)
    total: int = 0
    moved: int = 0

    def count(self, was: str, would: str, amount: Decimal, row: Any) -> None:
        self.total += 1
        for table, post in ((self.before, was), (self.after, would)):
            number, money = table.get(post, (0, Decimal(0)))
            table[post] = (number + 1, money + amount)
        if was != would:
            self.moved += 1
            if len(self.elsewhere) < LISTED:
                self.elsewhere.append((row, was, would))

    @property
    def posts(self) -> list[str]:
        return sorted({*self.before, *self.after}, key=lambda post: -self.before.get(post, (0,))[0])
