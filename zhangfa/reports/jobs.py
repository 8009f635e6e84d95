"""What the clock brings: the roll-up, its nightly check, the mirror, and the month-end pack."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.organisation.actor import system_actor
from zhangfa.reports import actions, asking, mirror, rollup
from zhangfa.reports.actions.drawing import CALLS, LIST, latest
from zhangfa.reports.models import Draw, Touched
from zhangfa.reports.rules import month_back, month_of, named
from zhangfa.runtime.jobs import job
from zhangfa.runtime.schedule import every

# Somebody waits before the screen: the night's work lets these go first.
AWAITED = 10


@every("reports.rollup", minutes=10)
def _roll_up(at: dt.datetime) -> None:
    if Touched.objects.exists():
        roll_up.enqueue()


@job(apart=True)
def roll_up() -> int:
    """Take what changed, in short transactions; begun again it takes the rest."""
    return rollup.run()


@every("reports.check", daily_at=dt.time(1, 20))
def _nightly(at: dt.datetime) -> None:
    check.enqueue()


@job(apart=True)
def check() -> int:
    """Count and sum of every month against the orders; then the mirror."""
    rollup.run()
    mended = rollup.mend()
    mirror.refresh()
    return mended


@every("reports.month_end", daily_at=dt.time(3, 30))
def _month_end(at: dt.datetime) -> None:
    """The pack of the month that is over: drawn once; a later correction is drawn by hand."""
    month = month_back(month_of(clock.local_date(at)), 1)
    if latest(LIST, named(month)) is None:
        draw_month.enqueue(month)


@job(apart=True)
def draw_month(month: int) -> str:
    """Draw the pack and RPT-21 of a month and give the customers their classes; again it gives the same (CS-W2.2)."""
    at = clock.now()
    by = system_actor("reports.month_end", at)
    rollup.run()
    rollup.mend()
    draw = actions.draw_pack(month, by=by, at=at)
    actions.draw_satisfaction(month, by=by, at=at)
    if not _is_outrun(draw):
        actions.settle_classes(draw, at=at)
    return str(draw)


def _is_outrun(draw: Draw) -> bool:
    """A list of a later month has set the classes already."""
    return Draw.objects.filter(kind=LIST, state=Draw.State.DRAWN, period__gt=draw.period).exists()


@every("reports.calls_week", daily_at=dt.time(1, 40))
def _calls_week(at: dt.datetime) -> None:
    """The week of the call centre that is over, once; if the worker stood still on Monday, on the day it stands up again."""
    today = clock.local_date(at)
    monday = today - dt.timedelta(days=today.weekday() + 7)
    if latest(CALLS, monday.isoformat()) is None:
        draw_week.enqueue(monday.isoformat())


@job()
def draw_week(monday: str) -> str:
    """Draw RPT-20 of a week that is over (CS-D1)."""
    at = clock.now()
    return str(actions.draw_calls(dt.date.fromisoformat(monday), by=system_actor("reports.calls_week", at), at=at))


@every("reports.trials", daily_at=dt.time(3, 45))
def _drop_trials(at: dt.datetime) -> None:
    actions.drop_trials(at)


@job(apart=True, priority=AWAITED)
def carry_trial(key: int) -> None:
    """Reckon one trial beside the pages; its answer is written in one go (CS-D4)."""
    actions.carry_trial(key, at=clock.now())


asking.trial.set(lambda key: carry_trial.enqueue(key))
asking.draw_month.set(lambda month: draw_month.enqueue(month))
