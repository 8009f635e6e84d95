"""Two months of care of the invented company: plans, visits, sheets on their way, gifts, accounts; the same for the same seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from zhangfa.care import actions, rules
from zhangfa.care.chain import SOURCE
from zhangfa.care.models import CarePlan, GiftItem, KeyAccount, MonthPlan, Thread, Visit
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.core.periods import month_after, month_of, week_of
from zhangfa.customers.models import Customer
from zhangfa.meetings import actions as meetings
from zhangfa.orders.models import Order, Product
from zhangfa.organisation.actor import Actor, actor_for_person
from zhangfa.organisation.models import Holding, Person, Unit

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
VISITS, DIVISION, PROMISES = 4, 4, 3
OPINIONS = (
    "保洁员很细心，厨房擦得干净", "总体满意，希望固定同一位服务员", "到得准时，窗户内侧也擦了", "满意，老人说话有人应", "希望下次能带除味剂", "卫生间水垢还要再处理",
)  # fmt: skip
FOUND = (
    "每周保洁一次，家里新装了地毯",
    "有老人和孩子，更看重消毒",
    "单位新搬办公室，外窗还没有擦过",
    "夏天空调用得多，去年没有清洗",
)
ADVICE = ("老人在家，动作轻一些", "进门先换鞋套，宠物怕生", "请先擦书房，客户上午要开会", "")
GIFTS = (("coupon", "50 元保洁券", "50"), ("gift", "超细纤维抹布", "18"), ("gift", "厨房清洁套装", "68"))
PROBLEM = {
    "needs_action": True,
    "problem": "quality",
    "severity": "middle",
    "problem_text": "卫生间水垢两次没有处理干净，客户要求给出办法",
}


def build(seed: int, scale: str, at: dt.datetime) -> int:
    """Write what the posts of care did in the last weeks; returns how many visits."""
    rng = random.Random(f"{seed}:care")
    people = _people(at)
    if not {"cs", "cm", "am"} <= people.keys() or not Customer.objects.exists():
        return 0
    _gifts(people, at)
    made = 0
    this = month_of(clock.local_date(at))
    for month_on in (month_after(this, -1), this):
        made += _month(rng, month_on, people, at)
    made += _division(rng, people, at)
    _after(rng, people, at)
    _accounts(rng, people, at)
    _plans(people, at)
    return made


def _people(at: dt.datetime) -> dict[str, Person]:
    """One holder of each post."""
    held = (
        Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__is_active=True)
        .select_related("person", "seat")
        .order_by("-pk")
    )
    return {row.seat.post_id: row.person for row in held}


def _as(people: dict[str, Person], post: str, at: dt.datetime) -> Actor:
    return actor_for_person(people[post], at)


def _gifts(people: dict[str, Person], at: dt.datetime) -> None:
    cs = _as(people, "cs", at)
    for kind, name, worth in GIFTS:
        item = actions.add_item(kind=kind, name=name, value=Decimal(worth), by=cs, at=at - 50 * DAY)
        actions.stock(item, kind="received", count=60, by=cs, at=at - 50 * DAY)


def _month(rng: random.Random, month_on: dt.date, people: dict[str, Person], at: dt.datetime) -> int:
    """The plan of a month, and the visits to those whose service is over."""
    drawn = min(clock.day_start(month_on) + 10 * HOUR, at)
    try:
        month = actions.draw(month_on, by=_as(people, "cs", drawn), at=drawn)
        month = actions.issue(month, by=_as(people, "cs", drawn), at=min(drawn + HOUR, at))
    except Refused:
        return 0
    return _visits(rng, month, at)


def _visits(rng: random.Random, month: MonthPlan, at: dt.datetime) -> int:
    since, until = (
        clock.day_start(month.month_on),
        min(at, clock.day_start(month_after(month.month_on))) - 6 * HOUR,
    )
    plans = list(
        CarePlan.objects.filter(month=month).select_related("customer__outlet", "manager", "offer").order_by("pk")
    )
    served = Order.objects.filter(
        customer_id__in=[plan.customer_id for plan in plans],
        status=Order.Status.FINISHED,
        started_at__gte=since,
        started_at__lt=until,
    )
    orders = {order.customer_id: order for order in served.order_by("-started_at")}
    made = 0
    for plan in plans:
        order = orders.get(plan.customer_id)
        if made >= VISITS or plan.offer is None:
            break
        if order is not None:
            made += _visit(rng, plan, order)
    waiting = [
        plan
        for plan in plans
        if plan.customer_id not in orders and plan.planned_on > clock.local_date(at) and plan.offer is not None
    ]
    for plan in waiting[:VISITS]:
        _confirm(rng, plan, plan.planned_on, at - HOUR)
    return made


def _confirm(rng: random.Random, plan: CarePlan, day: dt.date, at: dt.datetime) -> None:
    facts: dict[str, Any] = {
        "found": rng.choice(FOUND),
        "planned_on": day,
        "offer": plan.offer,
        "advice": rng.choice(ADVICE),
    }
    _tried(actions.confirm, plan, by=actor_for_person(plan.manager, at), at=at, **facts)


def _tried(action: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """What the rules refuse for this invented customer is left out."""
    try:
        return action(*args, **facts)
    except Refused:
        return None


def _visit(rng: random.Random, plan: CarePlan, order: Order) -> int:
    """One visit during service, one in six late, with a gift now and then."""
    assert order.started_at is not None
    day = clock.local_date(order.started_at)
    _confirm(
        rng,
        plan,
        day,
        min(order.started_at, clock.day_start(day)) - HOUR if day > plan.month.month_on else order.started_at - MINUTE,
    )
    leaving = order.started_at
    visit = _tried(actions.prepare, plan.customer, plan=plan, order=order, checklist=list(rules.CHECKLIST), by=actor_for_person(plan.manager, leaving), at=leaving)  # fmt: skip
    if visit is None:
        return 0
    arrived = order.started_at + rng.choice((15, 25, 40, 55, 60, 75)) * MINUTE
    by = actor_for_person(plan.manager, arrived)
    visit = actions.arrive(visit, by=by, at=arrived, place=order.customer.compound)
    if rng.random() < 0.5 and (item := GiftItem.objects.filter(on_hand__gt=0, value__lt=60).order_by("pk").first()):
        visit = actions.give(visit, by=by, at=arrived + 10 * MINUTE, item=item, count=1)
    visit = actions.come_back(visit, by=by, at=arrived + HOUR, left_at=arrived + 30 * MINUTE)
    score = rng.choice((5, 5, 4, 4, 3))
    sheet: dict[str, Any] = {
        "interviewee": plan.customer.name, "level": "household", "satisfaction": score, "recommend": score * 2, "opinion": rng.choice(OPINIONS),
        "suggestion": "无", "pitched": plan.offer, "scores": {code: rng.choice((5, 5, 4)) for code in rules.SCORES}, "profile_note": "无",
    }  # fmt: skip
    if score == 3:
        sheet |= PROBLEM
    actions.write_sheet(visit, by=by, at=arrived + rng.choice((2, 2, 4)) * HOUR, **sheet)
    return 1


def _division(rng: random.Random, people: dict[str, Person], at: dt.datetime) -> int:
    """Visits of the outlets and supervisors of this week."""
    outlets = Holding.objects.filter(
        Holding.valid_q(clock.local_date(at)), seat__post_id__in=("oa", "sup"), seat__is_active=True
    )
    made = 0
    for row in outlets.select_related("person", "seat").order_by("pk")[:DIVISION]:
        # This week only: of the weeks before, the invented company keeps no visits of its outlets.
        today = clock.local_date(at)
        when = min(clock.day_start(today - rng.randint(0, today.weekday()) * DAY) + 15 * HOUR, at - 2 * HOUR)
        by = actor_for_person(row.person, when)
        customer = (
            Customer.objects.visible_to(by).filter(status="active").select_related("outlet").order_by("pk").first()
        )
        if customer is None:
            continue
        facts: dict[str, Any] = {
            "interviewee": customer.name,
            "level": "household",
            "satisfaction": 4,
            "opinion": rng.choice(OPINIONS),
            "suggestion": "无",
            "scores": {},
        }
        made += 1
        actions.record_visit(
            customer,
            arrived_at=when - HOUR,
            left_at=when,
            mode="onsite",
            is_notified=True,
            by=by,
            at=when + HOUR,
            **facts,
        )
    return made


def _after(rng: random.Random, people: dict[str, Person], at: dt.datetime) -> None:
    """Bundles of the weeks, what followed from problems, promises, and the department's sample."""
    week = week_of(clock.local_date(at))
    for back in (3, 2, 1):
        monday = week - back * 7 * DAY
        sent = clock.day_start(monday + 7 * DAY) + 10 * HOUR
        if sent > at:
            continue
        bundle = _tried(actions.send_bundle, monday, by=_as(people, "cs", sent), at=sent)
        if bundle is not None and back > 1:
            bundle = actions.pass_on(
                bundle,
                by=_as(people, "am", sent),
                at=sent + DAY,
                summary="客户总体满意；意见集中在卫生间水垢和固定服务员。",
            )
            if back > 2 and "dgm" in people:
                actions.conclude(
                    bundle,
                    by=_as(people, "dgm", sent),
                    at=sent + 3 * DAY,
                    conclusion="水垢处理列入下月技能培训，固定服务员由网点逐户落实。",
                )
    for number, thread in enumerate(Thread.objects.select_related("record", "visit").order_by("pk")):
        met = thread.raised_at + 3 * DAY
        if number % 2 or met + 2 * DAY > at:
            continue
        _meet(people, thread, met)
        thread.refresh_from_db()
        actions.answer(
            thread, by=_as(people, "cs", met), at=met + 2 * DAY, answer="已统一使用弱酸除垢剂，下次服务后当场自检"
        )
    written = (
        Visit.objects.filter(status="written").select_related("customer__outlet", "visitor").order_by("-pk")[:PROMISES]
    )
    for number, visit in enumerate(written):
        by = actor_for_person(visit.visitor, at)
        row = actions.promise(
            visit.customer,
            text=rng.choice(("下次带除味剂", "安排固定服务员", "本周内补擦外窗")),
            due_at=at + (number - 1) * 2 * DAY + HOUR,
            by=by,
            at=at - 4 * DAY,
        )
        if number == 0:
            actions.keep(row, by=by, at=at - DAY, result="已按约办到")
    if "hs" in people:
        sample = _tried(actions.draw_sample, by=_as(people, "hs", at), at=at - HOUR) or []
        if sample:
            actions.confirm_true(sample[0], by=_as(people, "hs", at), at=at, evidence="客户确认当天来过", mode="phone")


