"""Jobs for the tests of the worker: what they did stands in the table of slots."""

import datetime as dt
import os
import time
from pathlib import Path

from zhangfa.runtime.jobs import job
from zhangfa.runtime.models import Slot

FUTURE = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)  # out of reach of the daily pruning


def effects() -> int:
    return Slot.objects.filter(name__startswith="effect").count()


def _effect() -> None:
    Slot.objects.create(name=f"effect {time.monotonic_ns()}", slot=FUTURE)


@job()
def work() -> str:
    _effect()
    return "done"


@job()
def work_slowly_once(flag: str) -> None:
    """The first time it stops half-way, after its write; the second time it goes through."""
    _effect()
    if not Path(flag).exists():
        Path(flag).write_text(str(os.getpid()))
        time.sleep(60)


@job(apart=True)
def fail() -> None:
    raise RuntimeError("no")


@job()
def work_in_two_halves(folder: str) -> None:
    """Stops half-way, after its write, until it is told to go on."""
    _effect()
    _wait_for(Path(folder))


@job(apart=True)
def work_apart_in_two_halves(folder: str) -> None:
    """Outside of any transaction: may be begun again, and bears it."""
    Slot.objects.get_or_create(name="effect apart", slot=FUTURE)
    _wait_for(Path(folder))


def _wait_for(folder: Path) -> None:
    (folder / "half-way").touch()
    until = time.monotonic() + 60
    while not (folder / "go").exists() and time.monotonic() < until:
        time.sleep(0.02)
