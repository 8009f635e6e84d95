"""The demo's rules: the handling of accidents and complaints in two editions, the handbook, and drafts on their way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.approvals.actions import decide
from zhangfa.approvals.queries import waiting_for, who_has
from zhangfa.core import clock
from zhangfa.organisation.actor import Actor, actor_for_person
from zhangfa.organisation.models import Grade, Person
from zhangfa.organisation.queries import holders, seated_in, seats_with_post
from zhangfa.regulations import actions
from zhangfa.regulations.models import Execution, Receipt, Regulation

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
# The rule that every step of a case cites (CC-W1.1).
HANDLING = "规范客户事故与服务质量投诉处理"
FIRST = (
    "接到客户事故或投诉，话务员当场登记，立即通知经办人。",
    "经办人到现场查看损坏物品，拍照，听取客户和服务员双方说明。",
    "认定损失须有市场价格来源，划分责任合计为百分之百。",
    "理赔按章程的权限决定，任何人不决定自己经办的事项。",
    "赔付当天填写处理表，由四方签字。",
)
SECOND = (
    "接到客户事故或投诉，话务员当场登记，立即通知经办人，并告诉客户多久到现场。",
    *FIRST[1:],
    "与客户协商都有记录，不以人情了结；客户满意后结案。",
    "结案后写出原因和预防措施，培训有关岗位。",
)
HANDBOOK = (
    "按时上下班，请假先批准后离岗。",
    "上门服务穿工作服，佩戴工作牌，按预约时间到达。",
    "不向客户索要财物，不私下接单。",
    "发生事故立即报告，不隐瞒、不私了。",
    "爱护客户物品，高处作业系好工具。",
)


def build(seed: int, scale: str, at: dt.datetime) -> None:
    """Write the rules of the house, read and carried out long ago; the newest are left to be done."""
    long_ago, lately = at - 200 * DAY, at - 60 * DAY
    facts: dict[str, Any] = {
        "kind": "regulation", "topic": "customer", "title": HANDLING, "summary": "客户事故和服务质量投诉从登记到结案怎样办",
        "reason": "各网点做法不一，客户等得久", "problem": "赔付快慢和尺度不一致", "posts": ["cs", "cc", "op", "ops", "oa", "sl", "hs", "ls", "sup"],
    }  # fmt: skip
    first = issued(facts | {"clauses": FIRST}, "cs", long_ago)
    fulfil(first, long_ago)
    second = issued(
        facts | {"clauses": SECOND, "revises": first, "reason": "客户反映不知道多久有人来"}, "cs", lately, ask=True
    )
    fulfil(second, lately, but=2)
    handbook: dict[str, Any] = {
        "kind": "handbook", "topic": "conduct", "title": "员工手册", "summary": "全体员工的基本守则", "reason": "新员工多，守则要写在一处",
        "problem": "守则散在各处，查不到", "posts": ["all"], "vital": ["discipline", "leave"], "clauses": HANDBOOK,
    }  # fmt: skip
    fulfil(issued(handbook, "hr", long_ago + DAY), long_ago + DAY, but=12 if scale == "small" else 0)
    procedure = {
        "kind": "procedure", "topic": "service", "title": "网点派工与回访工作程序", "summary": "网点怎样派工、怎样回访", "reason": "派工和回访常有遗漏",
        "problem": "客户等不到回访", "posts": ["oa", "sup"], "level": "department", "clauses": ["前一天下午五点前派好次日的工。", "服务后两天内回访客户。"],
    }  # fmt: skip
    fulfil(issued(procedure, "hs", lately + DAY), lately + DAY, but=1)
    # One lies before administration, one is still being written.
    submitted(
        facts | {
            "title": "雨雪天上门服务安全规定", "topic": "safety", "summary": "雨雪天怎样出门和上门", "reason": "入冬后路上摔伤两起", "problem": "赶时间骑车摔伤",
            "clauses": ["雨雪天路滑，提前出门，不骑车。"], "posts": ["sw", "oa"],
        },
        "hs", at - 5 * HOUR,
    )  # fmt: skip
    by = actor("ls", at - 3 * HOUR)
    actions.draft(**(facts | {
        "title": "驻点工具借用规定", "topic": "facility", "summary": "驻点之间怎样借用工具", "reason": "盘点时缺三件工具", "problem": "借出的工具找不回来",
        "posts": ["sl", "ls"], "clauses": ["借出当天归还，登记在册。"],
    }), by=by, at=at - 3 * HOUR)  # fmt: skip


def actor(post: str, at: dt.datetime) -> Actor:
    """The first holder of the post on that day."""
    found = holders([seat.pk for seat in seats_with_post(post)], at)
    person = next(people[0] for _seat, people in sorted(found.items()) if people)
    return actor_for_person(person, at)


def submitted(facts: dict[str, Any], post: str, at: dt.datetime, *, ask: bool = False) -> Regulation:
    by = actor(post, at)
    row = actions.draft(**facts, by=by, at=at)
    if row.vital:
        row = actions.consult(
            row, by=by, at=at, consulted_on=clock.local_date(at), consulted_how="职工代表座谈", consulted_count=14,
            consulted_result="同意，请假一条按意见写得更清楚",
        )  # fmt: skip
    if ask:
        changed = row.clauses.filter(is_changed=True).order_by("seq")[0]
        row = actions.ask_question(
            row, by=by, at=at, seq=changed.seq, question="登记后还要告诉客户什么？", options=["多久到现场", "谁的责任", "赔多少钱"], answer=1
        )  # fmt: skip
    return actions.submit(row, by=by, at=at)


def issued(facts: dict[str, Any], post: str, at: dt.datetime, *, ask: bool = False) -> Regulation:
    """Drafted, agreed by everybody whose turn it is, and promulgated by administration."""
    row = submitted(facts, post, at, ask=ask)
    for _turn in range(3):
        for step in waiting_for(row.record_id):
            at += 2 * HOUR
            decide(step, by=actor_for_person(who_has(step, at)[0], at), at=at, result="agree", opinion="同意")
    row = Regulation.objects.get(pk=row.pk)
    at += HOUR
    supervisor = actor(post, at).person_id
    return actions.promulgate(
        row,
        by=actor("am", at),
        at=at,
        supervisor=Person.objects.get(pk=supervisor),
        effective_on=clock.local_date(at) + DAY,
    )


def fulfil(row: Regulation, at: dt.datetime, *, but: int = 0) -> None:
    """Everybody acknowledges but the last few, and every department reports."""
    owed = list(Receipt.objects.filter(regulation=row, at=None).order_by("pk").values_list("pk", flat=True))
    done = owed[: len(owed) - but] if but else owed
    # As everybody would have done it one by one; the demo owes no event to each.
    Receipt.objects.filter(pk__in=done).update(
        at=at + 2 * DAY, questions=row.clauses.filter(is_changed=True).exclude(question="").count()
    )
    for execution in Execution.objects.filter(regulation=row, reported_at=None).select_related("department"):
        when = at + 4 * DAY
        from django.db.models import Q

        seats = seated_in(Q(unit=execution.department, post__grade=Grade.DEPARTMENT_MANAGER), when)
        manager = next((people[0] for people in seats.values() if people), None)
        if manager is not None:
            actions.report(
                execution, words="已在周会讲解，各岗位学习并签收，检查了执行情况。", trained_count=row.receipts.filter(department=execution.department).count(),
                done_rate=100, by=actor_for_person(manager, when), at=when,
            )  # fmt: skip
