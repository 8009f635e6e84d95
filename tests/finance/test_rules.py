"""When finance may pay; no database."""

from decimal import Decimal

import pytest

from zhangfa.finance.rules import refuse_payment

pytestmark = [pytest.mark.clause("CC-W1.6"), pytest.mark.clause("A-43")]
BASE = {
    "amount": Decimal("1800.00"), "approved": Decimal("1800.00"), "payer": 5, "approvers": [2, 3], "is_signed": True, "is_paid": False,
    "is_finance": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []), ({"payer": 3}, ["payment.approver"]), ({"is_signed": False}, ["payment.unsigned"]), ({"is_paid": True}, ["payment.paid"]),
        ({"is_finance": False}, ["payment.post"]), ({"amount": Decimal("1799.99")}, ["payment.differs"]),
        ({"amount": Decimal("1800.01")}, ["payment.differs"]), ({"amount": Decimal(0), "approved": Decimal(0)}, ["payment.amount"]),
        ({"is_voucher_used": True}, ["payment.voucher"]),
    ],
)  # fmt: skip
def test_finance_pays_the_approved_amount_once_against_signed_paper(facts, expected):
    assert [refusal.code for refusal in refuse_payment(**{**BASE, **facts})] == expected
