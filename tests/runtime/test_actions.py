"""Alarms, slots, once-keys, tokens and jobs, one process."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django_tasks_db.models import DBTaskResult

from tests.runtime import sample_jobs
from zhangfa.core.decisions import Refused
from zhangfa.runtime import alarms, once, prune, queries, queue, schedule, tokens, worker
from zhangfa.runtime.models import Alarm, ApiToken, Beat, Once, Slot

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.fixture
def heard(monkeypatch):
    """An alarm handler that notes what it hears."""
    found = []
    monkeypatch.setitem(alarms._handlers, "test", lambda alarm, at: found.append((alarm.subject, alarm.rung)))
    return found


def test_an_alarm_fires_when_due_and_once(heard):
    alarms.set_alarm("a", "test", AT)
    assert alarms.fire_due(AT - MINUTE) == 0
    assert alarms.fire_due(AT) == 1
    assert alarms.fire_due(AT + DAY) == 0
    assert heard == [("a", 0)]


def test_setting_again_moves_the_alarm_and_clearing_removes_it(heard):
    alarms.set_alarm("a", "test", AT)
    alarms.set_alarm("a", "test", AT + DAY, rung=1)
    alarms.set_alarm("b", "test", AT)
    alarms.clear("b", "test")
    assert alarms.fire_due(AT) == 0
    assert alarms.fire_due(AT + DAY) == 1
    assert heard == [("a", 1)]


def test_a_handler_that_sets_itself_anew_climbs(monkeypatch):
    rungs = []

    def climb(alarm, at):
        rungs.append(alarm.rung)
        if alarm.rung < 2:
            alarms.set_alarm(alarm.subject, alarm.kind, at - MINUTE, rung=alarm.rung + 1)

    monkeypatch.setitem(alarms._handlers, "climb", climb)
    alarms.set_alarm("a", "climb", AT)
    assert alarms.fire_due(AT) == 3
    assert rungs == [0, 1, 2]


def test_a_broken_handler_keeps_its_rung_backs_off_and_holds_nobody_up(heard, monkeypatch):
    def broken(alarm, at):
        alarms.set_alarm("side effect", "test", at)
        raise ValueError

    monkeypatch.setitem(alarms._handlers, "broken", broken)
    alarms.set_alarm("a", "broken", AT - DAY, rung=3)
    alarms.set_alarm("b", "unheard of", AT - DAY)
    alarms.set_alarm("c", "test", AT)
    assert alarms.fire_due(AT) == 1
    assert heard == [("c", 0)]
    left = Alarm.objects.get(subject="a")
    assert (left.rung, left.tries, left.next_alarm_at) == (3, 1, AT + MINUTE)
    alarms.fire_due(AT + MINUTE)
    assert Alarm.objects.get(subject="a").next_alarm_at == AT + 3 * MINUTE
    assert not Alarm.objects.filter(subject="side effect").exists()


def test_regular_work_runs_once_a_period(monkeypatch):
    monkeypatch.setattr(schedule, "_entries", {})
    ran = []
    schedule.every("minutely", minutes=1)(lambda at: ran.append("m"))
    schedule.every("daily", daily_at=dt.time(10, 0))(lambda at: ran.append("d"))
    assert schedule.run_due(AT) == 2  # 10:00 in Shanghai
    assert schedule.run_due(AT + dt.timedelta(seconds=59)) == 0
    assert schedule.run_due(AT + MINUTE) == 1
    assert schedule.run_due(AT + 30 * DAY) == 2  # a month later: the newest period only
    assert ran.count("d") == 2


def test_failing_regular_work_is_tried_again_and_others_run(monkeypatch):
    monkeypatch.setattr(schedule, "_entries", {})
    tries = []

    def flaky(at):
        tries.append(at)
        if len(tries) == 1:
            raise ValueError

    schedule.every("flaky", minutes=60)(flaky)
    schedule.every("sound", minutes=60)(lambda at: tries.append(at))
    assert schedule.run_due(AT) == 1
    assert schedule.run_due(AT + MINUTE) == 1
    assert len(tries) == 3


def answer():
    Slot.objects.create(name="effect of a request", slot=AT)
    return once.Answer(201, '{"id": 1}', "/cases/1/")


def test_the_same_request_twice_has_one_effect_and_one_answer():
    first = once.run("k", "user:1", "d", answer, at=AT)
    again = once.run("k", "user:1", "d", answer, at=AT + MINUTE)
    assert (first.status, first.is_replay) == (201, False)
    assert (again.status, again.body, again.location, again.is_replay) == (201, first.body, "/cases/1/", True)
    assert sample_jobs.effects() == 1


def test_the_same_key_for_another_body_is_refused_and_for_another_person_is_new():
    once.run("k", "user:1", "d", answer, at=AT)
    with pytest.raises(Refused) as refused:
        once.run("k", "user:1", "other", answer, at=AT)
    assert refused.value.refusals[0].code == "once.reused"
    once.run("k", "user:2", "d", lambda: once.Answer(200), at=AT)
    assert Once.objects.count() == 2


@pytest.mark.parametrize("fails", ["answer", "exception"])
def test_a_refused_request_keeps_no_key(fails):
    def refuse():
        if fails == "exception":
            raise Refused([])
        return once.Answer(422, "mend it")

    if fails == "exception":
        with pytest.raises(Refused):
            once.run("k", "s", "d", refuse, at=AT)
    else:
        assert once.run("k", "s", "d", refuse, at=AT).status == 422
    assert once.run("k", "s", "other", answer, at=AT).status == 201


@pytest.mark.parametrize("key", ["", "x" * 81])
def test_a_key_that_does_not_fit_is_a_message(key):
    with pytest.raises(Refused):
        once.run(key, "s", "d", answer, at=AT)


def test_a_token_signs_in_until_it_is_revoked():
    user = get_user_model().objects.create_user("robot")
    token = tokens.issue(user, at=AT, label="交接")
    row = ApiToken.objects.get()
    assert token not in (row.digest, row.label)
    assert tokens.authenticate(token, AT) == user
    assert tokens.authenticate(token, AT + MINUTE) == user
    row.refresh_from_db()
    assert row.last_used_at == AT
    assert tokens.authenticate("zf_\ud800nonsense", AT) is None
    assert tokens.revoke_all(user, at=AT) == 1
    assert tokens.authenticate(token, AT) is None


def test_a_token_of_somebody_who_left_opens_nothing():
    user = get_user_model().objects.create_user("robot", is_active=False)
    assert tokens.authenticate(tokens.issue(user, at=AT), AT) is None


def test_jobs_run_once_and_failures_are_tried_again_up_to_the_cap():
    sample_jobs.work.enqueue()
    sample_jobs.fail.enqueue()
    now = dt.datetime.now(dt.UTC)
    assert queue.drain(now) == 2
    assert sample_jobs.effects() == 1
    for attempt in range(2, queue.ATTEMPTS + 1):
        DBTaskResult.objects.filter(status="READY").update(run_after=now)
        assert queue.drain(now) == 1
        assert len(DBTaskResult.objects.get(task_path__endswith="fail").worker_ids) == attempt
    failed = DBTaskResult.objects.get(task_path__endswith="fail")
    assert failed.status == "FAILED"
    assert "RuntimeError" in failed.traceback
    assert queue.drain(now) == 0


def test_a_job_whose_claim_was_lost_leaves_no_effect():
    sample_jobs.work.enqueue()
    found = queue.take("first")
    DBTaskResult.objects.update(status="READY")
    other = queue.take("second")
    assert not queue.carry_out(found, AT)
    assert sample_jobs.effects() == 0
    assert queue.carry_out(other, AT)
    assert sample_jobs.effects() == 1


def test_the_reaper_gives_back_the_jobs_of_the_dead_only(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(queue.time, "monotonic", lambda: clock[0])
    for name in ("alive", "silent", "vanished"):
        sample_jobs.work.enqueue()
        queue.take(name)
    Beat.objects.create(worker="alive", started_at=AT, seen_at=AT)
    Beat.objects.create(worker="silent", started_at=AT, seen_at=AT + DAY)  # its clock ran ahead
    reaper = queue.Reaper(patience=10)
    assert reaper.reap(AT) == 1
    clock[0] = 11
    Beat.objects.filter(worker="alive").update(seen_at=AT - DAY)  # somebody set the clock back
    assert reaper.reap(AT) == 1
    clock[0] = 15
    assert reaper.reap(AT) == 0
    assert DBTaskResult.objects.get(status="RUNNING").worker_ids == ["alive"]


def test_a_job_that_kills_its_workers_is_given_up():
    sample_jobs.work.enqueue()
    for attempt in range(queue.ATTEMPTS):
        queue.take(f"worker {attempt}")
        queue.Reaper(patience=10).reap(AT)
    assert DBTaskResult.objects.get().status == "FAILED"


def test_old_rows_go():
    Slot.objects.create(name="old", slot=AT - 8 * DAY)
    Slot.objects.create(name="new", slot=AT - DAY)
    Once.objects.create(key="k", scope="s", digest="d", created_at=AT - 8 * DAY)
    Beat.objects.create(worker="w", started_at=AT, seen_at=AT)
    prune.prune(AT)
    assert list(Slot.objects.values_list("name", flat=True)) == ["new"]
    assert not Once.objects.exists()
    assert queries.worker_seen(AT) == AT


def test_a_tick_does_what_is_due_at_the_time_it_is_told(heard, monkeypatch):
    monkeypatch.setattr(schedule, "_entries", {})
    alarms.set_alarm("a", "test", AT + DAY)
    assert worker.tick(AT) == 0
    assert worker.tick(AT + DAY) == 1
