"""The figure that a regulation changes goes with it: it begins on its day, and not at all where the rule ends before (X-2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.policy.actions import demand_order, enact, restore, withdraw
from zhangfa.regulations.choices import Status
from zhangfa.regulations.models import Regulation


def never_binds(last: Regulation, effective_on: dt.date) -> bool:
    """A version whose day comes with the next one's or after it binds nobody, nor does its figure."""
    return last.status == Status.IN_FORCE and last.effective_on is not None and last.effective_on >= effective_on


def begin(
    regulation: Regulation, gone: Regulation | None, *, by: Any, at: dt.datetime, approved_by: int | None
) -> None:
    """Write the figure of a version that was promulgated, in place of what the one before it would have brought."""
    withdrawn = withdraw(gone.record_id, by=by, at=at) if gone is not None else []
    if regulation.policy_key and regulation.effective_on is not None:
        enact(
            regulation.policy_key, regulation.policy_value, regulation.effective_on, by=by, at=at, record_id=regulation.record_id,
            approved_by=approved_by, may_repeat=True,
        )  # fmt: skip
    demand_order(withdrawn)


def end(regulation: Regulation, back: Regulation | None, *, by: Any, at: dt.datetime) -> None:
    """A figure whose day has not come ends with its regulation; that of the version that binds again comes after all."""
    withdrawn = withdraw(regulation.record_id, by=by, at=at)
    restored = restore(back.record_id, by=by, at=at) if back is not None else []
    demand_order([*withdrawn, *restored])
