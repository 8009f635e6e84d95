"""One person's sheet: answers word for word, the mark, the signature, the objection (AM-W3, HS-W1.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.inspections import queries, registry, rules
from zhangfa.inspections.models import Answer, Sheet
from zhangfa.inspections.permissions import ask, object_to_sheet, rule_on_sheet
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.records.actions import ask_signatures, assign_number, concern, concern_many

S = Sheet.Status
CLAUSE = rules.INSPECTIONS
WORDS = ("answer", "verdict", "deduction", "observation")
MEASURED_DAYS = 30


def record_answer(
    sheet: Sheet, *, id: UUID, answer: str, verdict: str, deduction: int, observation: str = "", version: int | None = None,
    stated_at: dt.datetime | None = None, item: int | None = None, source: str = "", clause: str = "", question: str = "", by: Actor,
    at: dt.datetime,
) -> Answer:  # fmt: skip
    """Keep an answer word for word. `version` is what the writer saw: if somebody else wrote meanwhile, both are shown.

    An unknown `id` is a question of the list where `item` says which (a telephone minted it), else a further one asked on
    the spot, with the rule it comes from.
    """
    with work():
        sheet = Sheet.objects.lock(sheet.pk)
        demand(ask(sheet, by=by, at=at))
        if sheet.status != S.OPEN:
            raise Refused([Refusal("answer.closed", _("这张表已经提交，回答不能再改。"), {}, CLAUSE)])
        demand(rules.refuse_answer(answer=answer, verdict=verdict, deduction=deduction))
        row = Answer.objects.select_for_update().filter(pk=id).first()
        if row is not None and row.sheet_id != sheet.pk:
            raise Refused([Refusal("answer.other", _("这个回答属于另一张表。"), {}, CLAUSE)])
        if row is None and item:
            row = sheet.answers.select_for_update().filter(item__no=item).first()
        if row is None:
            row = _further(sheet, id, source=source, clause=clause, question=question)
        given = {"answer": answer, "verdict": verdict, "deduction": deduction, "observation": observation}
        if row.received_at is not None and all(getattr(row, name) == value for name, value in given.items()):
            return row
        if version is not None and version != row.version and row.received_at is not None:
            raise Refused([_changed(row)])
        before = {name: getattr(row, name) for name in WORDS}
        for name, value in given.items():
            setattr(row, name, value)
        row.version += 1
        row.received_at, row.stated_at, row.written_by_id = at, stated_at, by.person_id
        row.save()
        announce(
            "inspections.answer.recorded", sheet, by=by, at=at, label=_("记录回答"), record_id=sheet.record_id, clause=CLAUSE,
            codes={"answer": str(row.pk), "no": row.no, "version": row.version},
            values={name: [before[name], value] for name, value in given.items() if before[name] != value},
        )  # fmt: skip
        return row


def _changed(row: Answer) -> Refusal:
    name = row.written_by.shown_name if row.written_by else ""
    return Refusal(
        "answer.changed", _("%(name)s 已经改过这一题，现在记的是“%(answer)s”。请核对后再选择用哪一个。"),
        {"name": name, "answer": row.answer or "—"}, CLAUSE, "answer",
    )  # fmt: skip


def _further(sheet: Sheet, id: UUID, *, source: str, clause: str, question: str) -> Answer:
    demand(_refuse_further(source, clause, question))
    last = sheet.answers.order_by("-no").values_list("no", flat=True).first() or 0
    return Answer(id=id, sheet=sheet, no=last + 1, source=source, clause=clause, question=question, version=0)


def _refuse_further(source: str, clause: str, question: str) -> Iterator[Refusal]:
    yield from rules.refuse_note(text=question, field="question")
    if not source.strip() or not clause.strip():
        yield Refusal("answer.source", _("每个问题都要写明出自哪项制度、哪一条。"), {}, CLAUSE, "source")


def _guard_write_up(
    sheet: Sheet, *, by: Actor, at: dt.datetime, recheck_on: dt.date | None = None, **_more: Any
) -> Iterator[Refusal]:
    if recheck_on and recheck_on <= clock.local_date(at):
        yield Refusal("sheet.recheck", _("复查日期要晚于今天。"), {}, CLAUSE, "recheck_on")


@arrow(
    Sheet, sources=[S.OPEN], target=None, label=_("填写评价与核对"), event="written_up", permit=ask, guard=_guard_write_up, clause=CLAUSE,
)  # fmt: skip
def write_up(
    sheet: Sheet, *, by: Actor, at: dt.datetime, comment: str, recheck_on: dt.date | None = None, schedule_match: str = "",
    profile_samples: str = "", follow_up_samples: str = "", left_at: dt.datetime | None = None,
) -> None:  # fmt: skip
    """What it comes to, and, at a spot check, whether whereabouts, files and calls were as written."""
    sheet.comment, sheet.recheck_on, sheet.schedule_match = comment, recheck_on, schedule_match
    sheet.profile_samples, sheet.follow_up_samples, sheet.left_at = profile_samples, follow_up_samples, left_at


def _facts(sheet: Sheet, at: dt.datetime) -> rules.SheetFacts:
    rows = list(sheet.answers.all())
    return rules.SheetFacts(
        asked=len(rows), unmarked=sum(not row.verdict or not row.answer for row in rows), comment=sheet.comment,
        is_spot=sheet.inspection.is_spot, schedule_match=sheet.schedule_match, recheck_on=sheet.recheck_on, today=clock.local_date(at),
    )  # fmt: skip


def _guard_hand_in(sheet: Sheet, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    yield from rules.refuse_hand_in(_facts(sheet, at))


@arrow(
    Sheet, sources=[S.OPEN], target=S.HANDED, label=_("提交并请签字"), event="handed_in", permit=ask, guard=_guard_hand_in, clause=CLAUSE,
    hint=_("提交后回答不能再改；请受检人当面签字，拒签时由见证人登记。"),
)  # fmt: skip
def hand_in(sheet: Sheet, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """The sheet gets its number; the person asked reads it, signs it, and may contest it."""
    marks = list(sheet.answers.values_list("verdict", "deduction"))
    sheet.asked = len(marks)
    for name in ("correct", "partly", "wrong"):
        setattr(sheet, name, sum(verdict == name for verdict, _points in marks))
    sheet.score = rules.score_of([points for _verdict, points in marks])
    sheet.left_at = sheet.left_at or at
    since = sheet.checked_on - dt.timedelta(days=MEASURED_DAYS)
    sheet.measures = [
        [label, value]
        for measure in registry.measures.values()
        for label, value in measure(sheet.person, sheet.unit, since, sheet.checked_on)
    ]
    assign_number(sheet.record, at=at)
    concern(sheet.record, sheet.person_id, "asked")
    managers = queries.managers_of(sheet.unit, at) - {sheet.person_id}
    concern_many(sheet.record, [(pk, "head") for pk in sorted(managers)])
    concern(sheet.inspection.record, sheet.person_id, "asked")
    ask_signatures(sheet.record, [("inspector", by.person_id), ("asked", sheet.person_id)], by=by, at=at)
    params = {"number": sheet.record.number or "", "score": sheet.score}
    notify(
        [sheet.person_id], "inspections.shown", params, at=at, record_id=sheet.record_id, url=sheet.get_absolute_url()
    )
    return {
        "codes": {"person": sheet.person_id, "kind": sheet.inspection.kind, "asked": sheet.asked, "wrong": sheet.wrong}
    }


def _guard_object(sheet: Sheet, *, by: Actor, at: dt.datetime, text: str) -> Iterator[Refusal]:
    yield from rules.refuse_note(text=text, field="text")


@arrow(
    Sheet, sources=[S.HANDED], target=S.OBJECTED, label=_("提出异议"), event="objected", permit=object_to_sheet, guard=_guard_object,
    clause=CLAUSE, hint=_("由没有参加检查的领导处理；处理前这张表不计入考核。"),
)  # fmt: skip
def object_to(sheet: Sheet, *, by: Actor, at: dt.datetime, text: str) -> dict[str, Any]:
    """Until somebody else has decided, the sheet does not count."""
    sheet.objection, sheet.objected_at, sheet.objected_by_id = text, at, by.person_id
    return {"values": {"text": text}}


def _guard_rule(sheet: Sheet, *, by: Actor, at: dt.datetime, ruling: str, score: int) -> Iterator[Refusal]:
    yield from rules.refuse_note(text=ruling, field="ruling")
    if score > rules.FULL_SCORE:
        yield Refusal("sheet.score", _("得分不能超过 %(most)s。"), {"most": rules.FULL_SCORE}, CLAUSE, "score")


@arrow(
    Sheet, sources=[S.OBJECTED], target=S.RULED, label=_("处理异议"), event="ruled", permit=rule_on_sheet, guard=_guard_rule, clause=CLAUSE,
)  # fmt: skip
def rule_on(sheet: Sheet, *, by: Actor, at: dt.datetime, ruling: str, score: int) -> dict[str, Any]:
    """Somebody else has looked: the score stands or is set anew; the answers stay as they were written."""
    before = sheet.score
    sheet.ruling, sheet.ruled_at, sheet.ruled_by_id, sheet.score = ruling, at, by.person_id, score
    notify(
        [sheet.person_id],
        "inspections.ruled",
        {"number": sheet.record.number or ""},
        at=at,
        record_id=sheet.record_id,
        url=sheet.get_absolute_url(),
    )
    return {"codes": {"before": before, "after": score}}
