"""Archive entries as pages and actions ask for them: who was served, what is due, what looks copied."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from zhangfa.core import clock
from zhangfa.customers.entry_rules import OBSERVATION, entry_hints
from zhangfa.customers.models import BY_OUTLET, ArchiveEntry, Customer, HandIn, Learnt
from zhangfa.customers.profile_rules import Hint
from zhangfa.customers.registry import served
from zhangfa.duties.models import Occurrence
from zhangfa.duties.rules import Period, day_periods, end_after
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.calendar import is_working
from zhangfa.policy.queries import value

SHOWN = 5
# Files for which nothing more is written or booked: anonymous, merged, only kept (PIPL 47).
CLOSED = (Customer.Status.ERASED, Customer.Status.MERGED, Customer.Status.KEPT)
MOST = 200


def own_outlets(actor: Actor) -> list[int]:
    return [seat.unit_id for seat in actor.seats if seat.post in BY_OUTLET]


def was_served(customer: Customer, day: dt.date) -> bool:
    return customer.pk in served([customer.outlet_id], day)


def entry_due(at: dt.datetime) -> dt.datetime:
    """By when what was learnt of a customer served now is to be in the archive: of a day off by the end of the next working day."""
    return end_after(value("archive.entry", at), at, is_working)


def owed_for(day: dt.date) -> Exists:
    """For a query over customers: whether no entry of the day is written yet."""
    written = ArchiveEntry.objects.filter(customer_id=OuterRef("pk"), served_on=day)
    return ~Exists(written)


def is_day_written(outlet_id: int, day: dt.date) -> bool:
    """Whether every customer whom the outlet served on the day has their entry (D-OA-01)."""
    keys = served([outlet_id], day)
    owed = Customer.objects.filter(pk__in=keys, outlet_id=outlet_id).exclude(status__in=CLOSED)
    return not owed.exclude(entries__served_on=day).exists()


def unchecked_from(*, but: HandIn) -> dt.date | None:
    """The first period of which a department's hand-in is missing or was not checked yet (D-CS-06)."""
    waiting = HandIn.objects.filter(status=HandIn.Status.HANDED_IN).exclude(pk=but.pk)
    batch = waiting.order_by("period_on").values_list("period_on", flat=True).first()
    missing = Occurrence.objects.open().filter(duty__code="D-OA-04").order_by("period")
    period = missing.values_list("period", flat=True).first()
    found = [day for day in (batch, dt.date.fromisoformat(period) if period else None) if day]
    return min(found, default=None)


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


def waiting_in(department_id: int) -> Any:
    """What a department has not handed in yet, oldest first."""
    rows = ArchiveEntry.objects.filter(department_id=department_id, status=ArchiveEntry.Status.WRITTEN)
    return rows.order_by("served_on", "pk")


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
    "entry_due",
    "hints_of",
    "is_day_written",
    "learnt_of",
    "own_outlets",
    "period_of",
    "served_today",
    "unchecked_from",
    "waiting_in",
    "was_served",
]
