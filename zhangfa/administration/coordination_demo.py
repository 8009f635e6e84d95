"""Requests, notices, files and filings of the invented company."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.administration import actions
from zhangfa.administration.models import StatutoryDate
from zhangfa.core import clock
from zhangfa.organisation.actor import actor_for_person
from zhangfa.organisation.models import Seat, Unit
from zhangfa.organisation.queries import holder_of

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def build(*, seed: int, scale: str, at: dt.datetime) -> int:
    """A few of each, some done and some waiting; returns how many requests."""
    people = _people(at)
    if not {"am", "cs", "hs", "hr"} <= set(people):
        return 0
    asks = (
        ("cs", "hs", "提供上周改派明细", "客户反映改派没有通知，需要上周全部改派单。", "明细已发，共十一单，七单已补通知。"),
        ("hs", "cs", "协助回访三位投诉客户", "整改已做完，请客服中心独立回访。", ""),
        ("fin", "hs", "补齐门店费用单据", "上月三家门店缺水电单据，月底前要。", "单据已补齐送财务。"),
    )  # fmt: skip
    count = 0
    for number, (by, to, title, details, answer) in enumerate(asks):
        if by not in people or to not in people:
            continue
        asked_at = at - (6 - 2 * number) * DAY
        row = actions.ask(
            to_unit=people[to][0].unit,
            title=title,
            details=details,
            by=actor_for_person(people[by][1], asked_at),
            at=asked_at,
        )
        count += 1
        if answer:
            answered_at = asked_at + 20 * HOUR
            actions.reply(
                row, by=actor_for_person(people[to][1], answered_at), at=answered_at, outcome="done", answer=answer
            )
    _papers(people, at)
    return count


def _people(at: dt.datetime) -> dict[str, tuple[Seat, Any]]:
    rows = (
        Seat.objects.filter(post_id__in=("am", "cs", "hs", "fin", "hr"), is_active=True)
        .select_related("unit")
        .order_by("-pk")
    )
    found = {row.post_id: (row, holder_of(row, at)) for row in rows}
    return {post: pair for post, pair in found.items() if pair[1] is not None}


def _papers(people: dict[str, tuple[Seat, Any]], at: dt.datetime) -> None:
    am, then = people["am"][1], at - 3 * DAY
    by = actor_for_person(am, then)
    actions.issue(
        title="关于雨季服务安全的通知", text="雨季高处擦窗一律暂停，湿滑地面先放警示牌。", unit=Unit.objects.get(kind=Unit.Kind.COMPANY),
        posts=["oa", "sl", "sup", "hs", "ls"], read_by_at=at + DAY, by=by, at=then,
    )  # fmt: skip
    for kind, title, text in (
        ("document", "街道消防检查意见书", "两家门店疏散标志不清，限期整改并回复街道。"), ("strength", "连续三年区级诚信家政企业", "评定文件和奖牌照片存档，可用于宣传。"),
        ("issue", "网上差评集中在预约难", "一周内七条差评都说电话打不通，需要回应并改进。"),
    ):  # fmt: skip
        actions.keep_file(
            kind=kind,
            title=title,
            text=text,
            owner=people["hr"][1],
            due_at=None if kind == "strength" else at + 9 * DAY,
            by=by,
            at=then,
        )
    today = clock.local_date(at)
    for matter in StatutoryDate.objects.order_by("pk"):
        opens, last = actions.files.window_of(matter, today.year)
        if last < today:
            day = max(opens, last - 20 * DAY)
            actions.file_matter(
                matter,
                year=today.year,
                filed_on=day,
                receipt=f"回执 {today.year}-{matter.pk:04d}",
                by=actor_for_person(am, at),
                at=at,
            )
    actions.note_contact(
        kind="authority",
        organisation="区市场监督管理局",
        name="王科长",
        title="科长",
        phone="15400007788",
        matters="年度报告",
        by=by,
        at=then,
    )
