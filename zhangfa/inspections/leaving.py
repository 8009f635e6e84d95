"""What somebody who leaves a seat still has to put right, or to look at again, and how their successor gets it (X-1, AM-W3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.core.work import work
from zhangfa.duties.desks import desks_of
from zhangfa.duties.registry import HandoverSource, Open, hands_over
from zhangfa.inspections.actions.problem import take_over
from zhangfa.inspections.models import Problem
from zhangfa.ui.words import text

S = Problem.Status
# Who has it in each status.
ROLES = {"owner": S.OPEN, "ordered_by": S.DONE}


def problems(person: int, seat: Any, at: dt.datetime) -> Iterator[Open]:
    desks = desks_of(person, seat, at)
    for role, status in ROLES.items():
        rows = Problem.objects.filter(**{f"{role}_id": person}, status=status).select_related("unit")
        for row in rows.order_by("due_on", "pk"):
            # It belongs to the seat that owes it; else an order is carried out in its place, and looked at again by whoever inspects.
            is_mine = role == "owner"
            desk = row.seat_id if is_mine else row.orderer_seat_id
            if desks.is_here(seat=desk, unit=row.unit_id if is_mine else None, posts=() if is_mine else ("am", "hr")):
                title = f"{text(row.get_status_display())} {row.issue}"
                due_at = clock.day_start(row.due_on + dt.timedelta(days=1)) if is_mine else None
                yield Open(f"{role}:{row.pk}", title, row.number, row.get_absolute_url(), due_at, row.unit.name)


def give_problems(keys: Sequence[str], *, to: Any, seat: Any, by: Any, at: dt.datetime) -> list[str]:
    """What has been settled meanwhile stays with who settled it."""
    moved = []
    with work():
        for key in keys:
            role, _colon, pk = key.partition(":")
            row = Problem.objects.lock(int(pk))
            if row.status == ROLES[role]:
                take_over(row, role, to=to, seat=seat, by=by, at=at)
                moved.append(key)
    return moved


def offer_problems() -> None:
    hands_over(HandoverSource("problems", _("整改事项"), problems, give_problems, order=42))
