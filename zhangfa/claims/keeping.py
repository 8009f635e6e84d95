"""What cases know of a customer, and for how long they keep it: told to the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Max
from django.utils.translation import gettext as _

from zhangfa.claims.customer_file import forget
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.core.text import _ as mark
from zhangfa.customers.models import Customer
from zhangfa.customers.registry import Keeper
from zhangfa.records.exports import Column, Sheet


def last_on(customers: Sequence[int]) -> dict[int, dt.date]:
    rows = (
        Case.objects.filter(customer_id__in=customers)
        .order_by()
        .values_list("customer_id")
        .annotate(Max("reported_at"))
    )
    return {key: clock.local_date(at) for key, at in rows}


def open_with(customers: Sequence[int]) -> set[int]:
    rows = Case.objects.filter(customer_id__in=customers).exclude(status=Case.Status.CLOSED)
    return set(rows.order_by().values_list("customer_id", flat=True))


def sheets(customer: Customer) -> Iterable[Sheet]:
    rows = Case.objects.filter(customer=customer).select_related("record").order_by("pk")
    heads = [Column(_("编号")), Column(_("登记时间"), "when"), Column(_("经过"), width=60), Column(_("状态"))]
    yield Sheet(
        _("案件"),
        heads,
        ([row.record.number, row.reported_at, row.summary, str(row.get_status_display())] for row in rows),
    )


KEEPER = Keeper(mark("案件"), last_on, open_with, sheets, forget)
