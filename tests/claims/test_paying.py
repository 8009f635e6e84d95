"""Whom finance pays and where to: what the customer left open is asked for before the money goes (F11, CC-W1.6)."""

import datetime as dt

import pytest

from tests.claims import stages
from tests.claims.pages import Desk
from tests.claims.test_actions import refusal_codes
from tests.houses import MONDAY
from zhangfa.claims import actions
from zhangfa.claims.models import Settlement
from zhangfa.claims.prints.settlement import settlement as printed
from zhangfa.finance.models import Payment
from zhangfa.organisation.actions import absences
from zhangfa.organisation.models import Charge, Holding, Person, Seat

pytestmark = pytest.mark.clause("CC-W1.6")
TRANSFER = {"amount": "600.00", "method": "transfer", "voucher_no": "V-9"}


def test_a_transfer_without_an_account_is_refused_beside_the_field_and_keeps_what_was_typed(house):
    made = stages.settlement(house, "signed")
    desk, address = Desk(house, "fin"), f"/settlements/{made.pk}/do/pay/"
    # The payee was said at the acceptance and is not asked for again.
    assert 'name="payee_account"' in desk.text(address) and 'name="payee"' not in desk.text(address)
    fields = TRANSFER | {"amount": str(made.approved_total)}
    answer = desk.post(address, fields)
    said = answer.content.decode()
    assert answer.status_code == 422 and 'id="id_payee_account_error"' in said and 'value="V-9"' in said
    assert not Payment.objects.exists()
    assert desk.post(address, fields | {"payee_account": "6222000011117777"}).status_code == 303
    payment = Payment.objects.get()
    assert (payment.payee, payment.payee_account) == ("林知夏", "6222000011117777")
    # Once the money is gone the last four figures are enough, for finance as well.
    page = desk.text(made.get_absolute_url())
    assert "7777" in page and "6222000011117777" not in page
    # What the four signed is not written over; the paper says the last four figures.
    made.refresh_from_db()
    assert made.payee_account == ""
    paper = str(printed(made.record, actor=house.actor("fin"), at=MONDAY))
    assert "**** 7777" in paper and "6222000011117777" not in paper


def test_cash_needs_no_account_and_a_known_one_is_not_asked_for(house):
    made = stages.settlement(house, "signed")
    Settlement.objects.update(payee_account="6222000011112222")
    assert 'name="payee_account"' not in Desk(house, "fin").text(f"/settlements/{made.pk}/do/pay/")
    made = Settlement.objects.get(pk=made.pk)
    pay = {"amount": made.approved_total, "method": "transfer", "voucher_no": "V-1"}
    # An account that comes along all the same does not take the place of the signed one.
    actions.pay(made, by=house.actor("fin"), at=MONDAY, payee_account="6222000011119999", **pay)
    assert Payment.objects.get().payee_account == "6222000011112222"


def test_the_account_stands_in_clear_until_it_is_paid(house):
    made = stages.settlement(house, "signed")
    Settlement.objects.update(payee_account="6222000011112222")
    handler = house.handler_of(made.case)
    page = made.get_absolute_url()
    for who, knows in (("fin", True), (handler, True), ("hs", False), ("cs", False)):
        assert ("6222 0000 1111 2222" in Desk(house, who).text(page)) is knows, who
    # Beside the amount that they pay; to whoever else opens the address the form is closed.
    assert "付给林知夏，账号 6222 0000 1111 2222。" in Desk(house, "fin").text(f"{page}do/pay/")
    assert "1111 2222" not in Desk(house, "cs").text(f"{page}do/pay/")
    made = Settlement.objects.get(pk=made.pk)
    actions.pay(made, by=house.actor("fin"), at=MONDAY, amount=made.approved_total, method="transfer", voucher_no="V-1")
    for who in ("fin", handler):
        said = Desk(house, who).text(page)
        assert "2222" in said and "6222 0000 1111 2222" not in said and "6222000011112222" not in said


def test_an_account_that_is_none_is_refused_beside_the_field_when_it_is_typed(house):
    made = stages.settlement(house, "approved")
    house.photo(made.case, "agreement")
    desk, address = Desk(house, house.handler_of(made.case)), f"/settlements/{made.pk}/do/accept/"
    fields = {
        "amount": str(made.approved_total),
        "mode": "visit",
        "content": "同意",
        "payee": "林知夏",
        "archive_note": "无",
    }
    answer = desk.post(address, fields | {"payee_account": "工行 西门支行 123"})
    said = answer.content.decode()
    assert answer.status_code == 422 and 'id="id_payee_account_error"' in said and "工行 西门支行 123" in said
    assert desk.post(address, fields | {"payee_account": "６２２２ 0000-1111 2222"}).status_code == 303
    made.refresh_from_db()
    assert made.payee_account == "6222000011112222"


