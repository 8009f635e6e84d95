"""What orders know of a customer, and for how long they keep it (R3): told to the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.core.text import _ as mark
from zhangfa.customers.models import Customer
from zhangfa.customers.registry import Keeper, Planned
from zhangfa.orders.models import Card, Order, Revisit, Series
from zhangfa.records.actions import forget_words
from zhangfa.records.exports import Column, Sheet

OVER = (Order.Status.FINISHED, Order.Status.CANCELLED)


def last_on(customers: Sequence[int]) -> dict[int, dt.date]:
    """The last service; what was cancelled before anything was paid never was one, whatever day it was planned for."""
    done = Order.objects.filter(customer_id__in=customers).exclude(status=Order.Status.CANCELLED, paid=0)
    rows = done.order_by().values_list("customer_id").annotate(Max("served_to"))
    return {key: clock.local_date(at) for key, at in rows}


def open_with(customers: Sequence[int]) -> set[int]:
    """An order that isn't over, money on its way back, a series that goes on, a card with money on it; one statement."""
    orders = Order.objects.filter(~Q(status__in=OVER) | Q(payment=Order.Payment.REFUNDING))
    series = _going_on()
    cards = Card.objects.filter(balance__gt=0)
    first, *others = (
        rows.filter(customer_id__in=customers).order_by().values_list("customer_id", flat=True)
        for rows in (orders, series, cards)
    )
    return {int(key) for key in first.union(*others)}


def planned(customers: Sequence[int], at: dt.datetime) -> Iterator[Planned]:
    """Orders that lie ahead and have not begun, and services that go on; what a series made beforehand ends with it."""
    going_on = list(_going_on().filter(customer_id__in=customers).select_related("product").order_by("pk"))
    for series in going_on:
        facts = {"product": series.product.shown_name, "day": str(series.from_on)}
        yield Planned(series.number, mark("长期服务：%(product)s，%(day)s 起"), facts, series.get_absolute_url())
    ahead = Order.objects.filter(
        customer_id__in=customers, status__in=(Order.Status.PLANNED, Order.Status.ASSIGNED), served_to__gte=at
    ).exclude(series__in=going_on)
    for order in ahead.select_related("product").order_by("served_from", "pk"):
        facts = {
            "product": order.product.shown_name,
            "when": f"{order.served_from.astimezone(clock.TZ):%Y-%m-%d %H:%M}",
        }
        yield Planned(order.number, mark("订单：%(product)s，%(when)s"), facts, order.get_absolute_url())


def _going_on() -> Any:
    return Series.objects.filter(status=Series.Status.ACTIVE).exclude(to_on__lte=F("generated_to"))


def sheets(customer: Customer) -> Iterable[Sheet]:
    rows = Order.objects.filter(customer=customer).select_related("product").order_by("pk")
    heads = [
        Column(_("订单号")),
        Column(_("服务产品"), width=24),
        Column(_("服务时间"), "when"),
        Column(_("服务金额"), "money"),
    ]
    yield Sheet(
        _("订单"), heads, ([row.number, row.product.shown_name, row.served_from, row.amount] for row in rows.iterator())
    )


def forget(customers: Sequence[int], at: dt.datetime) -> None:
    """What was written in free words goes with the file; what was served, and for how much, stays."""
    orders = Order.objects.filter(customer_id__in=customers)
    sheets = orders.exclude(sheet=None).values_list("sheet_id", flat=True)
    # The pictures of a home before and after the work hang there.
    forget_words(list(sheets), lambda papers: None, at=at)
    orders.exclude(note="").update(note="")
    Series.objects.filter(customer_id__in=customers).exclude(note="").update(note="")
    Revisit.objects.filter(order__customer_id__in=customers).exclude(note="").update(note="")


KEEPER = Keeper(mark("订单"), last_on, open_with, sheets, forget, planned=planned)
