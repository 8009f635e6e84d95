"""Whoever comes into a seat takes over its running tasks, those to do and those to accept (X-7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from zhangfa.core.text import _
from zhangfa.core.transitions import Happened, announce
from zhangfa.core.work import owe, work
from zhangfa.duties import seats
from zhangfa.notices.actions import notify
from zhangfa.organisation.queries import holders
from zhangfa.records.actions import concern
from zhangfa.tasks.models import Task
from zhangfa.tasks.rules import CLAUSE

SEATED = frozenset({"organisation.holding.begun", "organisation.holding.ended"})
ORDER = 49  # before the duties, which follow the same seats


def receive(happened: Happened) -> None:
    """A holding began or ended: the tasks of the seat follow at the end of the same transaction."""
    if happened.event in SEATED:
        owe(ORDER, _follow, happened)


def _follow(happenings: Sequence[Happened]) -> None:
    last = happenings[-1]
    follow({int(one.codes["seat"]) for one in happenings}, by=last.by, at=last.at)


def follow(seat_ids: Iterable[int], *, by: Any, at: dt.datetime) -> int:
    """The running tasks of these seats go to whoever holds them now. Returns how many changed hands."""
    wanted = set(seat_ids)
    rows = Task.objects.running().filter(Q(owner_seat_id__in=wanted) | Q(giver_seat_id__in=wanted))
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return 0
    held = {seat: [person.pk for person in people] for seat, people in holders(wanted, at).items()}
    with work():
        return sum(_move(Task.objects.lock(key), held, by=by, at=at) for key in keys)


def _move(task: Task, held: dict[int, list[int]], *, by: Any, at: dt.datetime) -> bool:
    changes: dict[str, Any] = {}
    for role, seat, person in (
        ("owner", task.owner_seat_id, task.owner_id),
        ("giver", task.giver_seat_id, task.giver_id),
    ):
        people = held.get(seat or 0, [])
        if people and person not in people:
            changes[f"{role}_id"] = people[0]
    if not changes:
        return False
    for name, person in changes.items():
        setattr(task, name, person)
        concern(task.record, person, name.removesuffix("_id"))
    task.version += 1
    task.save(update_fields=[*changes, "version"])
    announce(
        "tasks.task.followed",
        task,
        by=by,
        at=at,
        label=_("任务随岗位移交"),
        record_id=task.pk,
        codes=changes,
        clause=CLAUSE,
    )
    if "owner_id" in changes:
        params = {"number": task.record.number or "", "due": task.owed_at.isoformat()}
        notify(
            [task.owner_id],
            "tasks.inherited",
            params,
            at=at,
            record_id=task.pk,
            url=task.get_absolute_url(),
            clause=CLAUSE,
        )
    return True


def follow_changes(since: dt.date, until: dt.date, *, by: Any, at: dt.datetime) -> int:
    """Holdings that were entered ahead and began or ended on one of these days."""
    return follow(seats.changed(since, until), by=by, at=at)
