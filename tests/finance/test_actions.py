"""Paying out against a signed paper."""

from decimal import Decimal

import pytest
from django.db import connection

from tests.houses import MONDAY, House
from zhangfa.audit.models import Event, EventDetail
from zhangfa.core.decisions import Refused
from zhangfa.finance import actions
from zhangfa.finance.models import Payment
from zhangfa.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CC-W1.6")]


def test_one_payment_per_paper_by_somebody_who_did_not_approve():
    house = House()
    paper = Record.objects.create(form_code="F11", unit=house.units["east"], status="approved", created_at=MONDAY)
    facts = {
        "record": paper, "amount": Decimal("1800.00"), "approved": Decimal("1800.00"), "payee": "林知夏", "method": "transfer",
        "account": "6222000011112222", "voucher_no": "V-1", "at": MONDAY, "approver_ids": [house.people["dgm"].pk, house.people["fin"].pk],
    }  # fmt: skip

    def refused(**changed):
        with pytest.raises(Refused) as caught:
            actions.pay(**{**facts, **changed})
        return [refusal.code for refusal in caught.value.refusals]

    fin2 = house.actor("fin2")
    assert refused(by=fin2) == ["payment.unsigned"]
    Record.objects.update(status="signed")
    assert refused(by=house.actor("fin")) == ["payment.approver"]
    assert refused(by=house.actor("cs")) == ["payment.post"]
    assert refused(by=fin2, amount=Decimal("1799.99")) == ["payment.differs"]
    assert not Payment.objects.exists() and not Event.objects.exists()
    payment = actions.pay(by=fin2, **facts)
    assert payment.payee_account_last4 == "2222"
    assert refused(by=fin2) == ["payment.paid", "payment.voucher"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT payee_account, amount FROM finance_payment")
        stored = cursor.fetchone()
    assert "2222" not in stored[0] and stored[1] == 180_000
    event = Event.objects.get()
    assert event.record_id == paper.pk and "林知夏" not in event.text
    assert EventDetail.objects.get().values["payee"] == "林知夏"
