"""Tasks as people ask about them: who is above, what waits for whom, how many in time (X-7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from zhangfa.core import compiled
from zhangfa.duties.models import Occurrence, scope_of
from zhangfa.organisation.actor import Actor, SeatView
from zhangfa.organisation.models import Person, Seat
from zhangfa.policy.wording import pair
from zhangfa.records.models import Record
from zhangfa.tasks.models import Problem, Task, line_above
from zhangfa.ui.registry import LIMIT, Figure, Item, Owner, Result
from zhangfa.ui.words import text

S = Task.Status
RED = 20
DUTY = "D-X-07"


def seat_above(by: Actor, seat: Seat) -> SeatView | None:
    """The actor's seat under which this one stands: own seats before those of a principal."""
    above = line_above(seat.pk)
    return next((mine for mine in by.seats if mine.id in above), None)


def mine(actor: Actor) -> Any:
    """What the actor has to do, for a principal who is away too."""
    people = {actor.person_id, *(seat.person_id for seat in actor.seats if seat.is_delegated)} - {None}
    return Task.objects.filter(owner_id__in=people)


def given(actor: Actor) -> Any:
    """What the actor gave, from whichever seat."""
    return Task.objects.filter(
        Q(giver_seat_id__in=[seat.id for seat in actor.seats]) | Q(giver_id=actor.person_id or 0)
    )


def of_source(kind: str, *ids: Any) -> Any:
    """The tasks that came from these things, in the order in which they were given."""
    rows = Task.objects.filter(source_kind=kind, source_id__in=[str(one) for one in ids])
    return rows.select_related("record", "owner", "owner_seat__post", "owner_seat__unit").order_by("pk")


def todo_items(actor: Actor, at: dt.datetime) -> list[Item]:
    """Tasks to carry out and reports to look at, most urgent first."""
    if actor.person_id is None:
        return []
    to_do = mine(actor).filter(status__in=(S.ASSIGNED, S.RETURNED)).select_related("record", "giver")
    rows = [_item(task, at) for task in to_do.order_by("due_at", "pk")[:LIMIT]]
    to_check = given(actor).filter(status=S.REPORTED).exclude(owner_id=actor.person_id)
    found = list(to_check.select_related("record", "owner").order_by("reported_at", "pk")[:LIMIT])
    due = _check_dues(found)
    return rows + [
        Item(
            task.title, task.get_absolute_url(), task.record.number or "", due.get(task.subject), note=_("请验收"),
            holder=task.owner.shown_name,
        )
        for task in found
    ]  # fmt: skip


def _check_dues(tasks: Sequence[Task]) -> dict[str, dt.datetime]:
    """By when each report is to be looked at: one line for the task, not two."""
    if not tasks:
        return {}
    rows = Occurrence.objects.open().filter(subject_key__in=[task.subject for task in tasks], duty__code=DUTY)
    return dict(rows.values_list("subject_key", "due_at"))


def _item(task: Task, at: dt.datetime) -> Item:
    return Item(
        task.title, task.get_absolute_url(), task.record.number or "", task.owed_at,
        note=_("退回重做") if task.status == S.RETURNED else "", tone="red" if task.owed_at < at else "",
    )  # fmt: skip


def waiting_items(actor: Actor, at: dt.datetime) -> list[Item]:
    """What the actor gave and others are at."""
    if actor.person_id is None:
        return []
    rows = given(actor).filter(status__in=(S.ASSIGNED, S.RETURNED)).exclude(owner_id=actor.person_id)
    return [
        Item(
            task.title, task.get_absolute_url(), task.record.number or "", task.owed_at, holder=task.owner.shown_name,
            tone="red" if task.owed_at < at else "",
        )
        for task in rows.select_related("record", "owner").order_by("due_at", "pk")[:LIMIT]
    ]  # fmt: skip


def figures(actor: Actor, at: dt.datetime) -> list[Figure]:
    """How many tasks the actor has open."""
    if actor.person_id is None:
        return []
    found = compiled.rows(_on_hand, person=actor.person_id, at=at)
    if not found or not found[0][0]:
        return []
    return [Figure(_("手上的任务"), found[0][0], url="/tasks/", tone="red" if found[0][1] else "")]


def _on_hand(person: int, at: dt.datetime) -> QuerySet[Any, Any]:
    rows = Task.objects.filter(owner_id=person, status__in=(S.ASSIGNED, S.RETURNED)).order_by()
    counted = rows.values(one=Value(1)).annotate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)))
    return counted.values_list("open", "late")


@dataclass(frozen=True)
class Tally:
    """The tasks of one person that were due in a period."""

    person: Person
    total: int
    in_time: int
    late: int
    overdue: int
    returned: int

    @property
    def share(self) -> float | None:
        """In time of those that are over: what is still running before its time doesn't count."""
        over = self.in_time + self.late + self.overdue
        return 100 * self.in_time / over if over else None


