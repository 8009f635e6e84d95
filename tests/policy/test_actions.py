"""Dated versions: a change counts from its day, past papers keep their figure, the process copy is never stale."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from zhangfa.audit.models import Event
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.organisation.actor import system_actor
from zhangfa.policy import actions, queries
from zhangfa.policy.models import PolicyValue

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-2")]
NOW = dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)
TODAY, TOMORROW = dt.date(2026, 3, 10), dt.date(2026, 3, 11)
KEY = "claims.specialist_max"
BY = system_actor("test", NOW)


@pytest.fixture(autouse=True)
def preset(db):
    actions.install_preset(at=NOW)


def enact(value, *, key=KEY, day=TOMORROW, at=NOW):
    return actions.enact(key, value, day, by=BY, at=at)


def codes(**kwargs):
    with pytest.raises(Refused) as caught:
        enact(**kwargs)
    return [refusal.code for refusal in caught.value.refusals]


def test_installing_twice_writes_once():
    assert actions.install_preset(at=NOW) == 0
    assert PolicyValue.objects.count() == len(queries.definitions())


def test_a_change_counts_from_midnight_of_its_day_in_shanghai():
    enact("1200")
    before, after = clock.day_start(TOMORROW) - dt.timedelta(microseconds=1), clock.day_start(TOMORROW)
    assert queries.figure(KEY, before).value == Decimal("1000.00")
    changed = queries.figure(KEY, after)
    assert (changed.value, changed.version, changed.effective_from) == (Decimal("1200.00"), 2, TOMORROW)
    assert changed.as_json() == {"key": KEY, "value": "1200.00", "version": 2, "effective_from": "2026-03-11"}
    assert queries.next_change(KEY, NOW) == changed


def test_the_later_approval_wins_on_the_same_day():
    enact("1200")
    enact("1300")
    assert queries.figure_on(KEY, TOMORROW).value == Decimal("1300.00")
    assert [figure.version for figure in queries.history(KEY)] == [3, 2, 1]


def test_history_begins_with_the_preset_before_its_first_day():
    assert queries.figure(KEY, dt.datetime(1999, 1, 1, tzinfo=dt.UTC)).version == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"value": "1200", "day": TODAY}, ["value.date"]),
        ({"value": "1200", "day": TODAY - dt.timedelta(days=1)}, ["value.date"]),
        ({"value": "1000.00"}, ["value.same"]),
        ({"value": "1500.01"}, ["value.order"]),
        ({"value": "199.99"}, ["value.order"]),
        ({"value": "x", "key": "no.such"}, ["value.unknown"]),
        ({"value": "20.1", "key": "claims.recourse_wage_share"}, ["value.law"]),
        ({"value": "10", "key": "complaints.first_answer_days", "day": TODAY}, ["value.law", "value.date"]),
    ],
)
def test_refused_changes_write_nothing(given, expected):
    assert codes(**given) == expected
    assert PolicyValue.objects.filter(version__gt=1).count() == 0


def test_a_ladder_may_be_raised_from_the_top():
    enact("2000", key="claims.manager_max")
    assert enact("1500.01").version == 2


def test_a_change_is_in_the_trail():
    row = enact("1200")
    event = Event.objects.get(name="policy.value.enacted")
    assert event.clause == "CC-W1.5" and '"new":"1200.00"' in event.text and row.version == 2


def test_a_value_that_came_later_is_written_with_its_first_version():
    PolicyValue.objects.filter(key=KEY).delete()
    actions.renew(NOW)
    assert queries.figure(KEY, NOW).version == 1
    assert enact("1200").version == 2
    assert PolicyValue.objects.filter(key=KEY).count() == 2


def test_versions_are_unique():
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyValue.objects.create(
            key=KEY, version=1, value="1", effective_from=TODAY, clause="CC-W1.5", enacted_at=NOW
        )


def test_a_rolled_back_change_leaves_no_trace_in_the_copy():
    with pytest.raises(RuntimeError), transaction.atomic():
        enact("1200")
        assert queries.figure_on(KEY, TOMORROW).value == Decimal("1200.00")
        raise RuntimeError
    assert queries.figure_on(KEY, TOMORROW).value == Decimal("1000.00")


def test_one_reading_of_the_stamp_serves_a_whole_job(django_assert_num_queries):
    queries.figure(KEY, NOW)
    with django_assert_num_queries(1), queries.one_reading():
        for key in queries.definitions():
            queries.figure(key, NOW)


def test_a_change_inside_a_reading_is_seen():
    with queries.one_reading():
        queries.figure(KEY, NOW)
        enact("1200")
        assert queries.figure_on(KEY, TOMORROW).version == 2


def test_without_a_preset_in_the_database_the_file_answers():
    PolicyValue.objects.all().delete()
    actions.Stamp.objects.all().delete()
    assert queries.figure(KEY, NOW).value == Decimal("1000.00")


def test_an_unknown_key_is_an_error():
    with pytest.raises(queries.UnknownKey):
        queries.figure("no.such", NOW)


def test_a_change_that_was_taken_back_is_no_next_change():
    day = TODAY + dt.timedelta(days=9)
    enact("1200", day=day)
    assert queries.next_change(KEY, NOW).value == 1200
    enact("1000", day=day)
    assert queries.next_change(KEY, NOW) is None
    enact("1300", day=day + dt.timedelta(days=1))
    assert queries.next_change(KEY, NOW).value == 1300
