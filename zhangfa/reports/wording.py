"""Words of the list of top customers that its page and its paper share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from zhangfa.reports.models import Listed

ADVICE = {
    "win_back": lazy("久未服务：当面走访，问清原因"), "plan": lazy("来得少：推荐周期套餐"), "widen": lazy("常来：推荐配套产品"),
    "keep": lazy("按月拜访，专人对接"), "care": lazy("按类别正常维护"),
}  # fmt: skip


def rfm_of(row: Listed) -> str:
    """The three scores in their usual order: last service, number of orders, amount; a draw of earlier days has none."""
    return f"{row.recency}-{row.frequency}-{row.volume}" if row.recency else ""
