"""选填 stands beside a field only where it is true: what a step asks for in the case in hand has no such mark (X-3)."""

import datetime as dt

import pytest

from tests.claims import stages
from tests.claims.pages import Desk
from tests.houses import MONDAY
from zhangfa.claims import actions
from zhangfa.claims.models import Case, Settlement
from zhangfa.core.decisions import Refused
from zhangfa.organisation.models import Holding
from zhangfa.records.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-3")]


def label(page, name):
    """What stands in the label of a field."""
    return page.split(f'for="id_{name}"', 1)[1].split("</label>")[0]


def own(house, amount):
    """A settlement that its handler has decided alone, without the customer's signed agreement."""
    made = stages._own(house, house.to_assessed(house.report(amount), price=amount), amount, "approved")
    Attachment.objects.filter(kind=Attachment.Kind.AGREEMENT).delete()
    return made, Desk(house, house.handler_of(made.case)), f"/settlements/{made.pk}/do/accept/"


def test_the_account_is_compulsory_for_a_transfer_only(house):
    made = stages.settlement(house, "signed")
    Settlement.objects.filter(pk=made.pk).update(payee="", payee_account="")
    desk, address = Desk(house, "fin"), f"/settlements/{made.pk}/do/pay/"
    page = desk.text(address)
    assert 'data-needed-for="method transfer">' in label(page, "payee_account")
    assert "选填" not in label(page, "payee")
    sent = {"amount": str(made.approved_total), "payee": "林女士", "voucher_no": "V1"}
    for method, is_compulsory in (("transfer", True), ("wechat", False)):
        page = desk.post(address, sent | {"method": method, "amount": ""}).content.decode()
        assert ("hidden" in label(page, "payee_account")) is is_compulsory, method
    answer = desk.post(address, sent | {"method": "transfer"})
    assert answer.status_code == 422
    assert "银行转账须有收款账号" in answer.content.decode()


@pytest.mark.parametrize(("amount", "is_asked"), [("500", False), ("500.01", True), ("600", True)])
def test_the_signed_agreement_is_asked_for_above_the_figure(house, amount, is_asked):
    made, desk, address = own(house, amount)
    page = desk.text(address)
    assert ("选填" not in label(page, "agreement")) is is_asked
    assert "选填" not in label(page, "payee")
    assert "选填" in label(page, "payee_account")
    house.photo(made.case, "agreement")
    assert "选填" in label(desk.text(address), "agreement"), "it is in the file by now"


def test_nobody_is_paid_for_what_is_given_in_kind(house):
    made, desk, address = own(house, "600")
    Settlement.objects.filter(pk=made.pk).update(cash_amount=0, in_kind_amount=600)
    assert "选填" in label(desk.text(address), "payee")


@pytest.mark.clause("CC-W1.6")
def test_an_offer_needs_its_amount(house):
    case = stages.accident(house, "settling")
    page = Desk(house, house.handler_of(case)).text(f"/cases/{case.pk}/do/log_talk/")
    assert 'data-needed-for="kind offer counter"' in label(page, "amount")


@pytest.mark.clause("CC-W1.3")
def test_the_reason_why_no_insurer_is_told_is_asked_for_where_one_must_be_told(house):
    for case, is_asked in (
        (stages.accident(house, "surveyed"), True),
        (stages.outlet_accident(house, "surveyed"), False),
    ):
        page = Desk(house, house.handler_of(case)).text(f"/cases/{case.pk}/do/register/")
        assert ("选填" not in label(page, "insurer_note")) is is_asked, case.estimate


@pytest.mark.clause("CC-W1.6")
def test_closing_asks_for_a_reason_only_of_a_customer_who_is_not_content(house):
    case = Case.objects.get(pk=stages.settlement(house, "paid").case_id)
    for score, is_asked in ((5, False), (4, False), (3, True)):
        Case.objects.filter(pk=case.pk).update(satisfaction=score)
        page = Desk(house, house.handler_of(case)).text(f"/cases/{case.pk}/do/close/")
        assert ('id="id_low_score_reason"' in page) is is_asked, score
        assert not is_asked or "选填" not in label(page, "low_score_reason")


@pytest.mark.clause("CC-W1.7")
def test_a_missing_signer_is_named_as_on_the_form(house):
    made = stages.settlement(house, "accepted")
    empty = Holding.objects.filter(seat__post_id__in=["oa", "sup", "hs", "dgm", "gm"])
    empty.update(to_on=dt.date(2026, 2, 1))
    with pytest.raises(Refused) as refused:
        actions.fill_form(made, by=house.actor(house.handler_of(made.case)), at=MONDAY, **stages.form())
    roles = [refusal.params["role"] for refusal in refused.value.refusals if refusal.code == "form.signer"]
    assert roles == ["部门经理", "网点管理员"]
