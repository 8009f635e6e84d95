"""Nobody owes what belongs to a time before the company, or the seat, existed."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.duties import reference
from tests.duties.switched import switched_on
from tests.houses import MONDAY
from zhangfa.core import clock
from zhangfa.duties import catalogue, rules
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.organisation.models import Holding, Person
from zhangfa.runtime import worker

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-1")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
FIRST = MONDAY.date()
RHYTHMS = {
    "D-AM-01": "weekly", "D-AM-15": "weekly wed", "D-AM-07": "monthly", "D-CS-03": "monthly 3", "D-HS-09": "yearly",
}  # fmt: skip
BY_SEAT = "D-OA-03"
PLANS, LONG = "D-HS-13", ("quarterly", "half-yearly", "yearly")


def known():
    """One duty of each rhythm, and one of the outlets' seats about the week before."""
    rows = switched_on(*RHYTHMS, BY_SEAT, PLANS).rows
    return catalogue.made_of(
        row
        if row.code == PLANS
        else replace(row, due={"rhythm": "weekly wed"}, need={})
        if row.code == BY_SEAT
        else replace(row, due={"rhythm": RHYTHMS[row.code]}, need={"count": 12} if row.code == "D-HS-09" else {})
        for row in rows
    )


@pytest.fixture(autouse=True)
def lent():
    rows = known()
    with catalogue.lent(lambda: rows):
        load_catalogue()
        yield


def owed(code, **which):
    rows = Occurrence.objects.filter(duty__code=code, **which)
    return {row.period: int(row.needed) for row in rows}


@settings(
    phases=[Phase.explicit, Phase.generate], max_examples=20, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(begun=st.integers(0, 45), hour=st.integers(8, 22), ticks=st.lists(st.integers(0, 60), max_size=5))
def test_a_company_founded_on_any_day_owes_what_the_plain_reference_says(house, begun, hour, ticks):
    """Whatever day it is founded and whenever the worker comes after: the same periods, quotas in part, in somebody's hands."""
    first, last = FIRST + begun * DAY, FIRST + (begun + 60) * DAY
    with transaction.atomic():
        Holding.objects.update(from_on=first)
        for day in (0, *sorted(ticks), 60):
            worker.tick(clock.day_start(first + day * DAY) + hour * HOUR)
        for code, rhythm in RHYTHMS.items():
            expected = reference.owed_by_company(rhythm, first, last)
            assert owed(code) == (expected if code == "D-HS-09" else dict.fromkeys(expected, 1)), code
        plans = [name for rhythm in ("monthly", *LONG) for name in reference.owed_by_company(rhythm, first, last)]
        assert owed(PLANS, seat=house.seats["hs"]) == dict.fromkeys(plans, 1)
        assert not Occurrence.objects.filter(person=None).exists()
        assert owed(BY_SEAT, seat=house.seats["oa"]) == owed("D-AM-15")
        transaction.set_rollback(True)


def test_a_seat_filled_for_the_first_time_owes_nothing_about_the_week_before(house):
    Holding.objects.filter(seat=house.seats["oa2"]).update(from_on=FIRST)
    Holding.objects.filter(seat=house.seats["am"]).update(from_on=FIRST)
    worker.tick(MONDAY)
    assert owed(BY_SEAT, seat=house.seats["oa"]) and not owed(BY_SEAT, seat=house.seats["oa2"])
    assert not owed("D-AM-15") and owed("D-CS-03")
    worker.tick(MONDAY + 7 * DAY)
    week = {FIRST.isoformat(): 1}
    assert (owed(BY_SEAT, seat=house.seats["oa2"]), owed("D-AM-15")) == (week, week)


def heads(house, from_on):
    """Two heads of departments like this one: the first from the start, the second from a day on."""
    first = house.seats["hs"]
    second = type(first).objects.create(post=first.post, unit=house.units["facility"], reports_to=first.reports_to)
    Holding.objects.create(person=house.people["cm"], seat=second, from_on=from_on)
    return first, second


def test_a_head_who_comes_after_new_year_owes_the_plans_that_are_longer_than_a_month(house):
    new_year = clock.day_start(dt.date(2027, 1, 1))
    first, second = heads(house, dt.date(2027, 1, 5))
    worker.tick(new_year)
    assert not owed(PLANS, seat=second) and "2027" in owed(PLANS, seat=first)
    worker.tick(new_year + 4 * DAY + 9 * HOUR)
    worker.tick(new_year + 5 * DAY)
    # The month was running already.
    assert owed(PLANS, seat=second) == {"2027": 1, "2027H1": 1, "2027Q1": 1}
    rows = Occurrence.objects.filter(duty__code=PLANS, seat=second)
    assert {(row.person, row.opened_at) for row in rows} == {(house.people["cm"], new_year + 4 * DAY)}
    worker.tick(clock.day_start(dt.date(2027, 4, 1)) + HOUR)
    assert Occurrence.objects.get(duty__code=PLANS, seat=second, period="2027Q1").rung > 0


def test_whoever_sits_there_now_owes_what_somebody_before_them_would_have(house):
    second = heads(house, dt.date(2027, 1, 5))[1]
    worker.tick(MONDAY)
    Holding.objects.filter(seat=second).update(to_on=dt.date(2027, 1, 8))
    Holding.objects.create(person=house.people["net"], seat=second, from_on=dt.date(2027, 1, 12))
    worker.tick(clock.day_start(dt.date(2027, 1, 20)))
    row = Occurrence.objects.get(duty__code=PLANS, seat=second, period="2027Q1")
    assert (row.person, clock.local_date(row.opened_at)) == (house.people["net"], dt.date(2027, 1, 5))


def test_a_successor_answers_for_what_the_seat_was_left_with(house):
    Holding.objects.filter(seat=house.seats["oa2"]).update(to_on=FIRST - DAY)
    Holding.objects.create(person=house.people["cm"], seat=house.seats["oa2"], from_on=FIRST)
    worker.tick(MONDAY)
    assert owed(BY_SEAT, seat=house.seats["oa2"])


def test_who_founds_a_company_owes_the_part_of_a_yearly_quota_that_is_left(house):
    rows = switched_on("D-AM-09")
    with catalogue.lent(lambda: rows):
        load_catalogue()
        Holding.objects.update(from_on=dt.date(2026, 11, 18))
        worker.tick(clock.day_start(dt.date(2026, 11, 18)) + 9 * HOUR)
        found = Occurrence.objects.filter(duty__code="D-AM-09")
        assert found.count() == Person.objects.filter(holdings__isnull=False).distinct().count()
        assert {row.needed for row in found} == {Decimal(12)}


@pytest.mark.parametrize(
    ("begun", "is_about_before", "days", "owed_from"),
    [
        (FIRST, False, 7, FIRST), (FIRST, True, 2, None), (FIRST - DAY, True, 2, FIRST), (FIRST + DAY, False, 31, None),
        (FIRST + DAY, False, 92, FIRST + DAY), (FIRST + 92 * DAY, False, 92, None), (None, True, 2, FIRST),
    ],
)  # fmt: skip
def test_from_when_a_period_is_owed(begun, is_about_before, days, owed_from):
    opens = clock.day_start(FIRST)
    period = rules.Period("x", opens, opens + days * DAY, is_about_before)
    assert rules.owed_from(period, begun) == owed_from
