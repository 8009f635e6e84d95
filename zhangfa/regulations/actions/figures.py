"""The figure that a regulation changes goes with it: it begins on its day, and not at all where the rule ends before (X-2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.core import clock
from zhangfa.policy.actions import enact
from zhangfa.policy.models import PolicyValue
from zhangfa.policy.queries import figure_on
from zhangfa.regulations.models import Regulation

DAY = dt.timedelta(days=1)


def take_back_figure(regulation: Regulation, *, by: Any, at: dt.datetime) -> None:
    """A figure whose day has not come stays as it is; one that another paper changed again is left to that paper."""
    key, day = regulation.policy_key, regulation.effective_on
    if not key or day is None or day <= clock.local_date(at):
        return
    last = PolicyValue.objects.filter(key=key, effective_from=day).order_by("-version").first()
    standing = figure_on(key, day - DAY)
    if last is not None and last.record_id == regulation.record_id and last.value != standing.text:
        enact(key, standing.text, day, by=by, at=at, record_id=regulation.record_id)
