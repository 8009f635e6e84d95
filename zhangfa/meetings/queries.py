"""Reads across meetings: the week's figures, last week's tasks, who sees the paper, what waits for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext

from zhangfa.core import clock
from zhangfa.meetings.choices import Kind, Status
from zhangfa.meetings.models import Decision, Meeting, Participant
from zhangfa.meetings.registry import givers
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Holding, Unit
from zhangfa.records.finding import lookup_of
from zhangfa.records.models import Record
from zhangfa.tasks.models import Task
from zhangfa.ui.registry import Item, Result

SOURCE = "meetings.meeting"
LIMIT, MOST_TASKS = 12, 60
WEEK = dt.timedelta(days=7)
# What stands on the minutes besides the decisions and each participant.
SAID = (
    "kind", "topic", "problem", "urgency", "solution", "held_at", "place", "convener_id", "figures", "invited", "present", "voters", "yes", "no",
    "is_passed", "discussion", "standpoint", "resolution", "needs_rule", "reward_rule",
)  # fmt: skip


def week_before(at: dt.datetime) -> tuple[dt.date, dt.date]:
    """Monday and Sunday of the week before."""
    today = clock.local_date(at)
    monday = today - dt.timedelta(days=today.weekday()) - WEEK
    return monday, monday + dt.timedelta(days=6)


def figures_for(unit: Unit, starts_at: dt.datetime, at: dt.datetime) -> list[dict[str, Any]]:
    """Every figure that an app lends for the week before the meeting, as it stands at the instant, frozen as text (HS-W1.4)."""
    first, last = week_before(starts_at)
    return [line.plain() for _key, give in givers() for line in give(unit, first, last, at)]


def last_like(meeting: Meeting) -> Meeting | None:
    """The meeting of the same kind and unit before this one: its tasks are on the table again."""
    rows = Meeting.objects.filter(
        kind=meeting.kind, unit_id=meeting.unit_id, status=Status.PUBLISHED, pk__lt=meeting.pk
    )
    return rows.select_related("record").order_by("-pk").first()


def tasks_of(meeting: Meeting | None) -> list[Decision]:
    if meeting is None:
        return []
    return list(meeting.decisions.select_related("owner").order_by("seq"))


def states_of(decisions: Iterable[Decision]) -> dict[str, Task]:
    """The tasks that the decisions became, by their key: how far each is."""
    keys = [row.task_id for row in decisions if row.task_id]
    return {str(task.pk): task for task in Task.objects.filter(pk__in=keys).select_related("record")} if keys else {}


def open_to(actor: Actor, tasks: Iterable[Task]) -> set[str]:
    """The keys of those tasks whose page the reader may open; how far a decision is, everybody in the meeting sees."""
    keys = [task.pk for task in tasks]
    return (
        {str(pk) for pk in Task.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True)}
        if keys
        else set()
    )


def coming_tasks(meeting: Meeting) -> list[Task]:
    """What the unit has to finish from the meeting's week to the end of the next one, with its days (HS-W1.4)."""
    day = clock.local_date(meeting.starts_at)
    monday = day - dt.timedelta(days=day.weekday())
    rows = Task.objects.running().filter(
        due_at__gt=clock.day_start(monday), due_at__lte=clock.day_start(monday + 2 * WEEK)
    )
    if meeting.unit.kind != Unit.Kind.COMPANY:
        rows = rows.filter(Q(department_id=meeting.unit.department_id or meeting.unit_id) | Q(unit_id=meeting.unit_id))
    return list(rows.select_related("record", "owner", "unit").order_by("due_at", "pk")[:MOST_TASKS])


def kept_in_time(unit: Unit, first: dt.date, last: dt.date) -> tuple[int, int]:
    """Of what the unit's meetings decided and was due in the week: how many were accepted in time, of how many."""
    due = {"due_at__gt": clock.day_start(first), "due_at__lte": clock.day_start(last + dt.timedelta(days=1))}
    rows = Task.objects.filter(source_kind=SOURCE, **due).exclude(status=Task.Status.WITHDRAWN)
    if unit.kind != Unit.Kind.COMPANY:
        rows = rows.filter(department_id=unit.pk)
    counted = rows.aggregate(
        kept=Count("pk", filter=Q(status=Task.Status.ACCEPTED, reported_at__lte=F("due_at"))), every=Count("pk")
    )
    return counted["kept"], counted["every"]


