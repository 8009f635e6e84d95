"""A session that is left alone ends, one that is used does not, and none outlives its shift."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.runtime.sessions import SessionStore

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("X-5")]
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def desk(monkeypatch):
    """Somebody signed in on Monday morning, and a clock to move."""

    def put(at):
        monkeypatch.setattr(timezone, "now", lambda: at)
        monkeypatch.setattr(clock, "now", lambda: at)

    put(MONDAY)
    client = Client()
    client.force_login(House().user("cc"))
    client.put = put
    return client


def is_in(desk, at, address="/me/"):
    desk.put(at)
    return desk.get(address).status_code == 200


def test_left_alone_it_ends(desk):
    assert is_in(desk, MONDAY + 2 * HOUR - MINUTE)
    assert not is_in(desk, MONDAY + 4 * HOUR)


def test_used_it_goes_on_until_the_shift_is_over(desk):
    for n in range(1, 13):
        assert is_in(desk, MONDAY + n * HOUR - MINUTE)
    assert not is_in(desk, MONDAY + 12 * HOUR + MINUTE)


def test_what_an_open_page_asks_by_itself_keeps_nobody_in(desk):
    for n in range(1, 24):
        assert is_in(desk, MONDAY + n * 5 * MINUTE, "/badges/")
    assert not is_in(desk, MONDAY + 2 * HOUR, "/badges/")


def test_it_is_written_every_few_minutes_only(desk):
    def writes(at):
        with CaptureQueriesContext(connection) as seen:
            assert is_in(desk, at)
        return sum("django_session" in row["sql"] and row["sql"].startswith("UPDATE") for row in seen)

    assert [writes(MONDAY + n * MINUTE) for n in (1, 4, 6, 7, 10, 12)] == [0, 0, 1, 0, 0, 1]
    # Whatever is kept in the session lengthens nothing beyond the shift.
    row = Session.objects.get()
    assert row.expire_date == MONDAY + 12 * MINUTE + 2 * HOUR
    store = SessionStore(row.session_key)
    desk.put(MONDAY + 11 * HOUR)
    Session.objects.update(expire_date=MONDAY + 12 * HOUR)
    store["news"] = 1
    store.save()
    assert Session.objects.get().expire_date == MONDAY + 12 * HOUR


def test_without_an_idle_end_the_shift_remains(desk, settings):
    settings.SESSION_IDLE_SECONDS = 0
    assert is_in(desk, MONDAY + MINUTE) and is_in(desk, MONDAY + 11 * HOUR)
    assert not is_in(desk, MONDAY + 12 * HOUR + MINUTE)


def test_a_page_is_shown_though_its_minutes_could_not_be_written(desk, monkeypatch):
    def full(_store):
        raise DatabaseError("disk full")

    monkeypatch.setattr(SessionStore, "renew", full)
    assert is_in(desk, MONDAY + HOUR)


def test_an_ended_session_is_not_brought_back(desk):
    key = desk.session.session_key
    store = SessionStore(key)
    assert store["begun"] and Session.objects.get().expire_date == MONDAY + 2 * HOUR
    Session.objects.all().delete()
    desk.put(MONDAY + HOUR)
    store.renew()
    assert not Session.objects.exists()
