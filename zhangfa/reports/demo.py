"""The demo's year of month-end analyses: drawn and published by the third, the newest left to be done."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.organisation.actor import actor_for_person, system_actor
from zhangfa.organisation.models import Seat
from zhangfa.organisation.queries import holder_of
from zhangfa.records.actions import receive_copy
from zhangfa.reports import actions, rollup
from zhangfa.reports.models import Touched
from zhangfa.reports.rules import last_of, month_back, month_of

MONTHS = 3


def build(*, seed: int, scale: str, at: dt.datetime) -> None:
    """The last three months that are over; the GM has decided on all but the newest."""
    Touched.objects.all().delete()
    rollup.fill()
    seat = Seat.objects.filter(post_id="cs", is_active=True).first()
    person = holder_of(seat, at) if seat else None
    gm_seat = Seat.objects.filter(post_id="gm", is_active=True).first()
    gm = holder_of(gm_seat, at) if gm_seat else None
    today = month_of(clock.local_date(at))
    for back in range(MONTHS, 0, -1):
        month = month_back(today, back)
        day = clock.day_start(last_of(month) + dt.timedelta(days=2)) + dt.timedelta(hours=10)
        drawn = min(day, at)
        draw = actions.draw_pack(month, by=system_actor("reports.month_end", drawn), at=drawn, prefer="database")
        actions.draw_satisfaction(month, by=system_actor("reports.month_end", drawn), at=drawn)
        actions.settle_classes(draw, at=drawn)
        if back == 1 or person is None or day > at:
            continue
        by = actor_for_person(person, day)
        paper = actions.publish_list(
            month, by=by, at=day, analysis="其余客户多为一次性开荒和家电清洗。", strategy="服务后一周内回访，推荐周期保洁。",
            instructions="准时上门，进门先问候；有要求当场记下，当天报客户经理。",
        )  # fmt: skip
        mix = actions.publish_mix(
            month, by=by, at=day, analysis="优质客户更多购买深度保洁和养护。", suggestion="增加养护类套餐。"
        )
        actions.publish_analysis(month, by=by, at=day, direction="新客户以家电清洗进入，应引导到周期服务。")
        actions.publish_satisfaction(month, by=by, at=day)
        for copy in paper.record.copies.select_related("person", "record")[:12]:
            receive_copy(copy, by=actor_for_person(copy.person, day), at=min(day + dt.timedelta(hours=3), at))
        if gm is not None:
            later = min(day + dt.timedelta(days=1), at)
            actions.decide_mix(
                mix, by=actor_for_person(gm, later), at=later, verdict="adopt", decision="同意，下月起试行养护套餐。",
                standard="套餐价目经批准并在各网点公示", due_at=later + dt.timedelta(days=20),
            )  # fmt: skip
