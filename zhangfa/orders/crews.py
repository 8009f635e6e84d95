"""Crews as lists and boards ask for them: all in one read, whatever the number of orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from zhangfa.core import compiled
from zhangfa.orders.models import CrewMember, Order
from zhangfa.organisation.models import Person


def with_members(orders: Sequence[Order]) -> None:
    """Tell each of these orders who goes along, in one read."""
    along: dict[int, list[Person]] = {order.pk: [] for order in orders}
    for row in compiled.rows(_along, orders=along):
        along[row.order_id].append(row.worker)
    for order in orders:
        order.members = along[order.pk]


def _along(*, orders: Any) -> Any:
    return CrewMember.objects.filter(order_id__in=orders).select_related("worker").order_by("pk")


def served_by(people: Sequence[int], since: dt.datetime, until: dt.datetime) -> Q:
    """The orders of these days that any of them serves, in charge or along: each way on an index of its own."""
    days = {"served_from__gte": since, "served_from__lt": until, "worker_id__in": list(people)}
    along = CrewMember.objects.filter(**days).values("order_id")
    return Q(pk__in=Order.objects.filter(**days).order_by().values("pk").union(along, all=True))
