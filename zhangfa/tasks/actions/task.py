"""A task from the superior's word to the accepted result; every step an event that the duties listen to (X-7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Holding, Person, Seat
from zhangfa.organisation.queries import holder_of
from zhangfa.records.actions import Prepared, assign_number, attach, concern, open_record
from zhangfa.records.models import Attachment, Record
from zhangfa.tasks import queries, rules
from zhangfa.tasks.models import Task, line_above
from zhangfa.tasks.permissions import checker, give_tasks, giver, owner
from zhangfa.tasks.registry import source_of

S = Task.Status
CLAUSE = rules.CLAUSE
FORM = "RW"


def assign(
    *, title: str, details: str, standard: str, due_at: dt.datetime | None, by: Actor, at: dt.datetime,
    owner_seat: Seat | None = None, person: Person | None = None, source_kind: str = "", source_id: Any = "",
    source_title: str = "", clause: str = CLAUSE, giver_seat: Seat | None = None, parent: Record | None = None,
    files: Sequence[Prepared] = (), id: UUID | None = None,
) -> Task:  # fmt: skip
    """Give a task to a seat, or to a person in their seat. Raises `Refused` where details, finish time or standard are missing.

    A superior gives to seats below. A source with a ground of its own (a resolution, a corrective action) binds whoever it
    names: there the caller has asked already who may; `giver_seat` then says whose acceptance it needs, else the actor's first.
    """
    source = source_of(source_kind)
    if not source.has_own_ground:
        demand(give_tasks(by=by, at=at))
    seat = owner_seat or _seat_of(person, by, at)
    who = person or (holder_of(seat, at) if seat else None)
    line = queries.seat_above(by, seat) if seat else None
    if giver_seat is None and (line or by.own_seats):
        giver_seat = Seat.objects.get(pk=line.id if line else by.own_seats[0].id)
    demand(
        [
            *rules.refuse_task(title=title, details=details, standard=standard, due_at=due_at, at=at),
            *rules.refuse_owner(
                owner=who.pk if who else None, giver=by.person_id, is_below=line is not None,
                has_own_ground=source.has_own_ground,
            ),
        ]
    )  # fmt: skip
    assert seat is not None and who is not None and due_at is not None
    giving = _giver(giver_seat, line, by, at)
    if giving is not None and giving.pk == who.pk:
        # Somebody above looks at the result: nobody accepts their own.
        giver_seat, giving = _above(seat, who, at)
    with work():
        record = open_record(
            FORM, unit=seat.unit, by=by, at=at, title=title[:120], parent=parent, id=id, retention="R4", due_at=due_at
        )
        task = Task(
            record=record, title=title, details=details, standard=standard, due_at=due_at, owner_seat=seat, owner=who,
            giver_seat=giver_seat, giver=giving, unit=seat.unit, department_id=seat.unit.department_id,
            source_kind=source_kind, source_id=str(source_id), source_title=source_title[:120], clause=clause or CLAUSE,
            assigned_at=at,
        )  # fmt: skip
        task.save(force_insert=True)
        record.url = task.get_absolute_url()
        record.save(update_fields=["url"])
        concern(record, who.pk, "owner")
        if giving is not None:
            concern(record, giving.pk, "giver")
        assign_number(record, at=at)
        _hang(record, files, by, at)
        announce(
            "tasks.task.assigned", task, by=by, at=at, label=_("交办任务"), record_id=record.pk, clause=task.clause, is_new=True,
            codes={**_owed(task), "source": source_kind, "source_id": str(source_id)},
            values={"title": title, "details": details, "standard": standard},
        )  # fmt: skip
        notify([who.pk], "tasks.assigned", _said(task), at=at, record_id=record.pk, url=record.url, clause=task.clause)
        _tell_source(task, "assigned", by, at)
        return task


def _seat_of(person: Person | None, by: Actor, at: dt.datetime) -> Seat | None:
    """The person's seat below the actor, else their first."""
    if person is None:
        return None
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person=person, seat__is_active=True)
    seats = [row.seat for row in held.select_related("seat__unit", "seat__post").order_by("-seat__post__grade", "pk")]
    return next((seat for seat in seats if queries.seat_above(by, seat)), seats[0] if seats else None)


def _giver(seat: Seat | None, line: Any, by: Actor, at: dt.datetime) -> Person | None:
    """Who gave it: the actor from a seat of their own, the principal of a delegate, else whoever holds the seat."""
    if seat is None:
        return Person.objects.filter(pk=by.person_id).first()
    if any(mine.id == seat.pk and not mine.is_delegated for mine in by.seats):
        return Person.objects.filter(pk=by.person_id).first()
    return holder_of(seat, at)


