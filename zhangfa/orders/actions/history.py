"""Orders of earlier years, taken over many at a time: served, paid and over before this book began (HS-W3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Model

from zhangfa.core import bulk, clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.finance.models import Receipt
from zhangfa.orders.models import Order
from zhangfa.orders.permissions import book_orders
from zhangfa.orders.registry import tell_bulk
from zhangfa.orders.rules import CLAUSE, payment_for, refuse_history
from zhangfa.organisation.actor import Actor

S = Order.Status


@dataclass(frozen=True)
class Taken:
    """An order as an earlier book knows it, and how it was paid."""

    order: Order
    method: str = Receipt.Method.CASH


ReceiptLine = bulk.line_of(Receipt)
# A price that was agreed elsewhere: its line says so.
TAKEN = "taken_over"


def refuse_taken(order: Order, *, at: dt.datetime) -> list[Refusal]:
    """What stands in the way of taking one over."""
    return list(
        refuse_history(
            served_from=order.served_from, served_to=order.served_to, at=at, is_finished=order.status == S.FINISHED,
            amount=order.amount, paid=order.paid, satisfaction=order.satisfaction, customer_status=order.customer.status,
            worker_kind=order.worker.kind if order.worker else "worker", has_worker=order.worker is not None,
        )
    )  # fmt: skip


def take_over(taken: Sequence[Taken], *, paper: Model, by: Actor, at: dt.datetime) -> list[Order]:
    """Enter all of them or none, with the receipts for what was paid; the event stands on the trail of `paper`.

    Raises `Refused`: the caller has asked `refuse_taken` before.
    """
    with work():
        demand(book_orders(by=by, at=at))
        rows = [one.order for one in taken]
        for order in rows:
            demand(refuse_taken(order, at=at))
            order.outlet_id = order.outlet_id or order.customer.outlet_id
            order.department_id = order.outlet.department_id
            order.payment = payment_for(amount=order.amount, paid=order.paid, refunded=Decimal(0), is_refunding=False)
            order.price = _price(order)
        bulk.keyed(Order, rows, field="number", prefix="D", digits=8)
        received = [
            ReceiptLine(
                subject=order.subject, unit_id=order.outlet_id, amount=order.paid, method=one.method, received_by_id=None,
                received_at=order.finished_at or order.served_to,
            )
            for one in taken
            if (order := one.order).paid > 0
        ]  # fmt: skip
        bulk.insert(Receipt, received)
        tell_bulk(rows, came=True)
        _tell("taken_over", paper, _("接收历史订单"), rows, by=by, at=at)
    return rows


def take_back(keys: Sequence[int], *, paper: Model, by: Actor, at: dt.datetime) -> None:
    """Remove orders that were taken over by mistake and that nothing was built on; the caller has looked."""
    with work():
        demand(book_orders(by=by, at=at))
        rows = list(Order.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        tell_bulk(rows, came=False)
        _tell("taken_back", paper, _("撤销接收历史订单"), rows, by=by, at=at)
        Receipt.objects.filter(subject__in=[row.subject for row in rows]).delete()
        Order.objects.filter(pk__in=[row.pk for row in rows])._raw_delete("default")  # type: ignore[attr-defined]


def _price(order: Order) -> dict[str, object]:
    """What an order keeps of its price: no line of our list, the sum as the earlier book has it."""
    line = {
        "code": TAKEN,
        "amount": str(order.amount),
        "surcharge": "",
        "quantity": str(order.quantity),
        "unit_price": None,
    }
    day = clock.local_date(order.served_from).isoformat()
    return {"package": "", "price": 0, "from_on": day, "region": None, "kind": "", "source": TAKEN, "lines": [line]}


def _tell(event: str, paper: Model, label: str, rows: Sequence[Order], *, by: Actor, at: dt.datetime) -> None:
    announce(
        f"orders.order.{event}",
        paper,
        by=by,
        at=at,
        label=label,
        clause=CLAUSE,
        codes={"orders": [row.pk for row in rows]},
    )
