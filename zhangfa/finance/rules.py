"""When finance may pay: signed paper, the approved amount, once, and never by an approver."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "CC-W1.6"
SERVICE = "HS-W3"


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


def refuse_receipt(*, amount: Decimal, owed: Decimal) -> Iterator[Refusal]:
    """HS-W3: no more is taken than is owed."""
    if amount <= 0:
        yield Refusal("receipt.amount", _("收款金额必须大于零。"), {}, SERVICE, "amount")
    elif owed <= 0:
        yield Refusal("receipt.paid", _("已经收齐，不用再收。"), {}, SERVICE, "amount")
    elif amount > owed:
        yield Refusal("receipt.more", _("还应收 %(owed)s 元，不能多收。"), {"owed": owed}, SERVICE, "amount")


def refuse_asking(*, amount: Decimal, kept: Decimal, is_open: bool) -> Iterator[Refusal]:
    """HS-W3: no more goes back than was paid, one refund at a time."""
    if is_open:
        yield Refusal("refund.open", _("已有一笔退款在办理，请等财务处理完。"), {}, SERVICE)
    if amount <= 0:
        yield Refusal("refund.amount", _("退款金额必须大于零。"), {}, SERVICE, "amount")
    elif amount > kept:
        yield Refusal("refund.more", _("实收 %(kept)s 元，不能多退。"), {"kept": kept}, SERVICE, "amount")


def refuse_deciding(*, is_finance: bool, is_open: bool, decider: int | None, asker: int | None) -> Iterator[Refusal]:
    """domain.md A-43: who asks for money never pays it out."""
    if not is_finance:
        yield Refusal("refund.post", _("只有财务部可以退款。"), {}, SERVICE, "", ("fin",))
    if not is_open:
        yield Refusal("refund.none", _("没有待办理的退款。"), {}, SERVICE)
    elif decider is not None and decider == asker:
        yield Refusal("refund.own", _("申请人不能自己退款。"), {}, SERVICE, "", ("fin",))
