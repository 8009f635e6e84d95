"""The worker's part of an import."""

from __future__ import annotations

import datetime as dt
import gc

from zhangfa.core import clock
from zhangfa.core.transitions import Happened
from zhangfa.imports import actions
from zhangfa.imports.actions.turns import Turns
from zhangfa.runtime.jobs import job
from zhangfa.runtime.schedule import every

BEGINNING = {
    f"imports.import.{event}"
    for event in ("uploaded", "mapped", "rechecked", "confirmed", "undo_planned", "undo_confirmed", "resumed")
}


@job(apart=True)
def carry_on(batch_id: int) -> int:
    """Step by step until the import waits for a person; begun again it goes on where the last whole step ended."""
    turns, steps = Turns(), 0
    try:
        while _step(batch_id, turns):
            steps += 1
    except Exception:
        actions.break_off(batch_id)
        raise
    return steps


def _step(batch_id: int, turns: Turns) -> bool:
    """A step without the collector: it would walk through ten thousands of rows time and again that go by themselves at the step's end."""
    gc.disable()
    try:
        return actions.step(batch_id, at=clock.now(), turns=turns)
    finally:
        gc.enable()


def go_on(happened: Happened) -> None:
    """Whatever leaves an import with work to do has the worker begin: a row of the same transaction."""
    if happened.event in BEGINNING and happened.obj.is_working:
        carry_on.enqueue(happened.obj.pk)


@every("imports.purge", daily_at=dt.time(2, 50))
def purge_daily(at: dt.datetime) -> None:
    """Staged rows go when their days are over."""
    purge.enqueue()


@job(apart=True)
def purge() -> int:
    return actions.purge_due(clock.now())
