"""What the call centre allows, and what counts as answered in time (CS-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "CS-D1"
CONTENT_LENGTH = 2
# Which result needs which paper from the same call.
NEEDS = {"ordered": ("order", _("这通电话还没有登记订单，请先点“下单”。")), "case": ("case", _("这通电话还没有登记案件，请先点“登记事故”或“登记投诉”。"))}  # fmt: skip


def refuse_second_call(*, open_id: int | None) -> Iterator[Refusal]:
    """Somebody speaks with one caller at a time."""
    if open_id is not None:
        yield Refusal("call.busy", _("您还有一通电话没有挂断（通话 %(id)s），请先挂断。"), {"id": open_id}, CLAUSE)


def refuse_write_up(
    *, content: str, result: str, papers: Collection[str], follow_up_at: dt.datetime | None, at: dt.datetime
) -> Iterator[Refusal]:
    """A call is written up with what was said and what came of it; a result is believed when its paper exists.

    `papers` are the kinds of paper that were made from the call: order, case.
    """
    if len(content.strip()) < CONTENT_LENGTH:
        yield Refusal("call.content", _("请写明来电说了什么、怎样答复。"), clause=CLAUSE, field="content")
    if result in NEEDS and NEEDS[result][0] not in papers:
        yield Refusal("call.paper", NEEDS[result][1], clause=CLAUSE, field="result")
    if result == "follow_up" and follow_up_at is None:
        yield Refusal("call.follow_up", _("请写明什么时候再联系。"), clause=CLAUSE, field="follow_up_at")
    if follow_up_at is not None and follow_up_at <= at:
        yield Refusal("call.follow_up_past", _("再次联系的时间应在现在之后。"), clause=CLAUSE, field="follow_up_at")


def seconds_between(start: dt.datetime, end: dt.datetime) -> int:
    """Whole seconds; a clock set back counts as none."""
    return max(0, int((end - start).total_seconds()))
