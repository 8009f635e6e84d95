"""Orders as the shell and the cases ask for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from zhangfa.core import clock
from zhangfa.customers import entries
from zhangfa.customers.models import Customer
from zhangfa.orders.models import Card, Order, Product
from zhangfa.orders.permissions import read_orders
from zhangfa.organisation.actor import Actor
from zhangfa.ui.access import is_open
from zhangfa.ui.display import money
from zhangfa.ui.registry import LIMIT, Choice, Lookup, Result

FOUND = 20
SHOWN = 10
# How far back an order may have begun that ends today: the index goes by the beginning.
LONGEST_SERVICE = dt.timedelta(days=31)
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


def _product(product: Product) -> Choice:
    return Choice(product.pk, str(product), f"{product.get_category_display()} · {product.unit}")


def _find_products(actor: Actor, q: str, at: dt.datetime) -> list[Choice]:
    rows = Product.objects.visible_to(actor).filter(is_active=True).search(q)
    return [_product(product) for product in rows.order_by("code")[:FOUND]]


def _get_product(actor: Actor, value: str, at: dt.datetime) -> Choice | None:
    product = Product.objects.visible_to(actor).filter(pk=value[:8]).first()
    return _product(product) if product else None


def _card(card: Card) -> Choice:
    owner = card.customer.name if card.customer else gettext("不记名卡")
    return Choice(str(card.pk), f"{card.number} {owner}", money(card.balance))


def _find_cards(actor: Actor, q: str, at: dt.datetime) -> list[Choice]:
    rows = Card.objects.visible_to(actor).filter(status=Card.Status.ACTIVE).search(q)
    return [_card(card) for card in rows.select_related("customer").order_by("-pk")[:FOUND]]


def _get_card(actor: Actor, value: str, at: dt.datetime) -> Choice | None:
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        return None
    card = Card.objects.visible_to(actor).select_related("customer").filter(pk=value).first()
    return _card(card) if card else None


CARDS = Lookup(_find_cards, _get_card)
PRODUCTS = Lookup(_find_products, _get_product)


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


def first_and_entry(order: Order, day: dt.date) -> tuple[bool, bool]:
    """Whether it is the customer's first service, and whether an entry of the day is owed by the outlet that served; one statement."""
    before = Order.objects.filter(customer_id=OuterRef("pk"), status=Order.Status.FINISHED).exclude(pk=order.pk)
    customer = Customer.objects.annotate(is_served=Exists(before), owes_entry=entries.owed_for(day))
    row = customer.values("outlet_id", "status", "is_served", "owes_entry").get(pk=order.customer_id)
    is_kept = row["outlet_id"] == order.outlet_id and row["status"] not in entries.CLOSED
    return not row["is_served"], is_kept and row["owes_entry"]


def customers_served(outlets: Sequence[int], day: dt.date) -> list[int]:
    """Whom these outlets served on the day: for the archive's daily entries (CS-W2.1)."""
    start = clock.day_start(day)
    rows = Order.objects.filter(
        outlet_id__in=outlets, status=Order.Status.FINISHED, served_from__gte=start - LONGEST_SERVICE,
        served_to__gte=start, served_to__lt=start + dt.timedelta(days=1),
    )  # fmt: skip
    return sorted(set(rows.values_list("customer_id", flat=True)))


def of_customer(page: Any, customer: Any) -> tuple[str, dict[str, Any]]:
    """The customer's latest orders, for the panel on the customer's page."""
    rows = list(
        Order.objects.visible_to(page.actor)
        .filter(customer=customer)
        .select_related(*JOINED)
        .order_by("-served_from", "-pk")[: SHOWN + 1]
    )
    return "orders/of_customer.html", {"orders": rows[:SHOWN], "is_more": len(rows) > SHOWN, "customer": customer}
