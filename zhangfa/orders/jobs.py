"""What the clock brings: the orders of services that come again."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.orders import actions
from zhangfa.runtime.jobs import job
from zhangfa.runtime.schedule import every


@every("orders.series", minutes=60)
def _extend_hourly(at: dt.datetime) -> None:
    extend_series.enqueue()


@job(apart=True)
def extend_series() -> None:
    """Make what is missing, series by series, each in a short transaction of its own; begun again it finds the rest."""
    last = 0
    while last := actions.extend_due(clock.now(), after=last):
        pass
