"""What the handbook asks of a meeting: pure comparisons with reasons (AM-W1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "AM-W1"
SHORTEST = 5
HUNDRED = 100


def refuse_call(
    *, is_deciding: bool, topic: str, problem: str, urgency: str, solution: str, people: int, voters: int, starts_at: dt.datetime, at: dt.datetime
) -> Iterator[Refusal]:  # fmt: skip
    """A problem or company meeting isn't called without its problem and a draft solution (AM-W1)."""
    needed = {"topic": topic}
    if is_deciding:
        needed |= {"problem": problem, "urgency": urgency}
        if len(solution.strip()) < SHORTEST:
            yield Refusal(
                "meeting.solution", _("没有初步方案不能发会议通知，请先写出方案（至少 %(count)s 个字）。"), {"count": SHORTEST}, CLAUSE, "solution"
            )  # fmt: skip
        if voters < 1:
            yield Refusal("meeting.voters", _("至少要有一名有表决权的参会人。"), {}, CLAUSE, "voters")
    for field, words in needed.items():
        if len(words.strip()) < SHORTEST:
            yield Refusal("meeting.short", _("请写清楚，至少 %(count)s 个字。"), {"count": SHORTEST}, CLAUSE, field)
    if people < 2:
        yield Refusal("meeting.people", _("请至少选两名参会人。"), {}, CLAUSE, "participants")
    if starts_at < at:
        yield Refusal("meeting.past", _("开会时间不能早于现在。"), {}, CLAUSE, "starts_at")


@dataclass(frozen=True)
class Count:
    """The votes of those present with a vote; who says nothing has not agreed."""

    voters: int
    yes: int
    no: int

    @property
    def abstain(self) -> int:
        return self.voters - self.yes - self.no


def is_passed(count: Count, *, ratio: Decimal, is_strict: bool) -> bool:
    """半数以上 includes the half; the switch asks for more than it (AM-W1, policies meeting.pass_ratio)."""
    if count.voters == 0:
        return False
    yes, needed = Decimal(count.yes * HUNDRED), ratio * count.voters
    return yes > needed if is_strict else yes >= needed


def refuse_vote(
    *, is_participant: bool, has_vote: bool, is_present: bool, vote: str, dissent: str
) -> Iterator[Refusal]:
    """Those present with a vote decide; who is against says why, and that is kept."""
    if not is_participant or not has_vote:
        yield Refusal("vote.none", _("您在这次会议上没有表决权。"), {}, CLAUSE)
    elif not is_present:
        yield Refusal("vote.absent", _("只有到会的人才能表决。"), {}, CLAUSE)
    if vote == "no" and len(dissent.strip()) < SHORTEST:
        yield Refusal(
            "vote.dissent",
            _("反对时请写明保留的意见（至少 %(count)s 个字），它会记录在案。"),
            {"count": SHORTEST},
            CLAUSE,
            "dissent",
        )


def refuse_resolution(
    *, is_deciding: bool, standpoint: str, resolution: str, discussion: str, present: int, decisions: int
) -> Iterator[Refusal]:  # fmt: skip
    """A meeting ends with the convener's clear standpoint, what was said, and what follows (AM-W1)."""
    if present < 1:
        yield Refusal("meeting.nobody", _("没有人到会，不能作决议。"), {}, CLAUSE)
    for field, words in (("standpoint", standpoint), ("discussion", discussion), ("resolution", resolution)):
        if len(words.strip()) < SHORTEST:
            yield Refusal("meeting.short", _("请写清楚，至少 %(count)s 个字。"), {"count": SHORTEST}, CLAUSE, field)


def refuse_publication(*, is_passed: bool | None, decisions: int) -> Iterator[Refusal]:
    """What was decided has an owner, a day and a standard of result before it is published (HS-W1.2)."""
    if is_passed is not False and decisions < 1:
        yield Refusal("meeting.decisions", _("请先登记决定：要做什么、谁负责、何时完成、什么标准。"), {}, CLAUSE)


def refuse_decision(*, text: str, standard: str, due_on: dt.date, today: dt.date) -> Iterator[Refusal]:
    """Nothing is assigned without details, a day and a standard of result (HS-W1.2)."""
    if len(text.strip()) < SHORTEST:
        yield Refusal("decision.text", _("请写清楚，至少 %(count)s 个字。"), {"count": SHORTEST}, "HS-W1.2", "text")
    if len(standard.strip()) < SHORTEST:
        yield Refusal("decision.standard", _("请写明做到什么标准算完成。"), {}, "HS-W1.2", "standard")
    if due_on < today:
        yield Refusal("decision.due", _("完成日期不能早于今天。"), {}, "HS-W1.2", "due_on")
