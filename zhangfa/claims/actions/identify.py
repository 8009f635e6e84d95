"""Who it was about: customer, order and the person responsible, where the call could not say (CC-W1.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.claims.actions.paying import signers_of
from zhangfa.claims.models import LIVE, Case, Settlement
from zhangfa.claims.permissions import handler_or
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import transition
from zhangfa.customers.models import Customer
from zhangfa.orders.models import Order
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.records.actions import ask_signatures, concern, release, void_signatures

S = Case.Status


def _named(
    case: Case, customer: Customer | None, order: Order | None, worker: Person | None
) -> tuple[Customer | None, Order | None, Person | None]:
    """Customer, order and person as they stand afterwards; an order brings its customer and worker along."""
    order = order or case.order
    customer = customer or (order.customer if order and case.customer_id is None else case.customer)
    return customer, order, worker or case.worker or (order.worker if order else None)


def _guard_identify(
    case: Case, *, by: Actor, at: dt.datetime, customer: Customer | None = None, order: Order | None = None,
    worker: Person | None = None, reason: str = "",
) -> Iterator[Refusal]:  # fmt: skip
    if customer is None and order is None and worker is None:
        yield Refusal("case.nothing_named", _("请填写客户、订单或责任人。"), {}, "CC-W1.3", "worker")
        return
    who, what, person = _named(case, customer, order, worker)
    if who and what and what.customer_id != who.pk:
        yield Refusal("case.order", _("订单不属于所选客户。"), {}, "CC-W1.1", "order")
    if who and who.pk != case.customer_id and case.settlements.filter(status__in=LIVE).exists():
        # The sum of the customer's days was read when the plan was handed in (CC-W1.5).
        text = _("已有办理中的理赔方案，不能再改客户；请先撤回方案。")
        yield Refusal("case.customer_fixed", text, {}, "CC-W1.5", "customer")
    if person and person.pk == case.handler_id:
        yield Refusal(
            "case.worker_handler", _("经办人自己是责任人的，请客服中心经理改派。"), {}, "CC-D3", "worker", ("cs",)
        )
    changes = (
        case.worker_id and person and person.pk != case.worker_id,
        case.customer_id and who and who.pk != case.customer_id,
        case.order_id and what and what.pk != case.order_id,
    )
    if any(changes) and len(reason.strip()) < 5:
        yield Refusal(
            "case.rename_reason",
            _("改动已登记的客户、订单或责任人，请写明原因（不少于 5 个字）。"),
            {},
            "X-3",
            "reason",
        )


@transition(
    Case, sources=[S.ALERTED, S.ACCEPTED, S.ARRIVED, S.SURVEYED, S.REGISTERED, S.ANSWERING, S.ASSESSED, S.SETTLING, S.SETTLED],
    target=None, label=_("补登客户与责任人"), event="identified", permit=handler_or("CC-W1.3", "cs"), guard=_guard_identify, clause="CC-W1.3",
    hint=_("来电时不清楚的客户、订单和责任人，在这里补登。"),
)  # fmt: skip
def identify(
    case: Case, *, by: Actor, at: dt.datetime, customer: Customer | None = None, order: Order | None = None,
    worker: Person | None = None, reason: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Name the customer, the order and the person responsible; a filled form goes round for its signatures anew."""
    former = case.worker_id
    case.customer, case.order, case.worker = _named(case, customer, order, worker)
    if case.order is not None:
        case.contract_model = case.order.contract_model
    if case.worker_id is not None and case.worker_id != former:
        concern(case.record, case.worker_id, "worker")
        _ask_anew(case, by=by, at=at)
        release(case.record, former, "worker")
    return {
        "codes": {"customer": case.customer_id, "order": case.order_id, "former": former, "worker": case.worker_id},
        "values": {"reason": reason},
    }


def _ask_anew(case: Case, *, by: Actor, at: dt.datetime) -> None:
    """Who signs as the one responsible is another now; whoever has signed before signed another paper (CC-W1.7)."""
    rows = case.settlements.filter(status=Settlement.Status.ACCEPTED, record__number__isnull=False)
    for settlement in rows.select_related("record"):
        signers = signers_of(case, at)
        void_signatures(settlement.record, by=by, at=at)
        ask_signatures(settlement.record, signers, by=by, at=at)
