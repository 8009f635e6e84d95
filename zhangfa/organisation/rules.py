"""What the chart of the company allows: no loops, no seat held twice, no delegation that goes round (X-5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "X-5"
CHART_POSTS = ("am", "hr", "gm")
WORKER_GRADE = 10
EXECUTIVE_GRADE = 60
# What stood before anybody kept its dates.
BEGINNING = dt.date(1970, 1, 1)
MOST_TOKENS, LONGEST_TOKEN = 20, dt.timedelta(days=366)

# What may hang under what; a company is the one root.
PARENT_KINDS: Mapping[str, frozenset[str]] = {
    "company": frozenset(),
    "region": frozenset({"company"}),
    "department": frozenset({"company", "region"}),
    "outlet": frozenset({"department"}),
    "site": frozenset({"department"}),
}


def is_round(start: int, target: int | None, ways: Mapping[int, int | None]) -> bool:
    """Whether walking from `target` along `ways` comes back to `start` (or never ends)."""
    seen: set[int] = set()
    step = target
    while step is not None:
        if step == start or step in seen:
            return True
        seen.add(step)
        step = ways.get(step)
    return False


def refuse_unit(
    *, unit_id: int | None, kind: str, parent_kind: str | None, parent_id: int | None, parents: Mapping[int, int | None],
    is_code_taken: bool, has_company: bool,
) -> Iterator[Refusal]:  # fmt: skip
    """A unit hangs where its kind belongs, never under itself; there is one company."""
    if is_code_taken:
        yield Refusal("unit.code", _("这个单位代码已经用过。"), clause=CLAUSE, field="code")
    if kind == "company":
        if has_company:
            yield Refusal("unit.company", _("一套系统只有一家公司。"), clause=CLAUSE, field="kind")
        if parent_kind is not None:
            yield Refusal("unit.root", _("公司没有上级单位。"), clause=CLAUSE, field="parent")
        return
    if parent_kind not in PARENT_KINDS[kind]:
        yield Refusal(
            "unit.parent", _("网点和驻点属于部门，部门属于公司或区域，区域属于公司。"), clause=CLAUSE, field="parent"
        )
    if unit_id is not None and is_round(unit_id, parent_id, parents):
        yield Refusal("unit.loop", _("单位不能放在自己或自己的下级之下。"), clause=CLAUSE, field="parent")


def refuse_unit_closing(*, children: int, seats: int) -> Iterator[Refusal]:
    """A unit is closed when nothing hangs under it any more."""
    if children:
        yield Refusal("unit.children", _("下面还有 %(count)s 个单位在使用，请先调整。"), {"count": children}, CLAUSE)
    if seats:
        yield Refusal("unit.seats", _("还有 %(count)s 个岗位席位在使用，请先停用。"), {"count": seats}, CLAUSE)


def refuse_reporting(
    *, seat_id: int | None, grade: int, superior_id: int | None, superior_grade: int | None, reports_to: Mapping[int, int | None],
    is_superior_active: bool = True,
) -> Iterator[Refusal]:  # fmt: skip
    """A seat reports upwards: to a seat of a higher grade, and never round in a circle."""
    if superior_id is None:
        return
    if not is_superior_active:
        yield Refusal("seat.superior_retired", _("直接上级的席位已停用。"), clause=CLAUSE, field="reports_to")
    if seat_id is not None and is_round(seat_id, superior_id, reports_to):
        yield Refusal("seat.loop", _("汇报关系不能绕回自己。"), clause=CLAUSE, field="reports_to")
    elif superior_grade is not None and superior_grade <= grade:
        yield Refusal("seat.grade", _("直接上级的职级必须高于本席位。"), clause=CLAUSE, field="reports_to")


def refuse_retirement(*, holders: int, subordinates: int, charges: int) -> Iterator[Refusal]:
    """A seat is retired when nobody sits in it, reports to it or is under its charge."""
    if holders:
        yield Refusal("seat.held", _("席位上还有 %(count)s 人在任，请先办理离任。"), {"count": holders}, CLAUSE)
    if subordinates:
        yield Refusal(
            "seat.subordinates", _("还有 %(count)s 个席位向它汇报，请先改变汇报关系。"), {"count": subordinates}, CLAUSE
        )
    if charges:
        yield Refusal(
            "seat.charges", _("还有 %(count)s 个单位由它分管，请先改派分管领导。"), {"count": charges}, CLAUSE
        )


@dataclass(frozen=True)
class Period:
    """Days from–to, both included; an open end is None."""

    from_on: dt.date
    to_on: dt.date | None = None

    def overlaps(self, other: Period) -> bool:
        return (self.to_on is None or other.from_on <= self.to_on) and (
            other.to_on is None or self.from_on <= other.to_on
        )


def refuse_holding(
    *, period: Period, grade: int, person_kind: str, person_left_on: dt.date | None, is_seat_active: bool,
    others: Collection[tuple[int, Period]], person_id: int, by_person_id: int | None,
) -> Iterator[Refusal]:  # fmt: skip
    """One person at a time in a seat; only the workers of an outlet share one; nobody seats themselves.

    `others` are the seat's holdings.
    """
    if person_id == by_person_id:
        yield Refusal(
            "holding.self", _("不能给自己安排岗位，请由他人办理。"), clause=CLAUSE, field="person", who=CHART_POSTS
        )
    if period.to_on is not None and period.to_on < period.from_on:
        yield Refusal("holding.period", _("结束日期不能早于开始日期。"), clause=CLAUSE, field="to_on")
    if not is_seat_active:
        yield Refusal("holding.retired", _("席位已停用，不能任职。"), clause=CLAUSE, field="seat")
    if person_left_on is not None and (period.to_on is None or period.to_on > person_left_on):
        yield Refusal(
            "holding.left", _("此人已于 %(day)s 离职。"), {"day": person_left_on.isoformat()}, CLAUSE, "person"
        )
    if (grade == WORKER_GRADE) != (person_kind == "worker"):
        yield Refusal("holding.kind", _("服务员岗位由服务员担任，其他岗位由职员担任。"), clause=CLAUSE, field="person")
    clashes = [owner for owner, other in others if period.overlaps(other)]
    if person_id in clashes:
        yield Refusal("holding.twice", _("此人在这段时间已经担任这个席位。"), clause=CLAUSE, field="from_on")
    elif clashes and grade != WORKER_GRADE:
        yield Refusal("holding.taken", _("这段时间席位上已有人在任，请先办理离任。"), clause=CLAUSE, field="seat")


def refuse_holding_end(*, from_on: dt.date, to_on: dt.date, old_to_on: dt.date | None) -> Iterator[Refusal]:
    """A holding ends on or after its first day, and not later than it already did."""
    if to_on < from_on:
        yield Refusal("holding.period", _("结束日期不能早于开始日期。"), clause=CLAUSE, field="to_on")
    if old_to_on is not None and to_on > old_to_on:
        yield Refusal("holding.ended", _("任职已于 %(day)s 结束。"), {"day": old_to_on.isoformat()}, CLAUSE, "to_on")


def refuse_charge(*, grade: int, is_seat_active: bool, unit_kind: str, is_charged: bool) -> Iterator[Refusal]:
    """The executive in charge is a deputy or the GM, one for a unit at a time (domain.md A-04)."""
    if grade < EXECUTIVE_GRADE or not is_seat_active:
        yield Refusal("charge.grade", _("分管领导只能是在用的副总经理或总经理席位。"), clause=CLAUSE, field="seat")
    if unit_kind not in ("region", "department"):
        yield Refusal("charge.unit", _("分管的是部门或区域。"), clause=CLAUSE, field="unit")
    if is_charged:
        yield Refusal("charge.twice", _("这个单位在这段时间已有分管领导。"), clause=CLAUSE, field="unit")


@dataclass(frozen=True)
class Span:
    """Instants from–to; the end is excluded."""

    from_at: dt.datetime
    to_at: dt.datetime

    def overlaps(self, other: Span) -> bool:
        return self.from_at < other.to_at and other.from_at < self.to_at


def refuse_absence(
    *, person_id: int, delegate_id: int | None, span: Span, own: Collection[Span], ways: Mapping[int, int | None],
    delegate_away: Collection[Span] = (), delegate_grade: int | None = None, is_delegate_staff: bool = True, max_days: int = 366,
) -> Iterator[Refusal]:  # fmt: skip
    """A delegate is somebody else on the staff who is there meanwhile, and delegation never comes back round (domain.md A-41).

    `ways` maps each person away during the span to their delegate; `delegate_grade` None means the delegate holds no seat.
    """
    if span.to_at <= span.from_at:
        yield Refusal("absence.period", _("结束时间必须晚于开始时间。"), clause=CLAUSE, field="to_at")
    elif span.to_at - span.from_at > dt.timedelta(days=max_days):
        yield Refusal(
            "absence.long", _("离岗时间不能超过 %(days)s 天；长期离开请办理离任。"), {"days": max_days}, CLAUSE, "to_at"
        )
    if any(span.overlaps(other) for other in own):
        yield Refusal("absence.overlap", _("这段时间已经登记过离岗。"), clause=CLAUSE, field="from_at")
    if delegate_id is None:
        return
    if delegate_id == person_id:
        yield Refusal("absence.self", _("代理人不能是本人。"), clause=CLAUSE, field="delegate")
    elif is_round(person_id, delegate_id, ways):
        yield Refusal("absence.loop", _("代理关系绕回了本人，请另选代理人。"), clause=CLAUSE, field="delegate")
    elif any(span.overlaps(other) for other in delegate_away):
        yield Refusal(
            "absence.delegate_away", _("代理人在这段时间也不在岗，请另选代理人。"), clause=CLAUSE, field="delegate"
        )
    if not is_delegate_staff or delegate_grade is None:
        yield Refusal("absence.delegate_seat", _("代理人必须是在任的职员。"), clause=CLAUSE, field="delegate")


def refuse_cancelling(*, to_at: dt.datetime, at: dt.datetime, is_cancelled: bool) -> Iterator[Refusal]:
    """What is over or already cancelled stays as it was."""
    if is_cancelled:
        yield Refusal("absence.cancelled", _("这次离岗已经取消。"), clause=CLAUSE)
    elif to_at <= at:
        yield Refusal("absence.over", _("这次离岗已经结束，不能取消。"), clause=CLAUSE)


def refuse_person(
    *, is_no_taken: bool, joined_on: dt.date | None, left_on: dt.date | None, holdings: int = 0
) -> Iterator[Refusal]:
    """Numbers are unique; who has left holds no seat any more."""
    if is_no_taken:
        yield Refusal("person.no", _("这个工号已经用过。"), clause=CLAUSE, field="no")
    if joined_on and left_on and left_on < joined_on:
        yield Refusal("person.period", _("离职日期不能早于入职日期。"), clause=CLAUSE, field="left_on")
    if left_on and holdings:
        yield Refusal(
            "person.holds",
            _("离职日期之后仍有 %(count)s 项任职，请先办理离任。"),
            {"count": holdings},
            CLAUSE,
            "left_on",
        )


def refuse_token(*, label: str, labels: Collection[str], expires_on: dt.date, today: dt.date) -> Iterator[Refusal]:
    """A token has a name of its own, by which its owner knows what it is for, and an end within a year."""
    if label in labels:
        yield Refusal("token.label", _("已有同名的令牌，请换一个名称。"), clause=CLAUSE, field="label")
    if len(labels) >= MOST_TOKENS:
        yield Refusal("token.many", _("最多同时有 %(most)s 个令牌，请先撤销不用的。"), {"most": MOST_TOKENS}, CLAUSE)
    if not today < expires_on <= today + LONGEST_TOKEN:
        yield Refusal("token.expiry", _("到期日要在明天到一年之内。"), clause=CLAUSE, field="expires_on")


def refuse_user(*, is_name_taken: bool, has_user: bool, is_technical: bool, has_person: bool) -> Iterator[Refusal]:
    """One login per person; a login is somebody's, or the technical administrator's."""
    if is_name_taken:
        yield Refusal("user.name", _("这个登录名已经用过。"), clause=CLAUSE, field="username")
    if has_user:
        yield Refusal("user.twice", _("此人已有登录账号。"), clause=CLAUSE, field="person")
    if not has_person and not is_technical:
        yield Refusal(
            "user.person", _("请选择账号属于谁；只有系统管理员账号可以不属于任何人。"), clause=CLAUSE, field="person"
        )
