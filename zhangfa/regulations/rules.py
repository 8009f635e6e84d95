"""What the handbook and the law ask of a regulation: pure comparisons with reasons (AM-W2, domain.md A-32)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhangfa.core.compare import compare
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "AM-W2"
SHORTEST = 5
SHORTEST_TITLE = 2
MOST_CLAUSES = 200
LONGEST_CLAUSE = 2000
OPTIONS = range(2, 7)
FOR_A_TIME = _("限期执行的制度不能附带修改章程：到期后章程值不会自动改回。请改为长期执行，或把章程值另行起草。")


@dataclass(frozen=True)
class Draft:
    """The answers to the handbook's questions as typed."""

    kind: str
    level: str
    title: str
    summary: str
    reason: str
    problem: str
    clauses: Sequence[str]
    posts: Sequence[str]
    how: str = ""
    done_by: dt.date | None = None
    period: str = "daily"
    from_on: dt.date | None = None
    to_on: dt.date | None = None
    is_urgent: bool = False
    has_policy: bool = False


def clauses_in(text: str) -> list[str]:
    """One clause a line; empty lines only separate."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def refuse_draft(draft: Draft) -> Iterator[Refusal]:
    """Every question of the handbook is answered (AM-W2)."""
    needed = {"summary": draft.summary, "reason": draft.reason, "problem": draft.problem}
    if len(draft.title.strip()) < SHORTEST_TITLE:
        yield Refusal("regulation.title", _("请写主题。"), {}, CLAUSE, "title")
    for field, words in needed.items():
        if len(words.strip()) < SHORTEST:
            yield Refusal("regulation.short", _("请写清楚，至少 %(count)s 个字。"), {"count": SHORTEST}, CLAUSE, field)
    if not draft.posts:
        yield Refusal("regulation.posts", _("请写明对哪些岗位。"), {}, CLAUSE, "posts")
    yield from _refuse_clauses(draft.clauses)
    if draft.kind == "document":
        if len(draft.how.strip()) < SHORTEST:
            yield Refusal("regulation.how", _("文件要写明怎么做。"), {}, CLAUSE, "how")
        if draft.done_by is None:
            yield Refusal("regulation.done_by", _("文件要写明何时完成。"), {}, CLAUSE, "done_by")
    if draft.period == "span":
        if draft.from_on is None or draft.to_on is None:
            yield Refusal("regulation.span", _("请填写执行时期的开始和结束日期。"), {}, CLAUSE, "from_on")
        elif draft.to_on < draft.from_on:
            yield Refusal("regulation.span", _("结束日期不能早于开始日期。"), {}, CLAUSE, "to_on")
    if draft.has_policy and (draft.is_urgent or draft.period == "span"):
        yield Refusal("regulation.policy_for_a_time", FOR_A_TIME, {}, "X-2", "policy_key")
    if draft.has_policy and draft.level != "company":
        yield Refusal(
            "regulation.policy_level", _("修改章程的制度须由公司级颁发，总经理批准。"), {}, "X-2", "policy_key"
        )


def _refuse_clauses(clauses: Sequence[str]) -> Iterator[Refusal]:
    if not clauses:
        yield Refusal("regulation.clauses", _("请写条文，一行一条。"), {}, CLAUSE, "clauses")
    if len(clauses) > MOST_CLAUSES:
        yield Refusal(
            "regulation.clauses", _("最多 %(count)s 条，请分成几份制度。"), {"count": MOST_CLAUSES}, CLAUSE, "clauses"
        )
    if any(len(text) > LONGEST_CLAUSE for text in clauses):
        yield Refusal(
            "regulation.clauses", _("每条最多 %(count)s 个字，请分成几条。"), {"count": LONGEST_CLAUSE}, CLAUSE, "clauses"
        )  # fmt: skip


def refuse_unconsulted(*, vital: Sequence[str], is_urgent: bool, is_consulted: bool) -> Iterator[Refusal]:
    """Labour Contract Law article 4, A-32: what touches staff's own interests is discussed with them first."""
    if vital and not is_urgent and not is_consulted:
        yield Refusal(
            "regulation.consultation",
            _("涉及报酬、工时、休假、安全、培训、纪律等员工切身利益，须先与员工协商并登记（《劳动合同法》第四条）。"),
            {},
            CLAUSE,
        )


