"""What the archive itself still has to do with a customer: told like any other business that keeps a file (R3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Max

from zhangfa.core.text import _ as mark
from zhangfa.customers.models import AdverseRecord, ArchiveEntry, PersonalRequest
from zhangfa.customers.registry import Keeper

STANDING = (AdverseRecord.Status.NOTED, AdverseRecord.Status.CHECKED)


def last_on(customers: Sequence[int]) -> dict[int, dt.date]:
    """The day of an event that is noted and has not been found untrue: it has its own months still before it."""
    rows = AdverseRecord.objects.filter(customer_id__in=customers, status__in=STANDING).order_by()
    return dict(rows.values_list("customer_id").annotate(Max("occurred_on")))


def open_with(customers: Sequence[int]) -> set[int]:
    """A record that waits for its second check, a sheet on its way into the archive, a request that waits for its answer."""
    noted = AdverseRecord.objects.filter(customer_id__in=customers, status=AdverseRecord.Status.NOTED)
    sheets = ArchiveEntry.objects.filter(customer_id__in=customers).exclude(status__in=ArchiveEntry.OVER)
    # The wish to be deleted keeps nobody.
    asked = PersonalRequest.objects.filter(customer_id__in=customers, status=PersonalRequest.Status.OPEN).exclude(
        kind=PersonalRequest.Kind.DELETION
    )
    return {key for rows in (noted, sheets, asked) for key in rows.order_by().values_list("customer_id", flat=True)}


KEEPER = Keeper(mark("档案事项"), last_on, open_with, lambda customer: ())
