"""Taking jobs from the table, running them, and giving back those of workers that died."""

from __future__ import annotations

import datetime as dt
import logging
import time
from contextlib import nullcontext
from traceback import format_exc
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django_tasks_db.models import DBTaskResult

from zhangfa.runtime.jobs import runs_apart
from zhangfa.runtime.models import Beat
from zhangfa.runtime.trouble import trouble_of

log = logging.getLogger(__name__)
ATTEMPTS = 5
RETRY = dt.timedelta(seconds=30)


class Lost(Exception):
    """The job was given to another worker meanwhile: what was done here is undone."""


def take(worker: str) -> DBTaskResult[Any, Any] | None:
    """Claim the next job that is ready."""
    ready = DBTaskResult.objects.ready()
    if not ready.exists():  # a read first: an idle worker never takes the write lock
        return None
    with transaction.atomic():
        found = ready.get_locked()
        if found is not None:
            found.claim(worker)
        return found


def carry_out(found: DBTaskResult[Any, Any], now: dt.datetime) -> bool:
    """Run a claimed job; its effect and its done mark are one transaction. A failure is retried later, up to the cap."""
    try:
        work = found.task
        apart = runs_apart(found.task_path)
        with nullcontext() if apart else transaction.atomic():
            arguments = found.args_kwargs
            value = work.call(*arguments["args"], **arguments["kwargs"])
            _finish(found, value, now)
    except Lost:
        log.warning("job %s was given to another worker", found.pk)
        return False
    except Exception as error:
        log.exception("job %s failed, attempt %d", found.task_path, len(found.worker_ids))
        _fail(found, error, now)
        return False
    return True


def _mine(found: DBTaskResult[Any, Any]) -> QuerySet[DBTaskResult[Any, Any]]:
    """The row while it is still this claim's; every change of it goes through here, so two can't both win."""
    return DBTaskResult.objects.filter(pk=found.pk, status="RUNNING", started_at=found.started_at).order_by()


def _finish(found: DBTaskResult[Any, Any], value: Any, now: dt.datetime) -> None:
    done = _mine(found).update(
        status="SUCCESSFUL",
        finished_at=now,
        return_value=value,
        exception_class_path="",
        traceback="",
    )
    if not done:
        raise Lost


def _fail(found: DBTaskResult[Any, Any], error: Exception, now: dt.datetime) -> None:
    attempt = len(found.worker_ids)
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    facts = {"exception_class_path": kind, "traceback": format_exc()}
    if trouble_of(error):
        # A full disk may last for days: such a try doesn't count, and the next one comes soon.
        _mine(found).update(status="READY", run_after=now + RETRY, worker_ids=found.worker_ids[:-1], **facts)
    elif attempt >= ATTEMPTS:
        _mine(found).update(status="FAILED", finished_at=now, **facts)
    else:
        _mine(found).update(status="READY", run_after=now + RETRY * 2**attempt, **facts)


def take_back(worker: str) -> int:
    """Give back what this worker holds without working on it, because the database was lost on the way. Returns how many."""
    left = [row for row in DBTaskResult.objects.running().order_by() if row.worker_ids[-1:] == [worker]]
    return sum(_mine(row).update(status="READY", worker_ids=row.worker_ids[:-1]) for row in left)


class Reaper:
    """Gives back the jobs of dead workers. A worker is dead when its beat has stood still for `patience` seconds
    of this process's own clock: setting the wall clock neither kills nor revives anybody."""

    def __init__(self, patience: float):
        self.patience = patience
        self._seen: dict[str, tuple[dt.datetime, float]] = {}

    def reap(self, now: dt.datetime) -> int:
        """Look once; returns how many jobs were given back."""
        running = list(DBTaskResult.objects.running().order_by())
        if not running:
            self._seen.clear()
            return 0
        dead = self._dead({row.worker_ids[-1] for row in running if row.worker_ids})
        return sum(self._give_back(row, now) for row in running if row.worker_ids[-1] in dead)

    def _dead(self, workers: set[str]) -> set[str]:
        beats = dict(Beat.objects.filter(worker__in=workers).values_list("worker", "seen_at"))
        moment = time.monotonic()
        dead = workers - beats.keys()
        for worker, seen_at in beats.items():
            known = self._seen.get(worker)
            if known is None or known[0] != seen_at:
                self._seen[worker] = (seen_at, moment)
            elif moment - known[1] >= self.patience:
                dead.add(worker)
        return dead

    def _give_back(self, row: DBTaskResult[Any, Any], now: dt.datetime) -> int:
        if len(row.worker_ids) >= ATTEMPTS:
            log.error("job %s given up: %d workers died with it", row.task_path, ATTEMPTS)
            return _mine(row).update(
                status="FAILED", finished_at=now, exception_class_path="zhangfa.runtime.queue.Lost"
            )
        log.warning("job %s of the dead worker %s is given back", row.task_path, row.worker_ids[-1])
        return _mine(row).update(status="READY")


def drain(now: dt.datetime, worker: str = "drain", limit: int = 10_000) -> int:
    """Run everything that is ready, here and now: for the demo, the tests and commands."""
    done = 0
    while done < limit and (found := take(worker)) is not None:
        carry_out(found, now)
        done += 1
    return done
