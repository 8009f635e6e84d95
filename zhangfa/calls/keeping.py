"""What the telephone knows of a customer, and whom it still has to call (R3): told to the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from zhangfa.calls.models import Call
from zhangfa.core.text import _ as mark
from zhangfa.customers.models import Customer
from zhangfa.customers.registry import Keeper
from zhangfa.records.exports import Column, Sheet


def last_on(customers: Sequence[int]) -> dict[int, dt.date]:
    """A call is no transaction."""
    return {}


def open_with(customers: Sequence[int]) -> set[int]:
    """A call that is not written up, and one that was promised."""
    waits = Q(follow_up_at__isnull=False, followed_at=None)
    rows = Call.objects.filter(~Q(status=Call.Status.DONE) | waits, customer_id__in=customers)
    return {key for key in rows.order_by().values_list("customer_id", flat=True) if key is not None}


def sheets(customer: Customer) -> Iterable[Sheet]:
    rows = Call.objects.filter(customer=customer).order_by("pk")
    heads = [Column(_("来电时间"), "when"), Column(_("来电类型")), Column(_("内容与答复"), width=40)]
    yield Sheet(_("通话"), heads, ([c.started_at, str(c.get_kind_display()), c.content] for c in rows.iterator()))


def forget(customers: Sequence[int], at: dt.datetime) -> None:
    """That somebody called, when and for what kind of thing stays; from which number and with what words goes."""
    Call.objects.filter(customer_id__in=customers).update(phone="", phone_hash="", phone_last4="", content="")


KEEPER = Keeper(mark("通话"), last_on, open_with, sheets, forget)
