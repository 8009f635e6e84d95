"""Patterns are counts at a figure, never a verdict (CC-D7)."""

from decimal import Decimal

import pytest

from zhangfa.claims.pattern_rules import Paid, again, is_just_under, most_frequent, together, under_limits

pytestmark = pytest.mark.clause("CC-D7")
LIMIT, SHARE = Decimal(1000), Decimal(10)


def paid(no, total="950", handler=1, customer=7, worker=9):
    return Paid(str(no), Decimal(total), handler, customer, worker)


@pytest.mark.parametrize(("total", "is_near"), [("899.99", False), ("900", True), ("1000", True), ("1000.01", False)])
def test_just_under_is_from_the_share_below_up_to_the_limit(total, is_near):
    assert is_just_under(Decimal(total), LIMIT, SHARE) is is_near


@pytest.mark.parametrize(("count", "found"), [(2, 0), (3, 1)])
def test_sums_just_under_a_limit_count_per_handler(count, found):
    rows = [paid(n) for n in range(count)] + [paid(9, handler=2)]
    counts = list(under_limits(rows, [LIMIT], share=SHARE, times=3))
    assert len(counts) == found
    assert not counts or (counts[0].about, counts[0].keys) == ((1,), ("0", "1", "2"))


def test_the_same_people_together_count_once_per_pair():
    rows = [paid(n, customer=n) for n in range(3)] + [paid(9, worker=None)]
    (only,) = together(rows, times=3)
    assert (only.kind, only.about, len(only.keys)) == ("worker_handler", (9, 1), 3)


def test_the_same_customer_or_worker_again_is_counted_whoever_else_was_there():
    rows = [paid(n, handler=n, worker=n) for n in range(3)] + [paid(7, customer=8, worker=None)]
    assert [(c.kind, c.about, len(c.keys)) for c in again(rows, times=3)] == [("customer", (7,), 3)]
    assert list(together(rows, times=3)) == []


def test_a_noisy_kind_hides_no_other_and_says_how_many_are_not_listed():
    rows = [paid(f"{n}-{turn}", total="100", handler=n, customer=None, worker=n) for n in range(9) for turn in range(5)]
    rows += [paid(f"c{turn}", total="100", handler=None, customer=7, worker=None) for turn in range(3)]
    shown = most_frequent([*again(rows, times=3), *together(rows, times=3)], most=4)
    assert [(found[0].kind, len(found), left) for found, left in shown] == [
        ("customer", 1, 0), ("worker", 4, 5), ("worker_handler", 4, 5),
    ]  # fmt: skip
    limits = list(
        under_limits([paid(n, handler=n % 6) for n in range(24)], [LIMIT, Decimal(960)], share=SHARE, times=3)
    )
    assert [(len(found), left) for found, left in most_frequent(limits, most=4)] == [(4, 2), (4, 2)]