def _above(seat: Seat, who: Person, at: dt.datetime) -> tuple[Seat | None, Person | None]:
    for pk in line_above(seat.pk):
        found = holder_of(pk, at)
        if found is not None and found.pk != who.pk:
            return Seat.objects.get(pk=pk), found
    return None, None


def _hang(record: Record, files: Sequence[Prepared], by: Actor, at: dt.datetime) -> None:
    for prepared in files:
        attach(record, prepared, kind=Attachment.Kind.OTHER, by=by, at=at)


def _owed(task: Task) -> dict[str, Any]:
    """What the engine needs to know of who owes the report, and by when."""
    return {
        "subject": task.subject, "seat": task.owner_seat_id, "handler": task.owner_id, "due_at": task.owed_at.isoformat(),
        "task": str(task.pk),
    }  # fmt: skip


def _to_check(task: Task) -> dict[str, Any]:
    """The same of who looks at the report."""
    codes: dict[str, Any] = {"subject": task.subject, "task": str(task.pk)}
    if task.giver_seat_id:
        codes |= {"seat": task.giver_seat_id, "handler": task.giver_id}
    return codes


def _said(task: Task) -> dict[str, Any]:
    return {"number": task.record.number or "", "due": task.owed_at.isoformat()}


def _tell_source(task: Task, event: str, by: Actor, at: dt.datetime) -> None:
    happened = source_of(task.source_kind).happened
    if happened is not None:
        happened(task, event, by=by, at=at)


def _news(task: Task, people: Sequence[int | None], code: str, at: dt.datetime) -> None:
    notify(people, code, _said(task), at=at, record_id=task.pk, url=task.get_absolute_url(), clause=task.clause)


def _guard_report(
    task: Task, *, by: Actor, at: dt.datetime, text: str, files: Sequence[Prepared] = ()
) -> Iterator[Refusal]:
    yield from rules.refuse_report(text=text, files=len(files))


@arrow(
    Task, sources=[S.ASSIGNED, S.RETURNED], target=S.REPORTED, label=_("报告完成"), event="reported", permit=owner,
    guard=_guard_report, clause=CLAUSE, hint=_("写明结果，对照结果标准；有照片或文件的一并上传。"),
)  # fmt: skip
def report(task: Task, *, by: Actor, at: dt.datetime, text: str, files: Sequence[Prepared] = ()) -> dict[str, Any]:
    """What came of it, with the evidence; the giver looks at it."""
    _hang(task.record, files, by, at)
    task.report, task.reported_at, task.reported_by_id = text, at, by.person_id
    _news(task, [task.giver_id], "tasks.reported", at)
    _tell_source(task, "reported", by, at)
    return {"codes": _to_check(task)}


def _guard_accept(task: Task, *, by: Actor, at: dt.datetime, opinion: str = "") -> Iterator[Refusal]:
    return iter(())


@arrow(
    Task, sources=[S.REPORTED], target=S.ACCEPTED, label=_("验收通过"), event="accepted", permit=checker, guard=_guard_accept,
    clause=CLAUSE, hint=_("按结果标准核对后通过。"),
)  # fmt: skip
def accept(task: Task, *, by: Actor, at: dt.datetime, opinion: str = "") -> dict[str, Any]:
    """The result is what was asked for; in time or late is judged by the report."""
    task.opinion, task.closed_at, task.closed_by_id = opinion, at, by.person_id
    _mark(task, Record.Status.APPROVED)
    _news(task, [task.owner_id], "tasks.accepted", at)
    _tell_source(task, "accepted", by, at)
    return {
        "codes": {
            **_to_check(task),
            "outcome": rules.IN_TIME if _in_time(task) else rules.LATE,
            "person": task.owner_id,
        }
    }


def _in_time(task: Task) -> bool:
    return task.reported_at is not None and task.reported_at <= task.due_at


def _guard_back(
    task: Task, *, by: Actor, at: dt.datetime, reason: str, redo_at: dt.datetime | None = None
) -> Iterator[Refusal]:
    yield from rules.refuse_reason(reason=reason)
    yield from rules.refuse_redo(redo_at=redo_at, due_at=task.due_at, at=at)


@arrow(
    Task, sources=[S.REPORTED], target=S.RETURNED, label=_("退回重做"), event="returned", permit=checker, guard=_guard_back,
    clause=CLAUSE,
)  # fmt: skip
def send_back(
    task: Task, *, by: Actor, at: dt.datetime, reason: str, redo_at: dt.datetime | None = None
) -> dict[str, Any]:
    """The result is not what was asked for: why, and by when it is done again."""
    codes = _to_check(task)
    task.opinion, task.redo_at = reason, redo_at
    task.returned_count += 1
    _owe_anew(task, _("任务退回重做"), by, at)
    _news(task, [task.owner_id], "tasks.returned", at)
    _tell_source(task, "returned", by, at)
    return {"codes": codes}


