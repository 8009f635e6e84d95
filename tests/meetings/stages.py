"""A meeting in any status, for tests."""

import datetime as dt
from typing import Any

from tests.houses import MONDAY
from zhangfa.meetings import actions
from zhangfa.meetings.models import Meeting

HOUR = dt.timedelta(hours=1)
FACTS: dict[str, Any] = {
    "kind": "problem", "topic": "厨房台面损坏增多", "problem": "两周内三起台面损坏", "urgency": "客户投诉，赔款上升", "solution": "工具一律系绳并铺防护垫",
    "place": "会议室",
}  # fmt: skip


def called(house, by="cs", people=("hs", "cc", "am"), at=MONDAY, **more: Any) -> Meeting:
    facts = FACTS | {"starts_at": at + HOUR, "participants": [house.people[name] for name in people]}
    return actions.call(by=house.actor(by, at), at=at, **(facts | more))


def held(house, by="cs", people=("hs", "cc", "am"), at=MONDAY, **more: Any) -> Meeting:
    meeting = called(house, by, people, at, **more)
    present = [house.people[name] for name in (by, *people)]
    return actions.open_meeting(meeting, by=house.actor(by, at), at=at, present=present)


WORDS = {
    "standpoint": "必须马上统一做法",
    "discussion": "各部门讨论了工具和垫布的做法",
    "resolution": "从明天起执行新做法",
}


def resolved(
    house,
    by="cs",
    votes=("yes", "yes", "yes", "yes"),
    at=MONDAY,
    people=("hs", "cc", "am"),
    needs_rule=True,
    **more: Any,
) -> Meeting:
    meeting = held(house, by, people, at, **more)
    for name, vote in zip((by, *people), votes, strict=False):
        dissent = "成本太高，先试点" if vote == "no" else ""
        actions.vote(meeting, by=house.actor(name, at), at=at, vote=vote, dissent=dissent)
    return actions.resolve(meeting, by=house.actor(by, at), at=at, needs_rule=needs_rule, **WORDS)


def published(house, by="cs", at=MONDAY, **more: Any) -> Meeting:
    meeting = resolved(house, by, at=at, **more)
    actions.decide(
        meeting, by=house.actor(by, at), at=at, text="给每个网点配工具绳", owner=house.people["hs"], due_on=at.date() + dt.timedelta(days=7),
        standard="每名服务员两根，有领用单",
    )  # fmt: skip
    return actions.publish(Meeting.objects.get(pk=meeting.pk), by=house.actor(by, at), at=at)
