"""A step that is the whole of its work needs no savepoint, and what fails with it leaves nothing."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhangfa.core.work import joined, owe, work
from zhangfa.runtime.models import Slot

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
