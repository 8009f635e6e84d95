"""Duties as people ask about them: mine, those overdue below me, how often in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Seat
from zhangfa.records.models import Record
from zhangfa.ui.registry import LIMIT, Figure, Item

MOST = 200
LOOK_BACK = dt.timedelta(days=30)


def my_duties(actor: Actor, at: dt.datetime, limit: int = MOST) -> list[Occurrence]:
    """What the actor's seats owe, most urgent first; those of a principal who is away included."""
    if not actor.seats:
        return []
    rows = (
        Occurrence.objects.open()
        .visible_to(actor)
        .select_related("duty", "seat__post", "seat__unit", "record__parent", "person")
    )
    return list(rows.order_by("due_at", "pk")[:limit])


def seats_below(actor: Actor) -> list[int]:
    """The seats that report to the actor's own seats, at any depth; one query."""
    ways: dict[int, list[int]] = {}
    for pk, above in Seat.objects.filter(is_active=True).exclude(reports_to=None).values_list("pk", "reports_to_id"):
        ways.setdefault(above, []).append(pk)
    own = {seat.id for seat in actor.own_seats}
    found: set[int] = set()
    front = list(own)
    while front:
        front = [pk for above in front for pk in ways.get(above, ()) if pk not in found]
        found.update(front)
    return sorted(found - own)


def overdue_below(actor: Actor, at: dt.datetime, limit: int = MOST) -> list[Occurrence]:
    """What those below the actor owe and have not done in time, oldest first."""
    if not actor.own_seats:
        return []
    rows = Occurrence.objects.open().filter(seat_id__in=seats_below(actor), due_at__lt=at)
    return list(
        rows.select_related("duty", "seat__post", "seat__unit", "record__parent", "person").order_by("due_at", "pk")[
            :limit
        ]
    )


def done_lately(actor: Actor, at: dt.datetime, limit: int = 30) -> list[Occurrence]:
    rows = Occurrence.objects.visible_to(actor).filter(done_at__gte=at - LOOK_BACK, done_at__lte=at)
    return list(rows.select_related("duty", "record").order_by("-done_at", "-pk")[:limit])


def of_record(record_id: UUID) -> list[Occurrence]:
    """The duties that a paper and the papers under it opened, in order."""
    about = Q(record_id=record_id) | Q(record__parent_id=record_id)
    return list(
        Occurrence.objects.filter(about)
        .select_related("duty", "person", "seat__post", "seat__unit")
        .order_by("opened_at", "pk")
    )


def counts(seat_ids: Iterable[int], at: dt.datetime) -> dict[str, int]:
    """Open, overdue, and of the last 30 days in time and late."""
    done = Q(done_at__gte=at - LOOK_BACK, done_at__lte=at)
    rows = Occurrence.objects.filter(Q(state=Occurrence.State.OPEN) | done, seat_id__in=list(seat_ids))
    return rows.aggregate(
        open=Count("pk", filter=Q(state="open")), overdue=Count("pk", filter=Q(state="open", due_at__lt=at)),
        done=Count("pk", filter=Q(state="done")), late=Count("pk", filter=Q(state="late")),
    )  # fmt: skip


def todo_items(actor: Actor, at: dt.datetime) -> list[Item]:
    return [item(row, at) for row in my_duties(actor, at, LIMIT)]


def overdue_items(actor: Actor, at: dt.datetime) -> list[Item]:
    return [
        item(row, at, holder=row.person.shown_name if row.person else str(row.seat))
        for row in overdue_below(actor, at, LIMIT)
    ]


def item(row: Occurrence, at: dt.datetime, holder: str = "") -> Item:
    """One occurrence as the workbench shows it."""
    number = number_of(row.record) if row.record else row.period
    return Item(str(row.duty), address(row), number, row.due_at, holder=holder, tone="red" if row.due_at < at else "")


def number_of(record: Record) -> str:
    """The paper's number; one that has none yet is known by the paper it belongs to."""
    return record.number or (record.parent.number if record.parent else None) or ""


def address(row: Occurrence) -> str:
    """Where the duty is done: its own page, else its paper."""
    known = catalogue().by_key.get(row.duty_id)
    if known and known.url:
        return known.url.format(period=row.period)
    return row.record.url if row.record and row.record.url else "/duties/"


def figures(actor: Actor, at: dt.datetime) -> list[Figure]:
    """How the actor's own seats stand."""
    own = [seat.id for seat in actor.own_seats]
    if not own:
        return []
    found = counts(own, at)
    if not any(found.values()):
        return []
    total = found["done"] + found["late"]
    note: Any = (
        gettext("近30天完成 %(total)s 项，其中逾期 %(late)s 项") % {"total": total, "late": found["late"]}
        if total
        else ""
    )
    return [Figure(_("未办的职责"), found["open"], url="/duties/", note=note, tone="red" if found["overdue"] else "")]