def _owe_anew(task: Task, label: str, by: Actor, at: dt.datetime) -> None:
    task.round += 1
    announce(
        "tasks.task.reopened", task, by=by, at=at, label=label, record_id=task.pk, codes=_owed(task), clause=task.clause
    )


def _guard_reason(task: Task, *, by: Actor, at: dt.datetime, reason: str) -> Iterator[Refusal]:
    yield from rules.refuse_reason(reason=reason)


@arrow(
    Task, sources=[S.ASSIGNED, S.RETURNED, S.REPORTED], target=S.WITHDRAWN, label=_("撤销任务"), event="withdrawn", permit=giver,
    guard=_guard_reason, clause=CLAUSE,
)  # fmt: skip
def withdraw(task: Task, *, by: Actor, at: dt.datetime, reason: str) -> dict[str, Any]:
    """The task is no longer needed; why stays on the paper."""
    task.opinion, task.closed_at, task.closed_by_id = reason, at, by.person_id
    _mark(task, Record.Status.VOID)
    _news(task, [task.owner_id], "tasks.withdrawn", at)
    _tell_source(task, "withdrawn", by, at)
    return {"codes": {"subject": task.subject}}


def _guard_postpone(
    task: Task, *, by: Actor, at: dt.datetime, due_at: dt.datetime | None, reason: str
) -> Iterator[Refusal]:
    yield from rules.refuse_postpone(old=task.owed_at, new=due_at, at=at)
    yield from rules.refuse_reason(reason=reason)


@arrow(
    Task, sources=[S.ASSIGNED, S.RETURNED], target=None, label=_("改完成时间"), event="postponed", permit=giver,
    guard=_guard_postpone, clause=CLAUSE, hint=_("只能在完成时间到来之前改。"),
)  # fmt: skip
def postpone(task: Task, *, by: Actor, at: dt.datetime, due_at: dt.datetime, reason: str) -> dict[str, Any]:
    """Another finish time, agreed before the first has passed."""
    if task.redo_at is not None:
        task.redo_at = due_at
    else:
        task.due_at = due_at
    Record.objects.filter(pk=task.pk).update(due_at=task.due_at)
    _news(task, [task.owner_id], "tasks.postponed", at)
    return {"codes": {"subject": task.subject, "due_at": due_at.isoformat()}, "values": {"reason": reason}}


def _guard_hand_over(task: Task, *, by: Actor, at: dt.datetime, seat: Seat, reason: str) -> Iterator[Refusal]:
    holder = holder_of(seat, at)
    line = queries.seat_above(by, seat)
    yield from rules.refuse_owner(
        owner=holder.pk if holder else None, giver=by.person_id, is_below=line is not None,
        has_own_ground=source_of(task.source_kind).has_own_ground,
    )  # fmt: skip
    if seat.pk == task.owner_seat_id:
        yield Refusal("task.same_seat", _("任务已在这个岗位。"), {}, CLAUSE, "seat")
    if holder is not None and holder.pk == task.giver_id:
        yield Refusal("task.own", _("自己的任务不能由自己验收。"), {}, CLAUSE, "seat")
    yield from rules.refuse_reason(reason=reason)


@arrow(
    Task, sources=[S.ASSIGNED, S.RETURNED], target=None, label=_("转交他人"), event="handed_over", permit=giver,
    guard=_guard_hand_over, clause=CLAUSE,
)  # fmt: skip
def hand_over(task: Task, *, by: Actor, at: dt.datetime, seat: Seat, reason: str) -> dict[str, Any]:
    """Another seat carries it out from now on; the finish time stays."""
    former, former_id, subject = task.owner_id, task.owner_seat_id, task.subject
    announce(
        "tasks.task.left",
        task,
        by=by,
        at=at,
        label=_("任务离手"),
        record_id=task.pk,
        codes={"subject": subject},
        clause=CLAUSE,
    )
    _to(task, seat, holder_of(seat, at))
    _owe_anew(task, _("任务转交"), by, at)
    _news(task, [task.owner_id], "tasks.assigned", at)
    _news(task, [former], "tasks.taken", at)
    return {"codes": {"from_seat": former_id, "to_seat": seat.pk}, "values": {"reason": reason}}


def _to(task: Task, seat: Seat, person: Person | None) -> None:
    assert person is not None
    task.owner_seat, task.owner = seat, person
    task.unit, task.department_id = seat.unit, seat.unit.department_id
    concern(task.record, person.pk, "owner")


def _mark(task: Task, status: str) -> None:
    Record.objects.filter(pk=task.pk).update(status=status)
    task.record.status = status


def lock_task(record: Record) -> Task:
    return Task.objects.lock(record.pk)
