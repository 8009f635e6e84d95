"""A company that goes over to duties of each head owes the period that is running once, and the same on the way back (HS-W1.4, X-1)."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from tests.houses import MONDAY
from zhangfa.duties.actions import generate, load_catalogue
from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.organisation.models import Holding, Seat

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("X-1")]
DAY = dt.timedelta(days=1)
STEMS = {
    "D-HS-01.do",
    "D-HS-02.do",
    "D-HS-05.do",
    *(f"D-HS-13.{stage}" for stage in ("year", "half", "quarter", "month")),
}
migration = import_module("zhangfa.duties.migrations.0006_each_head")


def owed(**which):
    found = {}
    for row in Occurrence.objects.filter(duty__code__in=("D-HS-01", "D-HS-02", "D-HS-05", "D-HS-13"), **which):
        found.setdefault((row.duty_id.rpartition(".")[0], row.period), []).append((row.seat_id, row.subject_key))
    return found


@pytest.fixture
def second(house):
    seat = Seat.objects.create(post_id="hs", unit=house.units["home"], reports_to=house.seats["dgm"])
    Holding.objects.create(person=house.people["ls"], seat=seat, from_on=dt.date(2026, 1, 1))
    return seat


def as_before(house, second):
    """What the program before wrote: once for the company, with the first head."""
    load_catalogue()
    generate(MONDAY + DAY)
    Occurrence.objects.filter(seat=second).delete()
    for stem in migration.STEMS:
        Occurrence.objects.filter(duty__key__startswith=stem).update(subject_key="company")


def test_the_running_period_is_owed_once_and_the_next_by_each(house, second):
    as_before(house, second)
    before = owed()
    assert {stem for stem, _period in before} == STEMS
    migration.by_seat(apps, None)
    for hour in (25, 26, 49):
        generate(MONDAY + hour * dt.timedelta(hours=1))
    first = house.seats["hs"].pk
    mine, theirs = owed(seat=first), owed(seat=second)
    assert mine == {period: [(first, "seat")] for period in before}
    # The rest of what lasts longer than a month is owed by the other, too; of week and month the next.
    assert {stem for stem, _period in theirs} == {"D-HS-13.year", "D-HS-13.half", "D-HS-13.quarter"}
    generate(MONDAY + 8 * DAY)
    new = {period for period in owed() if period not in before}
    assert {stem for stem, _period in new} == {"D-HS-01.do", "D-HS-02.do", "D-HS-05.do"}
    assert all(sorted(owed()[period]) == [(first, "seat"), (second.pk, "seat")] for period in new)


def test_on_the_way_back_each_period_is_the_companys_once(house, second):
    as_before(house, second)
    before = owed()
    migration.by_seat(apps, None)
    generate(MONDAY + 8 * DAY)
    migration.by_company(apps, None)
    company = owed(subject_key="company")
    assert before.items() <= company.items() and set(company) == set(owed())
    assert all(len(rows) == 1 for rows in company.values())
    migration.by_seat(apps, None)
    assert all(len(rows) == len({seat for seat, _key in rows}) for rows in owed().values())
    assert all(
        catalogue().by_key[row.duty_id].subject == row.subject_key
        for row in Occurrence.objects.filter(duty__code="D-HS-01")
    )
