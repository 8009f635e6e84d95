"""The worker: jobs as they come, alarms and regular work each minute, a beat while it lives."""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.utils import translation

from zhangfa.core import clock
from zhangfa.runtime import alarms, queue, schedule
from zhangfa.runtime.models import Beat

log = logging.getLogger(__name__)
POLL_SECONDS = 1.0
BEAT_SECONDS = 3.0
# Longer than a beat may wait for SQLite's write lock, or a living worker would be taken for dead.
DEAD_SECONDS = 30.0
TICK_SECONDS = 60


def tick(at: dt.datetime) -> int:
    """What a minute brings: alarms that are due and regular work, for any instant the caller names."""
    return alarms.fire_due(at) + schedule.run_due(at)


def run(
    *,
    stop: threading.Event | None = None,
    now: Callable[[], dt.datetime] = clock.now,
    dead_seconds: float = DEAD_SECONDS,
) -> int:
    """Work until told to stop; several workers may run on one database. Returns the number of jobs done."""
    stop = stop or threading.Event()
    _listen(stop)
    name = f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"
    Beat.objects.create(worker=name, started_at=now(), seen_at=now())
    heart = threading.Thread(target=_beat, args=(name, stop, now, dead_seconds), name="beat", daemon=True)
    heart.start()
    try:
        # What a job writes down is read by the company: in its own language, whatever the shell that started it speaks.
        with translation.override(settings.LANGUAGE_CODE):
            return _loop(name, stop, now)
    finally:
        stop.set()
        heart.join(timeout=5)
        with suppress(Error):
            Beat.objects.filter(worker=name).delete()


def _loop(name: str, stop: threading.Event, now: Callable[[], dt.datetime]) -> int:
    done, last_minute, was_lost = 0, None, False
    while not stop.is_set():
        close_old_connections()
        try:
            if was_lost:
                queue.take_back(name)
                was_lost = False
            minute = int(time.monotonic() // TICK_SECONDS)
            if minute != last_minute:
                tick(now())
                last_minute = minute
            found = queue.take(name)
            if found is not None:
                done += queue.carry_out(found, now())
                continue
        except Error:
            # The database restarts or is busy: the rows wait, so does the worker.
            log.exception("the database did not answer")
            connection.close()
            was_lost = True
        stop.wait(POLL_SECONDS)
    return done


def _beat(name: str, stop: threading.Event, now: Callable[[], dt.datetime], dead_seconds: float) -> None:
    """Say each few seconds that this worker lives, and look for jobs of workers that don't."""
    reaper = queue.Reaper(dead_seconds)
    while not stop.wait(BEAT_SECONDS):
        try:
            close_old_connections()
            if not Beat.objects.filter(worker=name).update(seen_at=now()):
                Beat.objects.create(worker=name, started_at=now(), seen_at=now())
            reaper.reap(now())
        except Error:
            log.exception("beat failed")
            connection.close()
    connection.close()


def _listen(stop: threading.Event) -> None:
    """End politely on a signal: the job at hand is finished first."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
