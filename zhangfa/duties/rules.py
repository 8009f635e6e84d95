"""When a duty is due and how it stands: pure instants, days and counts (policies.md, Days)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.periods import month_after
from zhangfa.core.text import _

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
LONGEST_MONTH = dt.timedelta(days=31)
MONTHS = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}
LONG = tuple(rhythm for rhythm, months in MONTHS.items() if months > 1)
YEAR = 12
ONE, HALF, TENTH = Decimal(1), Decimal("0.5"), Decimal("0.1")
ON_TIME, LATE, MISSED, EXCUSED, VOID, PENDING = "done", "late", "missed", "excused", "void", "open"
REASON_LENGTH = 5
Working = Callable[[dt.date], bool]


@dataclass(frozen=True)
class Period:
    """One turn of a rhythm: what it is about, when it opens and when it is due."""

    name: str
    opens_at: dt.datetime
    due_at: dt.datetime
    # Whether it is about the days before it opens.
    is_about_before: bool = False


def instant(value: Any) -> dt.datetime | None:
    """An aware instant from a code of an event; anything else is None."""
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, dt.datetime) and value.tzinfo else None


def _weekday(day: dt.date) -> bool:
    return day.weekday() < 5


def due_after(
    rule: Mapping[str, Any],
    *,
    figure: Any,
    codes: Mapping[str, Any],
    at: dt.datetime,
    is_working: Working = _weekday,
) -> dt.datetime:
    """The due instant of an event duty: what the event says outright, else its start plus the figure, under the cap of the day."""
    if (stated := instant(codes.get(rule.get("code", "")))) is not None:
        return stated
    start = instant(codes.get(rule.get("from", ""))) or at
    if rule.get("unit", "day_end") == "day_end":
        return clock.day_end(start)
    if rule["unit"] == "working_days":
        return clock.day_start(clock.add_working_days(clock.local_date(start), int(figure), is_working) + DAY)
    due = start + dt.timedelta(**{rule["unit"]: float(figure)})
    return min(due, clock.day_end(start)) if rule.get("cap") == "day_end" else due


def state_when_done(*, due_at: dt.datetime, done_at: dt.datetime) -> str:
    """Late stays late (X-1)."""
    return ON_TIME if done_at <= due_at else LATE


def reached(evidence: Iterable[tuple[dt.datetime, Decimal]], *, needed: Decimal) -> dt.datetime | None:
    """When there was enough evidence, given in the order of its instants; None while there is not."""
    total = Decimal(0)
    for at, amount in evidence:
        total += amount
        if total >= needed:
            return at
    return None


def standing(*, state: str, due_at: dt.datetime, at: dt.datetime) -> str:
    """How an occurrence counts in RPT-03: what is open after its due instant is missed until its evidence comes."""
    return MISSED if state == PENDING and due_at < at else state


def periods(rhythm: str, since: dt.datetime, until: dt.datetime, is_working: Working = _weekday) -> Iterator[Period]:
    """The periods of a rhythm that opened after `since` and not after `until`, oldest first.

    `daily`: each working day. `weekly`: Monday to Sunday 24:00. `weekly mon 12:00`: about the week before, by that day and hour.
    `monthly` … `yearly`: to the end of the calendar period. `monthly 3`: about the month before, to the end of the third.
    """
    kind, *rest = rhythm.split()
    if kind == "daily":
        return _daily(since, until, is_working)
    if kind == "weekly":
        return weekly_periods(rhythm, since, until)
    return _monthly(MONTHS[kind], int(rest[0]) if rest else 0, since, until)


def _daily(since: dt.datetime, until: dt.datetime, is_working: Working) -> Iterator[Period]:
    day = clock.local_date(since)
    while (opens := clock.day_start(day)) <= until:
        if opens > since and is_working(day):
            yield Period(day.isoformat(), opens, clock.day_start(day + DAY))
        day += DAY


def weekly_periods(rhythm: str, since: dt.datetime, until: dt.datetime) -> Iterator[Period]:
    """A week named by its Monday; with a day it is the week before that is owed."""
    parts = rhythm.split()
    day, hour = parts[1] if len(parts) > 1 else "sun", parts[2] if len(parts) > 2 else "24:00"
    hours, minutes = (int(part) for part in hour.split(":"))
    about = WEEK if len(parts) > 1 else dt.timedelta()
    monday = _monday(clock.local_date(since))
    while (opens := clock.day_start(monday)) <= until:
        if opens > since:
            due = clock.day_start(monday + dt.timedelta(days=WEEKDAYS.index(day)))
            yield Period(
                (monday - about).isoformat(), opens, due + dt.timedelta(hours=hours, minutes=minutes), bool(about)
            )
        monday += WEEK


def fortnight_periods(anchor: dt.date, weeks: int, since: dt.datetime, until: dt.datetime) -> Iterator[Period]:
    """Periods of so many weeks counted from the anchor: a table is owed when its period is over, by the next Sunday 24:00 (CC-D5)."""
    step = WEEK * weeks
    number = max(0, (clock.local_date(since) - anchor) // step)
    begins = anchor + number * step
    while clock.day_start(begins + step) <= until:
        opens = clock.day_start(begins + step)
        if opens > since:
            yield Period(begins.isoformat(), opens, opens + WEEK, is_about_before=True)
        begins += step


def day_periods(
    count: int, since: dt.datetime, until: dt.datetime, *, is_about_before: bool = False
) -> Iterator[Period]:
    """Every so many days, counted from the first of each month; what is left of the month is its last period (domain.md A-17).

    `is_about_before`: each is owed about the period before it, and named by that.
    """
    if is_about_before:
        turns = day_periods(count, since - DAY * (count + 31), until)
        for before, now in pairwise(turns):
            if now.opens_at > since:
                yield Period(before.name, now.opens_at, now.due_at, is_about_before=True)
        return
    day = clock.local_date(since).replace(day=1)
    while (opens := clock.day_start(day)) <= until:
        after = min(day + DAY * count, month_after(day, 1))
        if opens > since:
            yield Period(day.isoformat(), opens, clock.day_start(after))
        day = after


def end_after(rhythm: str, at: dt.datetime, is_working: Working = _weekday) -> dt.datetime:
    """When the period of a rhythm ends in which something happened: of a day off with the next working day (CS-W2.1)."""
    back = 2 if rhythm == "daily" else 400
    around = periods(rhythm, at - DAY * back, at + DAY * 400, is_working)
    return next(period.due_at for period in around if period.due_at > at)


def _monthly(months: int, day: int, since: dt.datetime, until: dt.datetime) -> Iterator[Period]:
    local = clock.local_date(since)
    begins = local.replace(month=(local.month - 1) // months * months + 1, day=1)
    while (opens := clock.day_start(begins)) <= until:
        if opens > since and day:
            named = _name(month_after(begins, -months), months)
            yield Period(named, opens, clock.day_start(begins + DAY * day), is_about_before=True)
        elif opens > since:
            yield Period(_name(begins, months), opens, clock.day_start(month_after(begins, months)))
        begins = month_after(begins, months)


def _name(begins: dt.date, months: int) -> str:
    part = (begins.month - 1) // months + 1
    return {1: f"{begins.year}-{begins.month:02}", 3: f"{begins.year}Q{part}", 6: f"{begins.year}H{part}"}.get(
        months, str(begins.year)
    )


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def owed_from(period: Period, begun_on: dt.date | None) -> dt.date | None:
    """From which day on a company that began on a day owes the period; None if not at all (X-1).

    Nobody owes what a time before the company is about, nor a day, week or month that was running already; of a quarter, half-year or
    year in which it began the company owes the rest.
    """
    opens, ends = clock.local_date(period.opens_at), clock.local_date(period.due_at)
    if begun_on is None or begun_on < opens or (begun_on == opens and not period.is_about_before):
        return opens
    return begun_on if is_joined_late(period) and begun_on < ends else None


def is_joined_late(period: Period) -> bool:
    """Whether who comes while the period is running owes the rest of it: of a quarter, half-year or year (X-1)."""
    length = clock.local_date(period.due_at) - clock.local_date(period.opens_at)
    return length > LONGEST_MONTH and not period.is_about_before


def share_owed(needed: Decimal, period: Period, joined_on: dt.date) -> Decimal:
    """What somebody who joins within the year owes of a yearly quota: for the months served, rounded up to the half (policies.md).

    A month that was begun counts; who was there from the start owes all of it.
    """
    first, last = clock.local_date(period.opens_at), clock.local_date(period.due_at - dt.timedelta(seconds=1))
    if joined_on <= first:
        return needed
    served = max(0, (last.year - joined_on.year) * YEAR + last.month - joined_on.month + 1)
    return _up_to_half(needed * served / ((last.year - first.year) * YEAR + last.month - first.month + 1))


def _up_to_half(amount: Decimal) -> Decimal:
    return (amount / HALF).to_integral_value(ROUND_CEILING) * HALF


def expected_by(*, needed: Decimal, opens_at: dt.datetime, due_at: dt.datetime, at: dt.datetime) -> Decimal:
    """How much of a quota should be there by now, if it grew evenly."""
    part = Decimal(int((min(max(at, opens_at), due_at) - opens_at).total_seconds()))
    return (needed * part / Decimal(int((due_at - opens_at).total_seconds()))).quantize(TENTH, ROUND_HALF_UP)


def forecast(*, counted: Decimal, opens_at: dt.datetime, due_at: dt.datetime, at: dt.datetime) -> Decimal | None:
    """What there will be at the end if it goes on as so far; nothing can be said of a quota that has just begun."""
    gone = int((min(at, due_at) - opens_at).total_seconds())
    if gone <= DAY.total_seconds():
        return None
    whole = Decimal(int((due_at - opens_at).total_seconds()))
    return (counted * whole / gone).quantize(TENTH, ROUND_HALF_UP)


def refuse_excuse(*, state: str, is_waiting: bool, reason: str) -> Iterator[Refusal]:
    """X-1: what is late, missed or still open may be excused, once, with a reason in words; what was done in time needs none."""
    if state in (ON_TIME, EXCUSED, VOID):
        yield Refusal("excuse.state", _("这项职责已经按时完成、免责或不再需要，不用申请免责。"), {}, "X-1")
    if is_waiting:
        yield Refusal("excuse.waiting", _("这项职责已有一份免责申请在等待审批。"), {}, "X-1")
    if len(reason.strip()) < REASON_LENGTH:
        yield Refusal(
            "excuse.reason", _("请写明没有按时完成的原因（不少于 %(count)s 个字）。"), {"count": REASON_LENGTH}, "X-1", "reason"
        )  # fmt: skip


def refuse_report(*, ends: dt.date, today: dt.date) -> Iterator[Refusal]:
    """RPT-03: a month is frozen when it is over; `ends` is the first day after it."""
    if today < ends:
        yield Refusal("report.running", _("这个月还没有结束，%(day)s 起可以发布。"), {"day": ends.isoformat()}, "X-1")


def compliance(*, on_time: int, late: int, missed: int) -> Decimal | None:
    """The share in percent that was done in time; what was excused or is not due yet doesn't count (RPT-03)."""
    total = on_time + late + missed
    return (Decimal(on_time) * 100 / total).quantize(TENTH, ROUND_HALF_UP) if total else None


def heat(*, share: Decimal | None, is_empty: bool) -> str:
    """The five steps of a heat map, from nothing owed to nothing kept."""
    if is_empty:
        return "none"
    if share is None:
        return "wait"
    return "full" if share == 100 else "high" if share >= 90 else "half" if share >= 60 else "low"
