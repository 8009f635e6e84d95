"""Did the rule help? Cases of one cause per 1,000 orders before and after it, with an exact interval (CC-W2.2, RPT-14)."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

LEVEL = 0.05
STEPS = 60


@dataclass(frozen=True)
class Effect:
    """Rates per 1,000 orders, their ratio after ÷ before with a 95 % interval, and the mid-P value; None where nothing can be said."""

    before: int
    orders_before: int
    after: int
    orders_after: int
    ratio: float | None
    low: float | None
    high: float | None
    p: float | None

    @property
    def rate_before(self) -> float | None:
        return per_thousand(self.before, self.orders_before)

    @property
    def rate_after(self) -> float | None:
        return per_thousand(self.after, self.orders_after)

    @property
    def verdict(self) -> str:
        """better or worse only where the whole interval says so."""
        if self.high is not None and self.high < 1:
            return "better"
        if self.low is not None and self.low > 1:
            return "worse"
        return "open"


def per_thousand(count: int, orders: int) -> float | None:
    return round(1000 * count / orders, 2) if orders else None


def effect_of(before: int, orders_before: int, after: int, orders_after: int) -> Effect:
    """Compare two Poisson rates by the exact conditional (binomial) method, the test by mid-P."""
    total = before + after
    if not orders_before or not orders_after or not total:
        return Effect(before, orders_before, after, orders_after, None, None, None, None)
    odds = orders_before / orders_after
    ratio = after / before * odds if before else None
    low_p = 0.0 if after == 0 else _solve(lambda p: _upper(after, total, p) - LEVEL / 2)
    high_p = 1.0 if after == total else _solve(lambda p: LEVEL / 2 - _lower(after, total, p))
    low = low_p / (1 - low_p) * odds
    high = high_p / (1 - high_p) * odds if high_p < 1 else None
    share = orders_after / (orders_after + orders_before)
    return Effect(before, orders_before, after, orders_after, ratio, low, high, _mid_p(after, total, share))


def _term(k: int, n: int, p: float) -> float:
    return float(comb(n, k) * p**k * (1 - p) ** (n - k))


def _upper(k: int, n: int, p: float) -> float:
    """P(X ≥ k)."""
    return sum(_term(i, n, p) for i in range(k, n + 1))


def _lower(k: int, n: int, p: float) -> float:
    """P(X ≤ k)."""
    return sum(_term(i, n, p) for i in range(k + 1))


def _solve(function: object) -> float:
    """The root of a rising function on (0, 1) by halving."""
    low, high = 0.0, 1.0
    for _step in range(STEPS):
        middle = (low + high) / 2
        if function(middle) < 0:  # type: ignore[operator]
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _mid_p(k: int, n: int, p: float) -> float:
    """Two-sided, the observed count weighing half."""
    half = _term(k, n, p) / 2
    return min(1.0, 2 * min(_lower(k, n, p) - half, _upper(k, n, p) - half))
