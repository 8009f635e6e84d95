"""In which order things wait on the workbench, and why each stands where it stands (X-4).

First how far it has gone up, then whether it is late, due today or later; among those, more money first; then the nearer deadline.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.core import clock

GONE_UP_TWICE, GONE_UP, LATE, TODAY, LATER, UNDATED = range(6)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@dataclass(frozen=True)
class Stake:
    """What decides the place: the rank, the money, the deadline."""

    rank: int
    amount: Decimal
    due_at: dt.datetime | None

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.rank, -self.amount, self.due_at is None, self.due_at or dt.datetime.max.replace(tzinfo=dt.UTC))


def stake(item: Any, at: dt.datetime) -> Stake:
    amount = item.amount or Decimal(0)
    if item.due_at is None:
        return Stake(GONE_UP if item.rung else UNDATED, amount, None)
    if item.due_at < at:
        return Stake(GONE_UP_TWICE if item.rung > 1 else GONE_UP if item.rung else LATE, amount, item.due_at)
    return Stake(TODAY if item.due_at <= clock.day_end(at) else LATER, amount, item.due_at)


def why(found: Stake, rung: int, at: dt.datetime) -> list[str]:
    """The reasons in words, the weightiest first."""
    lines = []
    if found.rank == GONE_UP_TWICE:
        lines.append(_("已上报 %(n)s 级") % {"n": rung})
    elif found.rank == GONE_UP:
        lines.append(_("已上报上级"))
    if found.due_at is None:
        lines.append(_("没有定期限"))
    elif found.due_at < at:
        lines.append(_("逾期 %(span)s") % {"span": span(at - found.due_at)})
    elif found.rank == TODAY:
        lines.append(_("今天到期"))
    else:
        lines.append(_("还有 %(span)s") % {"span": span(found.due_at - at)})
    if found.amount:
        lines.append(_("涉及 %(amount)s 元") % {"amount": f"{found.amount:,.2f}".removesuffix(".00")})
    return lines


def span(length: dt.timedelta) -> str:
    if length >= DAY:
        return _("%(n)s 天") % {"n": length // DAY}
    if length >= HOUR:
        return _("%(n)s 小时") % {"n": length // HOUR}
    return _("%(n)s 分钟") % {"n": max(1, length // dt.timedelta(minutes=1))}
