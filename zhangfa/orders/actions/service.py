"""At the customer's: photographs, start, finish, work that is not safe, and the call afterwards (HS-W3, CS-W3.2, HS-W1.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from zhangfa.audit.actions import look
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.customers.entries import entry_due
from zhangfa.orders.actions.dispatch import BLOCKS_YELLOW
from zhangfa.orders.crew_rules import refuse_incomplete
from zhangfa.orders.models import Order, Revisit
from zhangfa.orders.permissions import AROUND, is_serving, make_revisits, photograph_order, serve_order, stop_work
from zhangfa.orders.photo_rules import refuse_photos
from zhangfa.orders.queries import first_and_entry
from zhangfa.orders.rules import CLAUSE, owes_revisit, refuse_papers, refuse_revisit, refuse_start
from zhangfa.orders.workers import holders_of_papers, task_of
from zhangfa.organisation.actor import Actor
from zhangfa.policy.queries import value
from zhangfa.records.actions import Prepared, attach_many, concern_many, open_record
from zhangfa.records.models import Attachment, Record

S = Order.Status
SHEET = "FW"
PHOTOS_BEFORE, EARLY, REVISIT_DAYS, REVISIT_SHARE, WHOLE_CREW = (
    "service.photos_before", "service.early_minutes", "revisit.after_service_days", "revisit.share", "dispatch.whole_crew",
)  # fmt: skip


def open_sheet(order: Order, *, by: Actor, at: dt.datetime) -> Record:
    """The paper on which an order's photos hang: opened with the first, for there are millions of orders without."""
    with work():
        locked = Order.objects.lock(order.pk)
        demand(photograph_order(locked, by=by, at=at))
        if locked.status not in (S.ASSIGNED, S.STARTED, S.FINISHED):
            demand([Refusal("order.photos_when", _("派工以后才能拍照。"), {}, CLAUSE)])
        demand(refuse_photos(kind="", ended_at=locked.ended_at, at=at, after=AROUND))
        if locked.sheet is not None:
            return locked.sheet
        record = open_record(
            SHEET, unit=locked.outlet, by=by, at=at, title=locked.number, url=locked.get_absolute_url(), retention="R3"
        )
        concern_many(record, [(person, "worker") for person in locked.people])
        locked.sheet = record
        locked.save(update_fields=["sheet"])
    return record


def add_photos(order: Order, photos: Sequence[Prepared], *, kind: str, by: Actor, at: dt.datetime) -> list[Attachment]:
    """Pictures that were sent together: all of them or none, and one step in the trail."""
    with work():
        return attach_many(open_sheet(order, by=by, at=at), photos, kind=kind, by=by, at=at)


def photos_before(order: Order) -> int:
    """How many pictures were taken before the work."""
    if order.sheet_id is None:
        return 0
    return Attachment.objects.filter(record_id=order.sheet_id, kind=Attachment.Kind.BEFORE, removed_at=None).count()


def _guard_start(order: Order, *, by: Actor, at: dt.datetime, no_photo_reason: str = "") -> Iterator[Refusal]:
    yield from refuse_start(
        served_from=order.served_from, at=at, early=dt.timedelta(minutes=int(value(EARLY, at))), photos=photos_before(order),
        needed=int(value(PHOTOS_BEFORE, at)), reason=no_photo_reason,
    )  # fmt: skip
    if order.worker is not None:
        task, blocks_yellow = task_of(order, served_from=at), bool(value(BLOCKS_YELLOW, at))
        if value(WHOLE_CREW, at):
            yield from refuse_incomplete(missing=order.missing)
        for worker in holders_of_papers([order.worker, *order.members]):
            yield from refuse_papers(worker, task, blocks_yellow=blocks_yellow)


@transition(
    Order, sources=[S.ASSIGNED], target=S.STARTED, label=_("开始服务"), event="started", permit=serve_order, guard=_guard_start, clause=CLAUSE,
)  # fmt: skip
def start(order: Order, *, by: Actor, at: dt.datetime, no_photo_reason: str = "") -> dict[str, Any]:
    """The work begins; from here a visit is measured (CS-W3.2)."""
    order.started_at = at
    codes = {"worker": order.worker_id, "customer": order.customer_id, "late_minutes": _minutes(at - order.served_from)}
    return {"codes": codes, "values": {"no_photo_reason": no_photo_reason} if no_photo_reason else {}}


