"""Sending more people along with whoever is in charge: the same locks and the same reasons why not (HS-W3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import transition
from zhangfa.notices.actions import notify
from zhangfa.orders.actions.dispatch import refuse_sending
from zhangfa.orders.crew_rules import refuse_member, refuse_removal
from zhangfa.orders.models import CrewMember, Order
from zhangfa.orders.permissions import dispatch_orders
from zhangfa.orders.rules import CLAUSE
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.records.actions import concern, release

S = Order.Status


def _guard_add(order: Order, *, by: Actor, at: dt.datetime, worker: Person) -> Iterator[Refusal]:
    known = list(
        refuse_member(
            worker=worker.pk, name=worker.shown_name, lead=order.worker_id, members=[one.pk for one in order.members]
        )
    )
    yield from known or refuse_sending(order, [worker.pk], at=at)


@transition(
    Order, sources=[S.ASSIGNED, S.STARTED], target=None, label=_("加派组员"), event="member_added", permit=dispatch_orders, guard=_guard_add,
    clause=CLAUSE, hint=_("组员和负责人一起上门；开始和完成由负责人办理。"),
)  # fmt: skip
def add_member(order: Order, *, by: Actor, at: dt.datetime, worker: Person) -> dict[str, Any]:
    """Somebody goes along with whoever is in charge."""
    CrewMember.objects.create(
        order=order, worker=worker, served_from=order.served_from, joined_at=at, joined_by_id=by.person_id
    )
    order.members = [*order.members, worker]
    if order.sheet is not None:
        concern(order.sheet, worker.pk, "worker")
    facts = {"number": order.number, "name": order.worker.shown_name if order.worker else ""}
    notify([worker.pk], "orders.joined", facts, at=at, url=order.get_absolute_url(), clause=CLAUSE)
    return {"codes": {"member": worker.pk, "worker": order.worker_id, "served_from": order.served_from}}


def _guard_remove(order: Order, *, by: Actor, at: dt.datetime, worker: Person, reason: str) -> Iterator[Refusal]:
    members = [one.pk for one in order.members]
    yield from refuse_removal(worker=worker.pk, name=worker.shown_name, members=members)


@transition(
    Order, sources=[S.ASSIGNED, S.STARTED], target=None, label=_("撤下组员"), event="member_removed", permit=dispatch_orders, guard=_guard_remove,
    clause=CLAUSE, applies=lambda order: bool(order.members),
)  # fmt: skip
def remove_member(order: Order, *, by: Actor, at: dt.datetime, worker: Person, reason: str) -> dict[str, Any]:
    """Somebody doesn't go along after all; the others stay."""
    CrewMember.objects.filter(order_id=order.pk, worker=worker).delete()
    order.members = [one for one in order.members if one.pk != worker.pk]
    if order.sheet is not None:
        release(order.sheet, worker.pk, "worker")
    notify([worker.pk], "orders.taken_off", {"number": order.number}, at=at, url="/orders/mine/", clause=CLAUSE)
    return {"codes": {"member": worker.pk}, "values": {"reason": reason}}