def test_a_transfer_goes_to_figures_and_a_telephone_number_by_telephone(house):
    made = stages.settlement(house, "signed")
    Settlement.objects.update(payee_account="lin@example.com")
    made = Settlement.objects.get(pk=made.pk)
    pay = {"amount": made.approved_total, "voucher_no": "V-1"}
    by = house.actor("fin")
    assert refusal_codes(actions.pay, made, by=by, at=MONDAY, method="transfer", **pay) == {"settlement.account"}
    actions.pay(made, by=by, at=MONDAY, method="alipay", **pay)


def test_nobody_is_paid_without_a_name(house):
    made = stages.settlement(house, "signed")
    Settlement.objects.update(payee="")
    made = Settlement.objects.get(pk=made.pk)
    pay = {"amount": made.approved_total, "method": "cash", "voucher_no": "V-1"}
    assert refusal_codes(actions.pay, made, by=house.actor("fin"), at=MONDAY, **pay) == {"payment.payee"}
    actions.pay(made, by=house.actor("fin"), at=MONDAY, payee="林知夏", **pay)
    assert Payment.objects.get().payee == "林知夏"


def approved_by_the_deputy(house):
    """A settlement of 1,800 yuan that the deputy agreed to, signed by all four."""
    made = stages.settlement(house, "proposed")
    made = actions.agree(made, by=house.actor("dgm"), at=MONDAY, amount=made.total)
    by = house.actor(house.handler_of(made.case))
    house.photo(made.case, "agreement")
    made = actions.accept(
        made, by=by, at=MONDAY, amount=made.total, content="客户同意", payee="林知夏", archive_note="无"
    )
    return stages.signed(house, actions.fill_form(made, by=by, at=MONDAY, **stages.form()))


@pytest.mark.clause("A-43")
@pytest.mark.parametrize("way", ["both seats", "delegate"])
def test_who_agreed_does_not_pay_out_of_a_second_seat_nor_for_somebody_away(house, way):
    made = approved_by_the_deputy(house)
    if way == "both seats":
        Holding.objects.create(person=house.people["dgm"], seat=house.seats["fin"], from_on=MONDAY.date())
    else:
        away = {"from_at": MONDAY, "to_at": MONDAY + dt.timedelta(days=2), "delegate": house.people["dgm"]}
        absences.enter(house.people["fin"], **away, by=house.actor("fin"), at=MONDAY)
    pay = {"amount": str(made.total), "method": "cash", "voucher_no": "V-1"}
    address = f"/settlements/{made.pk}/do/pay/"
    answer = Desk(house, "dgm").post(address, pay)
    assert answer.status_code == 422 and "批准人不能同时是付款人" in answer.content.decode()
    assert not Payment.objects.exists()
    assert Desk(house, "fin2").post(address, pay).status_code == 303


@pytest.mark.clause("A-04")
def test_a_plan_above_fifteen_hundred_goes_to_the_deputy_assigned_and_without_one_never_downwards(house):
    deputy, seat = Person(no="T900", name="新分管", kind="staff", phone="15400000900"), house.seats["gm"]
    deputy.prepare()
    deputy.save()
    second = Seat.objects.create(post_id="dgm", unit=house.units["company"], reports_to=seat)
    Holding.objects.create(person=deputy, seat=second, from_on=MONDAY.date())
    address = f"/org/units/{house.units['service'].pk}/charge/"
    assert Desk(house, "gm").post(address, {"seat": second.pk, "from_on": "2026-03-02"}).status_code == 303
    made = stages.settlement(house, "proposed")
    assert [step.seat_id for step in made.record.steps.all()] == [second.pk]
    # With nobody assigned and two deputies nobody is in charge by title: the GM, not the manager below them.
    Charge.objects.all().delete()
    house.customer = house.make_customer("程先生")
    house.order = house.make_order(house.customer)
    made = stages.settlement(house, "proposed")
    assert [step.seat_id for step in made.record.steps.all()] == [house.seats["gm"].pk]
