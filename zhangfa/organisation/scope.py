"""Rows that belong to an outlet, as the posts above and in it see them: each way on an index of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Seat

BY_DEPARTMENT = ("hs", "ls")
BY_OUTLET = ("oa", "sl")


def by_place(rows: Any, actor: Actor, *, unit: str = "outlet_id") -> list[Any]:
    """Those of the actor's departments, and those of the actor's outlets and of the outlets whose managers report to them."""
    departments = [seat.department_id or seat.unit_id for seat in actor.seats if seat.post in BY_DEPARTMENT]
    outlets = [seat.unit_id for seat in actor.seats if seat.post in BY_OUTLET]
    supervised = [seat.id for seat in actor.seats if seat.post == "sup"]
    if supervised:
        below = Seat.objects.filter(reports_to_id__in=supervised, is_active=True)
        outlets += below.values_list("unit_id", flat=True)
    found = []
    if departments:
        found.append(rows.filter(department_id__in=departments))
    if outlets:
        found.append(rows.filter(**{f"{unit}__in": outlets}))
    return found


def united(rows: Any, branches: Sequence[Any]) -> Any:
    """What any of the branches finds."""
    if len(branches) == 1:
        return branches[0]
    condition = Q()
    for branch in branches:
        condition |= Q(pk__in=branch.order_by().values("pk"))
    return rows.filter(condition)
