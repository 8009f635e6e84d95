"""What every change of the chart shares: permission, one lock for the whole chart, and the stamp that caches watch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import F, Model

from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Company
from zhangfa.organisation.rules import CLAUSE


@contextmanager
def change(permit: Callable[..., Iterable[Refusal]], obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[None]:
    """A transaction in which the chart is locked: two people who edit it take turns, so loops can't slip between."""
    with work():
        demand(permit(obj, by=by, at=at))
        list(Company.objects.select_for_update().values_list("pk", flat=True))
        yield
        Company.objects.update(stamp=F("stamp") + 1)


def tell(
    event: str,
    obj: Model,
    label: str,
    *,
    by: Actor,
    at: dt.datetime,
    codes: dict[str, Any],
    values: dict[str, Any] | None = None,
) -> None:
    announce(f"organisation.{event}", obj, by=by, at=at, label=label, codes=codes, values=values, clause=CLAUSE)


def assign(obj: Any, fields: dict[str, Any]) -> dict[str, list[Any]]:
    """Set the fields; returns what changed as old and new."""
    changes = {}
    for name, value in fields.items():
        old = getattr(obj, name)
        if old != value:
            changes[name] = [_plain(old), _plain(value)]
            setattr(obj, name, value)
    return changes


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value
