"""What is promised to customers, and whether it is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.care import permissions
from zhangfa.care.models import Promise
from zhangfa.care.rules import VISIT, refuse_promise, refuse_text
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.customers.models import Customer
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.organisation.queries import holder_of, manager_seat_of
from zhangfa.runtime import alarms

S = Promise.Status
ALARM = "care.promise"


def day_of(due_at: dt.datetime) -> str:
    """The day of the company's calendar that the promise is for; 24:00 still belongs to it."""
    return clock.local_date(due_at - dt.timedelta(seconds=1)).isoformat()


def promise(
    customer: Customer, *, text: str, due_at: dt.datetime, owner: Person | None = None, source: str = "", source_title: str = "",
    source_url: str = "", by: Actor, at: dt.datetime,
) -> Promise:  # fmt: skip
    """Write down what was promised; whoever speaks with the customer next reads it."""
    with work():
        demand([*permissions.make_promises(by=by, at=at), *refuse_promise(text=text, due_at=due_at, at=at)])
        responsible = owner.pk if owner else by.person_id
        if responsible is None:
            raise Refused([Refusal("promise.owner", _("请选择兑现责任人。"), {}, VISIT, "owner")])
        row = Promise(
            customer=customer, outlet_id=customer.outlet_id, department_id=customer.department_id, text=text, due_at=due_at, owner_id=responsible,
            made_at=at, made_by_id=by.person_id, source=source, source_title=source_title, source_url=source_url,
        )  # fmt: skip
        row.save()
        alarms.set_alarm(f"promise:{row.pk}", ALARM, due_at)
        announce(
            "care.promise.made", row, by=by, at=at, label=_("登记承诺"), clause=VISIT, is_new=True,
            codes={"customer": customer.pk, "owner": responsible, "due_at": due_at, "source": source}, values={"text": text},
        )  # fmt: skip
        if responsible != by.person_id:
            notify(
                [responsible],
                "care.promised",
                {"day": day_of(due_at)},
                at=at,
                url=row.get_absolute_url(),
                clause=VISIT,
            )
    return row


def _guard(row: Promise, *, by: Actor, at: dt.datetime, result: str) -> Iterator[Refusal]:
    yield from refuse_text(result, "result", VISIT, 4)


def _settle(row: Promise, by: Actor, at: dt.datetime, result: str) -> dict[str, Any]:
    row.settled_at, row.settled_by_id, row.result = at, by.person_id, result
    return {"codes": {"customer": row.customer_id, "is_late": at > row.due_at}, "values": {"result": result}}


@transition(Promise, sources=[S.OPEN], target=S.KEPT, label=_("已兑现"), event="kept", permit=permissions.own_promise, guard=_guard, clause=VISIT)  # fmt: skip
def keep(row: Promise, *, by: Actor, at: dt.datetime, result: str) -> dict[str, Any]:
    """What was promised was done; late stays late."""
    return _settle(row, by, at, result)


@transition(Promise, sources=[S.OPEN], target=S.BROKEN, label=_("没有兑现"), event="broken", permit=permissions.own_promise, guard=_guard, clause=VISIT)  # fmt: skip
def break_it(row: Promise, *, by: Actor, at: dt.datetime, result: str) -> dict[str, Any]:
    """It could not be kept: what the customer was told instead."""
    return _settle(row, by, at, result)


@transition(Promise, sources=[S.OPEN], target=S.RELEASED, label=_("客户同意取消"), event="released", permit=permissions.own_promise, guard=_guard, clause=VISIT)  # fmt: skip
def release(row: Promise, *, by: Actor, at: dt.datetime, result: str) -> dict[str, Any]:
    """The customer no longer wants it."""
    return _settle(row, by, at, result)


@transition(
    Promise,
    sources=[S.OPEN],
    target=None,
    label=_("移交责任人"),
    event="handed_over",
    permit=permissions.own_promise,
    clause=VISIT,
)
def hand_promise(row: Promise, *, by: Actor, at: dt.datetime, owner: Person) -> dict[str, Any]:
    """Somebody else keeps it from now on: for leave and hand-over of a post."""
    row.owner = owner
    notify(
        [owner.pk],
        "care.promised",
        {"day": day_of(row.due_at)},
        at=at,
        url=row.get_absolute_url(),
        clause=VISIT,
    )
    return {"codes": {"owner": owner.pk}}


@alarms.handler(ALARM)
def overdue(alarm: Any, at: dt.datetime) -> None:
    """The hour has come and nobody has said that it was kept: its owner and their manager hear it."""
    row = Promise.objects.select_related("outlet").filter(pk=alarm.subject.partition(":")[2], status=S.OPEN).first()
    if row is None:
        return
    seat = manager_seat_of(row.outlet)
    manager = holder_of(seat, at) if seat else None
    notify([row.owner_id, manager.pk if manager else None], "care.promise_due", {"day": day_of(row.due_at)}, at=at, url=row.get_absolute_url(), clause=VISIT)  # fmt: skip
