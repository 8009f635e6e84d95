"""Several workers and requests at once on one database."""

import datetime as dt
import threading

import pytest
from django.db import connection

from tests.runtime import sample_jobs
from zhangfa.runtime import alarms, once, queue, schedule
from zhangfa.runtime.models import Alarm, Slot

pytestmark = pytest.mark.django_db(transaction=True)
AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)


def together(work, count=4):
    """Run the work in threads that start at the same moment; returns what each gave back."""
    gate, found = threading.Barrier(count), []

    def run(number):
        try:
            gate.wait()
            found.append(work(number))
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_each_alarm_takes_effect_once_among_four_workers(monkeypatch):
    def note(alarm, at):
        Slot.objects.create(name=f"effect {alarm.subject}", slot=at)

    monkeypatch.setitem(alarms._handlers, "test", note)
    for number in range(40):
        alarms.set_alarm(f"a{number}", "test", AT)
    outcomes = together(lambda _n: alarms.fire_due(AT))
    assert sum(outcomes) == 40
    assert sample_jobs.effects() == 40
    assert not Alarm.objects.exists()


def test_each_slot_runs_once_among_four_workers(monkeypatch):
    monkeypatch.setattr(schedule, "_entries", {})
    schedule.every("effect source", minutes=1)(
        lambda at: Slot.objects.create(name="effect", slot=at + dt.timedelta(seconds=1))
    )
    for minute in range(5):
        outcomes = together(lambda _n, m=minute: schedule.run_due(AT + dt.timedelta(minutes=m)))
        assert sorted(outcomes) == [0, 0, 0, 1]


def test_the_same_request_at_the_same_moment_has_one_effect():
    def request(_n):
        def work():
            Slot.objects.create(name="effect", slot=AT)
            return once.Answer(201, "made")

        return once.run("k", "user:1", "d", work, at=AT)

    answers = together(request)
    assert [answer.status for answer in answers] == [201] * 4
    assert sorted(answer.is_replay for answer in answers) == [False, True, True, True]
    assert sample_jobs.effects() == 1


def test_each_job_runs_once_among_four_workers():
    for _ in range(20):
        sample_jobs.work.enqueue()
    now = dt.datetime.now(dt.UTC)
    outcomes = together(lambda n: queue.drain(now, f"worker {n}"))
    assert sum(outcomes) == 20
    assert sample_jobs.effects() == 20
