"""Money: Decimal yuan in Python, integer fen in the database; never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LIMIT = Decimal("9999999999.99")


def yuan(value: str | int | Decimal) -> Decimal:
    """An amount of CNY with two decimals, half-up. Raises ValueError for floats, nonsense and what exceeds decimal(12,2)."""
    if isinstance(value, float | bool):
        raise ValueError("money.float")
    try:
        amount = Decimal(value)
        if not amount.is_finite() or abs(amount) > LIMIT:
            raise ValueError("money.range")
        return amount.quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation:
        raise ValueError("money.nonsense") from None


def to_fen(amount: Decimal) -> int:
    return int(yuan(amount).scaleb(2))


def from_fen(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2).quantize(CENT)


def share(amount: Decimal, tenths: Decimal) -> Decimal:
    """The part of an amount that a percentage (0–100, one decimal) stands for, rounded half-up once."""
    return yuan(amount * tenths / 100)
