"""Selling, loading, using, extending and returning prepaid cards; every sum under the card's lock (HS-W3, domain.md C20)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.money import ZERO
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.customers.models import Customer
from zhangfa.customers.rules import refuse_use as refuse_file
from zhangfa.finance import actions as finance
from zhangfa.orders.actions.money import settle_payment
from zhangfa.orders.card_rules import CLAUSE, Caps, is_over, refuse_load, refuse_longer, refuse_use
from zhangfa.orders.models import Card, CardEntry, Order, Package
from zhangfa.orders.permissions import ask_refunds, collect_money, pay_refunds, sell_cards
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Unit
from zhangfa.policy.queries import value

S, K = Card.Status, CardEntry.Kind
CAPS = ("card.named_max", "card.unnamed_max")
REFUND_DAYS, VALID_MONTHS = "card.refund_days", "card.valid_months"
MONTH = dt.timedelta(days=31)


def caps_at(at: dt.datetime) -> Caps:
    return Caps(*(value(key, at) for key in CAPS))


def sell_card(
    *, outlet: Unit, amount: Decimal | None = None, customer: Customer | None = None, package: Package | None = None, method: str,
    voucher_no: str = "", by: Actor, at: dt.datetime,
) -> Card:  # fmt: skip
    """Sell a card: named where a customer stands on it; a package has its own price. Raises `Refused`."""
    amount = package.price if package else amount or ZERO
    months = package.months if package else int(value(VALID_MONTHS, at))
    with work():
        card = Card(
            number=uuid4().hex[:20], customer=customer, outlet=outlet, department_id=outlet.department_id, package=package, sold_at=at,
            sold_by_id=by.person_id, expires_on=clock.local_date(at) + months * MONTH,
        )  # fmt: skip
        demand(sell_cards(card, by=by, at=at))
        demand(refuse_file(status=Customer.objects.lock(customer.pk).status) if customer else ())
        demand(refuse_load(amount=amount, balance=ZERO, is_named=customer is not None, caps=caps_at(at)))
        card.save(force_insert=True)
        card.number = f"C{card.pk:07d}"
        _move(card, K.LOAD, amount, by=by, at=at)
        card.save()
        _receive(card, amount, method, voucher_no, by=by, at=at)
        announce(
            "orders.card.sold", card, by=by, at=at, label=_("售卡"), clause=CLAUSE, is_new=True,
            codes={"amount": amount, "package": package.pk if package else None, "is_named": customer is not None},
        )  # fmt: skip
    return card


def _move(card: Card, kind: str, amount: Decimal, *, by: Actor, at: dt.datetime, order: Order | None = None) -> None:
    card.balance += amount
    CardEntry.objects.create(
        card=card, kind=kind, amount=amount, balance=card.balance, order=order, at=at, by_id=by.person_id
    )


def _receive(card: Card, amount: Decimal, method: str, voucher_no: str, *, by: Actor, at: dt.datetime) -> None:
    finance.receive(
        subject=card.subject, unit_id=card.outlet_id, amount=amount, owed=amount, method=method, voucher_no=voucher_no, by=by, at=at
    )  # fmt: skip


def _guard_load(card: Card, *, by: Actor, at: dt.datetime, amount: Decimal, **_rest: Any) -> Iterator[Refusal]:
    if card.customer is not None:
        # The card's lock comes after the file's: no lock is taken here, and what slips in keeps the file until it is paid back.
        yield from refuse_file(status=card.customer.status)
    expired_on = card.expires_on if is_over(expires_on=card.expires_on, today=clock.local_date(at)) else None
    yield from refuse_load(
        amount=amount, balance=card.balance, is_named=card.customer_id is not None, caps=caps_at(at), expired_on=expired_on
    )  # fmt: skip


@transition(
    Card, sources=[S.ACTIVE], target=None, label=_("充值"), event="loaded", permit=sell_cards, guard=_guard_load, clause=CLAUSE,
    applies=lambda card: card.package_id is None,
)  # fmt: skip
def load_card(
    card: Card, *, by: Actor, at: dt.datetime, amount: Decimal, method: str, voucher_no: str = ""
) -> dict[str, Any]:
    """More money on the card, up to the cap."""
    _move(card, K.LOAD, amount, by=by, at=at)
    _receive(card, amount, method, voucher_no, by=by, at=at)
    return {"codes": {"amount": amount, "method": method}}


def _guard_longer(card: Card, *, by: Actor, at: dt.datetime, until: dt.date) -> Iterator[Refusal]:
    yield from refuse_longer(until=until, expires_on=card.expires_on, today=clock.local_date(at))


@transition(
    Card, sources=[S.ACTIVE], target=None, label=_("延期"), event="extended", permit=sell_cards, guard=_guard_longer, clause=CLAUSE,
)  # fmt: skip
def extend_card(card: Card, *, by: Actor, at: dt.datetime, until: dt.date) -> dict[str, Any]:
    """What is left may be used longer."""
    card.expires_on = until
    return {"codes": {"until": until}}


@transition(
    Card, sources=[S.ACTIVE], target=S.REFUNDING, label=_("申请退卡"), event="refund_asked", permit=ask_refunds, clause=CLAUSE,
    hint=_("余额全部退给客户，卡停用。"), applies=lambda card: card.balance > 0,
)  # fmt: skip
def ask_card_refund(card: Card, *, by: Actor, at: dt.datetime, reason: str) -> dict[str, Any]:
    """The whole balance goes back within the law's days, also of an expired card (C20)."""
    due_at = clock.day_end(at + dt.timedelta(days=int(value(REFUND_DAYS, at))))
    row = finance.ask_refund(
        subject=card.subject, unit_id=card.outlet_id, title=card.number, url=card.get_absolute_url(), amount=card.balance, kept=card.balance,
        reason=reason, due_at=due_at, by=by, at=at,
    )  # fmt: skip
    return {"codes": {"refund": row.pk, "amount": row.amount, "due_at": due_at}, "values": {"reason": reason}}