def _meet(people: dict[str, Person], thread: Thread, at: dt.datetime) -> None:
    """The problem meeting about a visit's problem, with its solution; it asks for no rule, so the customer can be answered."""
    by = _as(people, "cs", at)
    here = [people[post] for post in ("hs", "am") if post in people]
    meeting = meetings.call(
        kind="problem", topic="卫生间水垢处理不干净", problem="同一客户两次投诉水垢", urgency="客户要求给出办法，再拖会流失",
        solution="统一使用弱酸除垢剂，每次服务后自检", starts_at=at, place="会议室", participants=here, source_kind=SOURCE, source_id=str(thread.pk),
        by=by, at=at - DAY,
    )  # fmt: skip
    meeting = meetings.open_meeting(meeting, by=by, at=at, present=[people["cs"], *here])
    for person in (people["cs"], *here):
        meetings.vote(meeting, by=actor_for_person(person, at), at=at, vote="yes")
    meetings.resolve(
        meeting, by=by, at=at + HOUR, standpoint="马上统一药剂和自检", discussion="讨论了药剂、工具和自检的办法",
        resolution="统一使用弱酸除垢剂，每次服务后自检", needs_rule=False,
    )  # fmt: skip


def _accounts(rng: random.Random, people: dict[str, Person], at: dt.datetime) -> None:
    """The companies that buy enough, with owner, deciders and what they said."""
    began = at - 20 * DAY
    actions.count_accounts(by=_as(people, "cs", began), at=began)
    owner = people["cm"]
    department = Unit.objects.filter(kind="department", is_active=True).order_by("pk").first()
    product = Product.objects.filter(is_active=True).order_by("pk").first()
    for number, row in enumerate(KeyAccount.objects.order_by("-amount", "pk")[:4]):
        row = actions.assign_owner(
            row,
            by=_as(people, "cs", at),
            at=began,
            owner=owner,
            procedure="每月走访分管领导、采购负责人和经办人；每季复核档案；续约前两个月开始商谈。",
        )
        by = actor_for_person(owner, at)
        for role, title in (("leader", "分管副总"), ("purchaser", "采购主管"), ("handler", "行政专员")):
            row = actions.add_decider(row, by=by, at=began, name=rng.choice("王李张陈") + rng.choice(["一鸣", "文静", "建国", "晓燕"]), title=title, role=role, phone=f"1540000{number:02}{len(role):02}", relation=rng.randint(2, 5))  # fmt: skip
        file: dict[str, Any] = {
            "drivers": "就近响应快，能开专票",
            "potential": "外窗、地毯和消毒",
            "risks": "年底重新比选",
            "purchase_mode": "annual_bid",
            "purchase_months": "每年 11、12 月",
            "competitors": "本地两家保洁公司",
            "target": row.amount.quantize(Decimal(1)) + 20_000,
            "credit_days": 30,
            "is_gift_rule_read": True,
        }
        actions.save_file(row, by=by, at=began, renews_on=clock.local_date(at) + (60 + 30 * number) * DAY, **file)
        if department is not None and number < 2:
            facts: dict[str, Any] = {
                "satisfaction": 4,
                "opinion": "希望周末也能安排保洁",
                "suggestion": "每季度开一次碰头会",
                "interviewees": "王一鸣（分管副总）、张文静（行政专员）",
                "category": "time",
                "solution": "排周末班，下月起试行",
                "reply": "visit",
                "product": product,
            }
            actions.give_feedback(
                row, roles=["leader", "handler"], visited_on=clock.local_date(began), responsible=row.department or department, owner=_head(row, at) or owner,
                due_on=clock.local_date(began) + 7 * DAY, by=by, at=began, **facts,
            )  # fmt: skip


