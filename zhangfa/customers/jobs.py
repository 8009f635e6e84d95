"""The archive's daily rounds."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.customers import actions
from zhangfa.customers.models import Customer
from zhangfa.customers.privacy_rules import years_after
from zhangfa.policy.queries import value
from zhangfa.runtime.jobs import job
from zhangfa.runtime.schedule import every

BATCH = 1_000


@every("customers.adverse", daily_at=dt.time(2, 10))
def expire_adverse(at: dt.datetime) -> None:
    """Adverse records end after their months (A-34)."""
    actions.expire_due(at)


@every("customers.retention", daily_at=dt.time(2, 40))
def retention_daily(at: dt.datetime) -> None:
    """Files whose years are over are made anonymous, beside the pages (R3)."""
    make_anonymous.enqueue()


@job(apart=True)
def make_anonymous() -> int:
    """Go through the files old enough, a batch at a time; begun twice it finds nothing left."""
    at, count, last = clock.now(), 0, 0
    today, years = clock.local_date(at), value("privacy.keep_years", at)
    gone = (Customer.Status.ERASED, Customer.Status.MERGED)
    while rows := list(
        Customer.objects.filter(pk__gt=last, held_reason="").exclude(status__in=gone).order_by("pk")[:BATCH]
    ):
        last = rows[-1].pk
        # Who asked to be deleted waits for what keeps the file, not for the years since it was opened.
        due = [row for row in rows if row.status == Customer.Status.KEPT or years_after(row.joined_on, years) <= today]
        count += actions.erase_due(due, at=at)
    return count
