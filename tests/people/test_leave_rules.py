"""Half days, annual leave by service, and what counts together, as plain reckoning."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhangfa.people.leave_rules import (
    Taken,
    accrued,
    annual_days,
    counted,
    counted_by_year,
    counted_together,
    day_of,
    in_days,
    slot_of,
)

pytestmark = pytest.mark.clause("AM-W4.1")
TODAY = dt.date(2026, 6, 1)


def weekdays(day):
    return day.weekday() < 5


def annual(joined, *, year=2026, today=TODAY, **more):
    return annual_days(joined_on=joined, year=year, today=today, **({"prior_months": 0, "is_continuous": False} | more))


@pytest.mark.parametrize(
    ("joined", "more", "days"),
    [
        (dt.date(2025, 6, 2), {}, 2),  # twelve months are over on 2 June 2026: 213 days left of 365, 2.9 days, dropped
        (dt.date(2025, 1, 1), {}, 5),
        (dt.date(2026, 1, 2), {}, 0),
        (dt.date(2026, 3, 1), {"prior_months": 24, "is_continuous": True}, 4),  # 306 of 365 days
        (dt.date(2016, 6, 2), {}, 5),
        (dt.date(2016, 6, 1), {}, 10),
        (dt.date(2016, 6, 1), {"prior_months": 119}, 10),
        (dt.date(2016, 6, 1), {"prior_months": 120}, 15),
        (dt.date(2016, 6, 1), {"sick_days": 89}, 10),
        (dt.date(2016, 6, 1), {"sick_days": 90}, 0),
        (dt.date(2016, 6, 1), {"left_on": dt.date(2026, 7, 1)}, 4),  # 182 of 365 days, 4.98, dropped
        (None, {}, 0),
    ],
)
def test_annual_leave_follows_cumulative_service(joined, more, days):
    assert annual(joined, **more) == days


def test_what_is_earned_grows_with_the_year():
    year = {"year": 2026}
    assert [str(accrued(20, today=day, **year)) for day in (dt.date(2025, 12, 31), dt.date(2026, 7, 2), dt.date(2027, 2, 1))] == ["0.0", "5.0", "10.0"]  # fmt: skip
    assert (in_days(5), in_days(4), in_days(-3)) == ("2.5", "2", "-1.5")


def test_a_leave_over_new_year_is_taken_from_both_years():
    first, last = slot_of(dt.date(2026, 12, 31), "pm"), slot_of(dt.date(2027, 1, 1), "am")
    assert counted_by_year(first, last, weekdays) == {2026: 1, 2027: 1}


slots = st.integers(slot_of(TODAY, "am"), slot_of(TODAY, "am") + 120)


@given(slots, slots)
def test_half_days_add_up_however_a_leave_is_cut(one, other):
    first, last = sorted((one, other))
    whole = counted(first, last, weekdays)
    assert 0 <= whole <= last - first + 1
    for cut in range(first, last):
        assert counted(first, cut, weekdays) + counted(cut + 1, last, weekdays) == whole
    assert slot_of(*day_of(first)) == first


@settings(max_examples=60)
@given(st.lists(st.tuples(slots, st.integers(0, 9)), max_size=6), slots, st.integers(0, 9), st.randoms())
def test_cutting_a_leave_never_lowers_what_counts(pieces, start, length, random):
    """Whoever cuts a leave into pieces handed in one after the other ends at no less than the whole."""
    others = [Taken(first, first + n, counted(first, first + n, weekdays)) for first, n in pieces]
    cut = random.randint(0, length)
    whole = Taken(start, start + length, counted(start, start + length, weekdays))

    def total(this, known):
        return this.counted + sum(t.counted for t in counted_together(this, known, window=7, is_working=weekdays))

    if cut == length:
        return
    first = Taken(start, start + cut, counted(start, start + cut, weekdays))
    second = Taken(start + cut + 1, start + length, counted(start + cut + 1, start + length, weekdays))
    assert total(second, [first]) >= total(whole, [])
    assert total(second, [*others, first]) >= total(second, others)
