"""What the clock brings: the week's look at forms (HS-W1.9), and the month's results for the appraisal (AM-W3)."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.inspections import actions
from zhangfa.inspections.actions.findings import last_week
from zhangfa.organisation.actor import system_actor
from zhangfa.runtime.jobs import job
from zhangfa.runtime.schedule import every


@every("inspections.forms", daily_at=dt.time(3, 40))
def _daily(at: dt.datetime) -> None:
    count_forms.enqueue()


@job(apart=True)
def count_forms() -> None:
    """The week that is over, for everybody; begun again it finds the rest. A month that is over is frozen."""
    at = clock.now()
    actions.freeze_due(at)
    actions.draw_week(last_week(at), by=system_actor("inspections", at), at=at)
