"""What looks filled in at random, at each threshold and one step beside it; lots that anybody can draw again (HS-W1.9, AM-W3)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.houses import MONDAY
from zhangfa.inspections import rules
from zhangfa.inspections.plausibility import Filled, Limits, bulk, completeness, copied, findings, impossible, same

LIMITS = Limits(copied_length=20, copied_times=3, same_times=4, longest_hours=14, bulk_times=3, bulk_minutes=30)
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
LONG = "客户家里有老人和猫厨房油烟较重要带强力清洁剂"


def form(no: int, **more):
    facts = {"url": f"/f/{no}/", "person_id": 1, "unit_id": 1, "department_id": 1, "filled_at": MONDAY + no * HOUR}
    return Filled(number=f"F-{no}", **{**facts, **more})


pytestmark = pytest.mark.clause("HS-W1.9")


@pytest.mark.parametrize(("count", "found"), [(2, 0), (3, 3), (4, 4)])
def test_the_same_long_text_counts_from_the_figure_on(count, found):
    assert len(copied([form(n, texts=(LONG,)) for n in range(count)], LIMITS)) == found


@pytest.mark.parametrize(("length", "found"), [(19, 0), (20, 3), (21, 3)])
def test_a_short_text_may_come_again(length, found):
    assert len(copied([form(n, texts=(LONG[:length],)) for n in range(3)], LIMITS)) == found


def test_a_comma_more_is_the_same_text():
    texts = (LONG, f"{LONG}。", f"{LONG[:5]}，{LONG[5:]}")
    assert len(copied([form(n, texts=(text,)) for n, text in enumerate(texts)], LIMITS)) == 3


@pytest.mark.parametrize(("hours", "is_found"), [(14, False), (14 + 1 / 60, True), (24, True)])
def test_a_service_can_only_last_so_long(hours, is_found):
    rows = [form(30, happened_from=MONDAY, happened_to=MONDAY + hours * HOUR)]
    assert bool(impossible(rows, LIMITS)) is is_found


def test_nothing_is_written_down_before_it_happened_or_ends_before_it_began():
    early = form(0, happened_from=MONDAY + MINUTE)
    backwards = form(9, happened_from=MONDAY, happened_to=MONDAY - MINUTE)
    fine = form(9, happened_from=MONDAY, happened_to=MONDAY + HOUR)
    assert [why for _form, why in impossible([early, backwards, fine], LIMITS)] == ["before", "backwards"]


@pytest.mark.parametrize(("starts", "is_found"), [(2 * HOUR, False), (2 * HOUR - MINUTE, True)])
def test_nobody_serves_in_two_places_at_once(starts, is_found):
    one = form(20, happened_from=MONDAY, happened_to=MONDAY + 2 * HOUR, place="a")
    other = form(21, happened_from=MONDAY + starts, happened_to=MONDAY + 4 * HOUR, place="b")
    assert bool(impossible([one, other], LIMITS)) is is_found
    at_one_place = form(21, happened_from=MONDAY + starts, happened_to=MONDAY + 4 * HOUR, place="a")
    assert not impossible([one, at_one_place], LIMITS)


def test_two_places_are_found_past_what_lies_between():
    long = form(20, happened_from=MONDAY, happened_to=MONDAY + 8 * HOUR, place="a")
    between = form(21, happened_from=MONDAY + HOUR, happened_to=MONDAY + 2 * HOUR, place="a")
    other = form(22, happened_from=MONDAY + 3 * HOUR, happened_to=MONDAY + 4 * HOUR, place="b")
    assert {found.number for found, _why in impossible([long, between, other], LIMITS)} == {"F-20", "F-22"}


@pytest.mark.parametrize(("count", "found"), [(3, 0), (4, 4), (5, 5)])
def test_the_same_values_in_a_row_count_from_the_figure_on(count, found):
    assert len(same([form(n, values=("5", "5")) for n in range(count)], LIMITS)) == found


def test_another_value_between_breaks_the_row():
    values = [("5", "5")] * 3 + [("5", "4")] + [("5", "5")] * 3
    assert not same([form(n, values=value) for n, value in enumerate(values)], LIMITS)


@pytest.mark.parametrize(("minutes", "found"), [(30, 3), (31, 2), (0, 3), (-1, 2)])
def test_many_forms_just_before_they_are_due(minutes, found):
    due = MONDAY + 8 * HOUR
    rows = [form(n, filled_at=due - before * MINUTE, due_at=due) for n, before in enumerate((5, 10, minutes))]
    assert len(bulk(rows, LIMITS)) == (3 if found == 3 else 0)


def test_findings_name_the_forms_behind_them_and_completeness_counts_fields():
    rows = [form(n, texts=(LONG,), filled=2, wanted=4) for n in range(3)]
    (found,) = findings(rows, LIMITS)
    assert found.kind == "copied" and [f.number for f, _why in found.forms] == ["F-0", "F-1", "F-2"]
    assert completeness(rows) == (6, 12)


@pytest.mark.clause("AM-W3")
@given(st.text(min_size=1, max_size=20), st.sets(st.integers(1, 500), min_size=1, max_size=40), st.integers(1, 45))
def test_a_lot_is_drawn_again_from_seed_and_pool_in_any_order(seed, pool, count):
    drawn = rules.draw(seed, sorted(pool), count)
    assert drawn == rules.draw(seed, sorted(pool, reverse=True), count)
    assert len(drawn) == min(count, len(pool)) and set(drawn) <= pool


@pytest.mark.clause("AM-W3")
@pytest.mark.parametrize(("points", "score"), [([], 100), ([10, 5], 85), ([60, 60], 0)])
def test_a_score_is_never_below_nothing(points, score):
    assert rules.score_of(points) == score


@pytest.mark.clause("AM-W3")
@pytest.mark.parametrize(("part", "whole", "tenths"), [(1, 2, 500), (2, 3, 667), (0, 5, 0), (0, 0, None)])
def test_shares_are_rounded_half_up_in_tenths(part, whole, tenths):
    assert rules.share(part, whole) == tenths


@pytest.mark.clause("HS-W1.6")
@pytest.mark.parametrize(("day", "last"), [(2, 15), (8, 15), (9, 22)])
def test_next_week_ends_on_its_sunday(day, last):
    assert rules.last_day_for(dt.date(2026, 3, day)) == dt.date(2026, 3, last)
