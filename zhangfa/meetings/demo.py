"""The demo's meetings: the last weekly ones with their tasks done, a problem meeting, and one that is called for tomorrow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.core import clock
from zhangfa.meetings import actions
from zhangfa.meetings.models import Decision, Meeting
from zhangfa.organisation.actor import Actor, actor_for_person
from zhangfa.organisation.models import Person
from zhangfa.organisation.queries import holders, seats_with_post

DAY, HOUR, WEEK = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(days=7)
MANAGERS = ("cs", "hs", "ls", "fin", "mk")
WEEKLY = (
    ("上周事故回顾和本周检查安排", "cs", "把上周三起事故的改正做法发到网点", "每个网点有学习记录"),
    ("旺季人手安排", "hs", "排出下月各网点缺人数并报人事", "一页表，写明岗位和到岗日期"),
    ("客户档案补齐", "cs", "补齐老客户缺的电话和地址", "缺项少于百分之五"),
)


def build(seed: int, scale: str, at: dt.datetime) -> None:
    """Weekly meetings of the last weeks, and what is to come."""
    monday = clock.local_date(at) - dt.timedelta(days=clock.local_date(at).weekday())
    for n, (topic, owner, text, standard) in enumerate(WEEKLY):
        when = clock.day_start(monday) - (len(WEEKLY) - n) * WEEK + 9 * HOUR
        last = n == len(WEEKLY) - 1
        _weekly(
            topic,
            owner,
            text,
            standard,
            when,
            due=clock.local_date(at) + 4 * DAY if last else clock.local_date(when) + 5 * DAY,
        )
    problem = at - 2 * DAY
    facts = {
        "topic": "厨房台面损坏增多怎么办", "problem": "一个月内多起台面被工具砸坏", "urgency": "赔款上升，客户不放心让我们擦吊柜",
        "solution": "工具一律系绳，台面先铺防护垫，网点每天检查",
    }  # fmt: skip
    meeting = _held("problem", "cs", ("hs", "cc", "am"), problem, facts)
    for name, vote, dissent in (
        ("cs", "yes", ""),
        ("hs", "yes", ""),
        ("cc", "yes", ""),
        ("am", "no", "先在两个网点试一周，再全部推开"),
    ):
        actions.vote(meeting, by=_actor(name, problem), at=problem, vote=vote, dissent=dissent)
    actions.resolve(
        meeting, by=_actor("cs", problem), at=problem + HOUR, standpoint="必须马上统一做法，不能再等", discussion="讨论了工具绳的采购、防护垫由谁带、网点怎样检查",
        resolution="从下周起登高作业一律系工具绳、铺防护垫", needs_rule=False,
    )  # fmt: skip
    _decide(
        meeting,
        "cs",
        "hs",
        "给每个网点配工具绳和防护垫",
        "每名服务员两根绳一块垫，有领用单",
        problem + HOUR,
        clock.local_date(at) + 5 * DAY,
    )
    actions.publish(Meeting.objects.get(pk=meeting.pk), by=_actor("cs", problem), at=problem + 2 * HOUR)
    actions.call(
        kind="weekly", topic="本周行政例会", starts_at=clock.day_start(monday) + WEEK + 9 * HOUR, place="会议室", participants=_people(MANAGERS, at),
        by=_actor("am", at), at=at - HOUR,
    )  # fmt: skip


def _actor(post: str, at: dt.datetime) -> Actor:
    return actor_for_person(_people((post,), at)[0], at)


def _people(posts: tuple[str, ...], at: dt.datetime) -> list[Person]:
    found = []
    for post in posts:
        held = holders([seat.pk for seat in seats_with_post(post)], at)
        found += [people[0] for _seat, people in sorted(held.items()) if people][:1]
    return found


def _held(kind: str, convener: str, posts: tuple[str, ...], at: dt.datetime, facts: dict[str, Any]) -> Meeting:
    people = _people(posts, at)
    meeting = actions.call(
        kind=kind,
        starts_at=at,
        place="会议室",
        participants=people,
        by=_actor(convener, at - DAY),
        at=at - DAY,
        **facts,
    )
    return actions.open_meeting(meeting, by=_actor(convener, at), at=at, present=[*_people((convener,), at), *people])


def _decide(
    meeting: Meeting, convener: str, owner: str, text: str, standard: str, at: dt.datetime, due: dt.date
) -> None:
    actions.decide(
        Meeting.objects.get(pk=meeting.pk), by=_actor(convener, at), at=at, text=text, owner=_people((owner,), at)[0], due_on=due, standard=standard
    )  # fmt: skip


def _weekly(topic: str, owner: str, text: str, standard: str, at: dt.datetime, *, due: dt.date) -> None:
    from zhangfa.tasks import actions as tasks
    from zhangfa.tasks.models import Task

    meeting = _held("weekly", "am", MANAGERS, at, {"topic": topic})
    actions.resolve(
        meeting, by=_actor("am", at), at=at + HOUR, standpoint="按数字说话，落实到人", discussion="各部门报了上周的数字和问题，逐项讨论。",
        resolution="按下列决定办理，下周会上检查",
    )  # fmt: skip
    _decide(meeting, "am", owner, text, standard, at + HOUR, due)
    actions.publish(Meeting.objects.get(pk=meeting.pk), by=_actor("am", at), at=at + 2 * HOUR)
    decision = Decision.objects.get(meeting=meeting)
    if clock.day_start(due) > at + WEEK:
        return
    task = Task.objects.get(pk=decision.task_id)
    done = at + 3 * DAY
    tasks.report(task, by=actor_for_person(task.owner, done), at=done, text="已按要求完成，记录附在表里。")
    task = Task.objects.get(pk=task.pk)
    if task.giver:
        tasks.accept(task, by=actor_for_person(task.giver, done), at=done + HOUR)
