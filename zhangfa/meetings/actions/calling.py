"""Calling a meeting: never a problem or company meeting without a draft solution (AM-W1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.meetings import queries, rules
from zhangfa.meetings.choices import DECIDING, REPORTING, Kind, Status
from zhangfa.meetings.models import Meeting, Participant
from zhangfa.meetings.permissions import call_meetings, convener
from zhangfa.meetings.registry import record_behind
from zhangfa.meetings.rules import CLAUSE
from zhangfa.notices.actions import notify
from zhangfa.organisation.models import Person, Unit
from zhangfa.records.actions import assign_number, concern_many, open_record, release

FORM = "HY"
S = Status


def call(
    *, kind: str, topic: str, starts_at: dt.datetime, place: str, participants: Sequence[Person], problem: str = "", urgency: str = "",
    solution: str = "", voters: Sequence[Person] | None = None, unit: Unit | None = None, source_kind: str = "", source_id: Any = "",
    by: Any, at: dt.datetime, id: UUID | None = None,
) -> Meeting:  # fmt: skip
    """Send the invitation. `source_kind`, `source_id` say what it is about; `voters` have a vote, all participants if not given.

    A weekly meeting comes with the figures of the week before it. Raises `Refused`.
    """
    people = _with_convener(participants, by)
    voting = {person.pk for person in (people if voters is None else voters)}
    demand(call_meetings(by=by, at=at))
    demand(_refuse(kind, topic, problem, urgency, solution, people, voting, starts_at, at))
    place_of = unit or _unit(kind, by)
    with work():
        record = open_record(
            FORM, unit=place_of, by=by, at=at, title=topic[:120], id=id, retention="R4", url=lambda pk: f"/meetings/{pk}/"
        )  # fmt: skip
        meeting = Meeting(
            record=record, kind=kind, unit=place_of, department_id=place_of.department_id, topic=topic, problem=problem, urgency=urgency,
            solution=solution, starts_at=starts_at, place=place, convener_id=by.person_id, source_kind=source_kind,
            source_id=str(source_id or ""), called_at=at, invited=len(people),
        )  # fmt: skip
        if kind in REPORTING:
            fill_figures(meeting, at)
        meeting.save(force_insert=True)
        _invite(meeting, people, voting)
        assign_number(record, at=at)
        announce(
            "meetings.meeting.called", meeting, by=by, at=at, label=_("发会议通知"), record_id=record.pk, clause=CLAUSE, is_new=True,
            codes={"kind": kind, "starts_at": starts_at, "people": [p.pk for p in people], "source_kind": source_kind, "source": str(source_id or "")},
        )  # fmt: skip
        tell_source("called", meeting, _("发会议通知"), by=by, at=at)
        tell(meeting, "meetings.called", {p.pk for p in people} - {by.person_id}, at)
    return meeting


def fill_figures(meeting: Meeting, at: dt.datetime) -> None:
    """The week before the meeting; filled in at the call, and anew when it opens, for the week may not have been over."""
    meeting.week_on, _sunday = queries.week_before(meeting.starts_at)
    meeting.figures = queries.figures_for(meeting.unit, meeting.starts_at, at)


def _with_convener(participants: Sequence[Person], by: Any) -> list[Person]:
    own = Person.objects.filter(pk=by.person_id or 0)
    return list(dict.fromkeys([*own, *participants]))


def _unit(kind: str, by: Any) -> Unit:
    """The company for its own meetings, the convener's department for the others."""
    own = next((s.department_id for s in by.seats if s.department_id), None)
    if kind not in (Kind.COMPANY, Kind.WEEKLY) and own:
        return Unit.objects.get(pk=own)
    return Unit.objects.get(kind=Unit.Kind.COMPANY)


def _refuse(
    kind: str, topic: str, problem: str, urgency: str, solution: str, people: Sequence[Person], voting: Iterable[int], starts_at: dt.datetime,
    at: dt.datetime,
) -> Iterator[Refusal]:  # fmt: skip
    yield from rules.refuse_call(
        is_deciding=kind in DECIDING, topic=topic, problem=problem, urgency=urgency, solution=solution, people=len(people),
        voters=len({p.pk for p in people} & set(voting)), starts_at=starts_at, at=at,
    )  # fmt: skip


