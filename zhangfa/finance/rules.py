"""When finance may pay: signed paper, the approved amount, once, and never by an approver."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "CC-W1.6"


def refuse_payment(
    *, amount: Decimal, approved: Decimal, payer: int | None, approvers: Collection[int], is_signed: bool, is_paid: bool,
    is_finance: bool, is_voucher_used: bool = False,
) -> Iterator[Refusal]:  # fmt: skip
    """Finance pays exactly what was approved, once, against the signed form, and approver ≠ payer (domain.md A-43)."""
    if not is_finance:
        yield Refusal("payment.post", _("只有财务部可以付款。"), clause=CLAUSE, who=("fin",))
    if not is_signed:
        yield Refusal("payment.unsigned", _("表单尚未全部签署，不能付款。"), clause=CLAUSE)
    if payer is not None and payer in approvers:
        yield Refusal("payment.approver", _("批准人不能同时是付款人。"), clause=CLAUSE, who=("fin",))
    if is_paid:
        yield Refusal("payment.paid", _("这张表单已经付过款。"), clause=CLAUSE)
    if amount <= 0:
        yield Refusal("payment.amount", _("付款金额必须大于零。"), clause=CLAUSE, field="amount")
    elif amount != approved:
        yield Refusal(
            "payment.differs", _("付款金额 %(amount)s 元与批准金额 %(approved)s 元不一致。"),
            {"amount": amount, "approved": approved}, CLAUSE, "amount",
        )  # fmt: skip
    if is_voucher_used:
        yield Refusal("payment.voucher", _("这个凭证号已经用过。"), clause=CLAUSE, field="voucher_no")
