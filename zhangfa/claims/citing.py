"""《规范客户事故与服务质量投诉处理》: every step of a case cites it in the version that binds (CC-W1.1)."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from zhangfa.claims.models import Case, Settlement
from zhangfa.regulations.queries import cite
from zhangfa.ui import citing
from zhangfa.ui.citing import Citation

TITLE = "规范客户事故与服务质量投诉处理"
# The words by which the clause of the house's rule is known that goes with a clause of the handbook, the surest first.
WORDS: dict[str, tuple[str, ...]] = {
    "CC-W1.1": ("登记", "通知经办人", "到现场"),
    "CC-W1.3": ("现场", "勘察", "拍照"),
    "CC-W1.4": ("认定", "市场价格"),
    "CC-W1.5": ("权限", "审批"),
    "CC-W1.6": ("满意", "协商", "结案"),
    "CC-W1.7": ("处理表", "签字"),
    "CC-D1": ("投诉",),
    "CC-D7": ("自己经办", "复核", "拍照"),
    "CC-W2.1": ("预防", "原因"),
    "CC-W2.2": ("培训", "预防"),
}


def find(clause: str, at: dt.datetime) -> Citation:
    """The house's rule and the clause of it that fits; before it is promulgated, its name and the handbook's clause."""
    return cite(TITLE, WORDS.get(clause, ()), clause, at) or Citation(
        TITLE, clause, draft_url=reverse("regulations:list")
    )


def register(*decisions: str) -> None:
    for subject in (Case._meta.label_lower, Settlement._meta.label_lower, *decisions):
        citing.source(subject, find)
