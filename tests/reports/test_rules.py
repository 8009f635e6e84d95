"""The 2:8 rules at their figures and one step beside; figures against their definitions (CS-W2.2, CS-W2.3, CS-D3)."""

import datetime as dt
from decimal import Decimal
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangfa.core.periods import twelve_months_to
from zhangfa.core.shares import shares
from zhangfa.reports.rules import (
    Known,
    Limits,
    advice_for,
    cause_of,
    classes_for,
    first_of,
    last_of,
    month_back,
    month_of,
    pareto_count,
    ranked,
    refuse_decision,
    refuse_period,
    top_count,
)
from zhangfa.reports.rules_figures import (
    change,
    cuts_of,
    fifths,
    gini,
    index_of,
    may_rank,
    mean_interval,
    outlook,
    score,
    wilson,
)

pytestmark = [pytest.mark.clause("CS-W2.2"), pytest.mark.clause("CS-D4")]
LIMITS = Limits(Decimal(20), 10_000_000, 6, 4, 3, 12)
UNTIL = dt.date(2026, 10, 31)


@pytest.mark.parametrize(("active", "top"), [(0, 0), (1, 1), (4, 1), (5, 1), (6, 2), (10, 2), (11, 3), (1000, 200)])
def test_the_top_set_is_never_less_than_its_share(active: int, top: int) -> None:
    assert top_count(active, Decimal(20)) == top


def test_of_equal_amounts_who_orders_more_and_is_known_longer_stands_first() -> None:
    rows = [Known(3, 500, 1), Known(2, 500, 1), Known(1, 500, 2), Known(4, 900, 1)]
    assert [one.customer_id for one in ranked(rows)] == [4, 1, 2, 3]


def test_the_pareto_point_is_the_fewest_who_bring_eighty_percent() -> None:
    assert pareto_count([80, 20]) == 1
    assert pareto_count([79, 21]) == 2
    assert pareto_count([0, 0]) == 0
    assert pareto_count([]) == 0


@pytest.mark.parametrize(
    ("more", "code", "holds"),
    [
        ({"is_company": True, "amount": 10_000_000}, "key", True),
        ({"is_company": True, "amount": 9_999_999}, "key", False),
        ({"is_company": True, "amount": 0, "contracted": 10_000_000}, "key", True),
        ({"is_company": True, "amount": 6_000_000, "contracted": 4_000_000}, "key", True),
        ({"is_company": True, "amount": 6_000_000, "contracted": 3_999_999}, "key", False),
        ({"is_company": False, "amount": 10_000_000}, "key", False),
        ({"orders": 6, "rated": 2, "score": 8}, "loyal", True),
        ({"orders": 5, "rated": 2, "score": 8}, "loyal", False),
        ({"orders": 6, "rated": 2, "score": 7}, "loyal", False),
        ({"orders": 6, "rated": 0, "score": 0}, "loyal", False),
        ({"first_on": dt.date(2023, 10, 31)}, "long_term", True),
        ({"first_on": dt.date(2023, 11, 1)}, "long_term", False),
        ({"plan_months": 12}, "long_term", True),
        ({"plan_months": 11}, "long_term", False),
    ],
)
def test_each_class_at_its_figure_and_one_step_below(more: dict[str, object], code: str, holds: bool) -> None:
    one = Known(**{"customer_id": 1, "amount": 0, "orders": 1, **more})  # type: ignore[arg-type]
    assert (code in classes_for(one, 99, 1, LIMITS, UNTIL)) is holds


def test_premium_is_the_top_set_without_a_record_and_without_a_bill() -> None:
    assert "premium" in classes_for(Known(1, 1, 1), 2, 2, LIMITS, UNTIL)
    assert "premium" not in classes_for(Known(1, 1, 1), 3, 2, LIMITS, UNTIL)
    assert "premium" not in classes_for(Known(1, 1, 1, has_adverse=True), 1, 2, LIMITS, UNTIL)
    assert "premium" not in classes_for(Known(1, 1, 1, is_unpaid=True), 1, 2, LIMITS, UNTIL)


def test_every_change_has_its_cause() -> None:
    now = {"share": "20", "adverse": False, "unpaid": False}
    assert cause_of("premium", is_entered=True, before=None, now=now) == "rank"
    assert cause_of("premium", is_entered=True, before=None, now=now | {"was_held": True}) == "cleared"
    assert cause_of("premium", is_entered=False, before={"share": "20"}, now=now | {"adverse": True}) == "adverse"
    assert cause_of("premium", is_entered=False, before={"share": "20"}, now=now | {"unpaid": True}) == "unpaid"
    assert cause_of("premium", is_entered=False, before={"share": "30"}, now=now) == "policy"
    assert cause_of("premium", is_entered=False, before={"share": "20"}, now=None) == "inactive"
    assert cause_of("loyal", is_entered=False, before={"least": "6"}, now={"orders": 5, "least": "6"}) == "orders"
    assert cause_of("loyal", is_entered=False, before={"least": "6"}, now={"orders": 6, "least": "6"}) == "satisfaction"
    assert cause_of("long_term", is_entered=False, before={"by": "plan"}, now={}) == "plan"


