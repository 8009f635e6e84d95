"""Sending a worker out: under the worker's lock, with every reason why not (HS-W3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from zhangfa.audit.models import Event
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import transition
from zhangfa.notices.actions import notify
from zhangfa.orders.models import CrewMember, Order
from zhangfa.orders.permissions import dispatch_orders
from zhangfa.orders.rules import CLAUSE, refuse_worker
from zhangfa.orders.workers import lock_workers, task_of, workers_for
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.policy.queries import value
from zhangfa.records.actions import concern, release

S = Order.Status
NOBODY = 0
CHANGES = ("orders.order.assigned", "orders.order.unassigned")
BLOCKS_YELLOW = "dispatch.block_yellow"


def refuse_sending(
    order: Order, people: Sequence[int], *, at: dt.datetime, served_from: dt.datetime | None = None, served_to: dt.datetime | None = None
) -> Iterator[Refusal]:  # fmt: skip
    """What stands in the way, read under the workers' locks: what another dispatcher just took is seen here."""
    locked = lock_workers(people)
    if len(locked) < len(people):
        yield Refusal("dispatch.seat", _("%(name)s 当天不在本部门的服务员岗位上。"), {"name": ""}, CLAUSE, "worker")
        return
    task, blocks_yellow = task_of(order, served_from=served_from, served_to=served_to), bool(value(BLOCKS_YELLOW, at))
    for worker in workers_for(locked, task, besides=order.pk):
        yield from refuse_worker(worker, task, blocks_yellow=blocks_yellow)


def _guard_assign(order: Order, *, by: Actor, at: dt.datetime, worker: Person, seen: int = NOBODY) -> Iterator[Refusal]:
    if order.worker_id == worker.pk:
        facts = {"name": worker.shown_name}
        yield Refusal("dispatch.same", _("这张订单已经派给%(name)s。"), facts, CLAUSE, "worker")
    elif seen != (order.worker_id or NOBODY):
        yield _changed_meanwhile(order)
    else:
        yield from refuse_sending(order, [worker.pk], at=at)


def _changed_meanwhile(order: Order) -> Refusal:
    """Another dispatcher was first: who it was and whom they sent."""
    last = Event.objects.filter(chain=f"orders.order:{order.pk}", name__in=CHANGES).order_by("-n").first()
    who = Person.objects.filter(pk=last.person_id).first() if last and last.person_id else None
    facts = {"who": who.shown_name if who else "", "name": order.worker.shown_name if order.worker else ""}
    if order.worker is None:
        text = _("您打开以后，%(who)s已撤回这张订单的派工。请再看一遍；仍要派工的，再点一次。")
    else:
        text = _("您打开以后，%(who)s已把这张订单派给%(name)s。请再看一遍；仍要改派的，再点一次。")
    return Refusal("dispatch.meanwhile", text, facts, CLAUSE, "worker")


@transition(
    Order, sources=[S.PLANNED, S.ASSIGNED], target=S.ASSIGNED, label=_("派工"), event="assigned", permit=dispatch_orders, guard=_guard_assign,
    clause=CLAUSE,
)  # fmt: skip
def assign(order: Order, *, by: Actor, at: dt.datetime, worker: Person, seen: int = NOBODY) -> dict[str, Any]:
    """A worker is sent; who was to go before is told. `seen` is whom the dispatcher saw on the order, 0 nobody: no choice is undone unseen."""
    before, order.worker = order.worker_id, worker
    was_along = False
    if before is not None:
        # Whoever went along and is in charge now goes once; the others stay with the order.
        was_along = bool(CrewMember.objects.filter(order_id=order.pk, worker=worker).delete()[0])
        order.__dict__.pop("members", None)
    if order.sheet is not None:
        release(order.sheet, before, "worker")
        concern(order.sheet, worker.pk, "worker")
    url, facts = order.get_absolute_url(), {"number": order.number}
    notify([worker.pk], "orders.assigned", facts, at=at, url=url, clause=CLAUSE)
    notify([before], "orders.unassigned", facts, at=at, url=url, clause=CLAUSE)
    codes = {"worker": worker.pk, "before": before, "served_from": order.served_from}
    # Of a crew that changes inside the trail says both: who leads now, and that they no longer merely go along.
    return {"codes": {**codes, "member": worker.pk} if was_along else codes}


@transition(
    Order, sources=[S.ASSIGNED], target=S.PLANNED, label=_("撤回派工"), event="unassigned", permit=dispatch_orders, clause=CLAUSE,
)  # fmt: skip
def unassign(order: Order, *, by: Actor, at: dt.datetime, reason: str) -> dict[str, Any]:
    """Nobody goes for now, along neither."""
    before, order.worker = order.people, None
    CrewMember.objects.filter(order_id=order.pk).delete()
    order.members = []
    if order.sheet is not None:
        for person in before:
            release(order.sheet, person, "worker")
    notify(before, "orders.unassigned", {"number": order.number}, at=at, url=order.get_absolute_url(), clause=CLAUSE)
    return {"codes": {"before": before[0], "members": before[1:]}, "values": {"reason": reason}}
