"""What makes a task whole, who answers for it, and when it counts as done in time (X-7, HS-W1.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "X-7"
STANDARD_CLAUSE = "HS-W1.2"
# What is shorter says nothing.
TITLE_LENGTH, TEXT_LENGTH, REASON_LENGTH = 2, 5, 5
IN_TIME, LATE, OPEN, OVERDUE, DROPPED = "in_time", "late", "open", "overdue", "dropped"


def refuse_task(
    *, title: str, details: str, standard: str, due_at: dt.datetime | None, at: dt.datetime
) -> Iterator[Refusal]:
    """Nothing is assigned without details, a finish time and a standard of result (HS-W1.2)."""
    if len(title.strip()) < TITLE_LENGTH:
        yield Refusal("task.title", _("请写明是什么任务。"), {}, STANDARD_CLAUSE, "title")
    if len(details.strip()) < TEXT_LENGTH:
        yield Refusal(
            "task.details", _("请写明要做什么、怎样做（不少于 %(count)s 个字），没有细则不能布置任务。"),
            {"count": TEXT_LENGTH}, STANDARD_CLAUSE, "details",
        )  # fmt: skip
    if len(standard.strip()) < TEXT_LENGTH:
        yield Refusal(
            "task.standard", _("请写明做到什么样算完成（不少于 %(count)s 个字），没有结果标准不能布置任务。"),
            {"count": TEXT_LENGTH}, STANDARD_CLAUSE, "standard",
        )  # fmt: skip
    yield from refuse_due(due_at=due_at, at=at)


def refuse_due(*, due_at: dt.datetime | None, at: dt.datetime) -> Iterator[Refusal]:
    """A finish time that is still to come."""
    if due_at is None:
        yield Refusal("task.due", _("请写明完成时间，没有完成时间不能布置任务。"), {}, STANDARD_CLAUSE, "due_at")
    elif due_at <= at:
        yield Refusal("task.due_past", _("完成时间应在现在之后。"), {}, STANDARD_CLAUSE, "due_at")


def refuse_owner(*, owner: int | None, giver: int | None, is_below: bool, has_own_ground: bool) -> Iterator[Refusal]:
    """A superior gives tasks to seats below; a resolution or a corrective action stands on its own ground (X-7)."""
    if owner is None:
        yield Refusal("task.vacant", _("这个岗位现在没有人任职，请交给在职的人。"), {}, CLAUSE, "seat")
    elif not has_own_ground and owner == giver:
        yield Refusal("task.self", _("任务由上级交办，不能给自己布置任务。"), {}, CLAUSE, "seat")
    elif not has_own_ground and not is_below:
        yield Refusal("task.below", _("只能给下属岗位布置任务；其他部门的事请发部门协作单。"), {}, CLAUSE, "seat")


def refuse_report(*, text: str, files: int) -> Iterator[Refusal]:
    """A report says what came of it; evidence hangs on it where there is some (X-7)."""
    if len(text.strip()) < TEXT_LENGTH:
        yield Refusal(
            "task.report", _("请写明完成情况和结果（不少于 %(count)s 个字）。"), {"count": TEXT_LENGTH}, CLAUSE, "text"
        )


def refuse_reason(*, reason: str, field: str = "reason") -> Iterator[Refusal]:
    if len(reason.strip()) < REASON_LENGTH:
        yield Refusal(
            "task.reason", _("请写明原因（不少于 %(count)s 个字）。"), {"count": REASON_LENGTH}, CLAUSE, field
        )


def refuse_redo(*, redo_at: dt.datetime | None, due_at: dt.datetime, at: dt.datetime) -> Iterator[Refusal]:
    """What is sent back is done again by a time to come: the first one while it is, else one that is named."""
    if redo_at is None and due_at <= at:
        yield Refusal("task.redo", _("原定完成时间已过，请写明重做的完成时间。"), {}, CLAUSE, "redo_at")
    elif redo_at is not None and redo_at <= at:
        yield Refusal("task.redo_past", _("重做的完成时间应在现在之后。"), {}, CLAUSE, "redo_at")


def refuse_postpone(*, old: dt.datetime, new: dt.datetime | None, at: dt.datetime) -> Iterator[Refusal]:
    """A finish time is moved before it has passed: late is never repainted (X-1)."""
    if old <= at:
        yield Refusal("task.postpone_late", _("完成时间已过，逾期就是逾期，不能再改期。"), {}, CLAUSE, "due_at")
    elif new is None or new <= at:
        yield Refusal("task.due_past", _("完成时间应在现在之后。"), {}, CLAUSE, "due_at")
    elif new == old:
        yield Refusal("task.postpone_same", _("完成时间没有变。"), {}, CLAUSE, "due_at")


def refuse_own(*, people: Collection[int | None], owner: int | None, reporter: int | None) -> Iterator[Refusal]:
    """Nobody accepts their own work, nor what they reported for somebody else."""
    if owner is not None and owner in people:
        yield Refusal("task.own", _("自己的任务不能由自己验收。"), {}, CLAUSE)
    elif reporter is not None and reporter in people:
        yield Refusal("task.reporter", _("这份完成报告是您提交的，须由他人验收。"), {}, CLAUSE)


def outcome(
    *, is_accepted: bool, is_withdrawn: bool, due_at: dt.datetime, reported_at: dt.datetime | None, at: dt.datetime
) -> str:
    """How a task counts: by the report that was accepted, not by the day on which somebody looked at it (X-7)."""
    if is_withdrawn:
        return DROPPED
    if is_accepted and reported_at is not None:
        return IN_TIME if reported_at <= due_at else LATE
    if reported_at is not None and reported_at <= due_at:
        return OPEN
    return OVERDUE if at > due_at else OPEN
