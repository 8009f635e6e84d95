"""Orders in the caller's scope."""

from __future__ import annotations

import datetime as dt

from ninja import Router

from zhangfa.core.text import _
from zhangfa.orders.models import Order
from zhangfa.orders.permissions import read_orders
from zhangfa.orders.web.pages import Orders, customer_name
from zhangfa.ui.api import Call, Money, Schema, lists, reads
from zhangfa.ui.api.operations import Number

router = Router()


class OrderOut(Schema):
    id: int
    number: str
    customer: int
    customer_name: str
    outlet: int
    outlet_name: str
    product: str
    product_name: str
    worker: int | None
    worker_name: str
    served_from: dt.datetime
    served_to: dt.datetime
    amount: Money
    contract_model: str
    status: str
    satisfaction: int | None


def shown(call: Call, order: Order) -> OrderOut:
    return OrderOut(
        id=order.pk, number=order.number, customer=order.customer_id, customer_name=customer_name(order, call), outlet=order.outlet_id,
        outlet_name=order.outlet.shown_name, product=order.product_id, product_name=order.product.shown_name, worker=order.worker_id,
        worker_name=order.worker.shown_name if order.worker else "", served_from=order.served_from, served_to=order.served_to,
        amount=order.amount, contract_model=order.contract_model, status=order.status, satisfaction=order.satisfaction,
    )  # fmt: skip


def _one(call: Call) -> OrderOut:
    rows = Order.objects.visible_to(call.actor).select_related(*Orders.select_related)
    order = call.one(rows, pk=call.path["id"])
    call.check(read_orders, order)
    return shown(call, order)


lists(router, "/orders", id="orders", summary=_("订单"), page=Orders, line=shown, out=OrderOut)
reads(router, "/orders/{id}", id="order", summary=_("一张订单"), give=_one, out=OrderOut, ids={"id": Number})
