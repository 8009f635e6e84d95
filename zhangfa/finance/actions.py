"""Paying out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import cast

from django.db.models import Q

from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.finance.models import Payment
from zhangfa.finance.rules import CLAUSE, refuse_payment
from zhangfa.organisation.actor import Actor
from zhangfa.records.actions import lock
from zhangfa.records.models import Record


def pay(
    *, record: Record, amount: Decimal, approved: Decimal, payee: str, method: str, account: str = "", voucher_no: str, by: Actor,
    at: dt.datetime, approver_ids: Collection[int],
) -> Payment:  # fmt: skip
    """Pay the approved amount against a signed paper (CC-W1.6).

    `approver_ids` are the persons who decided the amount. Raises `Refused`; then nothing has been written.
    """
    with work():
        locked = lock(record.pk)
        near = Payment.objects.filter(Q(record=locked) | Q(voucher_no=voucher_no))
        paid = list(near.values_list("record_id", "voucher_no"))
        demand(
            refuse_payment(
                amount=amount, approved=approved, payer=by.person_id, approvers=approver_ids,
                is_signed=locked.status == Record.Status.SIGNED, is_paid=any(paper == locked.pk for paper, _voucher in paid),
                is_finance=by.holds("fin"), is_voucher_used=any(voucher == voucher_no for _paper, voucher in paid),
            )
        )  # fmt: skip
        payment = Payment.objects.create(
            record=locked, payee=payee, payee_account=account, payee_account_last4=account[-4:], amount=amount, method=method,
            voucher_no=voucher_no, paid_by_id=cast(int, by.person_id), paid_at=at,
        )  # fmt: skip
        announce(
            "finance.payment.made", payment, by=by, at=at, label=_("付款"), record_id=locked.pk,
            codes={"payment": payment.pk, "method": method, "amount": amount}, values={"payee": payee, "voucher_no": voucher_no},
            clause=CLAUSE,
        )  # fmt: skip
    return payment