def _invite(meeting: Meeting, people: Sequence[Person], voting: Iterable[int]) -> None:
    wanted = set(voting)
    Participant.objects.bulk_create(
        Participant(meeting=meeting, person=person, order=n, has_vote=person.pk in wanted)
        for n, person in enumerate(people, 1)
    )
    concern_many(meeting.record, [(person.pk, "participant") for person in people])


def _guard_change(
    meeting: Meeting, *, by: Any, at: dt.datetime, topic: str, starts_at: dt.datetime, place: str, participants: Sequence[Person],
    problem: str = "", urgency: str = "", solution: str = "", voters: Sequence[Person] | None = None,
) -> Iterator[Refusal]:  # fmt: skip
    people = _all(meeting, participants)
    voting = {p.pk for p in (people if voters is None else voters)}
    yield from _refuse(meeting.kind, topic, problem, urgency, solution, people, voting, starts_at, at)


def _all(meeting: Meeting, participants: Sequence[Person]) -> list[Person]:
    return list(dict.fromkeys([*([meeting.convener] if meeting.convener else []), *participants]))


@arrow(
    Meeting, sources=[S.CALLED], target=None, label=_("修改通知"), event="changed", permit=convener, guard=_guard_change, clause=CLAUSE,
)  # fmt: skip
def change_call(
    meeting: Meeting, *, by: Any, at: dt.datetime, topic: str, starts_at: dt.datetime, place: str, participants: Sequence[Person],
    problem: str = "", urgency: str = "", solution: str = "", voters: Sequence[Person] | None = None,
) -> None:  # fmt: skip
    """Another hour, other people, a better solution; opinions already given stay."""
    people = _all(meeting, participants)
    voting = {p.pk for p in (people if voters is None else voters)}
    meeting.topic, meeting.starts_at, meeting.place = topic, starts_at, place
    meeting.problem, meeting.urgency, meeting.solution = problem, urgency, solution
    if meeting.is_reporting:
        fill_figures(meeting, at)
    rows = {row.person_id: row for row in meeting.participants.all()}
    gone = rows.keys() - {p.pk for p in people}
    meeting.participants.filter(person_id__in=gone).delete()
    for person_id in gone:
        release(meeting.record, person_id, "participant")
    _invite(meeting, [p for p in people if p.pk not in rows], voting)
    meeting.participants.filter(person_id__in=voting).update(has_vote=True)
    meeting.participants.exclude(person_id__in=voting).update(has_vote=False)
    meeting.invited = len(people)
    tell(meeting, "meetings.changed", {p.pk for p in people} | gone - {by.person_id}, at)


def _guard_cancel(meeting: Meeting, *, by: Any, at: dt.datetime, cancel_reason: str) -> Iterator[Refusal]:
    if len(cancel_reason.strip()) < 2:
        yield Refusal("meeting.cancel", _("请写明取消的理由。"), {}, CLAUSE, "cancel_reason")


@arrow(
    Meeting, sources=[S.CALLED], target=S.CANCELLED, label=_("取消会议"), event="cancelled", permit=convener, guard=_guard_cancel, clause=CLAUSE,
)  # fmt: skip
def cancel(meeting: Meeting, *, by: Any, at: dt.datetime, cancel_reason: str) -> None:
    """It does not take place."""
    meeting.cancel_reason = cancel_reason
    tell(meeting, "meetings.cancelled", set(_people(meeting)) - {by.person_id}, at)


def _people(meeting: Meeting) -> list[int]:
    return list(meeting.participants.values_list("person_id", flat=True))


def tell(meeting: Meeting, code: str, people: Iterable[int], at: dt.datetime) -> None:
    params = {"topic": meeting.topic, "starts_at": meeting.starts_at, "number": meeting.record.number or ""}
    notify(people, code, params, at=at, record_id=meeting.record_id, url=meeting.get_absolute_url(), clause=CLAUSE)


def tell_source(verb: str, meeting: Meeting, label: str, *, by: Any, at: dt.datetime) -> None:
    """The same news to the paper that the meeting is about: its duties listen there."""
    record_id = record_behind(meeting.source_kind, meeting.source_id)
    if record_id is not None:
        announce(
            f"meetings.source.{verb}", meeting, by=by, at=at, label=label, record_id=meeting.record_id, clause=CLAUSE,
            codes={"subject": f"record:{record_id}", "source_kind": meeting.source_kind, "source": meeting.source_id, "meeting": meeting.pk},
        )  # fmt: skip
