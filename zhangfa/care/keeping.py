"""What care knows of a customer, and what it still owes them (R3): told to the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Max
from django.utils.translation import gettext as _

from zhangfa.care.models import Decider, Feedback, Promise, Thread, Visit
from zhangfa.core import clock
from zhangfa.core.text import _ as mark
from zhangfa.customers.models import Customer
from zhangfa.customers.registry import Keeper
from zhangfa.records.exports import Column, Sheet

UNDER_WAY = (Visit.Status.PREPARED, Visit.Status.ARRIVED, Visit.Status.RETURNED)


def last_on(customers: Sequence[int]) -> dict[int, dt.date]:
    """The last visit."""
    rows = Visit.objects.filter(customer_id__in=customers, arrived_at__isnull=False).order_by()
    found = rows.values_list("customer_id").annotate(Max("arrived_at"))
    return {key: clock.local_date(at) for key, at in found}


def open_with(customers: Sequence[int]) -> set[int]:
    """A visit under way, a problem that waits for its answer, a promise not kept yet."""
    visits = Visit.objects.filter(customer_id__in=customers)
    asked = visits.filter(thread__isnull=False).exclude(thread__status=Thread.Status.ANSWERED)
    promised = Promise.objects.filter(customer_id__in=customers, status=Promise.Status.OPEN)
    parts = (visits.filter(status__in=UNDER_WAY), asked, promised)
    return {key for rows in parts for key in rows.order_by().values_list("customer_id", flat=True)}


def sheets(customer: Customer) -> Iterable[Sheet]:
    visits = Visit.objects.filter(customer=customer, arrived_at__isnull=False).order_by("pk")
    heads = [Column(_("访问时间"), "when"), Column(_("满意度")), Column(_("意见"), width=40)]
    yield Sheet(_("访问"), heads, ([v.arrived_at, v.satisfaction, v.opinion] for v in visits.iterator()))
    promises = Promise.objects.filter(customer=customer).order_by("pk")
    heads = [Column(_("承诺内容"), width=40), Column(_("承诺完成时间"), "when"), Column(_("状态"))]
    yield Sheet(_("承诺"), heads, ([p.text, p.due_at, str(p.get_status_display())] for p in promises.iterator()))


def forget(customers: Sequence[int], at: dt.datetime) -> None:
    """Who was spoken to goes with the file; what was said and signed stays as it was signed."""
    Visit.objects.filter(customer_id__in=customers).update(interviewee="", title="")
    Feedback.objects.filter(account__customer_id__in=customers).update(interviewees="")
    Decider.objects.filter(account__customer_id__in=customers).delete()


KEEPER = Keeper(mark("客户关怀"), last_on, open_with, sheets, forget)
