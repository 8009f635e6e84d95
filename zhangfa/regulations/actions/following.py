"""Acknowledging a version, and the departments' reports on its execution (AM-W2, AM-D3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import Happened, announce
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.models import Person, Seat
from zhangfa.records.actions import open_record
from zhangfa.regulations import queries, rules
from zhangfa.regulations.choices import ALL, Level, Status
from zhangfa.regulations.models import Execution, Receipt, Regulation
from zhangfa.regulations.permissions import paper_receipts, report_execution
from zhangfa.regulations.rules import CLAUSE

REPORT_FORM = "ZX"
HANDBOOK = "AM-D3"


def acknowledge(regulation: Regulation, *, by: Any, at: dt.datetime, answers: Mapping[int, int | None] | None = None) -> Receipt:  # fmt: skip
    """Say that one has read this version, after answering the questions on what it changed. Only for oneself."""
    with work():
        receipt = Receipt.objects.select_for_update().filter(regulation=regulation, person_id=by.person_id or 0).first()
        asked = queries.asked_of(regulation)
        demand(_refuse_acknowledge(regulation, receipt, asked, answers or {}))
        assert receipt is not None
        receipt.at, receipt.questions = at, len(asked)
        receipt.save(update_fields=["at", "questions"])
        _acknowledged(regulation, receipt, by=by, at=at)
        return receipt


def _refuse_acknowledge(
    regulation: Regulation, receipt: Receipt | None, asked: list[Any], answers: Mapping[int, int | None]
) -> Iterator[Refusal]:
    if receipt is None or regulation.status != Status.IN_FORCE:
        yield Refusal("receipt.none", _("这份制度不需要您签收。"), {}, CLAUSE)
        return
    if receipt.at is not None:
        yield Refusal("receipt.done", _("您已经签收过了。"), {}, CLAUSE)
        return
    wrong = rules.wrong_answers({row.seq: row.answer for row in asked}, answers)
    for seq in wrong:
        yield Refusal(
            "receipt.wrong", _("答得不对，请再看第 %(seq)s 条。"), {"seq": seq}, CLAUSE, f"clause_{seq}"
        )  # fmt: skip


def acknowledge_on_paper(regulation: Regulation, *, person: Person, note: str, by: Any, at: dt.datetime) -> Receipt:
    """Somebody without a sign-in read it and signed on paper: entered by their line, with where the paper lies."""
    demand(paper_receipts(regulation, by=by, at=at))
    with work():
        receipt = Receipt.objects.select_for_update().filter(regulation=regulation, person=person).first()
        demand(_refuse_paper(regulation, receipt, person, note, by))
        assert receipt is not None
        receipt.at, receipt.paper_by_id, receipt.note = at, by.person_id, note
        receipt.save(update_fields=["at", "paper_by", "note"])
        _acknowledged(regulation, receipt, by=by, at=at)
        return receipt


def _refuse_paper(
    regulation: Regulation, receipt: Receipt | None, person: Person, note: str, by: Any
) -> Iterator[Refusal]:
    if receipt is None or not queries.receipts_seen(regulation, by).filter(pk=receipt.pk).exists():
        yield Refusal("receipt.none", _("这份制度不需要他（她）签收，或不在您管的范围内。"), {}, CLAUSE, "person")
    elif receipt.at is not None:
        yield Refusal("receipt.done", _("已经签收过了。"), {}, CLAUSE, "person")
    elif person.pk == by.person_id:
        yield Refusal("receipt.own", _("您自己请在线签收。"), {}, CLAUSE, "person")
    if len(note.strip()) < rules.SHORTEST:
        yield Refusal("receipt.note", _("请写明怎样学习、签名的纸件在哪里。"), {}, CLAUSE, "note")


def _acknowledged(regulation: Regulation, receipt: Receipt, *, by: Any, at: dt.datetime) -> None:
    announce(
        "regulations.receipt.given", receipt, by=by, at=at, label=_("签收制度"), record_id=regulation.record_id,
        codes={"person": receipt.person_id, "edition": regulation.edition, "on_paper": receipt.paper_by_id is not None, "questions": receipt.questions},
        clause=HANDBOOK if regulation.kind == "handbook" else CLAUSE,
    )  # fmt: skip


def report(
    execution: Execution,
    *,
    words: str,
    trained_count: int,
    done_rate: int,
    problems: str = "",
    by: Any,
    at: dt.datetime,
) -> Execution:
    """A department says how it carries the regulation out; with the last report the file is closed (AM-W2, U04)."""
    demand(report_execution(execution, by=by, at=at))
    with work():
        regulation = Regulation.objects.lock(execution.regulation_id)
        row = Execution.objects.lock(execution.pk)
        people = regulation.receipts.filter(department_id=row.department_id).count()
        demand(
            [
                *_refuse_again(row),
                *rules.refuse_report(execution=words, trained=trained_count, rate=done_rate, people=people),
            ]
        )
        paper = open_record(
            REPORT_FORM, unit=row.department, by=by, at=at, title=regulation.title[:120], parent=regulation.record, retention="R5",
            due_at=row.due_at, is_handed_in=True, url=f"/regulations/executions/{row.pk}/",
        )  # fmt: skip
        row.record, row.reported_at, row.reported_by_id = paper, at, by.person_id
        row.execution, row.trained_count, row.done_rate, row.problems = words, trained_count, done_rate, problems
        row.save()
        announce(
            "regulations.execution.reported", row, by=by, at=at, label=_("报告执行情况"), record_id=regulation.record_id, clause=CLAUSE,
            codes={"department": row.department_id, "rate": done_rate, "trained": trained_count, "is_late": row.is_late},
        )  # fmt: skip
        if not regulation.executions.filter(reported_at=None).exists():
            regulation.executed_at = at
            regulation.save(update_fields=["executed_at"])
            announce(
                "regulations.regulation.closed", regulation, by=by, at=at, label=_("制度归档"), record_id=regulation.record_id,
                clause=CLAUSE,
            )  # fmt: skip
        return row


def _refuse_again(row: Execution) -> Iterator[Refusal]:
    if row.reported_at is not None:
        yield Refusal("execution.done", _("这份报告已经提交。"), {}, CLAUSE)


def greet(happened: Happened) -> None:
    """Somebody came into a seat: what binds it is theirs to acknowledge from now on (AM-D3)."""
    if happened.event != "organisation.holding.begun":
        return
    seat = Seat.objects.select_related("unit").filter(pk=int(happened.codes["seat"])).first()
    person_id = happened.codes.get("person")
    if seat is None or not isinstance(person_id, int):
        return
    at = happened.at
    known = set(Receipt.objects.filter(person_id=person_id).values_list("regulation_id", flat=True))
    owed = [
        row
        for row in Regulation.objects.filter(status=Status.IN_FORCE).exclude(pk__in=known)
        if (ALL in row.posts or seat.post_id in row.posts)
        and (row.level == Level.COMPANY or row.department_id == seat.unit.department_id)
    ]
    Receipt.objects.bulk_create(
        Receipt(regulation=row, person_id=person_id, unit_id=seat.unit_id, department_id=seat.unit.department_id, asked_at=at)
        for row in owed
    )  # fmt: skip
    if owed:
        notify(
            [person_id], "regulations.to_read", {"count": len(owed)}, at=at, url="/regulations/mine/", clause=HANDBOOK
        )
