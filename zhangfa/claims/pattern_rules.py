"""Patterns in cases as plain counts: sums just under a limit, the same people together again and again (CC-D7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

HUNDRED = Decimal(100)
ALONE = ("customer", "worker")
PAIRS = (("customer", "worker"), ("customer", "handler"), ("worker", "handler"))


@dataclass(frozen=True)
class Paid:
    """One settlement with the people around it."""

    key: str
    total: Decimal
    handler: int | None
    customer: int | None
    worker: int | None


@dataclass(frozen=True)
class Count:
    """What occurs together so often: a kind, the people (or the limit) it is about, and the settlements."""

    kind: str
    about: tuple[int, ...]
    limit: Decimal | None
    keys: tuple[str, ...]


def is_just_under(total: Decimal, limit: Decimal, share: Decimal) -> bool:
    """Not above the limit, and no further below it than the share: at 1,000 and 10 %, from 900 to 1,000."""
    return limit * (HUNDRED - share) / HUNDRED <= total <= limit


def under_limits(rows: Sequence[Paid], limits: Sequence[Decimal], *, share: Decimal, times: int) -> Iterator[Count]:
    """For each limit, the handlers with so many settlements just under it."""
    for limit in sorted(set(limits)):
        by_handler: dict[int, list[str]] = {}
        for row in rows:
            if row.handler is not None and is_just_under(row.total, limit, share):
                by_handler.setdefault(row.handler, []).append(row.key)
        for handler, keys in sorted(by_handler.items()):
            if len(keys) >= times:
                yield Count("under", (handler,), limit, tuple(keys))


def again(rows: Sequence[Paid], *, times: int) -> Iterator[Count]:
    """The same customer, or the same worker, in so many settlements; a specialist is in all of theirs."""
    for kind in ALONE:
        by_one: dict[int, list[str]] = {}
        for row in rows:
            if (one := getattr(row, kind)) is not None:
                by_one.setdefault(one, []).append(row.key)
        for one, keys in sorted(by_one.items()):
            if len(keys) >= times:
                yield Count(kind, (one,), None, tuple(keys))


def together(rows: Sequence[Paid], *, times: int) -> Iterator[Count]:
    """The same two people in so many settlements."""
    for one, other in PAIRS:
        by_pair: dict[tuple[int, int], list[str]] = {}
        for row in rows:
            first, second = getattr(row, one), getattr(row, other)
            if first is not None and second is not None:
                by_pair.setdefault((first, second), []).append(row.key)
        for pair, keys in sorted(by_pair.items()):
            if len(keys) >= times:
                yield Count(f"{one}_{other}", pair, None, tuple(keys))


def most_frequent(counts: Iterable[Count], *, most: int) -> list[tuple[list[Count], int]]:
    """Of each kind, and of each limit, the most frequent, and how many more there are: one that is noisy hides no other."""
    kinds: dict[tuple[str, Decimal | None], list[Count]] = {}
    for count in counts:
        kinds.setdefault((count.kind, count.limit), []).append(count)
    ordered = (sorted(found, key=lambda count: (-len(count.keys), count.about)) for found in kinds.values())
    return [(found[:most], max(0, len(found) - most)) for found in ordered]
