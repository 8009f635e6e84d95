"""A step that is the whole of its work needs no savepoint, and what fails with it leaves nothing."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from zhangfa.core.bulk import write_together
from zhangfa.core.work import joined, owe, work
from zhangfa.runtime import alarms
from zhangfa.runtime.models import Alarm, Slot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
AT = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)


def savepoints(seen):
    return sum("SAVEPOINT" in query["sql"] for query in seen.captured_queries)


def test_only_what_may_fail_alone_gets_a_savepoint():
    with CaptureQueriesContext(connection) as seen, work(), joined(), work():
        Slot.objects.create(name="joined", slot=AT)
    assert savepoints(seen) == 0
    with CaptureQueriesContext(connection) as seen, work():
        with joined(), work(), work():  # the second is a part of the first
            pass
        with work():
            pass
    assert savepoints(seen) == 4


def test_a_joined_step_that_fails_takes_everything_with_it():
    owed = []
    with pytest.raises(ValueError, match="no"), work():
        Slot.objects.create(name="outer", slot=AT)
        with joined(), work():
            Slot.objects.create(name="inner", slot=AT)
            owe(1, owed.extend, "row")
            raise ValueError("no")
    assert not Slot.objects.exists() and owed == []


def test_outside_of_any_work_a_step_is_a_transaction_of_its_own():
    with joined(), work():
        Slot.objects.create(name="alone", slot=AT)
    assert Slot.objects.count() == 1


def test_rows_of_several_models_go_in_one_statement_where_the_database_can():
    Alarm.objects.create(subject="a", kind="test", next_alarm_at=AT)
    later = AT + dt.timedelta(hours=1)
    with CaptureQueriesContext(connection) as seen:
        write_together(
            ([Slot(name=name, slot=AT) for name in "ab"], ""),
            ([Alarm(subject=subject, kind="test", next_alarm_at=later) for subject in "ab"], alarms.AGAIN),
            ([], ""),
        )
    assert len(seen.captured_queries) == (2 if connection.vendor == "sqlite" else 1)
    assert list(Slot.objects.order_by("name").values_list("name", "slot")) == [("a", AT), ("b", AT)]
    assert list(Alarm.objects.order_by("subject").values_list("subject", "next_alarm_at")) == [
        ("a", later),
        ("b", later),
    ]


def test_of_rows_written_together_all_or_none_stand():
    Slot.objects.create(name="a", slot=AT)
    rows = [Alarm(subject="a", kind="test", next_alarm_at=AT)]
    with pytest.raises(IntegrityError), transaction.atomic():
        write_together((rows, ""), ([Slot(name="a", slot=AT)], ""))
    assert not Alarm.objects.exists()
