"""A worker killed in the middle of a job: the job happens, and once."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult

from tests.runtime import sample_jobs
from zhangfa.runtime.models import Beat

PROGRAM = """
import django; django.setup()
from zhangfa.runtime import worker
worker.BEAT_SECONDS = worker.POLL_SECONDS = 0.2
worker.run(dead_seconds=1.5)
"""


def wait_until(true, seconds=40.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.1)
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


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_is_killed_happens_once(start_worker, tmp_path):
    flag = tmp_path / "half-way"
    sample_jobs.work_slowly_once.enqueue(str(flag))
    first = start_worker()
    wait_until(flag.exists)
    first.kill()
    first.wait()
    assert sample_jobs.effects() == 0
    second = start_worker()
    mine = DBTaskResult.objects.filter(task_path__endswith="work_slowly_once")
    wait_until(lambda: mine.filter(status="SUCCESSFUL").exists())
    assert sample_jobs.effects() == 1
    assert len(mine.get().worker_ids) == 2
    assert resident_megabytes(second.pid) <= 120
    second.terminate()
    assert second.wait(20) == 0
    assert Beat.objects.count() == 1  # the killed one's; the other signed off


def resident_megabytes(pid):
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
