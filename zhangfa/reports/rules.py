"""The 2:8 analysis (CS-W2.2, CS-D4): who is in the top set, in which classes, and where revenue concentrates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE, CLAUSE_MIX, CLAUSE_DATA = "CS-W2.2", "CS-W2.3", "CS-D3"
MONTHS = 12
PARETO = 80
CLASSES = ("premium", "key", "loyal", "long_term")


@dataclass(frozen=True)
class Limits:
    """The company's figures of the day: share in percent, money in fen."""

    share: Decimal
    key_amount: int
    loyal_orders: int
    satisfaction: int
    years: int
    plan_months: int
    months: int = MONTHS


@dataclass(frozen=True)
class Known:
    """What is known of one active customer at the end of a period; money in fen, `contracted` beyond what was paid."""

    customer_id: int
    amount: int
    orders: int
    rated: int = 0
    score: int = 0
    first_on: dt.date | None = None
    is_company: bool = False
    contracted: int = 0
    plan_months: int = 0
    has_adverse: bool = False
    is_unpaid: bool = False


def top_count(active: int, share: Decimal) -> int:
    """How many customers the smallest set holds that is `share` percent of all active ones: rounded up, so that it is never less."""
    return ceil(Decimal(active) * share / 100) if active else 0


def ranked(customers: Sequence[Known]) -> list[Known]:
    """By paid amount; of equals who ordered more often stands first, then who is known longer (the lower key)."""
    return sorted(customers, key=lambda one: (-one.amount, -one.orders, one.customer_id))


def pareto_count(amounts: Sequence[int], percent: int = PARETO) -> int:
    """The smallest number of customers, largest first, who bring `percent` of the revenue; none where there is no revenue."""
    whole, running = sum(amounts), 0
    if whole <= 0:
        return 0
    for count, amount in enumerate(amounts, start=1):
        running += amount
        if running * 100 >= whole * percent:
            return count
    return len(amounts)


def classes_for(one: Known, place: int, top: int, limits: Limits, until: dt.date) -> set[str]:
    """The overlapping classes (A-19): premium, key, loyal, long-term."""
    found = set()
    if place <= top and not one.has_adverse and not one.is_unpaid:
        found.add("premium")
    if one.is_company and one.amount + one.contracted >= limits.key_amount:
        found.add("key")
    if one.orders >= limits.loyal_orders and one.rated and one.score >= limits.satisfaction * one.rated:
        found.add("loyal")
    is_old = one.first_on is not None and one.first_on <= years_before(until, limits.years)
    if is_old or one.plan_months >= limits.plan_months:
        found.add("long_term")
    return found


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def cause_of(code: str, *, is_entered: bool, before: dict[str, object] | None, now: dict[str, object] | None) -> str:
    """Why a class began or ended, from the figures of both lists; a changed figure of the company goes before a changed customer.

    `now` may hold `adverse`, `unpaid` and `top` beside the figures; None: the customer was not active.
    """
    if now is None:
        return "inactive"
    if before is not None and any(name in before and before[name] != now.get(name) for name in POLICY[code]):
        return "policy"
    if code == "premium":
        if is_entered:
            return "cleared" if now.get("was_held") else "rank"
        return "adverse" if now.get("adverse") else "unpaid" if now.get("unpaid") else "rank"
    if code == "loyal":
        return "orders" if _few(now) != is_entered else "satisfaction"
    if code == "long_term":
        return "plan" if (now if is_entered else before or now).get("by") == "plan" else "years"
    return "amount"


def advice_for(recency: int, frequency: int, amount: int) -> str:
    """How to look after a listed customer, from the fifths in which they stand (F16): a rule that anybody can follow."""
    if recency <= 2 and amount >= 4:
        return "win_back"
    if frequency <= 2 and amount >= 4:
        return "plan"
    if frequency >= 4 and amount <= 3:
        return "widen"
    return "keep" if min(recency, frequency, amount) >= 4 else "care"


POLICY = {
    "premium": ("share",),
    "key": ("limit",),
    "loyal": ("least", "satisfaction"),
    "long_term": ("years", "months"),
}


def _few(now: dict[str, object]) -> bool:
    return int(str(now.get("orders") or 0)) < int(str(now.get("least") or 0))


def month_of(day: dt.date) -> int:
    """A month as the roll-up keeps it: 202611."""
    return day.year * 100 + day.month


def month_back(month: int, count: int) -> int:
    year, number = divmod(month // 100 * 12 + month % 100 - 1 - count, 12)
    return year * 100 + number + 1


def first_of(month: int) -> dt.date:
    return dt.date(month // 100, month % 100, 1)


def last_of(month: int) -> dt.date:
    return first_of(month_back(month, -1)) - dt.timedelta(days=1)


def named(month: int) -> str:
    return f"{month // 100:04d}-{month % 100:02d}"


def refuse_period(month: int, *, today: dt.date) -> Iterator[Refusal]:
    """A month is published once it is over."""
    if last_of(month) >= today:
        yield Refusal("report.running", _("%(month)s 还没有结束，月底以后才能发布。"), {"month": named(month)}, CLAUSE)


def refuse_texts(texts: dict[str, str], asked: dict[str, str]) -> Iterator[Refusal]:
    """What the handbook wants said beside the figures is said."""
    for name, label in asked.items():
        if not texts.get(name, "").strip():
            yield Refusal("report.text", _("请写明“%(label)s”。"), {"label": label}, CLAUSE, name)


def refuse_decision(
    *, is_published: bool, is_decided: bool, decision: str, publisher_is_decider: bool
) -> Iterator[Refusal]:
    """The GM decides on a published proposal, once for each revision, never on an own one (CS-W2.3)."""
    if not is_published:
        yield Refusal("mix.unpublished", _("产品比例表还没有发布，不能作决定。"), {}, CLAUSE_MIX)
    if is_decided:
        yield Refusal("mix.decided", _("这一版已经作过决定；修订发布后可以再作决定。"), {}, CLAUSE_MIX)
    if publisher_is_decider:
        yield Refusal("mix.own", _("不能对自己发布的建议作决定。"), {}, CLAUSE_MIX)
    if len(decision.strip()) < 2:
        yield Refusal("mix.words", _("请写明决定的内容。"), {}, CLAUSE_MIX, "decision")


def as_of(figures: Mapping[str, Any], published_at: dt.datetime) -> dt.datetime:
    """The instant whose orders and payments a paper knows of; an older paper doesn't say it and stood on its publication at the latest."""
    said = figures.get("as_of")
    return dt.datetime.fromisoformat(said) if said else published_at
