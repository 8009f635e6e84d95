"""What apps above lend to the archive: who was served, what else moves with a merged file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from zhangfa.core.decisions import Refusal
from zhangfa.core.relations import pointers
from zhangfa.customers.models import Customer, Merge, Profile
from zhangfa.ui.registry import Slot

# fn(outlet ids, day) -> keys of the customers whom these outlets served on the day; filled by the app that keeps orders
served: Slot = Slot(lambda outlets, day: [])

# What stays where it is: the file's own history is read on the file that was merged.
STAYS: tuple[type[models.Model], ...] = (Customer, Profile, Merge)


@dataclass(frozen=True)
class Mover:
    """How the rows of one table follow a merged file: `out(old, new)` moves them and gives their keys, `back(keys, old, new)` returns them."""

    out: Callable[[Customer, Customer], Iterable[Any]]
    back: Callable[[Iterable[Any], Customer, Customer], object]


_movers: dict[str, Mover] = {}


def moves(label: str, mover: Mover) -> None:
    """An app says itself how rows of its table (`orders.order.customer`) move; without this they change their pointer."""
    _movers[label] = mover


def followers() -> Iterator[tuple[str, Mover]]:
    """Every column of every app that points to a customer, in a fixed order, with how it moves."""
    found = {
        f"{relation.related_model._meta.label_lower}.{relation.field.name}": relation
        for relation in pointers(Customer)
        if relation.related_model not in STAYS
    }
    for label in sorted(found):
        yield label, _movers.get(label) or pointer(found[label].related_model, found[label].field.name)


def pointer(model: Any, name: str, *, once_per: str = "") -> Mover:
    """Rows change their pointer; of `once_per` (a day) the kept file's own row stands and the other one stays where it is."""
    rows = model._default_manager

    def out(old: Customer, new: Customer) -> list[Any]:
        mine = rows.select_for_update().filter(**{name: old})
        if once_per:
            mine = mine.exclude(
                **{f"{once_per}__in": list(rows.filter(**{name: new}).values_list(once_per, flat=True))}
            )
        keys = list(mine.order_by("pk").values_list("pk", flat=True))
        _point(keys, {}, new)
        return [key if isinstance(key, int) else str(key) for key in keys]

    def back(keys: Iterable[Any], old: Customer, new: Customer) -> None:
        # What was moved on since belongs where it is now.
        _point(list(keys), {name: new}, old)

    def _point(keys: list[Any], only: dict[str, Any], to: Customer) -> None:
        for start in range(0, len(keys), BATCH):
            rows.filter(pk__in=keys[start : start + BATCH], **only).update(**{name: to})

    return Mover(out, back)


BATCH = 500


@dataclass(frozen=True)
class Planned:
    """Something agreed with a customer that has not begun: what it is in words, when, and where it is cancelled."""

    number: str
    text: str  # marked
    params: Mapping[str, Any]
    url: str


@dataclass(frozen=True)
class Keeper:
    """An app that does business with customers: when it last did, with whom it is not finished, what it knows of one and how it forgets."""

    label: str  # marked, put into words where it is shown
    last_on: Callable[[Sequence[int]], Mapping[int, dt.date]]
    open_with: Callable[[Sequence[int]], Collection[int]]
    sheets: Callable[[Customer], Iterable[Any]]
    # fn(customers, at): what the app wrote down of who they are goes with the file; nothing where it only points to it
    forget: Callable[[Sequence[int], dt.datetime], None] = lambda customers, at: None
    # fn(customers, at): what of them stays although their file is made anonymous, and until when
    stays: Callable[[Sequence[int], dt.datetime], Iterable[Refusal]] = lambda customers, at: ()
    # fn(customers, at): what is still to come for them, agreed and not begun: each with its number
    planned: Callable[[Sequence[int], dt.datetime], Iterable[Planned]] = lambda customers, at: ()


keepers: dict[str, Keeper] = {}
# fn(customers, at) -> by file: the day on which a list brought it into the house, and the day before which it can still be taken back.
brought: Slot = Slot(lambda customers, at: {})
# The computed lines of a customer's file (F15): label, marked, and words; lent by those who do business with customers.
consumption: dict[str, Callable[[Customer, Any, dt.datetime], Iterable[tuple[str, str]]]] = {}


def consumed(customer: Customer, actor: Any, at: dt.datetime) -> list[tuple[str, str]]:
    """What everybody who does business with the customer says of it, in the order of who lent it."""
    return [line for lines in consumption.values() for line in lines(customer, actor, at)]
