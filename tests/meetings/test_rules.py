"""The votes at the figure and one vote beside it (AM-W1)."""

from decimal import Decimal

import pytest

from zhangfa.meetings.rules import Count, is_passed

pytestmark = pytest.mark.clause("AM-W1")


@pytest.mark.parametrize(
    ("voters", "yes", "ratio", "strict", "passes"),
    [
        (10, 5, "50", False, True), (10, 4, "50", False, False), (10, 5, "50", True, False), (10, 6, "50", True, True),
        (11, 6, "50", False, True), (11, 5, "50", False, False), (3, 2, "66.6", False, True), (3, 2, "66.7", False, False), (0, 0, "50", False, False),
        (1, 1, "50", True, True),
    ],
)  # fmt: skip
def test_half_carries_a_decision_and_the_switch_asks_for_more(voters, yes, ratio, strict, passes):
    count = Count(voters, yes, 0)
    assert is_passed(count, ratio=Decimal(ratio), is_strict=strict) is passes
    assert count.abstain == voters - yes
