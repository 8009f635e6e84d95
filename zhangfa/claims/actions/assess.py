"""Assessment: damaged items, market prices with their source, shares, exclusions (CC-W1.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from zhangfa.claims.actions.survey import found_otherwise, tell_line
from zhangfa.claims.models import Case, DamagedItem, PriceCheck
from zhangfa.claims.permissions import handler_for
from zhangfa.claims.queries import limits_at
from zhangfa.claims.rules import Shares, item_loss, payable, refuse_prices, refuse_shares
from zhangfa.core.decisions import Refusal
from zhangfa.core.money import ZERO, yuan
from zhangfa.core.text import _
from zhangfa.core.transitions import transition
from zhangfa.core.work import held
from zhangfa.organisation.actor import Actor

S = Case.Status
BEFORE_ASSESSED = [S.ARRIVED, S.SURVEYED, S.REGISTERED, S.ASSESSED]

# Each exclusion is asked and answered by itself (CC-W1.4); "yes" needs a note and is weighed in the shares.
EXCLUSIONS = {
    "old_damage": _("损坏在服务前就已存在吗？"),
    "customer_order": _("是客户不听劝告、坚持要求的做法造成的吗？"),
    "undeclared": _("是客户未事先告知的贵重或易损物品吗？"),
    "outside_service": _("发生在约定服务的内容或时间之外吗？"),
    "item_defect": _("是物品自身缺陷或老化造成的吗？"),
    "no_trace": _("损坏与服务之间缺少可见的因果关系吗？"),
}


@transition(
    Case, sources=BEFORE_ASSESSED, target=None, label=_("登记被损物"), event="item_added", permit=handler_for("CC-W1.3"), clause="CC-W1.3",
    applies=lambda case: case.is_accident,
)  # fmt: skip
def add_item(case: Case, *, by: Actor, at: dt.datetime, **values: Any) -> dict[str, Any]:
    """One damaged object as it was found."""
    item = DamagedItem.objects.create(case=case, **values)
    found_otherwise(case)
    return {"codes": {"item": item.pk}, "values": {"name": item.name}}


def _item(case: Case, item: int) -> DamagedItem | None:
    """One of the case's objects, read once under the case's lock."""
    return held(("item", case.pk, item), lambda: case.items.filter(pk=item).first())


def _guard_item(case: Case, *, item: int, **_values: Any) -> Iterator[Refusal]:
    if _item(case, item) is None:
        yield Refusal("item.unknown", _("找不到这件被损物。"), {}, "CC-W1.4", "item")


@transition(
    Case, sources=[S.ARRIVED, S.SURVEYED], target=None, label=_("删除被损物"), event="item_dropped", permit=handler_for("CC-W1.3"),
    guard=_guard_item, clause="CC-W1.3",
)  # fmt: skip
def drop_item(case: Case, *, by: Actor, at: dt.datetime, item: int) -> dict[str, Any]:
    """An entry made by mistake goes; the trail keeps it."""
    found = _item(case, item)
    assert found is not None
    found.prices.all().delete()
    found.delete()
    found_otherwise(case)
    return {"codes": {"item": item}, "values": {"name": found.name}}


def _guard_price(
    case: Case, *, by: Actor, at: dt.datetime, item: int, price: Decimal, **_rest: Any
) -> Iterator[Refusal]:
    yield from _guard_item(case, item=item)
    if price <= ZERO:
        yield Refusal("price.positive", _("市价必须大于零。"), {}, "CC-W1.4", "price")


@transition(
    Case, sources=BEFORE_ASSESSED, target=None, label=_("核实市价"), event="price_checked", permit=handler_for("CC-W1.4"),
    guard=_guard_price, clause="CC-W1.4", applies=lambda case: case.is_accident,
)  # fmt: skip
def add_price(case: Case, *, by: Actor, at: dt.datetime, item: int, source: str, seller: str, model: str, price: Decimal, proof_id: Any = None) -> dict[str, Any]:  # fmt: skip
    """A market price with where it can be bought, seen by whom and when."""
    check = PriceCheck.objects.create(
        item_id=item,
        source=source,
        seller=seller,
        model=model,
        price=price,
        checked_by_id=by.person_id,
        checked_at=at,
        proof_id=proof_id,
    )
    return {"codes": {"price": check.pk}, "values": {"seller": seller, "price": price}}


def _guard_value(case: Case, *, by: Actor, at: dt.datetime, item: int, market_price: Decimal, depreciation_pct: Decimal, repair_price: Decimal | None = None) -> Iterator[Refusal]:  # fmt: skip
    yield from _guard_item(case, item=item)
    if not 0 <= depreciation_pct <= 100:
        yield Refusal("item.depreciation", _("折旧率为 0 到 100。"), {}, "CC-W1.4", "depreciation_pct")
    found = _item(case, item)
    if found:
        loss = item_loss(
            market_price=market_price,
            count=found.count,
            depreciation_pct=depreciation_pct,
            repair_price=repair_price,
            is_total=found.is_total,
        )
        yield from refuse_prices([p.price for p in found.prices.all()], loss=loss, limits=limits_at(case.reported_at))


@transition(
    Case, sources=[S.REGISTERED, S.ASSESSED], target=None, label=_("认定价值"), event="item_valued", permit=handler_for("CC-W1.4"),
    guard=_guard_value, clause="CC-W1.4", applies=lambda case: case.is_accident,
)  # fmt: skip
def value_item(case: Case, *, by: Actor, at: dt.datetime, item: int, market_price: Decimal, depreciation_pct: Decimal, repair_price: Decimal | None = None) -> dict[str, Any]:  # fmt: skip
    """The item's loss: market price at the time, less depreciation, or the repair (Civil Code 1184)."""
    found = _item(case, item)
    assert found is not None
    found.market_price, found.depreciation_pct, found.repair_price = market_price, depreciation_pct, repair_price
    found.loss = item_loss(
        market_price=market_price,
        count=found.count,
        depreciation_pct=depreciation_pct,
        repair_price=repair_price,
        is_total=found.is_total,
    )
    found.save()
    return {"codes": {"item": item}, "values": {"loss": found.loss}}


