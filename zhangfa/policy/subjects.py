"""Leave and activities, explained; they live here until the apps that handle them exist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy

from zhangfa.core.decisions import Refusal, Refused
from zhangfa.core.text import _
from zhangfa.organisation.posts import POSTS
from zhangfa.policy import explain, queries, registry
from zhangfa.policy.explain import CHOICE, DAYS, MONEY, POST, Param
from zhangfa.policy.rules import (
    ACTIVITY_KEYS,
    LEAVE_KEYS,
    SECOND_DECIDER,
    Answer,
    Why,
    activity_authority,
    leave_authority,
    leave_level,
    own_activity,
)


def leave(given: Mapping[str, Any], at: dt.datetime) -> Answer:
    """Who decides a leave, by level or by the applicant's post (AM-W4.1)."""
    if ("level" in given) == ("applicant" in given):
        raise Refused([Refusal("leave.who", _("请写明申请人的级别或岗位，二者选一。"), {}, "AM-W4.1", "level")])
    level = given.get("level") or leave_level(POSTS[given["applicant"]].grade)
    limits = {key: queries.value(key, at) for key in LEAVE_KEYS}
    answer = leave_authority(level=level, kind=given["kind"], days=given["days"], figures=limits)
    return _with_name(answer, at) if answer.authority == SECOND_DECIDER else answer


def _with_name(answer: Answer, at: dt.datetime) -> Answer:
    """Who the second decider is, without whom the paper waits (X-5)."""
    named = queries.second_decider(at)
    zh = f"现在是{named.name}" if named else "现在没有指定，申请会一直等待"
    en = f"Now that is {named.name_en or named.name}." if named else "Nobody is named now: the paper waits."
    return replace(answer, why=Why(f"{answer.why.zh[:-1]}；{zh}。", f"{answer.why.en} {en}"))


def activity(given: Mapping[str, Any], at: dt.datetime) -> Answer:
    """Who approves an activity, the parts of one event added up (AM-W4.2)."""
    limits = {key: queries.value(key, at) for key in ACTIVITY_KEYS}
    answer = activity_authority(amount=given["amount"], event_total=given.get("event_total"), figures=limits)
    answer = own_activity(answer, applicant=given.get("applicant") or "")
    return _with_name(answer, at) if answer.authority == SECOND_DECIDER else answer


LEVELS = (
    ("staff", gettext_lazy("主管以下")),
    ("supervisor", gettext_lazy("主管")),
    ("manager", gettext_lazy("部门负责人")),
)

KINDS = (
    ("personal", gettext_lazy("事假")),
    ("sick", gettext_lazy("病假")),
    ("annual", gettext_lazy("年休假")),
    ("statutory", gettext_lazy("法定假")),
)

explain.register(
    "leave", leave, label=gettext_lazy("请假"), order=20,
    params=(
        Param("level", gettext_lazy("申请人的级别"), CHOICE, LEVELS),
        Param("applicant", gettext_lazy("或申请人的岗位"), POST),
        Param("kind", gettext_lazy("假别"), CHOICE, KINDS, True),
        Param("days", gettext_lazy("工作日天数"), DAYS, (), True),
    ),
)  # fmt: skip
explain.register(
    "activity", activity, label=gettext_lazy("活动"), order=30,
    params=(
        Param("amount", gettext_lazy("活动金额（元）"), MONEY, (), True),
        Param("event_total", gettext_lazy("同一活动合计（元）"), MONEY),
        Param("applicant", gettext_lazy("提交人的岗位"), POST),
    ),
)  # fmt: skip
registry.reads(*LEAVE_KEYS, *ACTIVITY_KEYS)
for _clause in ("AM-W4.1", "AM-W4.2"):
    registry.serves(_clause, registry.PARTIAL, [("policy:explain", _("谁来决定"))])
registry.serves("X-2", registry.PARTIAL, [("policy:values", _("章程")), ("policy:explain", _("谁来决定"))])
registry.serves("X-4", registry.PARTIAL, [("policy:posts", _("岗位手册"))])
