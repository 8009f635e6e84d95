"""The invented company's plans: the year of the company and of its departments, the month under them, with progress."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from zhangfa.core import clock
from zhangfa.organisation.actor import actor_for_person
from zhangfa.organisation.models import Seat
from zhangfa.organisation.queries import holder_of
from zhangfa.planning import actions
from zhangfa.planning.models import Plan

DAY = dt.timedelta(days=1)
YEAR = (
    ("全年产值比上年增长", "财务报表确认", Decimal(15), "%"), ("客户满意率保持", "回访统计", Decimal(95), "%"),
    ("全员职业道德培训", "学时登记", Decimal(72), "学时"),
)  # fmt: skip
# The department whose output the weekly meeting follows, and what it wants of a month.
OUTPUT = {"hs": ("本月产值", "按完成的订单计", Decimal(20), "万元")}
MONTH = (
    ("新增长期客户", "签约并首次服务", Decimal(12), "家"),
    ("下属岗位抽查", "有抽查表", Decimal(4), "次"),
    ("整理本月问题并落实", "每条有负责人", None, ""),
)


def build(*, seed: int, scale: str, at: dt.datetime) -> int:
    """A plan of the company, one of each department for the year and for this month; returns how many."""
    rng = random.Random(f"{seed}:plans")
    heads = [(seat, holder_of(seat, at)) for seat in _heads()]
    people = {seat.post_id: (seat, person) for seat, person in reversed(heads)}
    if any(people.get(post, (None, None))[1] is None for post in ("am", "gm")):
        return 0
    today = clock.local_date(at)
    begun = max(clock.day_start(today.replace(month=1, day=1)) + 9 * DAY / 24, at - 300 * DAY)
    company = _plan("company", "yearly", people["am"][1], people["gm"][1], begun, YEAR)
    count = 1
    planned: set[int] = set()
    for seat, person in heads:
        post = seat.post_id
        if post in ("gm", "dgm", "am") or person is None or seat.reports_to is None:
            continue
        if seat.unit_id in planned:
            continue  # a department that two lead has one plan
        boss = holder_of(seat.reports_to, at)
        if boss is None or boss == person:
            continue
        planned.add(seat.unit_id)
        year = _plan("department", "yearly", person, boss, begun + DAY, YEAR, parent=company)
        first = clock.day_start(today.replace(day=1))
        works = (*MONTH, OUTPUT[post]) if post in OUTPUT else MONTH
        if post in OUTPUT:
            # The week before lies in the month before, and so does its target.
            _plan("department", "monthly", person, boss, first - 28 * DAY + dt.timedelta(hours=10), works, parent=year)
            count += 1
        month_at = min(at, first + dt.timedelta(hours=10))
        month = _plan("department", "monthly", person, boss, month_at, works, parent=year)
        for item in month.items.order_by("n"):
            share = Decimal(rng.randint(1, 9)) / 10
            facts: dict[str, Any] = (
                {"actual": (item.target * share).quantize(Decimal(1))} if item.target else {"pct": share * 100}
            )
            month = actions.progress(
                month, by=actor_for_person(person, at), at=at, item=item.pk, note="按计划推进", **facts
            )
        count += 2
    return count


def _heads() -> list[Seat]:
    """Whoever leads a department or the company; of a post that several hold, each in theirs."""
    rows = Seat.objects.filter(post__grade__gte=50, is_active=True).select_related("reports_to").order_by("pk")
    return list(rows)


def _plan(
    level: str, rhythm: str, person: Any, boss: Any, at: dt.datetime, works: Any, parent: Plan | None = None
) -> Plan:
    by = actor_for_person(person, at)
    plan = actions.begin(level=level, rhythm=rhythm, day=clock.local_date(at), by=by, at=at, parent=parent)
    above = {row.n: row.pk for row in parent.items.all()} if parent else {}
    for number, (title, standard, target, unit) in enumerate(works, start=1):
        plan = actions.add_item(
            plan,
            by=by,
            at=at,
            title=title,
            standard=standard,
            target=target,
            unit=unit,
            is_output=title.endswith("产值"),
            due_on=plan.to_on,
            parent=above.get(number),
        )
    plan = actions.submit(plan, by=by, at=at)
    done: Plan = actions.approve(plan, by=actor_for_person(boss, at), at=at)
    return done
