"""Tasks of the last weeks in the invented company: reported in time and late, sent back, waiting, overdue; outlets' problems."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from zhangfa.organisation.actor import Actor, actor_for_person
from zhangfa.organisation.models import Seat
from zhangfa.organisation.queries import holder_of
from zhangfa.tasks import actions
from zhangfa.tasks.models import Task

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
WORKS = (
    ("更换价目公示牌", "按新价目表更换门口和柜台两处公示牌，旧牌收回。", "两处新牌各有一张照片，旧牌已交回部门。"),
    ("核对客户档案", "核对上月新客户的地址和电话，补齐漏项。", "抽查十份，电话和地址都能对上。"),
    ("盘点清洁工具", "盘点吸尘器、擦窗器和防护用品，列出要更换的。", "盘点表两人签字，缺损写明数量。"),
    (
        "整理事故案例",
        "整理本季度三起事故的经过和教训，写成培训材料。",
        "材料不含客户和服务员姓名，能在例会上讲十分钟。",
    ),
    ("检查消防器材", "检查门店灭火器和疏散标志，过期的登记更换。", "每只灭火器有检查标签，更换清单已报行政部。"),
    ("回访流失客户", "电话回访三个月没有下单的客户，问清原因。", "每位客户有一句原因，能挽回的约好时间。"),
)
PROBLEMS = (
    ("tools", "吸尘器坏了两台，周末订单不够用"),
    ("staff", "周六上午派工排不开，缺两名会擦窗的"),
    ("customer", "听松苑小区物业不让服务车进门"),
    ("rules", "临时取消订单怎样收费，员工说法不一"),
)
REPORT = "已按细则办完，结果和标准对过，照片在附件里。"


def build(*, seed: int, scale: str, at: dt.datetime) -> int:
    """Give some thirty tasks down the line; returns how many."""
    rng = random.Random(f"{seed}:tasks")
    pairs = _pairs(at)
    if not pairs:
        return 0
    count = 0
    for number in range(30):
        giver, seat, owner = pairs[rng.randrange(len(pairs))]
        title, details, standard = WORKS[number % len(WORKS)]
        given_at = at - rng.randint(1, 40) * DAY - rng.randint(0, 6) * HOUR
        due_at = given_at + rng.randint(3, 12) * DAY
        task = actions.assign(
            title=title,
            details=details,
            standard=standard,
            due_at=due_at,
            owner_seat=seat,
            by=_actor(giver, given_at),
            at=given_at,
        )
        _go_on(rng, task, giver, owner, due_at, at)
        count += 1
    _problems(rng, at)
    return count


def _pairs(at: dt.datetime) -> list[tuple[Any, Seat, Any]]:
    """A superior, a seat right below, and who sits there."""
    seats = Seat.objects.filter(is_active=True, post__grade__gte=30, reports_to__isnull=False).select_related(
        "unit", "reports_to"
    )
    found = []
    for seat in seats.order_by("pk")[:40]:
        giver, owner = holder_of(seat.reports_to, at), holder_of(seat, at)
        if giver is not None and owner is not None and giver != owner:
            found.append((giver, seat, owner))
    return found


def _actor(person: Any, at: dt.datetime) -> Actor:
    return actor_for_person(person, at)


def _go_on(rng: random.Random, task: Task, giver: Any, owner: Any, due_at: dt.datetime, at: dt.datetime) -> None:
    """Most are reported before their time and accepted the next day; some wait, some are late."""
    reported_at = due_at + (rng.choice((-2, -1, -1, -1, 2)) * DAY)
    if reported_at >= at or rng.random() < 0.1:
        return
    task = actions.report(task, by=_actor(owner, reported_at), at=reported_at, text=REPORT)
    looked_at = reported_at + DAY
    if looked_at >= at:
        return
    if rng.random() < 0.15:
        actions.send_back(
            task,
            by=_actor(giver, looked_at),
            at=looked_at,
            reason="照片看不清，结果不能核对",
            redo_at=looked_at + 3 * DAY,
        )
        return
    actions.accept(task, by=_actor(giver, looked_at), at=looked_at)


def _problems(rng: random.Random, at: dt.datetime) -> None:
    seats = list(Seat.objects.filter(post_id="oa", is_active=True).select_related("unit").order_by("pk")[:8])
    for number, (kind, text) in enumerate(PROBLEMS):
        seat = seats[number % len(seats)] if seats else None
        person = holder_of(seat, at) if seat else None
        if seat is None or person is None:
            return
        raised_at = at - rng.randint(1, 12) * DAY
        actions.raise_problem(outlet=seat.unit, kind=kind, text=text, by=_actor(person, raised_at), at=raised_at)
