"""Figures of the reports: concentration, intervals, indices, cohorts, the outlook (reports.md RPT-10 … RPT-12, RPT-21)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from typing import Any

TENTH, CENT = Decimal("0.1"), Decimal("0.01")
Z95 = 1.96
SEASON, RECENT = 12, 3


def gini(amounts: Sequence[int]) -> Decimal | None:
    """0 where everybody pays the same, towards 1 where one pays all; None without revenue. Largest first."""
    count, whole = len(amounts), sum(amounts)
    weighted = sum(place * amount for place, amount in enumerate(amounts, start=1))
    return gini_from(count, whole, weighted)


def gini_from(count: int, whole: int, weighted: int) -> Decimal | None:
    """The same from the sum of place × amount, places counted from the largest."""
    if count == 0 or whole <= 0:
        return None
    found = (Decimal(count + 1) - 2 * Decimal(weighted) / Decimal(whole)) / count
    return found.quantize(Decimal("0.001"), ROUND_HALF_UP)


def index_of(mine: int, whole_mine: int, everybody: int, whole: int) -> Decimal | None:
    """How much more the best buy of something than all: the share of their sum over the share of everybody's, 1.00 is alike.

    From the sums themselves: shares already rounded to a tenth would make the index of a small product meaningless. None
    where nobody bought it, or the class bought nothing at all.
    """
    if not (whole_mine and everybody and whole):
        return None
    return (Decimal(mine) * whole / (Decimal(whole_mine) * everybody)).quantize(CENT, ROUND_HALF_UP)


def change(now: Decimal | int, before: Decimal | int) -> Decimal | None:
    """The change in percent with one decimal; None where there was nothing before."""
    return (Decimal(now - before) * 100 / Decimal(before)).quantize(TENTH, ROUND_HALF_UP) if before else None


def rate(part: int, whole: int) -> Decimal | None:
    """A part of a whole in percent with one decimal, rounded half up; None of nothing."""
    return (Decimal(part) * 100 / whole).quantize(TENTH, ROUND_HALF_UP) if whole else None


def call_rates(row: Mapping[str, int]) -> dict[str, Decimal | None]:
    """RPT-20: of the calls that came, those taken in time; of those taken, those that became an order. Percent."""
    return {"in_time_share": rate(row["in_time"], row["calls"]), "ordered_share": rate(row["ordered"], row["answered"])}


def wilson(part: int, whole: int) -> tuple[Decimal, Decimal] | None:
    """The 95 % interval of a share (Wilson), in percent: it stays within 0 and 100 and holds for few answers too."""
    if not whole:
        return None
    p, n = part / whole, whole
    centre, spread = p + Z95**2 / (2 * n), Z95 * sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n))
    low, high = (centre - spread) / (1 + Z95**2 / n), (centre + spread) / (1 + Z95**2 / n)
    return _tenths(max(low, 0.0) * 100), _tenths(min(high, 1.0) * 100)


def mean_interval(count: int, total: int, squares: int) -> tuple[Decimal, Decimal, Decimal] | None:
    """Mean of scores with its 95 % interval (normal, from the spread of the answers), kept within 1 and 5; two decimals."""
    if not count:
        return None
    mean = total / count
    spread = sqrt(max(squares / count - mean * mean, 0.0) * count / (count - 1) / count) * Z95 if count > 1 else 4.0
    return _cents(mean), _cents(max(mean - spread, 1.0)), _cents(min(mean + spread, 5.0))


def _tenths(value: float) -> Decimal:
    return Decimal(str(round(value, 6))).quantize(TENTH, ROUND_HALF_UP)


def _cents(value: float) -> Decimal:
    return Decimal(str(round(value, 6))).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Outlook:
    """What the next period may bring: the value, an interval, and by which method."""

    value: int
    low: int
    high: int
    method: str  # season | recent


def outlook(months: Sequence[int]) -> Outlook | None:
    """The next month from those before it, oldest first; no outlook from fewer than three.

    With a year and a half of months: the same month of last year times the growth of the last three months over the same
    three a year before. Otherwise the mean of the last three. The interval is 1.96 times the typical error that the same
    method would have made in the months known (at least one error; a tenth of the value where none could be made).
    """
    value = _next(months)
    if value is None:
        return None
    errors = [guess - months[n] for n in range(RECENT, len(months)) if (guess := _next(months[:n])) is not None]
    spread = Z95 * sqrt(sum(error * error for error in errors) / len(errors)) if errors else value / 10
    method = "season" if len(months) >= SEASON + RECENT + RECENT else "recent"
    return Outlook(value, max(0, round(value - spread)), round(value + spread), method)


def _next(months: Sequence[int]) -> int | None:
    if len(months) < RECENT:
        return None
    if len(months) >= SEASON + RECENT + RECENT and (base := sum(months[-SEASON - RECENT : -SEASON])):
        return round(months[-SEASON] * sum(months[-RECENT:]) / base)
    return round(sum(months[-RECENT:]) / RECENT)


def may_rank(count: int, least: int) -> bool:
    """Too few answers say nothing about who is better (RPT-21)."""
    return count >= least


FIFTHS = 5


def fifths(count: int) -> list[int]:
    """The places, counted from the best, at which a fifth, two, three and four fifths of so many customers end."""
    return [-(-count * part // FIFTHS) for part in range(1, FIFTHS)]


def cuts_of(counted: Iterable[tuple[Any, int]], places: Sequence[int]) -> list[Any]:
    """The values at these places, from values with the number of customers who have each."""
    found: list[Any] = []
    seen = 0
    for value, count in sorted(counted, reverse=True):
        seen += count
        while len(found) < len(places) and places[len(found)] <= seen:
            found.append(value)
    return found


def score(value: Any, cuts: Sequence[Any]) -> int:
    """5 for the best fifth of the customers, 1 for the last; equal values get the same (RFM)."""
    return FIFTHS - sum(1 for cut in cuts if value < cut)