def _guard_assess(
    case: Case, *, by: Actor, at: dt.datetime, company_pct: Decimal, worker_pct: Decimal, customer_pct: Decimal, third_party_pct: Decimal,
    liability_basis: str, exclusions: Sequence[dict[str, Any]], other_loss: Decimal = ZERO,
) -> Iterator[Refusal]:  # fmt: skip
    yield from refuse_shares(Shares(company_pct, worker_pct, customer_pct, third_party_pct), guarantee=case.guarantee)
    answers = {answer["code"]: answer for answer in exclusions}
    for code in EXCLUSIONS:
        answer = answers.get(code)
        if answer is None or answer.get("answer") not in ("yes", "no"):
            yield Refusal("exclusion.unanswered", _("免责情形须逐项回答。"), {}, "CC-W1.4", f"exclusion_{code}")
        elif answer["answer"] == "yes" and not str(answer.get("note", "")).strip():
            yield Refusal("exclusion.note", _("回答“是”的须写明事实。"), {}, "CC-W1.4", f"exclusion_{code}_note")
    if len(liability_basis.strip()) < 5:
        yield Refusal("shares.basis", _("请写明责任划分的依据（不少于 5 个字）。"), {}, "CC-W1.4", "liability_basis")
    items = list(case.items.all())
    for item in items:
        if item.loss is None:
            yield Refusal("item.unvalued", _("被损物“%(name)s”尚未认定价值。"), {"name": item.name}, "CC-W1.4")
    if not items and case.guarantee == Case.Guarantee.PROPERTY:
        yield Refusal("assess.items", _("请先登记被损物。"), {}, "CC-W1.4")
    if other_loss < ZERO:
        yield Refusal("assess.other", _("金额不能为负数。"), {}, "CC-W1.4", "other_loss")


@transition(
    Case, sources=[S.REGISTERED, S.ASSESSED], target=S.ASSESSED, label=_("损失与责任认定"), event="assessed", permit=handler_for("CC-W1.4"),
    guard=_guard_assess, clause="CC-W1.4", hint=_("责任比例合计必须为 100%，免责情形逐项回答。"),
    applies=lambda case: case.is_accident,
)  # fmt: skip
def assess(
    case: Case, *, by: Actor, at: dt.datetime, company_pct: Decimal, worker_pct: Decimal, customer_pct: Decimal, third_party_pct: Decimal,
    liability_basis: str, exclusions: Sequence[dict[str, Any]], other_loss: Decimal = ZERO,
) -> dict[str, Any]:  # fmt: skip
    """Loss and responsibility are established; `other_loss` holds medical and other costs beside objects, CNY."""
    shares = Shares(company_pct, worker_pct, customer_pct, third_party_pct)
    case.company_pct, case.worker_pct, case.customer_pct, case.third_party_pct = (
        company_pct,
        worker_pct,
        customer_pct,
        third_party_pct,
    )
    case.liability_basis, case.exclusions = liability_basis, list(exclusions)
    case.assessed_loss = yuan(sum((item.loss or ZERO for item in case.items.all()), ZERO) + other_loss)
    case.payable, case.assessed_at = payable(case.assessed_loss, shares), at
    tell_line(case, "claims.assessed", at=at, by=by, loss=str(case.assessed_loss))
    return {"codes": {"loss": case.assessed_loss, "payable": case.payable}}