def refuse_consultation(*, on: dt.date, today: dt.date, count: int, result: str) -> Iterator[Refusal]:
    """A consultation has taken place, with people, and with an outcome."""
    if on > today:
        yield Refusal("consultation.date", _("协商日期不能晚于今天。"), {}, CLAUSE, "consulted_on")
    if count < 1:
        yield Refusal("consultation.count", _("请填写参加协商的人数。"), {}, CLAUSE, "consulted_count")
    if len(result.strip()) < SHORTEST:
        yield Refusal("consultation.result", _("请写明员工意见和采纳情况。"), {}, CLAUSE, "consulted_result")


def refuse_dates(
    *, effective_on: dt.date, today: dt.date, is_urgent: bool, expires_on: dt.date | None, urgent_days: int, has_policy: bool
) -> Iterator[Refusal]:  # fmt: skip
    """Nothing binds backwards; a figure changes from a later day; an urgent directive ends by itself (A-32)."""
    if effective_on < today:
        yield Refusal("regulation.past", _("生效日期不能早于今天。"), {}, CLAUSE, "effective_on")
    elif has_policy and effective_on == today:
        yield Refusal("regulation.tomorrow", _("修改章程的制度最早从明天起生效。"), {}, "X-2", "effective_on")
    if is_urgent:
        last = effective_on + dt.timedelta(days=urgent_days)
        if expires_on is None or expires_on > last:
            yield Refusal(
                "regulation.urgent", _("紧急指令最多执行 %(days)s 天，失效日期不晚于 %(day)s；长期执行须先协商。"),
                {"days": urgent_days, "day": last.isoformat()}, CLAUSE, "expires_on",
            )  # fmt: skip
    if has_policy and expires_on is not None:
        yield Refusal("regulation.policy_for_a_time", FOR_A_TIME, {}, "X-2", "expires_on")
    if expires_on is not None and expires_on < effective_on:
        yield Refusal("regulation.expires", _("失效日期不能早于生效日期。"), {}, CLAUSE, "expires_on")


def refuse_question(*, question: str, options: Sequence[str], answer: int) -> Iterator[Refusal]:
    """A question has a few different options, one of them right."""
    if len(question.strip()) < SHORTEST:
        yield Refusal("quiz.question", _("请写清楚，至少 %(count)s 个字。"), {"count": SHORTEST}, CLAUSE, "question")
    if len(options) not in OPTIONS or len(set(options)) != len(options):
        yield Refusal("quiz.options", _("请写 2 到 6 个不同的选项，一行一个。"), {}, CLAUSE, "options")
    elif not 1 <= answer <= len(options):
        yield Refusal("quiz.answer", _("正确答案是第几个选项？请填 1 到选项数之间的数。"), {}, CLAUSE, "answer")


def wrong_answers(right: Mapping[int, int], given: Mapping[int, int | None]) -> list[int]:
    """The clauses whose question was answered wrongly or not at all."""
    return [clause for clause, answer in right.items() if given.get(clause) != answer]


def refuse_report(*, execution: str, trained: int, rate: int, people: int) -> Iterator[Refusal]:
    """A department's report says what was done, for how many, and how far (U04)."""
    if len(execution.strip()) < SHORTEST:
        yield Refusal("execution.words", _("请写明执行情况。"), {}, CLAUSE, "execution")
    if trained > people:
        yield Refusal(
            "execution.trained", _("学习人数不能超过涉及的 %(n)s 人。"), {"n": people}, CLAUSE, "trained_count"
        )
    if not 0 <= rate <= 100:
        yield Refusal("execution.rate", _("完成率在 0 到 100 之间。"), {}, CLAUSE, "done_rate")


def changed_seqs(before: Sequence[str], after: Sequence[str]) -> set[int]:
    """Which clauses of the new version are new or other than before."""
    return {line.seq for line in compare(before, after) if line.kind in ("changed", "added")}
