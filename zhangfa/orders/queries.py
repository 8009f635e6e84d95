"""Orders as the shell and the cases ask for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.core import clock
from zhangfa.orders.models import Order
from zhangfa.orders.permissions import read_orders
from zhangfa.organisation.actor import Actor
from zhangfa.ui.access import is_open
from zhangfa.ui.registry import LIMIT, Choice, Lookup, Result

FOUND = 20
SHOWN = 10
JOINED = ("customer", "outlet", "product", "worker")


def _line(order: Order) -> str:
    return f"{order.product.shown_name} · {order.served_from.astimezone(clock.TZ):%Y-%m-%d} · {order.outlet.shown_name}"


def _choice(order: Order) -> Choice:
    return Choice(str(order.pk), f"{order.number} {order.customer.name}", _line(order))


def _find(actor: Actor, q: str, at: dt.datetime) -> list[Choice]:
    return [
        _choice(o) for o in Order.objects.visible_to(actor).search(q).select_related(*JOINED).order_by("-pk")[:FOUND]
    ]


def _get(actor: Actor, value: str, at: dt.datetime) -> Choice | None:
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        return None
    order = Order.objects.visible_to(actor).select_related(*JOINED).filter(pk=value).first()
    return _choice(order) if order else None


LOOKUP = Lookup(_find, _get)


def search(actor: Actor, q: str, at: dt.datetime) -> list[Result]:
    """Orders by their number."""
    if not is_open(read_orders, by=actor, at=at):
        return []
    rows = (
        Order.objects.visible_to(actor)
        .filter(number__in={q.strip(), q.strip().upper()})
        .select_related(*JOINED)[:LIMIT]
    )
    return [
        Result(order.customer.name, order.get_absolute_url(), number=order.number, note=_line(order)) for order in rows
    ]


def of_customer(page: Any, customer: Any) -> tuple[str, dict[str, Any]]:
    """The customer's latest orders, for the panel on the customer's page."""
    rows = list(
        Order.objects.visible_to(page.actor)
        .filter(customer=customer)
        .select_related(*JOINED)
        .order_by("-pk")[: SHOWN + 1]
    )
    return "orders/of_customer.html", {"orders": rows[:SHOWN], "is_more": len(rows) > SHOWN, "customer": customer}
