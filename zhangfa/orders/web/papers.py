"""The order and the contract as PDF; whoever may not see them finds nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import get_language, override

from zhangfa.customers.actions import note_print
from zhangfa.orders import actions, prints
from zhangfa.orders.models import Order, Series
from zhangfa.orders.permissions import read_orders, read_revisits
from zhangfa.orders.web.pages import JOINED, priced
from zhangfa.orders.web.series import rhythm
from zhangfa.records.prints import render_form
from zhangfa.records.web.common import pdf, signed_in
from zhangfa.ui.access import is_open


def _pdf(form: Any, name: str) -> HttpResponse:
    with override(get_language() or "zh-hans"):
        data = render_form(form)
    return pdf(data, name)


@signed_in
def order_pdf(request: Any, actor: Any, at: dt.datetime, pk: int) -> HttpResponse:
    """The order as this person may read it."""
    order = Order.objects.visible_to(actor).select_related(*JOINED).filter(pk=pk).first()
    if order is None or not is_open(read_orders, by=actor, at=at):
        raise Http404
    reason, lines = priced(order)
    place = actions.place_of(order, by=actor, at=at)
    note_print(order.customer, paper="order", by=actor, at=at, reason=order.number)
    return _pdf(prints.order_sheet(order, place=place, lines=lines, reason=reason, actor=actor, at=at), order.number)


@signed_in
def contract_pdf(request: Any, actor: Any, at: dt.datetime, pk: int) -> HttpResponse:
    """The contract as this person may read it."""
    rows = Series.objects.visible_to(actor).filter(kind=Series.Kind.CONTRACT)
    series = rows.select_related("customer", "product", "outlet", "wished_worker").filter(pk=pk).first()
    if series is None or not is_open(read_revisits, by=actor, at=at):
        raise Http404
    note_print(series.customer, paper="contract", by=actor, at=at, reason=series.number)
    return _pdf(prints.contract(series, rhythm=rhythm(series, None), actor=actor, at=at), series.number)
