"""What a customer pays for an order and what goes back, through finance's books (HS-W3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import transition
from zhangfa.finance import actions as finance
from zhangfa.finance.rules import refuse_receipt
from zhangfa.orders.models import Order
from zhangfa.orders.permissions import ask_refunds, collect_money, pay_refunds
from zhangfa.orders.rules import CLAUSE, payment_for
from zhangfa.organisation.actor import Actor
from zhangfa.policy.queries import value

S = Order.Status
REFUND_DAYS = "refund.pay_days"


def settle_payment(order: Order, *, is_refunding: bool = False) -> None:
    order.payment = payment_for(
        amount=order.amount, paid=order.paid, refunded=order.refunded, is_refunding=is_refunding
    )


def _guard_collect(
    order: Order, *, by: Actor, at: dt.datetime, amount: Decimal, method: str, voucher_no: str = ""
) -> Iterator[Refusal]:
    yield from refuse_receipt(amount=amount, owed=order.owed)


@transition(
    Order, sources=[S.PLANNED, S.ASSIGNED, S.STARTED, S.FINISHED], target=None, label=_("收款"), event="paid", permit=collect_money,
    guard=_guard_collect, clause=CLAUSE, applies=lambda order: order.owed > 0 and order.payment in ("unpaid", "part"),
)  # fmt: skip
def collect(
    order: Order, *, by: Actor, at: dt.datetime, amount: Decimal, method: str, voucher_no: str = ""
) -> dict[str, Any]:
    """Money comes in; under the order's lock never more than is owed."""
    row = finance.receive(
        subject=order.subject, unit_id=order.outlet_id, amount=amount, owed=order.owed, method=method, voucher_no=voucher_no, by=by, at=at
    )  # fmt: skip
    order.paid += amount
    settle_payment(order)
    return {"codes": {"receipt": row.pk, "amount": amount, "method": method}}


@transition(
    Order, sources=[S.PLANNED, S.ASSIGNED, S.STARTED, S.FINISHED, S.CANCELLED], target=None, label=_("申请退款"), event="refund_asked",
    permit=ask_refunds, clause=CLAUSE, applies=lambda order: order.paid > order.refunded and order.payment != "refunding",
)  # fmt: skip
def ask_refund(order: Order, *, by: Actor, at: dt.datetime, amount: Decimal, reason: str) -> dict[str, Any]:
    """Finance is asked to give money back within the company's days."""
    due_at = clock.day_end(at + dt.timedelta(days=int(value(REFUND_DAYS, at))))
    row = finance.ask_refund(
        subject=order.subject, unit_id=order.outlet_id, title=order.number, url=order.get_absolute_url(), amount=amount,
        kept=order.paid - order.refunded, reason=reason, due_at=due_at, by=by, at=at,
    )  # fmt: skip
    settle_payment(order, is_refunding=True)
    return {"codes": {"refund": row.pk, "amount": amount, "due_at": due_at}, "values": {"reason": reason}}


@transition(
    Order, sources=list(S), target=None, label=_("办理退款"), event="refunded", permit=pay_refunds, clause=CLAUSE,
    applies=lambda order: order.payment == "refunding",
)  # fmt: skip
def pay_refund(order: Order, *, by: Actor, at: dt.datetime, method: str, voucher_no: str) -> dict[str, Any]:
    """Finance gives the money back; who asked for it can't."""
    row = finance.decide_refund(subject=order.subject, is_paid=True, method=method, voucher_no=voucher_no, by=by, at=at)
    order.refunded += row.amount
    settle_payment(order)
    return {"codes": {"refund": row.pk, "amount": row.amount, "is_late": at > row.due_at}}


@transition(
    Order, sources=list(S), target=None, label=_("不同意退款"), event="refund_declined", permit=pay_refunds, clause=CLAUSE,
    applies=lambda order: order.payment == "refunding",
)  # fmt: skip
def decline_refund(order: Order, *, by: Actor, at: dt.datetime, reason: str) -> dict[str, Any]:
    """Finance sends the request back with its reason."""
    row = finance.decide_refund(subject=order.subject, is_paid=False, by=by, at=at)
    settle_payment(order)
    return {"codes": {"refund": row.pk, "amount": row.amount}, "values": {"reason": reason}}
