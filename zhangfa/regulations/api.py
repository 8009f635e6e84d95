"""Regulations, their clauses, receipts and execution reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Router

from zhangfa.core.text import _
from zhangfa.records.api.operations import key_lookup
from zhangfa.regulations import actions, queries
from zhangfa.regulations.models import Execution, Regulation
from zhangfa.regulations.permissions import draft_regulations, paper_receipts, read_regulations
from zhangfa.regulations.rules import CLAUSE
from zhangfa.regulations.threads import thread
from zhangfa.regulations.web.forms import FORMS, AnswersListForm, DraftForm, PaperForm, ReportForm
from zhangfa.regulations.web.pages import BY_HAND, Regulations
from zhangfa.ui import words
from zhangfa.ui.api import Call, Missing, Schema, creates, lists, reads, transitions, writes
from zhangfa.ui.api.operations import Input, Number

router = Router()


class RegulationClauseOut(Schema):
    seq: int
    text: str
    is_changed: bool
    question: str
    options: list[str]


class RegulationOut(Schema):
    """One version: what, for whom, by whom, from when to when."""

    id: str
    number: str
    title: str
    kind: str
    topic: str
    level: str
    unit: str
    edition: int
    status: str
    status_label: str
    summary: str
    reason: str
    problem: str
    posts: list[str]
    vital: list[str]
    policy_key: str
    policy_value: str
    promulgated_at: dt.datetime | None
    effective_on: dt.date | None
    expires_on: dt.date | None
    ended_on: dt.date | None
    supervisor: str
    report_due_at: dt.datetime | None
    executed_at: dt.datetime | None
    source_kind: str
    source_id: str
    version: int
    url: str


class RegulationFullOut(RegulationOut):
    clauses: list[RegulationClauseOut]
    receipts_given: int
    receipts_asked: int
    reports_given: int
    reports_asked: int


class StageOut(Schema):
    label: str
    state: str
    done_at: dt.datetime | None
    due_at: dt.datetime | None
    holder: str
    note: str
    clause: str
    url: str


class ThreadOut(Schema):
    """A chain from what happened to the rule and its effect."""

    kind: str
    id: str
    title: str
    number: str
    stages: list[StageOut]


class ExecutionOut(Schema):
    id: int
    department: str
    due_at: dt.datetime
    reported_at: dt.datetime | None
    is_late: bool
    execution: str
    trained_count: int
    done_rate: int
    problems: str


class ReceiptOut(Schema):
    person: str
    at: dt.datetime | None
    is_on_paper: bool


def line(_call: Call, row: Regulation) -> RegulationOut:
    return RegulationOut(**_facts(row))


def _facts(row: Regulation) -> dict[str, Any]:
    names = (
        "title", "kind", "topic", "level", "edition", "status", "summary", "reason", "problem", "posts", "vital", "policy_key", "policy_value",
        "promulgated_at", "effective_on", "expires_on", "ended_on", "report_due_at", "executed_at", "source_kind", "source_id", "version",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        "id": str(row.pk), "number": row.record.number or "", "unit": row.unit.shown_name, "status_label": row.get_status_display(),
        "supervisor": row.supervisor.shown_name if row.supervisor else "", "url": row.get_absolute_url(),
    }  # fmt: skip


def shown(_call: Call, row: Regulation) -> RegulationFullOut:
    row = Regulation.objects.select_related("record", "unit", "supervisor").get(pk=row.pk)
    given, asked = queries.receipt_counts([row.pk]).get(row.pk, (0, 0))
    reports, owed = queries.execution_counts([row.pk]).get(row.pk, (0, 0))
    clauses = [
        RegulationClauseOut(seq=c.seq, text=c.text, is_changed=c.is_changed, question=c.question, options=c.options)
        for c in row.clauses.order_by("seq")
    ]
    return RegulationFullOut(
        **_facts(row), clauses=clauses, receipts_given=given, receipts_asked=asked, reports_given=reports, reports_asked=owed,
    )  # fmt: skip


def find(call: Call) -> Regulation:
    rows = Regulation.objects.visible_to(call.actor).select_related("record", "unit", "supervisor", "drafted_by")
    found: Regulation = call.one(rows, **key_lookup(call.path["key"], "record__number"))
    call.check(read_regulations, found)
    return found


def execution_out(_call: Call, row: Execution) -> ExecutionOut:
    return ExecutionOut(
        id=row.pk, department=row.department.shown_name, due_at=row.due_at, reported_at=row.reported_at, is_late=row.is_late,
        execution=row.execution, trained_count=row.trained_count, done_rate=row.done_rate, problems=row.problems,
    )  # fmt: skip


def _find_execution(call: Call) -> Execution:
    seen = Regulation.objects.visible_to(call.actor).values("pk")
    rows = Execution.objects.filter(regulation__in=seen).select_related("regulation__record", "department")
    found: Execution = call.one(rows, pk=call.path["id"])
    return found


def _thread(call: Call) -> ThreadOut:
    call.check(read_regulations)
    found = thread(str(call.path["kind"]), str(call.path["id"]), call.actor, call.at)
    if found is None:
        raise Missing
    stages = [
        StageOut(
            label=words.text(s.label), state=s.state(call.at), done_at=s.done_at, due_at=s.due_at, holder=s.holder, note=words.text(s.note),
            clause=s.clause, url=s.url,
        )
        for s in found.stages
    ]  # fmt: skip
    return ThreadOut(
        kind=found.source.kind, id=found.source_id, title=words.text(found.origin.title), number=found.origin.number, stages=stages
    )  # fmt: skip


def _draft(given: Input) -> Regulation:
    return actions.draft(by=given.call.actor, at=given.call.at, **given.params)


def _report(given: Input) -> Execution:
    return actions.report(given.target, by=given.call.actor, at=given.call.at, **given.params)


def _acknowledge(given: Input) -> Any:
    asked = queries.asked_of(given.target)
    answers = dict(zip((row.seq for row in asked), given.params["answers"], strict=False))
    return actions.acknowledge(given.target, by=given.call.actor, at=given.call.at, answers=answers)


def _on_paper(given: Input) -> Any:
    return actions.acknowledge_on_paper(given.target, by=given.call.actor, at=given.call.at, **given.params)


def receipt_out(_call: Call, row: Any) -> ReceiptOut:
    return ReceiptOut(person=row.person.shown_name, at=row.at, is_on_paper=row.paper_by_id is not None)


ONE = "/regulations/{key}"
lists(
    router,
    "/regulations",
    id="regulations",
    summary=_("制度"),
    page=Regulations,
    line=line,
    out=RegulationOut,
    about=CLAUSE,
)
creates(
    router, "/regulations", id="regulation_draft", summary=_("起草制度"), form=DraftForm, act=_draft, show=shown, out=RegulationFullOut,
    permission=draft_regulations, about=CLAUSE,
)  # fmt: skip
reads(
    router,
    ONE,
    id="regulation",
    summary=_("一份制度"),
    give=lambda call: shown(call, find(call)),
    out=RegulationFullOut,
    about=CLAUSE,
)
transitions(
    router, ONE, model=Regulation, noun="regulation", forms_of=FORMS, find=find, show=shown, out=RegulationFullOut, only=BY_HAND
)  # fmt: skip
writes(
    router, f"{ONE}/receipt", id="regulation_acknowledge", summary=_("签收制度"), find=find, form=AnswersListForm, act=_acknowledge, show=receipt_out,
    out=ReceiptOut, about="AM-D3",
)  # fmt: skip
writes(
    router, f"{ONE}/paper-receipt", id="regulation_on_paper", summary=_("登记纸面签收"), find=find, form=PaperForm, act=_on_paper, show=receipt_out,
    out=ReceiptOut, permission=paper_receipts, about="AM-D3",
)  # fmt: skip
writes(
    router, "/executions/{id}", id="execution_report", summary=_("提交执行报告"), find=_find_execution, form=ReportForm, act=_report,
    show=execution_out, out=ExecutionOut, ids={"id": Number}, about=CLAUSE,
)  # fmt: skip
reads(
    router,
    "/threads/{kind}/{id}",
    id="thread",
    summary=_("从问题到制度的整条线"),
    give=_thread,
    out=ThreadOut,
    about="CC-W2.1",
)
