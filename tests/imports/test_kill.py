"""kill -9 in the middle of an import: each chunk is whole or not there, none comes twice, and the rest follows."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django_tasks_db.models import DBTaskResult

from tests.houses import MONDAY
from tests.imports import workbooks
from zhangfa.audit.models import Event
from zhangfa.customers.models import Customer
from zhangfa.imports import actions
from zhangfa.imports.models import Import, Result, Row

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("X-3")]
PROGRAM = """
import django; django.setup()
from zhangfa.runtime import worker
worker.BEAT_SECONDS = worker.POLL_SECONDS = 0.1
worker.run(dead_seconds=1.0)
"""
ROWS, CHUNK, KILLS = 240, 10, 4


def wait_until(true, seconds=90.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


@pytest.fixture
def start_worker(process_environment):
    started = []

    def start():
        process = subprocess.Popen([sys.executable, "-c", PROGRAM], env=process_environment)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def assert_whole(batch):
    """What was written is written whole: rows, results and customers tell the same, in whole chunks, each once."""
    applied = set(batch.rows.filter(state=Row.State.APPLIED).values_list("n", flat=True))
    results = list(Result.objects.filter(batch=batch, undone_at=None).values_list("n", "key"))
    assert sorted(n for n, _key in results) == sorted(applied)
    names = list(Customer.objects.filter(name__startswith="客户").values_list("name", flat=True))
    assert len(names) == len(set(names)) == len(applied)
    assert len(applied) % CHUNK == 0
    told = [key for event in Event.objects.filter(name="customers.customer.taken_over") for key in keys_of(event)]
    assert sorted(told) == sorted(key for _n, key in results)


def keys_of(event):
    import json

    return json.loads(event.text)["codes"]["customers"]


def test_a_worker_killed_while_writing_and_while_taking_back_leaves_whole_chunks(house, start_worker):
    rows = [[n, f"客户{n:04d}", f"1390000{n:04d}", f"听松苑{n}幢", "east单位", "", ""] for n in range(1, ROWS + 1)]
    batch = workbooks.checked(house, workbooks.brought(house, workbooks.messy_customers(rows)))
    assert batch.counts == {"ready": ROWS}
    Import.objects.filter(pk=batch.pk).update(options={**batch.options, "chunk": CHUNK})
    dice = random.Random(7)
    actions.apply(Import.objects.get(pk=batch.pk), by=house.actor("cs"), at=MONDAY)
    worker = start_worker()
    for n in range(1, KILLS + 1):
        wait_until(lambda n=n: Import.objects.get(pk=batch.pk).count(Row.State.APPLIED) >= n * 40)
        time.sleep(dice.random() / 10)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        assert_whole(Import.objects.get(pk=batch.pk))
        # A worker that died five times over is given up; these are other ones.
        DBTaskResult.objects.filter(status="RUNNING").update(status="READY", worker_ids=[])
        worker = start_worker()
    wait_until(lambda: Import.objects.get(pk=batch.pk).status == Import.Status.APPLIED)
    assert_whole(Import.objects.get(pk=batch.pk))
    assert Import.objects.get(pk=batch.pk).counts == {"applied": ROWS}

    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worked_off = workbooks.work_off(actions.plan_undo(Import.objects.get(pk=batch.pk), by=house.actor("cs"), at=MONDAY))
    DBTaskResult.objects.filter(status__in=("RUNNING", "READY")).delete()
    actions.undo(worked_off, by=house.actor("cs"), at=MONDAY)
    worker = start_worker()
    time.sleep(1.5 + dice.random() / 5)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    DBTaskResult.objects.filter(status="RUNNING").update(status="READY", worker_ids=[])
    worker = start_worker()
    wait_until(lambda: Import.objects.get(pk=batch.pk).status == Import.Status.UNDONE)
    assert not Customer.objects.filter(name__startswith="客户").exists()
    assert Import.objects.get(pk=batch.pk).counts == {"undone": ROWS}
    # The first worker may have finished just before it was killed; then this one is asked to stop before it has begun.
    worker.terminate()
    worker.wait(30)
