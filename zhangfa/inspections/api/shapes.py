"""What other programs see of inspections."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from zhangfa.inspections.models import Answer, Finding, Inspection, Merit, Problem, Sheet
from zhangfa.inspections.permissions import knows_list
from zhangfa.ui.api import Call, Schema


class CheckItemOut(Schema):
    no: int
    source: str
    clause: str
    question: str
    is_announced: bool


class InspectionOut(Schema):
    id: UUID
    number: str
    kind: str
    status: str
    unit: int
    unit_name: str
    planned_on: dt.date
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    comment: str
    version: int
    items: list[CheckItemOut]


class AnswerOut(Schema):
    id: UUID
    no: int
    item: int | None
    source: str
    clause: str
    question: str
    answer: str
    verdict: str
    deduction: int
    observation: str
    version: int
    received_at: dt.datetime | None
    stated_at: dt.datetime | None
    written_by: str


class SheetOut(Schema):
    id: UUID
    number: str
    inspection: UUID
    status: str
    person: int
    person_name: str
    checked_on: dt.date
    comment: str
    recheck_on: dt.date | None
    score: int | None
    asked: int
    correct: int
    partly: int
    wrong: int
    objection: str
    ruling: str
    version: int
    answers: list[AnswerOut]


class SpotProblemOut(Schema):
    id: int
    number: str
    status: str
    unit: int
    issue: str
    measure: str
    urgency: str
    owner: int
    owner_name: str
    due_on: dt.date
    recheck_on: dt.date | None
    done_at: dt.datetime | None
    done_note: str
    recheck_note: str
    version: int


class FindingOut(Schema):
    id: int
    kind: str
    status: str
    form: str
    person: int
    person_name: str
    week_on: dt.date
    count: int
    evidence: list[dict[str, Any]]
    objection: str
    ruling: str
    version: int


class MeritOut(Schema):
    """A reward or penalty as it was proposed, answered and decided."""

    id: UUID
    number: str
    kind: str
    measure: str
    amount: str | None
    status: str
    person: int
    person_name: str
    fact: str
    ground: str
    clause: str
    statement: str
    opinion: str
    appeal: str
    done_on: dt.date | None
    version: int


def merit_out(_call: Call, row: Merit) -> MeritOut:
    return MeritOut(
        id=row.pk, number=row.record.number or "", kind=row.kind, measure=row.measure, amount=None if row.amount is None else str(row.amount),
        status=row.status, person=row.person_id, person_name=row.person.shown_name, fact=row.fact, ground=(row.ground.record.number or "") if row.ground else "",
        clause=row.clause, statement=row.statement, opinion=row.opinion, appeal=row.appeal, done_on=row.done_on, version=row.version,
    )  # fmt: skip


def inspection_out(call: Call, row: Inspection) -> InspectionOut:
    S = Inspection.Status
    knows = row.status in (S.STARTED, S.DONE) or knows_list(row, call.actor)
    items = [item for item in row.items.all() if item.is_announced or knows]
    return InspectionOut(
        id=row.pk, number=row.number, kind=row.kind, status=row.status, unit=row.unit_id, unit_name=row.unit.shown_name, planned_on=row.planned_on,
        started_at=row.started_at, finished_at=row.finished_at, comment=row.comment, version=row.version,
        items=[CheckItemOut(no=i.no, source=i.source, clause=i.clause, question=i.question, is_announced=i.is_announced) for i in items],
    )  # fmt: skip


def answer_out(_call: Call, row: Answer) -> AnswerOut:
    return AnswerOut(
        id=row.pk, no=row.no, item=row.item.no if row.item else None, source=row.source, clause=row.clause, question=row.question, answer=row.answer,
        verdict=row.verdict, deduction=row.deduction, observation=row.observation, version=row.version, received_at=row.received_at,
        stated_at=row.stated_at, written_by=row.written_by.shown_name if row.written_by else "",
    )  # fmt: skip


def sheet_out(call: Call, row: Sheet) -> SheetOut:
    answers = row.answers.select_related("item", "written_by").order_by("no")
    return SheetOut(
        id=row.pk, number=row.number, inspection=row.inspection_id, status=row.status, person=row.person_id, person_name=row.person.shown_name,
        checked_on=row.checked_on, comment=row.comment, recheck_on=row.recheck_on, score=row.score, asked=row.asked, correct=row.correct,
        partly=row.partly, wrong=row.wrong, objection=row.objection, ruling=row.ruling, version=row.version,
        answers=[answer_out(call, answer) for answer in answers],
    )  # fmt: skip


def problem_out(_call: Call, row: Problem) -> SpotProblemOut:
    return SpotProblemOut(
        id=row.pk, number=row.number, status=row.status, unit=row.unit_id, issue=row.issue, measure=row.measure, urgency=row.urgency, owner=row.owner_id,
        owner_name=row.owner.shown_name, due_on=row.due_on, recheck_on=row.recheck_on, done_at=row.done_at, done_note=row.done_note,
        recheck_note=row.recheck_note, version=row.version,
    )  # fmt: skip


def finding_out(_call: Call, row: Finding) -> FindingOut:
    return FindingOut(
        id=row.pk, kind=row.kind, status=row.status, form=row.source, person=row.person_id, person_name=row.person.shown_name, week_on=row.week_on,
        count=row.count, evidence=row.evidence, objection=row.objection, ruling=row.ruling, version=row.version,
    )  # fmt: skip
