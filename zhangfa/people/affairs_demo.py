"""Invented leave, training, activities and instant decisions of the last weeks, made by the actions that people use."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from zhangfa.administration import actions as affairs
from zhangfa.approvals.actions import decide
from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import who_has
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.organisation.actor import actor_for_person
from zhangfa.organisation.calendar import is_working
from zhangfa.organisation.models import Holding, Person
from zhangfa.people import actions

DAY = dt.timedelta(days=1)
REASONS = ("家里有事", "送孩子上学", "办理证件", "老家有事", "搬家", "看望父母")
LEAVES = (("oa", "personal", 1, 20), ("cm", "personal", 2, 16), ("op", "sick", 2, 13), ("cc", "sick", 1, 9), ("sup", "personal", 1, 6), ("oa", "annual", 2, -3), ("op", "personal", 1, -4), ("hs", "personal", 1, -6))  # fmt: skip
SESSIONS = (
    ("am", "ethics", "职业道德：诚实与守约", "3"), ("hs", "safety", "上门服务安全", "2"), ("cc", "prevention", "台面与木器的事故预防", "2"),
    ("cs", "communication", "怎样接听客户来电", "1.5"),
)  # fmt: skip


def build(seed: int, scale: str, at: dt.datetime) -> int:
    """Write some of each; returns how many papers."""
    rng = random.Random(f"{seed}:affairs")
    today = clock.local_date(at)
    seats = Holding.objects.filter(Holding.valid_q(today), seat__is_active=True).select_related("person")
    held: dict[str, list[Person]] = {}
    for row in seats.exclude(seat__post_id="sw").order_by("pk")[:400]:
        held.setdefault(row.seat.post_id, []).append(row.person)
    made = sum(_leave(rng, held, number, *one, at) for number, one in enumerate(LEAVES))
    made += sum(_session(rng, held, number, *one, at) for number, one in enumerate(SESSIONS))
    return made + _activities(held, at) + _decision(held, at)


def _instant(day: dt.date, hour: int, at: dt.datetime) -> dt.datetime:
    return min(clock.day_start(day) + dt.timedelta(hours=hour), at)


def _agree(record_id: Any, moment: dt.datetime) -> None:
    """Whoever has it before them agrees."""
    step = Step.objects.filter(record_id=record_id, state="waiting").select_related("seat", "person").first()
    person = next(iter(who_has(step, moment)), None) if step else None
    if step and person:
        decide(step, by=actor_for_person(person, moment), at=moment, result="agree")


def _leave(rng: random.Random, held: dict[str, list[Person]], number: int, post: str, kind: str, days: int, ago: int, at: dt.datetime) -> int:  # fmt: skip
    people = held.get(post, [])
    if not people:
        return 0
    person, today = people[number % len(people)], clock.local_date(at)
    begins = today - ago * DAY
    while not is_working(begins):
        begins += DAY
    asked = _instant(min(begins, today) - 2 * DAY, 10, at)
    facts = {"kind": kind, "from_on": begins, "to_on": begins + (days - 1) * DAY, "reason": rng.choice(REASONS)}
    try:
        leave = actions.ask(**facts, by=actor_for_person(person, asked), at=asked)
        if ago > -4:
            _agree(leave.pk, asked + dt.timedelta(hours=3))
        back = begins + days * DAY
        while not is_working(back):
            back += DAY
        if back <= today and ago > 0:
            moment = _instant(back, 9, at)
            actions.report_back(
                leave, by=actor_for_person(person, moment), at=moment, returned_on=back, returned_half="am"
            )
    except Refused:
        return 0
    return 1


def _session(rng: random.Random, held: dict[str, list[Person]], number: int, post: str, subject: str, topic: str, hours: str, at: dt.datetime) -> int:  # fmt: skip
    trainer = next(iter(held.get(post, [])), None)
    if trainer is None:
        return 0
    day = clock.local_date(at) - (5 + 6 * number) * DAY
    moment = _instant(day, 16, at)
    by = actor_for_person(trainer, moment)
    others = [p for post in ("oa", "sl", "cm", "op", "sup") for p in held.get(post, []) if p.pk != trainer.pk and (p.joined_on is None or p.joined_on <= day)]  # fmt: skip
    facts = {
        "topic": topic,
        "subject": subject,
        "held_on": day,
        "hours": Decimal(hours),
        "trainer": trainer,
        "by": by,
        "at": moment,
    }
    try:
        row = actions.arrange(**facts)
        learners = rng.sample(others, min(len(others), 8))
        row = actions.note_learners(row, people="\n".join(p.no for p in learners), by=by, at=moment)
        actions.close_training(row, by=by, at=moment)
    except Refused:
        return 0
    return 1


def _activities(held: dict[str, list[Person]], at: dt.datetime) -> int:
    organiser = next(iter(held.get("cs", [])), None)
    if organiser is None:
        return 0
    today = clock.local_date(at)
    made = 0
    for days, title, lines in ((12, "客服中心读书会", [("书籍", Decimal(860)), ("茶点", Decimal(240))]), (2, "年末客户答谢会", [("场地", Decimal(2800)), ("礼品", Decimal(1900))])):  # fmt: skip
        moment = _instant(today - days * DAY, 11, at)
        facts = {"title": title, "theme": title, "purpose": "让同事和客户多些了解", "begins_on": clock.local_date(moment) + 3 * DAY, "ends_on": clock.local_date(moment) + 3 * DAY, "people": 24, "lines": lines}  # fmt: skip
        try:
            row = affairs.propose_one(**facts, by=actor_for_person(organiser, moment), at=moment)
            if days > 5:
                _agree(row.pk, moment + dt.timedelta(hours=4))
                affairs.commit(
                    row, by=actor_for_person(organiser, moment), at=moment + DAY, label="书籍", amount=Decimal(842)
                )
        except Refused:
            continue
        made += 1
    return made


def _decision(held: dict[str, list[Person]], at: dt.datetime) -> int:
    manager = next(iter(held.get("am", [])), None)
    concerned = next(iter(held.get("oa", [])), None)
    if manager is None or concerned is None:
        return 0
    moment = _instant(clock.local_date(at) - 2 * DAY, 15, at)
    facts = {
        "matter": "labour", "facts": "一名员工对上月打卡记录有异议", "decision": "以门禁记录核对后补记半天出勤", "effect": "本月工资按核对后的出勤计算",
        "ground": "《考勤制度》第六条", "people": concerned.no,
    }  # fmt: skip
    try:
        affairs.decide_at_once(**facts, by=actor_for_person(manager, moment), at=moment)
    except Refused:
        return 0
    return 1
