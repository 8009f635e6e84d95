"""Periods of plans, what makes a plan whole, completion and variance (AM-D5). Whether actuals are good is no matter here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.planning.units import YUAN

CLAUSE = "AM-D5"
YEARLY, HALF, QUARTERLY, MONTHLY, WEEKLY = "yearly", "half-yearly", "quarterly", "monthly", "weekly"
MONTHS = {YEARLY: 12, HALF: 6, QUARTERLY: 3, MONTHLY: 1}
# From the longest to the shortest: a plan hangs on one of a longer period, or of a level above.
ORDER = (YEARLY, HALF, QUARTERLY, MONTHLY, WEEKLY)
LEVELS = ("company", "department", "person")
TEXT_LENGTH = 2
REASON_LENGTH = 5
CENT = Decimal("0.01")
TENTH, WHOLE, NONE = Decimal("0.1"), Decimal(100), Decimal(0)


def period_of(rhythm: str, day: dt.date) -> tuple[str, dt.date, dt.date]:
    """The period that the day lies in: its name, first and last day. Weeks are named by their Monday."""
    if rhythm == WEEKLY:
        monday = day - dt.timedelta(days=day.weekday())
        return monday.isoformat(), monday, monday + dt.timedelta(days=6)
    months = MONTHS[rhythm]
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    number = first.year * 12 + first.month - 1 + months
    last = dt.date(number // 12, number % 12 + 1, 1) - dt.timedelta(days=1)
    part = (first.month - 1) // months + 1
    names = {1: f"{first.year}-{first.month:02}", 3: f"{first.year}Q{part}", 6: f"{first.year}H{part}"}
    return names.get(months, str(first.year)), first, last


def refuse_period(*, from_on: dt.date, to_on: dt.date, today: dt.date, first: str | None = None) -> Iterator[Refusal]:
    """One plan for a period, and none for a period that is over. `first`: who has begun the one that there is."""
    if to_on < today:
        yield Refusal("plan.past", _("这一期已经结束，不能再制订计划。"), {}, CLAUSE, "day")
    if first is not None:
        yield Refusal(
            "plan.taken", _("这一期已有计划，由%(name)s先起草，请在那一份上修改。"), {"name": first}, CLAUSE, "day"
        )


def refuse_parent(
    *, level: str, rhythm: str, from_on: dt.date, to_on: dt.date, above: tuple[str, str, dt.date, dt.date] | None, is_own: bool = True
) -> Iterator[Refusal]:  # fmt: skip
    """A plan hangs on one of a higher level or a longer period that it lies within. `above`: level, rhythm, first and last day.

    `is_own`: it is the company's, or that of the same unit, or for a person's plan their department's or their own.
    """
    if above is None:
        return
    up_level, up_rhythm, first, last = above
    is_higher = LEVELS.index(up_level) < LEVELS.index(level)
    is_longer = up_level == level and ORDER.index(up_rhythm) < ORDER.index(rhythm)
    if not (is_higher or is_longer):
        yield Refusal("plan.parent", _("上级计划应是上一级单位的，或同一单位更长期间的计划。"), {}, CLAUSE, "parent")
    elif not is_own:
        yield Refusal(
            "plan.parent_unit", _("这是别的单位或个人的计划，请选公司的、本单位的或自己的计划。"), {}, CLAUSE, "parent"
        )
    elif to_on < first or from_on > last:
        yield Refusal("plan.parent_period", _("上级计划的期间与这份计划不重合。"), {}, CLAUSE, "parent")


def refuse_item(
    *, title: str, standard: str, due_on: dt.date | None, from_on: dt.date, to_on: dt.date, target: Decimal | None, unit: str,
    is_output: bool = False,
) -> Iterator[Refusal]:  # fmt: skip
    """A plan item says what, by when and what counts as reached; a number has its unit."""
    if len(title.strip()) < TEXT_LENGTH:
        yield Refusal("item.title", _("请写明计划做什么。"), {}, CLAUSE, "title")
    if len(standard.strip()) < TEXT_LENGTH:
        yield Refusal("item.standard", _("请写明达到什么算完成。"), {}, CLAUSE, "standard")
    if due_on is None or not from_on <= due_on <= to_on:
        yield Refusal(
            "item.due", _("完成日期应在 %(first)s 至 %(last)s 之间。"),
            {"first": from_on.isoformat(), "last": to_on.isoformat()}, CLAUSE, "due_on",
        )  # fmt: skip
    if target is not None and target <= 0:
        yield Refusal("item.target", _("目标值应大于 0；没有数字目标的请留空。"), {}, CLAUSE, "target")
    if target is not None and not unit.strip():
        yield Refusal("item.unit", _("请写明目标值的单位。"), {}, CLAUSE, "unit")
    if is_output and target is None:
        yield Refusal("item.output", _("产值目标要填目标值。"), {}, CLAUSE, "target")
    elif is_output and unit.strip() and unit.strip() not in YUAN:
        yield Refusal("item.output_unit", _("产值目标的单位只能是“元”或“万元”。"), {}, CLAUSE, "unit")


def refuse_submit(*, count: int) -> Iterator[Refusal]:
    if not count:
        yield Refusal("plan.empty", _("计划里还没有事项，请先逐条添加。"), {}, CLAUSE)


def refuse_progress(
    *, target: Decimal | None, actual: Decimal | None, pct: Decimal | None, note: str
) -> Iterator[Refusal]:
    """Against a number the actual is typed, else a share; what was done is said in words."""
    if target is not None and actual is None:
        yield Refusal("progress.actual", _("这一条有目标值，请填写累计完成的数。"), {}, CLAUSE, "actual")
    if target is None and pct is None:
        yield Refusal("progress.pct", _("这一条没有目标值，请填写完成百分比。"), {}, CLAUSE, "pct")
    if len(note.strip()) < TEXT_LENGTH:
        yield Refusal("progress.note", _("请写明进展情况。"), {}, CLAUSE, "note")


def refuse_reason(*, reason: str, field: str = "reason") -> Iterator[Refusal]:
    if len(reason.strip()) < REASON_LENGTH:
        yield Refusal(
            "plan.reason", _("请写明原因（不少于 %(count)s 个字）。"), {"count": REASON_LENGTH}, CLAUSE, field
        )


def completion(*, target: Decimal | None, actual: Decimal | None, pct: Decimal | None) -> Decimal:
    """How far an item is, 0–100 with one decimal: the actual against its target, never above 100; else the share as typed."""
    if target:
        share = (actual or NONE) * WHOLE / target
    else:
        share = pct or NONE
    return min(WHOLE, max(NONE, share)).quantize(TENTH, ROUND_HALF_UP)


def mean(shares: Iterable[Decimal]) -> Decimal | None:
    """The plain mean of the items' completion; None of none."""
    known = list(shares)
    return (sum(known, NONE) / len(known)).quantize(TENTH, ROUND_HALF_UP) if known else None


