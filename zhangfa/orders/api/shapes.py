"""What the interface says of prices, orders, series, cards, revisits and refunds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from zhangfa.core import clock
from zhangfa.finance.models import Refund
from zhangfa.orders import prices
from zhangfa.orders.models import Card, Order, Product, Revisit, Series
from zhangfa.orders.web.pages import customer_name
from zhangfa.ui.api import Call, Money, Schema


class ProductOut(Schema):
    code: str
    name: str
    category: str
    unit: str
    crew: int
    price: Money | None
    is_active: bool


class MemberOut(Schema):
    worker: int
    worker_name: str


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
    members: list[MemberOut]
    crew: int
    missing: int
    served_from: dt.datetime
    served_to: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    amount: Money
    paid: Money
    refunded: Money
    contract_model: str
    status: str
    payment: str
    satisfaction: int | None


class SeriesOut(Schema):
    id: int
    number: str
    kind: str
    customer: int
    product: str
    outlet: int
    weekdays: str
    every_weeks: int
    starts: str
    from_on: dt.date
    to_on: dt.date | None
    generated_to: dt.date | None
    status: str


class CardOut(Schema):
    id: int
    number: str
    customer: int | None
    package: str | None
    balance: Money
    expires_on: dt.date | None
    status: str


class RevisitOut(Schema):
    id: int
    order: int
    order_number: str
    outlet: int
    due_at: dt.datetime
    status: str
    tries: int
    satisfaction: int | None


class RefundOut(Schema):
    id: int
    title: str
    unit: int
    amount: Money
    reason: str
    due_at: dt.datetime
    status: str


def product_line(_call: Call, product: Product) -> ProductOut:
    return ProductOut(
        code=product.code, name=product.shown_name, category=product.category, unit=product.unit, crew=product.crew, price=getattr(product, "listed_price", None),
        is_active=product.is_active,
    )  # fmt: skip


def with_prices(call: Call, products: Sequence[Product]) -> None:
    """Today's general price of every product on the page, in one read."""
    listed = prices.listed_on(clock.local_date(call.at), [product.pk for product in products])
    for product in products:
        row = listed.get(product.pk)
        product.listed_price = row.unit_price if row else None  # type: ignore[attr-defined]


def shown(call: Call, order: Order) -> OrderOut:
    return OrderOut(
        id=order.pk, number=order.number, customer=order.customer_id, customer_name=customer_name(order, call), outlet=order.outlet_id,
        outlet_name=order.outlet.shown_name, product=order.product_id, product_name=order.product.shown_name, worker=order.worker_id,
        worker_name=order.worker.shown_name if order.worker else "",
        members=[MemberOut(worker=one.pk, worker_name=one.shown_name) for one in order.members], crew=order.product.crew, missing=order.missing, served_from=order.served_from, served_to=order.served_to,
        started_at=order.started_at, finished_at=order.finished_at, amount=order.amount, paid=order.paid, refunded=order.refunded,
        contract_model=order.contract_model, status=order.status, payment=order.payment, satisfaction=order.satisfaction,
    )  # fmt: skip


def revisit_line(_call: Call, row: Revisit) -> RevisitOut:
    return RevisitOut(
        id=row.pk, order=row.order_id, order_number=row.order.number, outlet=row.outlet_id, due_at=row.due_at, status=row.status,
        tries=row.tries, satisfaction=row.satisfaction,
    )  # fmt: skip


def refund_line(_call: Call, row: Refund) -> RefundOut:
    return RefundOut(
        id=row.pk,
        title=row.title,
        unit=row.unit_id,
        amount=row.amount,
        reason=row.reason,
        due_at=row.due_at,
        status=row.status,
    )


def series_line(_call: Call, row: Series) -> SeriesOut:
    return SeriesOut(
        id=row.pk, number=row.number, kind=row.kind, customer=row.customer_id, product=row.product_id, outlet=row.outlet_id,
        weekdays=row.weekdays, every_weeks=row.every_weeks, starts=f"{row.starts:%H:%M}", from_on=row.from_on, to_on=row.to_on,
        generated_to=row.generated_to, status=row.status,
    )  # fmt: skip


def card_line(_call: Call, row: Card) -> CardOut:
    return CardOut(
        id=row.pk, number=row.number, customer=row.customer_id, package=row.package_id, balance=row.balance, expires_on=row.expires_on,
        status=row.status,
    )  # fmt: skip
