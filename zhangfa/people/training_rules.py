"""Training: hours that count, what is owed of a quota, and what a session must say (AM-D3, domain.md A-15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "AM-D3"
MONTHS, HALF, TENTH = 12, Decimal("0.5"), Decimal("0.1")
LONGEST_HALVES, LATEST_DAYS, TOPIC_LENGTH = 24, 30, 2


def refuse_session(
    *, topic: str, halves: int, held_on: dt.date, today: dt.date, has_trainer: bool
) -> Iterator[Refusal]:
    """A session has a topic, a trainer, a day and its hours by the half hour."""
    if len(topic.strip()) < TOPIC_LENGTH:
        yield _no("topic", _("请写明培训内容。"), "topic")
    if not 0 < halves <= LONGEST_HALVES:
        yield _no("hours", _("学时以半小时为单位，一次最多 12 小时。"), "hours")
    if (today - held_on).days > LATEST_DAYS:
        yield _no("late", _("补登培训最晚在 %(days)s 天内。"), "held_on", days=LATEST_DAYS)
    if not has_trainer:
        yield _no("trainer", _("请选择讲师，或写明外请讲师。"), "trainer")


def refuse_attendance(
    *, people: Collection[int], trainer: int | None, left: Collection[str], scores: Collection[int]
) -> Iterator[Refusal]:
    """Somebody was there as a learner; the trainer is no learner of their own session."""
    if not people:
        yield _no("nobody", _("请填写参加的人。"), "people")
    if trainer is not None and trainer in people:
        yield _no("own", _("讲师不能登记为自己课程的学员。"), "people")
    if left:
        yield _no("left", _("培训当天不在职：%(names)s。"), "people", names="、".join(left))
    if any(not 0 <= score <= 100 for score in scores):
        yield _no("score", _("成绩在 0 到 100 之间。"), "people")


def refuse_closing(
    *, held_on: dt.date, today: dt.date, learners: int, has_test: bool, scored: int, unsigned: int = 0
) -> Iterator[Refusal]:
    """Hours are booked when the session has taken place, everybody who came has signed, and the test is marked."""
    if held_on > today:
        yield _no("future", _("培训还没有进行，不能计学时。"), "")
    if not learners:
        yield _no("nobody", _("请先登记参加的人。"), "")
    if has_test and scored < learners:
        yield _no("unscored", _("还有 %(count)s 人没有成绩。"), "", count=learners - scored)
    if unsigned:
        yield _no("unsigned", _("还有 %(count)s 人没有签到，请他们签字，或登记拒签和见证人。"), "", count=unsigned)


def counted_halves(*, halves: int, is_elearning: bool, quota: int | None, elearned: int, share: Decimal) -> int:
    """Half hours of a session that count: of e-learning no more than its share of the year's quota (A-15)."""
    if not is_elearning or quota is None:
        return halves
    most = int(quota * share / 100)
    return max(min(halves, most - elearned), 0)


def owed_hours(quota: Decimal, *, year: int, joined_on: dt.date | None, left_on: dt.date | None) -> Decimal:
    """Joiners and leavers owe the part of the months they served, a month begun counts, rounded up to the half hour."""
    first, last = 1, MONTHS
    if joined_on is not None and joined_on.year >= year:
        first = joined_on.month if joined_on.year == year else MONTHS + 1
    if left_on is not None and left_on.year <= year:
        last = left_on.month if left_on.year == year else 0
    served = max(last - first + 1, 0)
    return (quota * served / MONTHS / HALF).to_integral_value(ROUND_CEILING) * HALF


def expected_hours(owed: Decimal, *, begins_on: dt.date, ends_on: dt.date, today: dt.date) -> Decimal:
    """What should be there by today, if it grew evenly over the days served."""
    whole = (ends_on - begins_on).days + 1
    gone = (min(max(today, begins_on - dt.timedelta(days=1)), ends_on) - begins_on).days + 1
    return (owed * gone / whole).quantize(TENTH, ROUND_HALF_UP) if whole > 0 else Decimal(0)


def forecast_hours(done: Decimal, *, begins_on: dt.date, ends_on: dt.date, today: dt.date) -> Decimal | None:
    """What there will be at the end if it goes on as so far; nothing can be said in the first days."""
    gone = (min(today, ends_on) - begins_on).days + 1
    if gone < 2:
        return None
    return (done * ((ends_on - begins_on).days + 1) / gone).quantize(TENTH, ROUND_HALF_UP)


def _no(code: str, text: str, field: str, **params: object) -> Refusal:
    return Refusal(f"training.{code}", text, params, CLAUSE, field)
