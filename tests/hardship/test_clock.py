"""The clock is set back by an hour, a day or a month, and goes on: nothing happens twice, nothing never."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from tests.claims import stages
from tests.hardship.books import assert_in_order
from tests.houses import MONDAY
from zhangfa.approvals.models import Step
from zhangfa.audit.models import Event, Head, Seal
from zhangfa.audit.seals import verify
from zhangfa.claims import actions
from zhangfa.claims.actions.closing import case_behind
from zhangfa.claims.doctor import data_problems
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.core.ids import uuid7
from zhangfa.duties.models import Occurrence
from zhangfa.notices.models import Notice
from zhangfa.records.models import Record
from zhangfa.runtime import once, prune, schedule, tokens, worker
from zhangfa.runtime.models import Once

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("X-1")]
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
LINK_DAYS = 30 * DAY
BACK = pytest.mark.parametrize("back", [HOUR, DAY, 30 * DAY], ids=["hour", "day", "month"])


def around(at: dt.datetime, back: dt.timedelta):
    """The hours as a clock shows them that is set back at an instant: what was, again, and a little further."""
    return [at - back, at - back + MINUTE, at - back / 2, at - MINUTE, at, at + MINUTE]


@BACK
def test_what_was_escalated_is_not_escalated_again(house, back):
    case = house.report()
    due = MONDAY + 15 * MINUTE
    worker.tick(due)
    told = Notice.objects.count()
    ack = Occurrence.objects.get(duty__stage="acknowledge")
    assert ack.rung == 1
    for at in around(due, back):
        worker.tick(at)
    assert Notice.objects.count() == told
    worker.tick(due + 4 * DAY)
    ack.refresh_from_db()
    assert ack.rung == 2
    actions.acknowledge(case, by=house.actor(house.handler_of(case)), at=due + 4 * DAY)
    ack.refresh_from_db()
    assert ack.state == "late"


@BACK
def test_a_deadline_within_the_repeated_time_fires_once(house, back):
    settlement = stages.settlement(house, "proposed")
    step = Step.objects.get(record=settlement.record)
    before = step.due_at - MINUTE
    worker.tick(before)
    for at in [*around(before, back), step.due_at, *around(step.due_at, back), step.due_at + 2 * MINUTE]:
        worker.tick(at)
    step.refresh_from_db()
    assert (step.level, len(step.escalations)) == (1, 1)


@BACK
def test_rhythms_open_each_period_once(house, back):
    for week in range(3):
        at = MONDAY + week * 7 * DAY
        worker.tick(at)
        for again in around(at, back):
            worker.tick(again)
    rows = Occurrence.objects.filter(duty__code="D-CC-05").values_list("period", flat=True)
    assert sorted(rows) == ["2026-02-23", "2026-03-02", "2026-03-09"]


@BACK
def test_regular_work_does_not_wait_for_the_clock_to_catch_up(house, back):
    """What happens after the clock was set back is sealed as soon as ever: at most as long as clocks may differ."""
    for minute in range(3):
        house.report("300", at=MONDAY + minute * MINUTE)
        worker.tick(MONDAY + minute * MINUTE)
    assert Seal.objects.count() == 3
    house.report("300", at=MONDAY - back)
    at = MONDAY - back
    worker.tick(at)
    worker.tick(at + schedule.SKEW)
    assert not Head.objects.filter(is_open=True).exists()
    seals = Seal.objects.count()
    worker.tick(at + schedule.SKEW)
    assert Seal.objects.count() == seals
    for later in around(MONDAY + 3 * MINUTE, back):
        house.report("300", at=later)
        worker.tick(later)
    worker.tick(MONDAY + HOUR)
    assert not Head.objects.filter(is_open=True).exists()
    assert_in_order()


@BACK
def test_numbers_have_no_gaps_and_ids_stay_one_of_a_kind(house, back):
    for at in [MONDAY, *around(MONDAY, back)]:
        house.report("300", at=at)
        house.report("300", at=at)
    numbers = list(Record.objects.filter(form_code="SG").values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 14
    by_day: dict[str, list[int]] = {}
    for number in numbers:
        _form, day, running = number.split("-")
        by_day.setdefault(day, []).append(int(running))
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in by_day.values())
    ids = {uuid7(at) for at in [MONDAY, *around(MONDAY, back)] * 500}
    assert len(ids) == 7 * 500
    assert_in_order()


@BACK
def test_a_case_goes_on_and_its_trail_keeps_the_order_of_what_happened(house, back):
    case = house.report(at=MONDAY)
    by = house.actor(house.handler_of(case))
    actions.acknowledge(case, by=by, at=MONDAY + MINUTE)
    case = house.to_assessed(Case.objects.get(pk=case.pk), at=MONDAY + 2 * MINUTE - back)
    actions.confirm_survey(case, by=house.actor("oa"), at=MONDAY + 3 * MINUTE - back)
    events = Event.objects.filter(chain=f"record:{case.pk}").order_by("n")
    names = [name.rpartition(".")[2] for name in events.values_list("name", flat=True)]
    order = ["reported", "acknowledged", "arrived", "surveyed", "registered", "assessed"]
    assert [name for name in names if name in order] == order
    assert list(verify()) == list(data_problems()) == []
    # Without a clock to blame, the same times are a finding.
    events.update(at=MONDAY)
    assert any("causal" in problem for problem in data_problems())


@BACK
def test_a_request_has_one_effect_at_whatever_hour_it_comes_again(house, back):
    def work():
        return once.Answer(201, str(house.report("300").pk))

    first = once.run("key", "op", "digest", work, at=MONDAY)
    for at in around(MONDAY, back):
        again = once.run("key", "op", "digest", work, at=at)
        prune.prune(at)
        assert (again.body, again.is_replay) == (first.body, True)
    assert Case.objects.count() == Once.objects.count() == 1


@pytest.fixture
def set_clock(monkeypatch):
    """The clock of the company and of the framework beneath it."""

    def put(at):
        monkeypatch.setattr(timezone, "now", lambda: at)
        monkeypatch.setattr(clock, "now", lambda: at)

    return put


@BACK
def test_whoever_is_signed_in_stays_and_goes_at_the_end(house, back, set_clock):
    user, desk = house.user("op"), Client()
    set_clock(MONDAY)
    desk.force_login(user)
    token = tokens.issue(user, at=MONDAY)
    for at in around(MONDAY, back):
        set_clock(at)
        assert desk.get("/").status_code == 200
        assert tokens.authenticate(token, at) == user
    set_clock(MONDAY + 12 * HOUR + MINUTE)
    assert desk.get("/").status_code == 302


@BACK
def test_a_link_is_used_once_and_ends_in_time(house, back):
    case = stages.settlement(house, "accepted").case
    by = house.actor(house.handler_of(case))
    former = actions.make_link(case, by=by, at=MONDAY)
    token = actions.make_link(case, by=by, at=MONDAY - back)
    for at in around(MONDAY, back):
        assert case_behind(former, at) is None
        # A link of a month ago has ended by itself.
        assert case_behind(token, at) == (case if at < MONDAY - back + LINK_DAYS else None)
    assert case_behind(token, MONDAY + 31 * DAY) is None
    actions.rate_by_link(case_behind(token, MONDAY - back + HOUR), score=5, words="", at=MONDAY)
    for at in around(MONDAY, back):
        assert case_behind(token, at) is None
