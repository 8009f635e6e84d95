"""Parts of a whole in percent, one decimal each, that add up to exactly 100.0."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

TENTH = Decimal("0.1")
WHOLE = Decimal(100)


def shares(amounts: Sequence[Decimal | int]) -> list[Decimal]:
    """Each amount's part of the sum; what rounding down leaves goes to the largest remainders, the first of equals.

    A sum of nothing has no parts: every share is 0.0.
    """
    whole = sum(amounts, Decimal(0))
    if not whole:
        return [Decimal("0.0")] * len(amounts)
    exact = [Decimal(amount) * WHOLE / whole for amount in amounts]
    found = [share.quantize(TENTH, ROUND_DOWN) for share in exact]
    missing = int((WHOLE - sum(found, Decimal(0))) / TENTH)
    order = sorted(range(len(found)), key=lambda n: (found[n] - exact[n], n))
    for n in order[:missing]:
        found[n] += TENTH
    return found
