"""Periods, whole items, completion and variance (AM-D5)."""

import datetime as dt
from decimal import Decimal

import pytest

from zhangfa.core import clock
from zhangfa.duties import rules as duties
from zhangfa.planning import rules

pytestmark = pytest.mark.clause("AM-D5")
D = dt.date


def codes(found):
    return {refusal.code for refusal in found}


@pytest.mark.parametrize(
    ("rhythm", "day", "found"),
    [
        ("yearly", D(2026, 2, 28), ("2026", D(2026, 1, 1), D(2026, 12, 31))),
        ("half-yearly", D(2026, 7, 1), ("2026H2", D(2026, 7, 1), D(2026, 12, 31))),
        ("quarterly", D(2026, 6, 30), ("2026Q2", D(2026, 4, 1), D(2026, 6, 30))),
        ("monthly", D(2028, 2, 29), ("2028-02", D(2028, 2, 1), D(2028, 2, 29))),
        ("weekly", D(2026, 3, 8), ("2026-03-02", D(2026, 3, 2), D(2026, 3, 8))),
        ("weekly", D(2027, 1, 1), ("2026-12-28", D(2026, 12, 28), D(2027, 1, 3))),
    ],
)
def test_the_period_of_a_day(rhythm, day, found):
    assert rules.period_of(rhythm, day) == found


@pytest.mark.parametrize("rhythm", rules.ORDER)
def test_periods_are_named_as_the_duties_name_them(rhythm):
    start = clock.day_start(D(2026, 2, 1))
    for period in list(duties.periods(rhythm, start, start + dt.timedelta(days=400)))[:3]:
        assert rules.period_of(rhythm, clock.local_date(period.opens_at))[0] == period.name


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, set()), ({"title": "擦"}, {"item.title"}), ({"standard": " "}, {"item.standard"}), ({"due_on": None}, {"item.due"}),
        ({"due_on": D(2026, 4, 1)}, {"item.due"}), ({"due_on": D(2026, 3, 1)}, set()), ({"due_on": D(2026, 2, 28)}, {"item.due"}),
        ({"target": Decimal(0)}, {"item.target"}), ({"target": Decimal("0.01")}, set()), ({"unit": ""}, {"item.unit"}), ({"target": None, "unit": ""}, set()),
    ],
)  # fmt: skip
def test_an_item_is_whole(change, code):
    usual = {
        "title": "新客户", "standard": "签约", "due_on": D(2026, 3, 31), "from_on": D(2026, 3, 1), "to_on": D(2026, 3, 31),
        "target": Decimal(10), "unit": "家",
    }  # fmt: skip
    assert codes(rules.refuse_item(**{**usual, **change})) == code


@pytest.mark.parametrize(
    ("level", "rhythm", "above", "code"),
    [
        ("department", "yearly", ("company", "yearly", D(2026, 1, 1), D(2026, 12, 31)), set()),
        ("department", "monthly", ("department", "yearly", D(2026, 1, 1), D(2026, 12, 31)), set()),
        ("department", "yearly", ("department", "yearly", D(2026, 1, 1), D(2026, 12, 31)), {"plan.parent"}),
        ("company", "monthly", ("department", "yearly", D(2026, 1, 1), D(2026, 12, 31)), {"plan.parent"}),
        ("person", "weekly", ("department", "monthly", D(2026, 5, 1), D(2026, 5, 31)), {"plan.parent_period"}),
    ],
)  # fmt: skip
def test_a_plan_hangs_on_a_higher_or_longer_one(level, rhythm, above, code):
    assert (
        codes(rules.refuse_parent(level=level, rhythm=rhythm, from_on=D(2026, 3, 1), to_on=D(2026, 3, 31), above=above))
        == code
    )


@pytest.mark.parametrize(
    ("target", "actual", "pct", "found"),
    [
        ("120", "60", None, "50.0"),
        ("3", "1", None, "33.3"),
        ("10", "12", None, "100.0"),
        ("10", None, None, "0.0"),
        (None, None, "45.5", "45.5"),
    ],
)
def test_completion(target, actual, pct, found):
    given = [None if value is None else Decimal(value) for value in (target, actual, pct)]
    assert str(rules.completion(target=given[0], actual=given[1], pct=given[2])) == found


def test_variance_and_what_is_expected_by_now():
    assert rules.variance(target=Decimal(10), actual=Decimal(7)) == -3
    assert rules.variance(target=None, actual=None) is None
    days = {"from_on": D(2026, 3, 1), "to_on": D(2026, 3, 10)}
    found = [str(rules.expected(**days, today=D(2026, 3, 1) + dt.timedelta(days=n))) for n in (-1, 0, 9, 10)]
    assert found == ["0.0", "10.0", "100.0", "100.0"]


@pytest.mark.parametrize(
    ("target", "unit", "expected"),
    [(Decimal(20), "万元", set()), (Decimal(200000), "元", set()), (None, "", {"item.output"}), (Decimal(20), "单", {"item.output_unit"})],
)  # fmt: skip
def test_a_target_of_output_is_an_amount_of_money(target, unit, expected):
    facts = {
        "title": "本月产值",
        "standard": "完成的订单",
        "due_on": D(2026, 3, 31),
        "from_on": D(2026, 3, 1),
        "to_on": D(2026, 3, 31),
    }
    found = rules.refuse_item(**facts, target=target, unit=unit, is_output=True)
    assert {refusal.code for refusal in found} == expected


def test_a_week_takes_its_days_share_of_the_month_and_the_shorter_plan_goes_first():
    march = (D(2026, 3, 1), D(2026, 3, 31), Decimal("3.1"), "万元")
    april = (D(2026, 4, 1), D(2026, 4, 30), Decimal(60000), "元")
    week = (D(2026, 3, 9), D(2026, 3, 15), Decimal(9999), "元")
    assert rules.output_within(D(2026, 3, 2), D(2026, 3, 8), [march]) == Decimal(7000)
    assert rules.output_within(D(2026, 3, 30), D(2026, 4, 5), [march, april]) == Decimal(12000)
    assert rules.output_within(D(2026, 3, 9), D(2026, 3, 15), [march, week]) == Decimal(9999)
    assert rules.output_within(D(2026, 3, 2), D(2026, 3, 8), [march, march]) == Decimal(14000)
    # A day that no plan covers leaves the week without a target, not with a smaller one.
    assert rules.output_within(D(2026, 3, 30), D(2026, 4, 5), [march]) is None
    assert rules.output_within(D(2026, 3, 2), D(2026, 3, 8), []) is None
