"""Taking money, giving it back, paying out."""

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
from zhangfa.finance.models import Payment, Receipt, Refund
from zhangfa.finance.rules import CLAUSE, refuse_asking, refuse_deciding, refuse_payment, refuse_receipt
from zhangfa.organisation.actor import Actor
from zhangfa.records.actions import lock
from zhangfa.records.models import Record


def pay(
    *, record: Record, amount: Decimal, approved: Decimal, payee: str, method: str, account: str = "", voucher_no: str, by: Actor,
    at: dt.datetime, approver_ids: Collection[int], papers: Collection[str] = (Record.Status.SIGNED,),
) -> Payment:  # fmt: skip
    """Pay the approved amount against a signed paper (CC-W1.6).

    `approver_ids` are the persons who decided the amount, `papers` the states in which the paper may be paid. Raises `Refused`; then nothing has been written.
    """
    # Whoever stands in for finance pays in finance's name: what the absent person may not pay, the delegate may not either.
    by = by.from_seat(by.seat_for("fin"))
    with work():
        locked = lock(record.pk)
        near = Payment.objects.filter(Q(record=locked) | Q(voucher_no=voucher_no))
        paid = list(near.values_list("record_id", "voucher_no"))
        demand(
            refuse_payment(
                amount=amount, approved=approved, payer=_payer(by, approver_ids), approvers=approver_ids,
                is_signed=locked.status in papers, is_paid=any(paper == locked.pk for paper, _voucher in paid),
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


def _payer(by: Actor, approver_ids: Collection[int]) -> int | None:
    """Who pays; the approver too, if one of them stands behind the delegate."""
    return next((person for person in approver_ids if by.is_any_of([person])), by.person_id)


def receive(
    *, subject: str, unit_id: int, amount: Decimal, owed: Decimal, method: str, voucher_no: str = "", by: Actor, at: dt.datetime
) -> Receipt:  # fmt: skip
    """Book money that came in; the caller holds the lock of what it was paid for and knows what is owed (HS-W3)."""
    with work():
        demand(refuse_receipt(amount=amount, owed=owed))
        return Receipt.objects.create(
            subject=subject, unit_id=unit_id, amount=amount, method=method, voucher_no=voucher_no, received_by_id=by.person_id, received_at=at,
        )  # fmt: skip


def ask_refund(
    *, subject: str, unit_id: int, title: str, url: str, amount: Decimal, kept: Decimal, reason: str, due_at: dt.datetime, by: Actor, at: dt.datetime,
) -> Refund:  # fmt: skip
    """Ask finance to give money back; the caller holds the lock of what it was paid for (HS-W3)."""
    with work():
        is_open = Refund.objects.filter(subject=subject, status=Refund.Status.ASKED).exists()
        demand(refuse_asking(amount=amount, kept=kept, is_open=is_open))
        return Refund.objects.create(
            subject=subject, unit_id=unit_id, title=title, url=url, amount=amount, reason=reason, asked_by_id=by.person_id, asked_at=at, due_at=due_at,
        )  # fmt: skip


def decide_refund(
    *, subject: str, is_paid: bool, method: str = "", voucher_no: str = "", by: Actor, at: dt.datetime
) -> Refund:
    """Pay the open refund out, or decline it; never by who asked for it (domain.md A-43)."""
    with work():
        row = Refund.objects.select_for_update().filter(subject=subject, status=Refund.Status.ASKED).first()
        asker = row.asked_by_id if row else None
        demand(refuse_deciding(is_finance=by.holds("fin"), is_open=row is not None, decider=by.person_id, asker=asker))
        assert row is not None
        row.status = Refund.Status.PAID if is_paid else Refund.Status.DECLINED
        row.method, row.voucher_no, row.decided_by_id, row.decided_at = method, voucher_no, by.person_id, at
        row.save(update_fields=["status", "method", "voucher_no", "decided_by", "decided_at"])
        return row
