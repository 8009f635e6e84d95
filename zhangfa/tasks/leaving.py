"""The tasks of a seat that changes hands: they follow it by themselves, and stand on the list that is signed (X-1, X-7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.text import _
from zhangfa.duties.registry import HandoverSource, Open, hands_over
from zhangfa.tasks.models import Task


def tasks(person: int, seat: Any, at: dt.datetime) -> Iterator[Open]:
    rows = Task.objects.running().filter(owner_seat=seat).select_related("record").order_by("due_at", "pk")
    for row in rows:
        yield Open(
            str(row.pk),
            row.title,
            row.record.number or "",
            row.get_absolute_url(),
            row.owed_at,
            row.get_status_display(),
        )


def offer_tasks() -> None:
    hands_over(HandoverSource("tasks", _("交办的任务"), tasks, order=15))
