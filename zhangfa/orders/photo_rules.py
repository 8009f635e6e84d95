"""How long pictures of a service are taken: before, during, and until a day after it (HS-W3, domain.md 2.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.orders.rules import CLAUSE

BEFORE = "before"


def refuse_photos(
    *, kind: str, ended_at: dt.datetime | None, at: dt.datetime, after: dt.timedelta
) -> Iterator[Refusal]:
    """A picture tells how the place was then: "before" is over when the work is done, every picture when whoever was there is gone.

    `ended_at` None: the work is not done yet. `after`: how long those who were sent still see where they were.
    """
    if ended_at is None:
        return
    if at > ended_at + after:
        facts = {"until": f"{(ended_at + after).astimezone(clock.TZ):%Y-%m-%d %H:%M}"}
        text = _("照片只能添加到服务结束后一天（%(until)s）。之后发现的情况，请登记事故或投诉，照片放在那里。")
        yield Refusal("order.photos_over", text, facts, CLAUSE)
    elif kind == BEFORE:
        text = _("服务已经完成，不能再添加“服务前”照片。请选“服务后”或“现场”。")
        yield Refusal("order.photos_before", text, {}, CLAUSE, "kind")
