"""What the handbook decides about a complaint: first answer, agreed date, when it may be answered for good (CC-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.duties.rules import weekly_periods

WEEK = dt.timedelta(weeks=1)


def agreed_default(*, reported_on: dt.date, days: int) -> dt.date:
    """The day until which a complaint is solved when nothing was agreed (domain.md A-52)."""
    return reported_on + dt.timedelta(days=days)


def refuse_agreed(*, agreed_on: dt.date, today: dt.date, default_on: dt.date, consent: str) -> Iterator[Refusal]:
    """CC-D1: not in the past; later than the default only with the customer's recorded consent."""
    if agreed_on < today:
        yield Refusal("complaint.past", _("核定完成日不能早于今天。"), {}, "CC-D1", "agreed_on")
    if agreed_on > default_on and len(consent.strip()) < 5:
        yield Refusal(
            "complaint.consent", _("核定完成日晚于 %(default)s，须记录客户同意延后（不少于 5 个字）。"), {"default": default_on.isoformat()},
            "CC-D1", "agreed_consent",
        )  # fmt: skip


def refuse_moving(*, agreed_on: dt.date, current_on: dt.date, today: dt.date, consent: str, is_answered_in_time: bool) -> Iterator[Refusal]:  # fmt: skip
    """CC-D1, domain.md A-52: another day only before the agreed one has passed, and as the customer said; late stays late.

    `is_answered_in_time`: the customer had the answer by that day but was not content, and another one is agreed anew.
    """
    if today > current_on and not is_answered_in_time:
        text = _("核定完成日 %(day)s 已过，逾期不能靠改约消除；请尽快了结。")
        yield Refusal("complaint.overdue", text, {"day": current_on.isoformat()}, "CC-D1")
    elif agreed_on < today:
        yield Refusal("complaint.past", _("核定完成日不能早于今天。"), {}, "CC-D1", "agreed_on")
    elif agreed_on == current_on:
        yield Refusal("complaint.same_day", _("核定完成日没有变化。"), {}, "CC-D1", "agreed_on")
    if len(consent.strip()) < 5:
        yield Refusal("complaint.moved", _("请记录客户是怎么同意的（不少于 5 个字）。"), {}, "CC-D1", "agreed_consent")


def refuse_resolution(
    *, is_answered: bool, investigation: str, cause: str, root_cause: str, avoidable: str, is_accepted: bool, is_external_route_told: bool,
) -> Iterator[Refusal]:  # fmt: skip
    """CC-D1, domain.md F12: what was found, its cause and prevention stand before the end; a customer who does not accept is
    told where else to turn."""
    if not is_answered:
        yield Refusal("complaint.unanswered", _("请先登记给客户的首次答复。"), {}, "CC-D1")
    if not investigation.strip():
        yield Refusal("complaint.investigation", _("请写明调查情况。"), {}, "CC-D1", "investigation")
    if not cause:
        yield Refusal("complaint.kind_of_cause", _("请选择原因。"), {}, "CC-D1", "cause")
    if len(root_cause.strip()) < 5:
        yield Refusal("complaint.cause", _("请写明原因（不少于 5 个字）。"), {}, "CC-D1", "root_cause")
    if len(avoidable.strip()) < 5:
        yield Refusal("complaint.avoidable", _("请写明今后如何避免（不少于 5 个字）。"), {}, "CC-D1", "avoidable")
    if not is_accepted and not is_external_route_told:
        yield Refusal(
            "complaint.external",
            _("客户不接受时，须告知可向消费者组织或主管部门反映。"),
            {},
            "CC-D1",
            "is_external_route_told",
        )


def fortnight_of(day: dt.date, anchor: dt.date, weeks: int) -> tuple[dt.date, dt.date]:
    """CC-D5: the period of `weeks` weeks, counted from the anchor Monday, in which the day lies; both ends included."""
    length = 7 * weeks
    start = anchor + dt.timedelta(days=((day - anchor).days // length) * length)
    return start, start + dt.timedelta(days=length - 1)


def bundle_due(week_on: dt.date, rhythm: str) -> dt.datetime:
    """CC-D1: when the week's improvements are due, Monday 12:00 of the week after unless the company sets another hour."""
    after = clock.day_start(week_on + WEEK)
    return next(weekly_periods(rhythm, after - dt.timedelta(seconds=1), after)).due_at


def totals_due(to_on: dt.date) -> dt.datetime:
    """CC-D5: a fortnight's table is owed within the week after its last day."""
    return clock.day_start(to_on + WEEK + dt.timedelta(days=1))


def refuse_week(week_on: dt.date, *, today: dt.date) -> Iterator[Refusal]:
    """CC-D1: a week begins on Monday and is over before its improvements are sent."""
    if week_on.weekday() != 0:
        yield Refusal("bundle.monday", _("请给出一周的星期一。"), {}, "CC-D1", "week_on")
    elif today < week_on + WEEK:
        yield Refusal("bundle.running", _("这一周还没有结束，下星期一再发送。"), {}, "CC-D1")


def refuse_period(
    from_on: dt.date, to_on: dt.date, *, usual: tuple[dt.date, dt.date], today: dt.date
) -> Iterator[Refusal]:
    """CC-D5: one of the company's periods, and over before it is published."""
    if (from_on, to_on) != usual:
        yield Refusal("totals.period", _("这不是公司规定的统计周期。"), {}, "CC-D5", "from_on")
    elif to_on >= today:
        yield Refusal("totals.running", _("本期尚未结束，不能发布。"), {}, "CC-D5")
