"""Archive entries as pages and actions ask for them: who was served, what is due, what looks copied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from zhangfa.core import clock
from zhangfa.customers.entry_rules import OBSERVATION, entry_hints
from zhangfa.customers.models import BY_OUTLET, ArchiveEntry, Customer, Learnt
from zhangfa.customers.profile_rules import Hint
from zhangfa.customers.registry import served
from zhangfa.duties.rules import Period, day_periods
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.calendar import is_working
from zhangfa.policy.queries import value

SHOWN = 5
MOST = 200


def own_outlets(actor: Actor) -> list[int]:
    return [seat.unit_id for seat in actor.seats if seat.post in BY_OUTLET]


def was_served(customer: Customer, day: dt.date) -> bool:
    return customer.pk in served([customer.outlet_id], day)


@dataclass(frozen=True)
class Served:
    """A customer served on the day, with the entry that was written, if any."""

    customer: Customer
    entry: ArchiveEntry | None


def served_today(actor: Actor, at: dt.datetime) -> list[Served]:
    """Whom the actor's outlets served today, those without an entry first; three statements whatever the number."""
    day = clock.local_date(at)
    keys = served(own_outlets(actor), day)[:MOST]
    customers = Customer.objects.filter(pk__in=keys).select_related("outlet").order_by("pk")
    written = {
        row.customer_id: row
        for row in ArchiveEntry.objects.filter(customer_id__in=keys, served_on=day).select_related("record")
    }
    rows = [Served(customer, written.get(customer.pk)) for customer in customers]
    return sorted(rows, key=lambda row: row.entry is not None)


def period_of(day: dt.date, at: dt.datetime) -> Period:
    """The hand-in period that the day belongs to (A-17)."""
    before = clock.day_start(day.replace(day=1)) - dt.timedelta(microseconds=1)
    return list(day_periods(value("archive.report_days", at), before, clock.day_start(day)))[-1]


def due_after(at: dt.datetime, key: str) -> dt.datetime:
    """The end of the n-th working day from now, n by policy."""
    day = clock.add_working_days(clock.local_date(at), value(key, at), is_working)
    return clock.day_start(day + dt.timedelta(days=1))


def waiting_in(department_id: int) -> Sequence[ArchiveEntry]:
    """What a department has not handed in yet, oldest first."""
    rows = ArchiveEntry.objects.filter(department_id=department_id, status=ArchiveEntry.Status.WRITTEN)
    return list(rows.order_by("served_on", "pk"))


def learnt_of(entry: ArchiveEntry) -> dict[str, str]:
    return dict(Learnt.objects.filter(entry=entry).order_by("pk").values_list("field", "value"))


def hints_of(entry: ArchiveEntry) -> list[Hint]:
    """The same words by the same hand."""
    if not entry.text_key:
        return []
    same = ArchiveEntry.objects.filter(written_by_id=entry.written_by_id, text_key=entry.text_key).exclude(pk=entry.pk)
    numbers = list(same.order_by("-pk").values_list("record__number", flat=True)[: SHOWN + 1])
    return list(entry_hints(same_count=len(numbers), same_in=numbers[:SHOWN]))


__all__ = [
    "OBSERVATION",
    "Served",
    "due_after",
    "hints_of",
    "learnt_of",
    "own_outlets",
    "period_of",
    "served_today",
    "waiting_in",
    "was_served",
]
