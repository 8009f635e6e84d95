"""Coupons and gifts: into stock, out of it with a visit, above the limit only when approved (CS-W3.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from zhangfa.approvals.actions import request_step
from zhangfa.approvals.models import Step
from zhangfa.care import permissions
from zhangfa.care.models import GiftItem, Giving, StockMove, Visit, amount_of
from zhangfa.care.rules import VISIT, needs_approval, refuse_back, refuse_stock, refuse_text
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.policy.queries import value

G, M, S = Giving.Status, StockMove.Kind, Visit.Status
LIMIT, KIND = "gift.max_amount", "care.gift"
OUT = (M.LOST, M.RETURNED)


def add_item(*, kind: str, name: str, value: Decimal, by: Actor, at: dt.datetime) -> GiftItem:
    """A new kind of coupon or gift, with nothing in stock yet."""
    with work():
        demand(permissions.keep_gifts(by=by, at=at))
        if GiftItem.objects.filter(name=name).exists():
            demand([Refusal("gift.name", _("已经有这个名称的礼品。"), {}, VISIT, "name")])
        if value <= 0:
            demand([Refusal("gift.value", _("价值要大于零。"), {}, VISIT, "value")])
        item = GiftItem.objects.create(kind=kind, name=name, value=value)
        announce(
            "care.giftitem.added",
            item,
            by=by,
            at=at,
            label=_("新增礼品"),
            clause=VISIT,
            codes={"value": value},
            is_new=True,
        )
    return item


def stock(item: GiftItem, *, kind: str, count: int, note: str = "", by: Actor, at: dt.datetime) -> GiftItem:
    """Goods come in, or leave stock without a customer; why is written down."""
    with work():
        demand(permissions.keep_gifts(by=by, at=at))
        locked = GiftItem.objects.lock(item.pk)
        if kind in OUT:
            demand([*refuse_stock(on_hand=locked.on_hand, count=count), *refuse_text(note, "note", VISIT, 4)])
        elif count < 1:
            demand(refuse_stock(on_hand=1, count=count))
        _move(locked, kind, -count if kind in OUT else count, by=by, at=at, note=note)
    return locked


def _move(
    item: GiftItem, kind: str, count: int, *, by: Actor, at: dt.datetime, note: str = "", giving: Giving | None = None
) -> None:
    """One line of the ledger, under the item's lock; what lies there is never less than nothing."""
    item.on_hand += count
    item.save(update_fields=["on_hand"])
    StockMove.objects.create(
        item=item, kind=kind, count=count, after=item.on_hand, giving=giving, at=at, by_id=by.person_id, note=note
    )
    announce(
        "care.giftitem.moved", item, by=by, at=at, label=_("礼品出入库"), clause=VISIT,
        codes={"kind": kind, "count": count, "after": item.on_hand, "visit": giving.visit_id if giving else None},
    )  # fmt: skip


def _guard_give(
    visit: Visit, *, by: Actor, at: dt.datetime, item: GiftItem, count: int, number: str = ""
) -> Iterator[Refusal]:
    if not item.is_active:
        yield Refusal("gift.inactive", _("这种礼品已停用。"), {}, VISIT, "item")
    yield from refuse_stock(on_hand=GiftItem.objects.lock(item.pk).on_hand, count=count)


@transition(
    Visit, sources=[S.ARRIVED, S.RETURNED], target=None, label=_("赠送优惠券或礼品"), event="gave", permit=permissions.own_visit, guard=_guard_give,
    clause=VISIT,
)  # fmt: skip
def give(visit: Visit, *, by: Actor, at: dt.datetime, item: GiftItem, count: int, number: str = "") -> dict[str, Any]:
    """Leave something with the customer; what a visit leaves above the limit waits for the manager of the centre."""
    locked = GiftItem.objects.lock(item.pk)
    amount = locked.value * count
    given = amount_of(visit.givings.all())
    limit: Decimal = value(LIMIT, at)
    waits = needs_approval(given=given, more=amount, limit=limit)
    row = Giving.objects.create(
        visit=visit, item=locked, count=count, amount=amount, number=number, asked_at=at, asked_by_id=by.person_id,
        status=G.WAITING if waits else G.GIVEN,
    )  # fmt: skip
    if waits:
        request_step(
            visit.record, kind=KIND, authority="cs", unit=visit.outlet, by=by, at=at, applicant_person_id=by.person_id, clause=VISIT,
            amount=given + amount, policy=[LIMIT], facts={"giving": row.pk, "given": given, "more": amount, "limit": limit},
        )  # fmt: skip
    else:
        _move(locked, M.GIVEN, -count, by=by, at=at, giving=row)
    return {"codes": {"item": locked.pk, "count": count, "amount": amount, "waits": waits}}


def _guard_back(
    visit: Visit, *, by: Actor, at: dt.datetime, giving: Giving, count: int, reason: str
) -> Iterator[Refusal]:
    row = visit.givings.select_for_update().filter(pk=giving.pk).first()
    if row is None or row.status != G.GIVEN:
        yield Refusal("gift.not_given", _("这次访问没有送出这件礼品。"), {}, VISIT, "giving")
    else:
        yield from refuse_back(given=row.count, count=count)
    yield from refuse_text(reason, "reason", VISIT, 4)


@transition(
    Visit, sources=[S.ARRIVED, S.RETURNED, S.WRITTEN], target=None, label=_("收回礼品"), event="took_back", permit=permissions.own_visit,
    guard=_guard_back, clause=VISIT, applies=lambda visit: visit.has_gifts,
)  # fmt: skip
def take_back(visit: Visit, *, by: Actor, at: dt.datetime, giving: Giving, count: int, reason: str) -> dict[str, Any]:
    """The customer gave it back, or it was written down by mistake: it lies in stock again and no longer counts for the limit."""
    row = Giving.objects.select_for_update().get(pk=giving.pk)
    item = GiftItem.objects.lock(row.item_id)
    each = row.amount / row.count
    row.count, row.returned, row.amount = row.count - count, row.returned + count, each * (row.count - count)
    row.status = G.GIVEN if row.count else G.BACK
    row.save(update_fields=["count", "returned", "amount", "status"])
    _move(item, M.BACK, count, by=by, at=at, giving=row, note=reason)
    return {"codes": {"item": item.pk, "count": count, "giving": row.pk}, "values": {"reason": reason}}


def decided(step: Step, *, by: Any, at: dt.datetime) -> None:
    """What follows the decision, in its transaction: the gift leaves stock, or is not given."""
    row = (
        Giving.objects.select_for_update()
        .select_related("visit")
        .filter(pk=step.facts["giving"], status=G.WAITING)
        .first()
    )
    if row is None:
        return
    if step.state == Step.State.AGREED:
        item = GiftItem.objects.lock(row.item_id)
        demand(refuse_stock(on_hand=item.on_hand, count=row.count))
        row.status = G.GIVEN
        row.save(update_fields=["status"])
        _move(item, M.GIVEN, -row.count, by=by, at=at, giving=row)
    else:
        row.status = G.REFUSED
        row.save(update_fields=["status"])
    notify([row.asked_by_id], f"care.gift_{row.status}", {"number": row.visit.record.number or ""}, at=at, url=row.visit.get_absolute_url(), clause=VISIT)  # fmt: skip