@given(st.lists(st.integers(min_value=0, max_value=10**9), max_size=40))
def test_shares_add_up_to_a_hundred_and_are_off_by_less_than_a_tenth(amounts: list[int]) -> None:
    found = shares(amounts)
    whole = sum(amounts)
    assert sum(found) == (Decimal(100) if whole else 0)
    for amount, share in zip(amounts, found, strict=True):
        assert not whole or abs(share - Decimal(amount) * 100 / whole) < Decimal("0.1")


@given(st.lists(st.integers(min_value=0, max_value=10**7), min_size=1, max_size=30))
def test_gini_is_half_the_mean_difference_over_the_mean(amounts: list[int]) -> None:
    amounts = sorted(amounts, reverse=True)
    found = gini(amounts)
    if not sum(amounts):
        assert found is None
        return
    true = sum(abs(a - b) for a in amounts for b in amounts) / (2 * len(amounts) ** 2 * mean(amounts))
    assert found is not None and abs(float(found) - true) < 0.00051


def test_an_index_compares_shares_and_a_change_needs_something_before() -> None:
    assert index_of(300, 1_000, 400, 2_000) == Decimal("1.50")
    assert index_of(300, 1_000, 0, 2_000) is None
    assert index_of(0, 0, 400, 2_000) is None
    # 0.05 % of theirs, 0.11 % of all: of the shares as the table prints them it would be 0.1 ÷ 0.1, or nought.
    assert index_of(24_700, 48_900_000, 69_836, 62_942_097) == Decimal("0.46")
    assert change(110, 100) == Decimal("10.0")
    assert change(110, 0) is None


def test_too_few_answers_get_no_place() -> None:
    assert may_rank(10, 10) and not may_rank(9, 10)


def test_intervals_stay_within_what_can_be_answered() -> None:
    assert wilson(0, 0) is None and mean_interval(0, 0, 0) is None
    low, high = wilson(9, 10) or (Decimal(0), Decimal(0))
    assert Decimal(50) < low < 90 < high <= 100
    assert mean_interval(1, 5, 25) == (Decimal("5.00"), Decimal("1.00"), Decimal("5.00"))
    middle, bottom, top = mean_interval(100, 450, 2050) or (Decimal(0),) * 3
    assert middle == Decimal("4.50") and bottom < middle < top


def test_the_outlook_says_its_method_and_needs_three_months() -> None:
    assert outlook([100, 100]) is None
    flat = outlook([100] * 5)
    assert flat is not None and (flat.value, flat.low, flat.high, flat.method) == (100, 100, 100, "recent")
    season = outlook([100 * (1 + n % 12) for n in range(24)])
    assert season is not None and (season.method, season.value) == ("season", 100)


def test_months_count_over_the_year() -> None:
    assert month_back(202601, 1) == 202512
    assert month_back(202610, 11) == 202511
    assert month_back(202612, -1) == 202701


@pytest.mark.clause("CS-W2.3")
def test_the_decision_is_on_a_published_table_once_and_never_ones_own() -> None:
    fine = {"is_published": True, "is_decided": False, "decision": "同意", "publisher_is_decider": False}
    assert not list(refuse_decision(**fine))  # type: ignore[arg-type]
    for wrong, code in (
        ({"is_published": False}, "mix.unpublished"),
        ({"is_decided": True}, "mix.decided"),
        ({"publisher_is_decider": True}, "mix.own"),
        ({"decision": " "}, "mix.words"),
    ):
        assert [row.code for row in refuse_decision(**(fine | wrong))] == [code]  # type: ignore[arg-type]


def test_a_month_is_published_when_it_is_over() -> None:
    assert [row.code for row in refuse_period(202610, today=dt.date(2026, 10, 31))] == ["report.running"]
    assert not list(refuse_period(202610, today=dt.date(2026, 11, 1)))


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (dt.date(2026, 10, 31), dt.date(2025, 11, 1)),
        (dt.date(2026, 10, 30), dt.date(2025, 10, 31)),
        (dt.date(2025, 2, 28), dt.date(2024, 3, 1)),
        (dt.date(2024, 2, 29), dt.date(2023, 3, 1)),
        (dt.date(2024, 2, 28), dt.date(2023, 3, 1)),
        (dt.date(2026, 12, 31), dt.date(2026, 1, 1)),
    ],
)
def test_twelve_months_end_with_the_day_and_are_calendar_months_at_the_end_of_one(day: dt.date, first: dt.date) -> None:
    assert twelve_months_to(day) == first
    if day == last_of(month_of(day)):
        assert first == first_of(month_back(month_of(day), 11))


@given(st.lists(st.integers(min_value=0, max_value=20), min_size=1, max_size=60))
def test_a_score_counts_how_many_fifths_of_the_customers_are_strictly_better(values: list[int]) -> None:
    cuts = cuts_of([(value, values.count(value)) for value in set(values)], fifths(len(values)))
    for value in values:
        better = sum(other > value for other in values)
        assert score(value, cuts) == 5 - better * 5 // len(values)


@pytest.mark.parametrize(
    ("scores", "advice"),
    [
        ((2, 5, 4), "win_back"), ((3, 2, 4), "plan"), ((3, 3, 4), "care"), ((3, 4, 3), "widen"), ((4, 4, 4), "keep"), ((3, 4, 4), "care"),
        ((2, 3, 3), "care"), ((3, 3, 3), "care"),
    ],
)  # fmt: skip
def test_the_advice_follows_from_the_fifths(scores: tuple[int, int, int], advice: str) -> None:
    assert advice_for(*scores) == advice