def _head(row: KeyAccount, at: dt.datetime) -> Person | None:
    """The manager of the department that serves the account."""
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__unit=row.department_id, seat__post_id__in=("hs", "ls"))  # fmt: skip
    found = held.select_related("person").order_by("pk").first()
    return found.person if found else None


def _plans(people: dict[str, Person], at: dt.datetime) -> None:
    """An alliance with its timetable."""
    cs, today = _as(people, "cs", at), clock.local_date(at)
    facts: dict[str, Any] = {
        "owner": people.get("mk", people["cs"]),
        "from_on": today - 30 * DAY,
        "to_on": today + 60 * DAY,
    }
    row = actions.plan_alliance(kind="alliance", partner="社区连锁超市", trade="零售", aim="互相介绍新客户，每月各五十户", offer="持对方会员卡首单九折", by=cs, at=at - 30 * DAY, **facts)  # fmt: skip
    for text, days in (("签订合作协议", -20), ("发放联名卡", 5), ("评估首月效果", 35)):
        row = actions.add_step(row, by=cs, at=at - 30 * DAY, text=text, due_on=today + days * DAY)
    actions.finish_step(row, by=cs, at=at - 18 * DAY, step=row.steps.earliest("due_on"), result="协议已签，期限一年")


__all__ = ["build"]