@transition(
    Card, sources=[S.REFUNDING], target=S.CLOSED, label=_("办理退卡"), event="refunded", permit=pay_refunds, clause=CLAUSE,
)  # fmt: skip
def pay_card_refund(card: Card, *, by: Actor, at: dt.datetime, method: str, voucher_no: str) -> dict[str, Any]:
    """Finance gives the balance back; who asked for it can't."""
    row = finance.decide_refund(subject=card.subject, is_paid=True, method=method, voucher_no=voucher_no, by=by, at=at)
    _move(card, K.BACK, -row.amount, by=by, at=at)
    return {"codes": {"refund": row.pk, "amount": row.amount, "is_late": at > row.due_at}}


def _guard_card(order: Order, *, by: Actor, at: dt.datetime, card: Card) -> Iterator[Refusal]:
    locked = Card.objects.lock(card.pk)
    yield from refuse_use(
        amount=order.owed, balance=locked.balance, is_active=locked.status == S.ACTIVE, expires_on=locked.expires_on,
        today=clock.local_date(at), is_own=locked.customer_id in (None, order.customer_id),
    )  # fmt: skip


@transition(
    Order, sources=[Order.Status.PLANNED, Order.Status.ASSIGNED, Order.Status.STARTED, Order.Status.FINISHED], target=None, label=_("刷卡"),
    event="card_used", permit=collect_money, guard=_guard_card, clause=CLAUSE,
    applies=lambda order: order.owed > 0 and order.payment in ("unpaid", "part"),
)  # fmt: skip
def use_card(order: Order, *, by: Actor, at: dt.datetime, card: Card) -> dict[str, Any]:
    """The card pays what is owed; order first, card second, so that two orders never wait for each other."""
    locked, amount = Card.objects.lock(card.pk), order.owed
    _move(locked, K.USE, -amount, by=by, at=at, order=order)
    locked.version += 1
    locked.save(update_fields=["balance", "version"])
    row = finance.receive(
        subject=order.subject, unit_id=order.outlet_id, amount=amount, owed=amount, method="card", voucher_no=locked.number, by=by, at=at
    )  # fmt: skip
    order.paid += amount
    settle_payment(order)
    return {"codes": {"receipt": row.pk, "card": locked.pk, "amount": amount}}
