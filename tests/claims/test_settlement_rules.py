"""How a settlement is paid, and that what is paid has its amount (CC-W1.5, domain.md F11)."""

from decimal import Decimal as D

import pytest

from tests.claims.pages import Desk
from zhangfa.claims.models import Settlement
from zhangfa.claims.settlement_rules import plain_account, refuse_account, refuse_methods

pytestmark = pytest.mark.clause("CC-W1.5")


@pytest.mark.parametrize(
    ("methods", "cash", "in_kind", "codes"),
    [
        ([], "1", "0", ["settlement.methods"]), (["cash"], "0", "0", ["settlement.cash"]), (["cash"], "0.01", "0", []),
        (["refund"], "0", "80", ["settlement.cash"]), (["repair"], "0", "0", ["settlement.value"]), (["replace"], "0", "600", []),
        (["coupon"], "50", "0", []), (["redo"], "0", "0", []), (["cash", "redo"], "0", "0", ["settlement.cash"]),
    ],
)  # fmt: skip
def test_what_is_paid_has_its_amount(methods, cash, in_kind, codes):
    found = refuse_methods(methods, cash=D(cash), total=D(cash) + D(in_kind))
    assert [refusal.code for refusal in found] == codes


@pytest.mark.django_db
def test_a_plan_in_cash_with_an_empty_amount_stays_on_the_page(house):
    case = house.to_assessed(house.report("600"), price="600")
    desk, address = Desk(house, house.handler_of(case)), f"/cases/{case.pk}/do/propose/"
    fields = {
        "methods": ["cash"],
        "cash_amount": "",
        "claimant": "customer",
        "fault": "none",
        "over_ground": "客户坚持的数额",
    }
    answer = desk.post(address, fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-needed-for="methods cash refund" hidden' in page, "cash was chosen"
    assert "请填写现金金额" in page.split('id="id_cash_amount_error"')[1].split("</div>")[0]
    assert "客户坚持的数额" in page
    assert not Settlement.objects.exists()


@pytest.mark.parametrize(
    ("account", "at_the_door", "by_bank"),
    [
        ("", True, True), ("6222000011112222", True, True), ("12345678", True, True), ("1234567", False, False), ("1" * 32, True, True),
        ("1" * 33, False, False), ("13800001111", True, True), ("lin@example.com", True, False), ("lin_zhi-xia", True, False),
        ("工商银行6222000011112222", False, False), ("林知夏", False, False), ("lin@", False, False), ("<b>6222</b>", False, False),
    ],
)  # fmt: skip
def test_an_account_is_one_at_which_money_can_arrive(account, at_the_door, by_bank):
    assert (not list(refuse_account(account, is_transfer=False))) is at_the_door
    assert (not list(refuse_account(account, is_transfer=True))) is by_bank


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("6222 0000-1111 2222", "6222000011112222"), ("６２２２００００１１１１２２２２", "6222000011112222"), (" lin zhi ", "lin zhi"),
    ],
)  # fmt: skip
def test_gaps_in_an_account_are_not_kept(typed, kept):
    assert plain_account(typed) == kept