def tallies(people: Iterable[int] | None, since: dt.datetime, until: dt.datetime, at: dt.datetime) -> list[Tally]:
    """Per person what was due from `since` before `until`: in time, late, overdue, sent back (X-7); two statements.

    In time is what was reported by its finish time and accepted; withdrawn tasks don't count. None: everybody.
    """
    rows = Task.objects.filter(due_at__gte=since, due_at__lt=until).exclude(status=S.WITHDRAWN)
    if people is not None:
        rows = rows.filter(owner_id__in=list(people))
    accepted = Q(status=S.ACCEPTED)
    reported_in_time = Q(reported_at__lte=F("due_at"))
    counted = rows.order_by().values("owner_id").annotate(
        total=Count("pk"), in_time=Count("pk", filter=accepted & reported_in_time),
        late=Count("pk", filter=accepted & ~reported_in_time),
        overdue=Count("pk", filter=~accepted & Q(due_at__lt=at) & (Q(reported_at=None) | Q(reported_at__gt=F("due_at")))),
        returned=Count("pk", filter=Q(returned_count__gt=0)),
    )  # fmt: skip
    found = {row.pop("owner_id"): row for row in counted}
    known = Person.objects.filter(pk__in=found)
    return [Tally(person, **found[person.pk]) for person in sorted(known, key=lambda person: person.no)]


def people_below(actor: Actor) -> list[int] | None:
    """Whose figures the actor may see: None for everybody, else those in the seats of their scope."""
    mine_ = scope_of(actor)
    if mine_.is_all:
        return None
    rows = Task.objects.filter(Q(owner_seat_id__in=mine_.seats) | Q(department_id__in=mine_.departments))
    return sorted(
        {
            *rows.order_by().values_list("owner_id", flat=True).distinct(),
            *([actor.person_id] if actor.person_id else []),
        }
    )


def search(actor: Actor, q: str, at: dt.datetime) -> list[Result]:
    rows = Task.objects.visible_to(actor).search(q).select_related("record", "owner").order_by("-pk")[:LIMIT]
    return [
        Result(task.title, task.get_absolute_url(), str(task), text(task.get_status_display()), task.owner.shown_name)
        for task in rows
    ]


def red_items(actor: Actor, at: dt.datetime) -> list[Item]:
    """Tasks that are overdue in the actor's part of the company, longest first."""
    rows = Task.objects.visible_to(actor).filter(status__in=(S.ASSIGNED, S.RETURNED), due_at__lt=at)
    return [
        Item(
            task.title, task.get_absolute_url(), task.record.number or "", task.due_at, holder=task.owner.shown_name,
            note=task.source_label or task.clause, tone="red",
        )
        for task in rows.select_related("record", "owner").order_by("due_at", "pk")[:RED]
    ]  # fmt: skip


def red_owners(actor: Actor, at: dt.datetime) -> list[Owner]:
    """Each owner with how many tasks are overdue, in one statement."""
    rows = Task.objects.visible_to(actor).filter(status__in=(S.ASSIGNED, S.RETURNED), due_at__lt=at)
    found = (
        rows.order_by().values("owner_id", "owner__name", "owner__name_en").annotate(n=Count("pk"), since=Min("due_at"))
    )
    return [
        Owner(
            str(row["owner_id"]), pair(row["owner__name"], row["owner__name_en"] or row["owner__name"]), row["n"], row["since"],
            f"/tasks/all/?stands=late&person={row['owner_id']}",
        )
        for row in found
    ]  # fmt: skip


def is_visible(actor: Actor, record: Record) -> bool:
    return bool(Task.objects.visible_to(actor).filter(pk=record.pk).exists())


def may_write(actor: Actor, record: Record) -> bool:
    """Evidence is hung on by who has the task, the material by who gave it, while it runs."""
    task = Task.objects.filter(pk=record.pk).first()
    if task is None or not task.is_running or actor.person_id is None:
        return False
    people = {actor.person_id, *(seat.person_id for seat in actor.seats if seat.is_delegated)}
    return bool(people & {task.owner_id, task.giver_id}) or task.giver_seat_id in {seat.id for seat in actor.seats}


def content(record: Record) -> dict[str, Any]:
    """The declared fields of the paper."""
    task = Task.objects.get(pk=record.pk)
    return {
        "title": task.title, "details": task.details, "standard": task.standard, "due_at": task.due_at, "owner": task.owner_id,
        "report": task.report,
    }  # fmt: skip


def problems_waiting(actor: Actor, at: dt.datetime) -> list[Item]:
    """What outlets raised and nobody has answered: for the managers of the departments."""
    departments = [seat.department_id or seat.unit_id for seat in actor.seats if seat.post in ("hs", "ls")]
    if not departments:
        return []
    rows = Problem.objects.filter(department_id__in=departments, status=Problem.Status.RAISED)
    return [
        Item(problem.text[:40], problem.get_absolute_url(), str(problem), None, note=problem.outlet.shown_name)
        for problem in rows.select_related("outlet").order_by("pk")[:LIMIT]
    ]
