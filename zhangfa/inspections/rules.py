"""What an inspection needs before it starts, how people and questions are drawn, what a sheet and an order must say."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from zhangfa.core.decisions import Refusal
from zhangfa.core.periods import week_of
from zhangfa.core.text import _

INSPECTIONS, SPOT_CHECKS = "AM-W3", "HS-W1.6"
WEEK = dt.timedelta(days=7)
SHORTEST = 4
FULL_SCORE = 100
Entry = TypeVar("Entry", int, str)


def clause_of(*, is_spot: bool) -> str:
    return SPOT_CHECKS if is_spot else INSPECTIONS


def draw(seed: str, pool: Sequence[Entry], count: int) -> list[Entry]:
    """AM-W3: so many of the pool by lot; the same seed and pool give the same lot, so anybody can draw it again."""
    ordered = sorted(set(pool))
    return sorted(random.Random(seed).sample(ordered, min(count, len(ordered))))


def refuse_plan(*, outline: str, planned_on: dt.date, today: dt.date, is_spot: bool) -> Iterator[Refusal]:
    """The outline is written before leaving, for a day that is not over."""
    clause = clause_of(is_spot=is_spot)
    if len(outline.strip()) < SHORTEST:
        yield Refusal("inspection.outline", _("请先写明检查提纲：查什么、怎么查。"), {}, clause, "outline")
    if planned_on < today:
        yield Refusal("inspection.past", _("检查日期不能早于今天；清单要在出发前拟好。"), {}, clause, "planned_on")


def refuse_draw(*, pool: int, count: int, field: str = "count") -> Iterator[Refusal]:
    """A lot needs more people or questions than it takes; otherwise it would choose nothing."""
    if pool < count:
        yield Refusal(
            "inspection.pool",
            _("可抽取的只有 %(pool)s 个，抽不出 %(count)s 个。"),
            {"pool": pool, "count": count},
            INSPECTIONS,
            field,
        )


@dataclass(frozen=True)
class ListFacts:
    """The checklist as it stands."""

    items: int
    announced: int
    inspectors: int
    is_spot: bool


def refuse_issue(facts: ListFacts) -> Iterator[Refusal]:
    """AM-W3: who goes and what is asked stands on the list before anybody leaves; at least one item comes unannounced.

    HS-W1.6: a spot check is a surprise, so nothing of it is announced.
    """
    clause = clause_of(is_spot=facts.is_spot)
    if facts.items == 0:
        yield Refusal("inspection.empty", _("清单上还没有检查科目。"), {}, clause)
    elif facts.items == facts.announced:
        yield Refusal("inspection.surprise", _("至少要有一项不事先通知的科目。"), {}, clause)
    if facts.is_spot and facts.announced:
        yield Refusal("inspection.spot", _("抽查是突然到访，科目不能事先通知。"), {}, clause, "is_announced")
    if facts.inspectors == 0:
        yield Refusal("inspection.nobody", _("还没有确定检查人：请指定或由系统抽取。"), {}, clause)


def refuse_start(*, planned_on: dt.date, today: dt.date, is_spot: bool) -> Iterator[Refusal]:
    """Nobody starts before the day on the list."""
    if today < planned_on:
        yield Refusal(
            "inspection.early",
            _("清单上的检查日期是 %(day)s，还没有到。"),
            {"day": planned_on.isoformat()},
            clause_of(is_spot=is_spot),
        )


def refuse_person(*, is_inspector: bool, is_known: bool, is_spot: bool) -> Iterator[Refusal]:
    """Nobody asks themselves, and everybody has one sheet."""
    clause = clause_of(is_spot=is_spot)
    if is_inspector:
        yield Refusal("sheet.own", _("检查人不能检查自己。"), {}, clause, "person")
    if is_known:
        yield Refusal("sheet.known", _("这位受检人已经有一张表，请在那张表上继续填写。"), {}, clause, "person")


def refuse_answer(*, answer: str, verdict: str, deduction: int) -> Iterator[Refusal]:
    """The answer stands word for word; points go off only for what was not right."""
    if verdict and not answer.strip():
        yield Refusal("answer.words", _("请先记下回答的原话；没有回答就写“没有回答”。"), {}, INSPECTIONS, "answer")
    if deduction and verdict in ("", "correct"):
        yield Refusal("answer.deduction", _("判定为“部分正确”或“错误”时才扣分。"), {}, INSPECTIONS, "deduction")
    if deduction > FULL_SCORE:
        yield Refusal("answer.most", _("一题最多扣 %(most)s 分。"), {"most": FULL_SCORE}, INSPECTIONS, "deduction")


def score_of(deductions: Sequence[int]) -> int:
    """A hundred less what was taken off, never below nothing."""
    return max(0, FULL_SCORE - sum(deductions))


@dataclass(frozen=True)
class SheetFacts:
    """A sheet when it is handed in."""

    asked: int
    unmarked: int
    comment: str
    is_spot: bool
    schedule_match: str = ""
    recheck_on: dt.date | None = None
    today: dt.date | None = None


def refuse_hand_in(facts: SheetFacts) -> Iterator[Refusal]:
    """Every question has its answer and its mark, and somebody says what it comes to."""
    clause = clause_of(is_spot=facts.is_spot)
    if facts.asked == 0:
        yield Refusal("sheet.empty", _("还没有提问。"), {}, clause)
    if facts.unmarked:
        yield Refusal(
            "sheet.unmarked", _("还有 %(count)s 题没有记下回答或没有判定。"), {"count": facts.unmarked}, clause
        )
    if len(facts.comment.strip()) < SHORTEST:
        yield Refusal("sheet.comment", _("请写下总体评价。"), {}, clause, "comment")
    if facts.is_spot and not facts.schedule_match:
        yield Refusal("sheet.schedule", _("请选择服务去向核对的结果。"), {}, clause, "schedule_match")
    if facts.recheck_on and facts.today and facts.recheck_on <= facts.today:
        yield Refusal("sheet.recheck", _("复查日期要晚于今天。"), {}, clause, "recheck_on")


def last_day_for(day: dt.date) -> dt.date:
    """HS-W1.6: what a spot check finds is solved by the Sunday of the week after."""
    return week_of(day) + 2 * WEEK - dt.timedelta(days=1)


def refuse_order(
    *, issue: str, measure: str, due_on: dt.date, today: dt.date, is_spot: bool, recheck_on: dt.date | None
) -> Iterator[Refusal]:
    """An order names what is wrong, what is done and by when; of a spot check, by the end of next week."""
    clause = clause_of(is_spot=is_spot)
    if len(issue.strip()) < SHORTEST:
        yield Refusal("problem.issue", _("请写明存在什么问题。"), {}, clause, "issue")
    if len(measure.strip()) < SHORTEST:
        yield Refusal("problem.measure", _("请写明怎么整改。"), {}, clause, "measure")
    if due_on < today:
        yield Refusal("problem.past", _("期限不能早于今天。"), {}, clause, "due_on")
    last = last_day_for(today)
    if is_spot and due_on > last:
        yield Refusal(
            "problem.next_week",
            _("抽查发现的问题要在下周内解决，期限最迟 %(day)s。"),
            {"day": last.isoformat()},
            clause,
            "due_on",
        )
    if recheck_on and recheck_on < due_on:
        yield Refusal("problem.recheck", _("复查日期不能早于整改期限。"), {}, clause, "recheck_on")


def refuse_note(*, text: str, field: str, clause: str = INSPECTIONS) -> Iterator[Refusal]:
    if len(text.strip()) < SHORTEST:
        yield Refusal("note", _("请写清楚，不少于 %(count)s 个字。"), {"count": SHORTEST}, clause, field)


def refuse_remark(*, reason: str, names_person: bool, ground: str, was_shown: bool) -> Iterator[Refusal]:
    """A-57: units in public; a person only on the ground of a published rule and after their own sheet was shown to them."""
    yield from refuse_note(text=reason, field="reason")
    if names_person and len(ground.strip()) < SHORTEST:
        yield Refusal("remark.ground", _("点名到个人，须写明公布所依据的制度和条款。"), {}, INSPECTIONS, "ground")
    if names_person and not was_shown:
        yield Refusal(
            "remark.shown",
            _("这张表还没有给本人看过（本人签字或有见证的拒签），不能点名公布。"),
            {},
            INSPECTIONS,
            "sheet",
        )


def refuse_publication(*, week_on: dt.date, today: dt.date, proposal: str) -> Iterator[Refusal]:
    """The week's table goes to the weekly meeting once the week is over, with what is proposed to the company."""
    if week_on.weekday() != 0:
        yield Refusal("week.monday", _("请给出一周的星期一。"), {}, INSPECTIONS, "week_on")
    if today < week_on + WEEK:
        yield Refusal("week.running", _("这一周还没有结束。"), {}, INSPECTIONS, "week_on")
    yield from refuse_note(text=proposal, field="proposal")


def refuse_month(*, ends: dt.date, today: dt.date) -> Iterator[Refusal]:
    """A month is frozen once it is over."""
    if today < ends:
        yield Refusal("month.running", _("这个月还没有结束。"), {}, INSPECTIONS, "month")


def share(part: int, whole: int) -> int | None:
    """In tenths of a percent, half up; nothing where nothing was asked."""
    return (part * 2000 + whole) // (2 * whole) if whole else None
