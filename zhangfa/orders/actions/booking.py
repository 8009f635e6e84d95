"""Taking an order: price found, time ahead, customer of the outlet; moving and cancelling it (HS-W3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.customers.models import Customer
from zhangfa.customers.rules import refuse_use
from zhangfa.notices.actions import notify
from zhangfa.orders import prices
from zhangfa.orders.actions.dispatch import refuse_sending
from zhangfa.orders.card_rules import refuse_card
from zhangfa.orders.models import Card, CrewMember, Order, Product, Surcharge
from zhangfa.orders.permissions import BOOKERS_EVERYWHERE, book_orders, change_order
from zhangfa.orders.price_rules import refuse_extras, refuse_quantity
from zhangfa.orders.rules import CLAUSE, refuse_booking, refuse_times, span
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person

S = Order.Status


def book(
    *, customer: Customer, product: Product, served_from: dt.datetime, quantity: Decimal, hours: Decimal | None = None,
    surcharges: Sequence[Surcharge] = (), wished_worker: Person | None = None, note: str = "",
    contract_model: str = Order.Contract.EMPLOYEE, card: Card | None = None, by: Actor, at: dt.datetime,
) -> Order:  # fmt: skip
    """Take an order (HS-W3, CS-D1): the price is the list's on the day of service, kept with its lines. Raises `Refused`."""
    outlet = customer.outlet
    served_to = served_from + span(hours or product.hours)
    day, extras = clock.local_date(served_from), [prices.extra_of(extra) for extra in surcharges]
    found = prices.quote(
        product,
        quantity=quantity,
        region_id=outlet.region_id,
        kind=customer.kind,
        day=day,
        extras=surcharges,
        package=card.package if card else None,
    )
    demand(
        [
            *book_orders(by=by, at=at),
            *refuse_use(status=customer.status),
            *refuse_booking(
                served_from=served_from, served_to=served_to, at=at, is_on_sale=product.is_active,
                is_closed=customer.status == Customer.Status.CLOSED,
                is_own=by.is_system or by.holds(*BOOKERS_EVERYWHERE) or by.holds("oa", "sl", unit_id=outlet.pk),
            ),
            *refuse_quantity(quantity=quantity, row=found.row if found else None),
            *refuse_extras(extras, day=day),
            *refuse_card(card_customer=card.customer_id if card else None, customer=customer.pk),
        ]
    )  # fmt: skip
    assert found is not None
    with work():
        # Asked again under the lock: a file that becomes "only kept" at this moment gets no order (PIPL 47).
        demand(refuse_use(status=Customer.objects.lock(customer.pk).status))
        order = Order(
            number=uuid4().hex[:20], customer=customer, outlet=outlet, department_id=outlet.department_id, product=product,
            served_from=served_from, served_to=served_to, quantity=quantity, amount=found.total, price=prices.as_json(found, card.package if card else None), note=note,
            wished_worker=wished_worker, contract_model=contract_model, booked_at=at, booked_by_id=by.person_id,
        )  # fmt: skip
        order.save(force_insert=True)
        order.number = f"D{order.pk:08d}"
        order.save(update_fields=["number"])
        announce(
            "orders.order.booked", order, by=by, at=at, label=_("下单"), clause=CLAUSE, is_new=True,
            codes={
                "customer": customer.pk, "product": product.pk, "outlet": outlet.pk, "amount": order.amount,
                "served_from": served_from, "price": found.row.id,
            },
        )  # fmt: skip
    return order


def _guard_move(order: Order, *, by: Actor, at: dt.datetime, served_from: dt.datetime, hours: Decimal, reason: str) -> Iterator[Refusal]:  # fmt: skip
    served_to = served_from + span(hours)
    yield from refuse_times(served_from=served_from, served_to=served_to, at=at)
    if order.worker is not None:
        for refusal in refuse_sending(order, order.people, at=at, served_from=served_from, served_to=served_to):
            yield Refusal(refusal.code, refusal.text, refusal.params, refusal.clause, "served_from", refusal.who)


@transition(
    Order, sources=[S.PLANNED, S.ASSIGNED], target=None, label=_("改时间"), event="moved", permit=change_order, guard=_guard_move, clause=CLAUSE,
    hint=_("价格不变；已派的人在新的时间也都要有空。"),
)  # fmt: skip
def move(
    order: Order, *, by: Actor, at: dt.datetime, served_from: dt.datetime, hours: Decimal, reason: str
) -> dict[str, Any]:
    """Another hour or day; the price that was agreed stays."""
    order.served_from, order.served_to = served_from, served_from + span(hours)
    if order.worker_id:
        if order.members:
            CrewMember.objects.filter(order_id=order.pk).update(served_from=served_from)
        notify(
            order.people, "orders.moved", {"number": order.number}, at=at, url=order.get_absolute_url(), clause=CLAUSE
        )
    return {"codes": {"served_from": served_from}, "values": {"reason": reason}}


@transition(
    Order, sources=[S.PLANNED, S.ASSIGNED], target=S.CANCELLED, label=_("取消订单"), event="cancelled", permit=change_order, clause=CLAUSE,
    hint=_("已收的款请另行申请退款。"),
)  # fmt: skip
def cancel(order: Order, *, by: Actor, at: dt.datetime, cancelled_for: str, reason: str) -> dict[str, Any]:
    """The service is not given; whoever was sent is told."""
    order.cancelled_for = cancelled_for
    if order.worker_id:
        notify(
            order.people, "orders.cancelled", {"number": order.number}, at=at, url=order.get_absolute_url(), clause=CLAUSE
        )  # fmt: skip
    return {"codes": {"for": cancelled_for}, "values": {"reason": reason}}
