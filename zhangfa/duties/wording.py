"""What the notices and the handbook say about duties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language, gettext

from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.duties import rules
from zhangfa.duties.catalogue import DutyRow, catalogue
from zhangfa.notices.registry import text
from zhangfa.policy import queries as policy
from zhangfa.policy.registry import DutyLine
from zhangfa.ui.display import when_text

OVERDUE = _("“%(duty)s”（%(number)s）已逾期，期限是 %(due)s。请尽快办理，已报告您的上级。")
ESCALATED = _("下属逾期未办：“%(duty)s”（%(number)s），期限是 %(due)s。请过问。")


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def name_of(key: str) -> str:
    row = catalogue().by_key.get(key)
    return getattr(row, _lang()) if row else key.partition(".")[0]


def _sentence(template: str, params: Mapping[str, Any]) -> str:
    due = rules.instant(str(params["due"]).replace("Z", "+00:00"))
    return gettext(template) % {
        "duty": name_of(params["duty"]),
        "number": params["number"],
        "due": when_text(due, clock.now()) if due else "",
    }


text("duties.overdue", lambda params: _sentence(OVERDUE, params))
text("duties.escalated", lambda params: _sentence(ESCALATED, params))


def lines(post: str) -> Iterator[DutyLine]:
    """The duties of a post as the handbook shows them."""
    at = clock.now()
    for row in catalogue().rows:
        if row.post == post:
            yield DutyLine(row.code, getattr(row, _lang()), due_in_words(row, at), row.clause, "/duties/catalogue/")


def due_in_words(row: DutyRow, at: dt.datetime) -> str:
    """When a duty is due, with the figure in force."""
    shown = policy.in_words(policy.figure(row.due["key"], at), _lang())
    if row.rhythm == "weekly":
        return shown
    if row.rhythm == "weeks":
        return gettext("每 %(period)s一期，期满后的周日 24:00 前") % {"period": shown}
    if row.due["unit"] == "day_end":
        return gettext("当天 24:00 前")
    if row.due.get("cap") == "day_end":
        return gettext("%(time)s内，最晚当天 24:00") % {"time": shown}
    return gettext("%(time)s内") % {"time": shown}