def variance(*, target: Decimal | None, actual: Decimal | None) -> Decimal | None:
    """Actual less target; None without a number."""
    return None if target is None else (actual or NONE) - target


def output_within(
    first: dt.date, last: dt.date, targets: Sequence[tuple[dt.date, dt.date, Decimal, str]]
) -> Decimal | None:
    """The output target of these days in yuan (U02), of targets with first and last day, amount and its unit.

    Each day has its share of the shortest plan that covers it; a day without a plan leaves the whole without a target.
    """
    total = NONE
    for day in (first + dt.timedelta(days=n) for n in range((last - first).days + 1)):
        covering = [(to_on - from_on, from_on, to_on) for from_on, to_on, *_rest in targets if from_on <= day <= to_on]
        if not covering:
            return None
        span, from_on, to_on = min(covering)
        whole = sum((amount * YUAN[unit] for a, b, amount, unit in targets if (a, b) == (from_on, to_on)), NONE)
        total += whole / (span.days + 1)
    return total.quantize(CENT, ROUND_HALF_UP)


def expected(*, from_on: dt.date, to_on: dt.date, today: dt.date) -> Decimal:
    """What share of the period is over at the end of the day."""
    days = (to_on - from_on).days + 1
    gone = min(days, max(0, (today - from_on).days + 1))
    return (Decimal(gone) * WHOLE / days).quantize(TENTH, ROUND_HALF_UP)


def refuse_collection(*, missing: Sequence[str]) -> Iterator[Refusal]:
    """Every department has to be in before administration closes the check or the year."""
    if missing:
        yield Refusal("check.missing", _("还缺：%(names)s。"), {"names": "、".join(missing)}, CLAUSE)