@transition(
    Order, sources=[S.STARTED], target=S.FINISHED, label=_("完成服务"), event="finished", permit=serve_order, clause=CLAUSE,
)  # fmt: skip
def finish(order: Order, *, by: Actor, at: dt.datetime, remark: str = "") -> dict[str, Any]:
    """The work is done; a first order, and a share of the others, is followed by a call."""
    order.finished_at = at
    served_on = clock.local_date(order.served_to)
    is_first, owes_entry = first_and_entry(order, served_on)
    due_at = None
    if owes_revisit(is_first=is_first, number=order.pk, share=Decimal(value(REVISIT_SHARE, at))):
        due_at = clock.day_end(at + dt.timedelta(days=int(value(REVISIT_DAYS, at))))
        # An order is finished once: nothing stands here yet.
        Revisit.objects.create(order=order, outlet_id=order.outlet_id, department_id=order.department_id, due_at=due_at)
    codes = {
        "worker": order.worker_id,
        "customer": order.customer_id,
        "revisit_due_at": due_at,
        "outlet": order.outlet_id,
        "served_on": served_on.isoformat(),
        "entry_due_at": entry_due(at) if owes_entry else None,
    }
    return {"codes": codes, "values": {"remark": remark} if remark else {}}


@transition(
    Order, sources=[S.ASSIGNED, S.STARTED], target=S.CANCELLED, label=_("现场不安全，停止服务"), event="stopped", permit=stop_work, clause=CLAUSE,
    hint=_("客户要求做危险的事，您可以拒绝；网点会跟进。"),
)  # fmt: skip
def stop_unsafe(order: Order, *, by: Actor, at: dt.datetime, reason: str) -> dict[str, Any]:
    """Nobody is made to do what is dangerous (domain.md H16)."""
    order.cancelled_for = Order.Cancelled.UNSAFE
    return {"codes": {"worker": order.worker_id}, "values": {"reason": reason}}


def record_revisit(
    revisit: Revisit, *, is_reached: bool, satisfaction: int | None = None, note: str = "", by: Actor, at: dt.datetime
) -> Revisit:  # fmt: skip
    """What the customer said after the service; a call that nobody answered stays due (HS-W1.3)."""
    with work():
        order = Order.objects.lock(revisit.order_id)
        revisit = Revisit.objects.select_for_update().get(pk=revisit.pk)
        demand(
            [
                *make_revisits(order, by=by, at=at),
                *refuse_revisit(
                    is_done=revisit.status == Revisit.Status.DONE, is_server=by.is_any_of(set(order.people)), is_reached=is_reached,
                    satisfaction=satisfaction, note=note,
                ),
            ]
        )  # fmt: skip
        if is_reached:
            revisit.status, revisit.done_at, revisit.done_by_id = Revisit.Status.DONE, at, by.person_id
            revisit.satisfaction, revisit.note = satisfaction, note
            order.satisfaction = satisfaction
            order.save(update_fields=["satisfaction"])
        else:
            revisit.tries += 1
        revisit.save()
        announce(
            "orders.revisit.done" if is_reached else "orders.revisit.missed", order, by=by, at=at, clause="HS-W1.3",
            label=_("服务后回访") if is_reached else _("回访未接通"), values={"note": note} if note else {},
            codes={"satisfaction": satisfaction, "is_late": at > revisit.due_at, "worker": order.worker_id},
        )  # fmt: skip
    return revisit


def _minutes(span: dt.timedelta) -> int:
    return int(span.total_seconds() // 60)


def place_of(order: Order, *, by: Actor, at: dt.datetime) -> str:
    """The whole address for the worker who is sent, around the service; the look is kept (domain.md 2.4). Else the compound."""
    customer = order.customer
    if not is_serving(order, by, at) or not customer.address:
        return customer.masked_address
    if by.person_id is not None:
        look(
            person_id=by.person_id,
            record_id=None,
            kind="customer",
            field=f"address:{customer.pk}",
            at=at,
            reason=order.number,
        )
    return f"{customer.compound} {customer.address}".strip()
