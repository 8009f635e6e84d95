"""The service sheet: the paper on which an order's photos hang, opened with the first of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.orders.actions.service import SHEET
from zhangfa.orders.models import Order
from zhangfa.orders.permissions import AROUND, goes
from zhangfa.orders.photo_rules import refuse_photos
from zhangfa.organisation.actor import Actor
from zhangfa.records.models import Record
from zhangfa.records.registry import Form, forms

OPEN = (Order.Status.ASSIGNED, Order.Status.STARTED, Order.Status.FINISHED)


def is_visible(actor: Actor, record: Record) -> bool:
    """Whoever sees the order sees its pictures."""
    return Order.objects.visible_to(actor).filter(sheet=record).exists()


def may_write(actor: Actor, record: Record) -> bool:
    """Whoever is sent, and the outlet for a worker without a telephone."""
    order = Order.objects.filter(sheet=record, status__in=OPEN).first()
    if order is None or actor.person_id is None:
        return False
    return actor.holds("oa", "sl", unit_id=order.outlet_id) or goes(order, actor)


def refuse_file(record: Record, kind: str, at: dt.datetime) -> Iterator[Refusal]:
    """Pictures of a service end a day after it, by whichever page or program they come."""
    order = Order.objects.filter(sheet=record).first()
    if order is not None:
        yield from refuse_photos(kind=kind, ended_at=order.ended_at, at=at, after=AROUND)


def register() -> None:
    forms.add(Form(SHEET, _("服务单"), visible=is_visible, may_write=may_write, refuse_file=refuse_file))
