"""The crews of the demo year: once everybody in charge has their orders of a day, who is free goes along (domain.md 5.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhangfa.orders.models import CrewMember, Order

# Of what lies ahead one in so many still lacks somebody.
LACKING = 4


@dataclass(frozen=True)
class Asked:
    """An order of the day, how many people it asks for, whom they can be, and which parts of the day they are gone."""

    order: Order
    crew: int
    workers: Sequence[int]
    fit: set[int]
    parts: tuple[int, ...]


def fill(asked: Sequence[Asked], busy: set[tuple[int, int]]) -> None:
    """Send members along where somebody is free; no figure of the year depends on them, so none is drawn."""
    for n, one in enumerate(asked):
        order = one.order
        wanted = one.crew - 1 - (order.status == Order.Status.ASSIGNED and n % LACKING == 0)
        if wanted < 1 or order.worker_id is None:
            continue
        turn = n % len(one.workers)  # not always the same ones
        pool = [*one.workers[turn:], *one.workers[:turn]]
        free = (w for w in pool if w in one.fit and all((w, part) not in busy for part in one.parts))
        order.sent_along = [worker for worker, _n in zip(free, range(wanted), strict=False)]  # type: ignore[attr-defined]
        busy.update((worker, part) for worker in order.sent_along for part in one.parts)  # type: ignore[attr-defined]


def rows(order: Order) -> Iterator[CrewMember]:
    for worker in getattr(order, "sent_along", ()):
        yield CrewMember(
            order=order, worker_id=worker, served_from=order.served_from, joined_at=order.booked_at or order.served_from
        )
