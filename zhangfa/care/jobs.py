"""What the clock brings: plans follow their orders, accounts are counted, the month's visits fall due."""

from __future__ import annotations

import datetime as dt

from zhangfa.care import actions
from zhangfa.core import clock
from zhangfa.organisation.actor import system_actor
from zhangfa.runtime.jobs import job
from zhangfa.runtime.schedule import every


@every("care.daily", daily_at=dt.time(3, 20))
def _each_night(at: dt.datetime) -> None:
    nightly.enqueue()


@job(apart=True)
def nightly() -> None:
    """Each part in transactions of its own; begun again it finds the rest."""
    at = clock.now()
    actions.match_orders(at)
    actions.count_accounts(by=system_actor("care", at), at=at)
    actions.owe_visits(at)
    actions.owe_answers(at)
