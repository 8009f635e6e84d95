"""Meetings: called, held, voted on, resolved and published."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Router

from zhangfa.core.text import _
from zhangfa.meetings import actions, queries
from zhangfa.meetings.models import Meeting
from zhangfa.meetings.permissions import call_meetings, read_meetings
from zhangfa.meetings.rules import CLAUSE
from zhangfa.meetings.web.forms import FORMS, CallForm
from zhangfa.meetings.web.pages import Meetings
from zhangfa.meetings.wording import figure_lines
from zhangfa.records.api.operations import key_lookup
from zhangfa.ui.api import Call, Schema, creates, lists, reads, transitions
from zhangfa.ui.api.operations import Input

router = Router()


class ParticipantOut(Schema):
    person: str
    has_vote: bool
    is_present: bool | None
    vote: str
    opinion: str
    dissent: str


class DecisionOut(Schema):
    seq: int
    text: str
    owner: str
    due_on: dt.date
    standard: str
    task_id: str


class MeetingFigureOut(Schema):
    label: str
    unit: str
    value: str
    before: str
    target: str
    variance: str


class MeetingOut(Schema):
    id: str
    number: str
    kind: str
    topic: str
    status: str
    status_label: str
    unit: str
    convener: str
    starts_at: dt.datetime
    place: str
    is_passed: bool | None
    version: int
    url: str


class MeetingFullOut(MeetingOut):
    problem: str
    urgency: str
    solution: str
    standpoint: str
    discussion: str
    resolution: str
    needs_rule: bool
    reward_rule: str
    invited: int
    present: int
    voters: int
    yes: int
    no: int
    participants: list[ParticipantOut]
    decisions: list[DecisionOut]
    figures: list[MeetingFigureOut]


def _facts(row: Meeting) -> dict[str, Any]:
    names = ("kind", "topic", "status", "starts_at", "place", "is_passed", "version")
    return {name: getattr(row, name) for name in names} | {
        "id": str(row.pk), "number": row.record.number or "", "status_label": row.get_status_display(), "unit": row.unit.shown_name,
        "convener": row.convener.shown_name if row.convener else "", "url": row.get_absolute_url(),
    }  # fmt: skip


def line(_call: Call, row: Meeting) -> MeetingOut:
    return MeetingOut(**_facts(row))


def shown(_call: Call, row: Meeting) -> MeetingFullOut:
    row = Meeting.objects.select_related("record", "unit", "convener").get(pk=row.pk)
    names = (
        "problem", "urgency", "solution", "standpoint", "discussion", "resolution", "needs_rule", "reward_rule", "invited", "present", "voters", "yes",
        "no",
    )  # fmt: skip
    people = [
        ParticipantOut(
            person=p.person.shown_name, has_vote=p.has_vote, is_present=p.is_present, vote=p.vote, opinion=p.opinion, dissent=p.dissent
        )
        for p in queries.people_of(row)
    ]  # fmt: skip
    decisions = [
        DecisionOut(seq=d.seq, text=d.text, owner=d.owner.shown_name, due_on=d.due_on, standard=d.standard, task_id=d.task_id)
        for d in queries.tasks_of(row)
    ]  # fmt: skip
    figures = [
        MeetingFigureOut(label=f["label"], unit=f["unit"], value=f["value_shown"], before=f["before_shown"], target=f["target_shown"], variance=f["variance_shown"]) for f in figure_lines(row)
    ]  # fmt: skip
    return MeetingFullOut(
        **_facts(row), **{name: getattr(row, name) for name in names}, participants=people, decisions=decisions, figures=figures
    )  # fmt: skip


def find(call: Call) -> Meeting:
    rows = Meeting.objects.visible_to(call.actor).select_related("record", "unit", "convener")
    found: Meeting = call.one(rows, **key_lookup(call.path["key"], "record__number"))
    call.check(read_meetings, found)
    return found


def _call(given: Input) -> Meeting:
    return actions.call(by=given.call.actor, at=given.call.at, **given.params)


ONE = "/meetings/{key}"
lists(router, "/meetings", id="meetings", summary=_("会议"), page=Meetings, line=line, out=MeetingOut, about=CLAUSE)
creates(
    router, "/meetings", id="meeting_call", summary=_("召集会议"), form=CallForm, act=_call, show=shown, out=MeetingFullOut, permission=call_meetings,
    about=CLAUSE,
)  # fmt: skip
reads(
    router,
    ONE,
    id="meeting",
    summary=_("一次会议"),
    give=lambda call: shown(call, find(call)),
    out=MeetingFullOut,
    about=CLAUSE,
)
transitions(router, ONE, model=Meeting, noun="meeting", forms_of=FORMS, find=find, show=shown, out=MeetingFullOut)