def of_source(kind: str, source_id: Any) -> list[Meeting]:
    """The meetings about something, oldest first."""
    if not kind:
        return []
    rows = Meeting.objects.filter(source_kind=kind, source_id=str(source_id)).exclude(status=Status.CANCELLED)
    return list(rows.select_related("record", "convener").order_by("pk"))


def is_visible(actor: Actor, record: Record) -> bool:
    return Meeting.objects.visible_to(actor).filter(pk=record.pk).exists()


def content(record: Record) -> dict[str, Any]:
    """Everything that the minutes say, as the signatures cover it (U01)."""
    row = Meeting.objects.get(pk=record.pk)
    return {name: getattr(row, name) for name in SAID} | {
        "decisions": [[d.text, d.owner_id, d.due_on, d.standard] for d in row.decisions.order_by("seq")],
        "people": [
            [p.person_id, p.is_present, p.has_vote, p.opinion, p.vote, p.dissent]
            for p in row.participants.order_by("order", "pk")
        ],
    }


def people_of(meeting: Meeting) -> list[Participant]:
    return list(meeting.participants.select_related("person").order_by("order", "pk"))


def todo(actor: Actor, at: dt.datetime) -> list[Item]:
    """Meetings to come and to vote in, and those that the convener has to bring to an end."""
    mine = Participant.objects.filter(person_id=actor.person_id or 0).values("meeting_id")
    rows = Meeting.objects.filter(pk__in=mine, status__in=(Status.CALLED, Status.HELD, Status.RESOLVED))
    items = []
    for row in rows.select_related("record").order_by("-pk")[: LIMIT * 3]:
        is_mine = row.convener_id == actor.person_id
        if row.status == Status.CALLED and (is_mine or row.starts_at + dt.timedelta(days=1) > at):
            items.append(
                Item(
                    gettext("会议：%(title)s") % {"title": row.topic},
                    row.get_absolute_url(),
                    row.record.number or "",
                    row.starts_at,
                )
            )
        elif row.status == Status.HELD or is_mine:
            items.append(
                Item(
                    gettext("会议待决议：%(title)s") % {"title": row.topic},
                    row.get_absolute_url(),
                    row.record.number or "",
                )
            )
    return items[:LIMIT]


def search(actor: Actor, q: str, at: dt.datetime) -> list[Result]:
    rows = Meeting.objects.visible_to(actor).search(q).select_related("record").order_by("-pk")[:8]
    return [
        Result(row.topic, row.get_absolute_url(), row.record.number or "", row.get_status_display()) for row in rows
    ]


LOOKUP = lookup_of(Meeting, "topic")


def weekly(at: dt.datetime) -> QuerySet[Meeting]:
    """This week's administration meetings: what is published there is published to all departments."""
    monday = clock.local_date(at) - dt.timedelta(days=clock.local_date(at).weekday())
    return Meeting.objects.filter(kind=Kind.WEEKLY, starts_at__gte=clock.day_start(monday)).exclude(
        status=Status.CANCELLED
    )


def staff_changes(unit: Unit, first: dt.date, last: dt.date) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """The people who joined and who left the company on these days, by the department in which they held a post then."""
    found: list[dict[str, set[int]]] = []
    for day, held in (("person__joined_on", "from_on__lte"), ("person__left_on", "from_on__lt")):
        rows = Holding.objects.filter(**{f"{day}__range": (first, last), held: F(day)})
        rows = rows.filter(Q(to_on=None) | Q(to_on__gte=first))
        if unit.kind == Unit.Kind.DEPARTMENT:
            rows = rows.filter(Q(seat__unit__department=unit) | Q(seat__unit=unit))
        by_name: dict[str, set[int]] = {}
        for row in rows.select_related("seat__unit__department"):
            place = row.seat.unit.department or row.seat.unit
            by_name.setdefault(place.name, set()).add(row.person_id)
        found.append(by_name)
    return found[0], found[1]
