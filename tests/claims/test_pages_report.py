"""While a case is reported and on its way: what may be the same is said, what is next stands first, all reasons come at once."""

import datetime as dt

import pytest

from tests.claims import stages
from tests.claims.pages import IN_PLACE, NEXT, Desk
from tests.claims.test_pages import reported
from tests.houses import MONDAY
from zhangfa.claims import actions
from zhangfa.claims.models import Case
from zhangfa.orders.models import Order

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
ASK = {"_similar": "1"}
COMPLAINT = {"channel": "phone", "category": "quality", "relation": "本人", "summary": "两次都没有擦干净窗户"}


def hint(desk, address, **fields):
    return desk.post(address, ASK | fields).content.decode()


@pytest.mark.clause("CC-D1")
@pytest.mark.clause("CC-W1.1")
def test_a_case_that_may_be_the_same_is_named_before_sending_and_forbids_nothing(house):
    case = house.report("0", kind="complaint", category="quality", customer=house.customer)
    desk = Desk(house, "op", MONDAY + 2 * MINUTE)
    for address in ("/cases/new/", "/cases/new/complaint/"):
        said = hint(desk, address, customer=house.customer.pk)
        assert case.record.number in said and case.handler.shown_name in said, address
    again = reported(house, **COMPLAINT, customer=house.customer.pk)
    desk.post("/cases/new/complaint/", again)
    assert Case.objects.count() == 2
    opened = Desk(house, "op").text(f"/cases/new/?customer={house.customer.pk}")
    assert case.record.number in opened


@pytest.mark.clause("CC-D1")
def test_without_a_customer_the_same_caller_at_the_same_outlet_is_recognised(house):
    desk = Desk(house, "op", MONDAY + 2 * MINUTE)
    desk.post("/cases/new/complaint/", reported(house, **COMPLAINT, reporter="马女士", reporter_phone="13800000001"))
    case, unit = Case.objects.get(), house.units["east"].pk
    for fields, is_same in (
        ({"reporter": "马 女士"}, True), ({"reporter": "小马", "reporter_phone": "138 0000 0001"}, True),
        ({"reporter": "马女士", "reporter_phone": "13900000009"}, False), ({"reporter": "牛女士"}, False), ({}, False),
    ):  # fmt: skip
        assert (case.record.number in hint(desk, "/cases/new/complaint/", unit=unit, **fields)) is is_same, fields


@pytest.mark.clause("CC-D3")
def test_whom_the_earlier_case_does_not_concern_reads_its_number_and_nothing_else(house):
    case = house.report("0", kind="complaint", category="quality", customer=house.customer, by="cc")
    said = hint(Desk(house, "op", MONDAY + MINUTE), "/cases/new/complaint/", customer=house.customer.pk)
    assert case.record.number in said
    assert case.get_absolute_url() not in said and case.record.title not in said
    assert case.get_absolute_url() in hint(Desk(house, "cs"), "/cases/new/complaint/", customer=house.customer.pk)


@pytest.mark.parametrize("later", [dt.timedelta(hours=73), None])
def test_what_is_long_past_or_void_is_not_the_same(house, later):
    case = house.report(customer=house.customer)
    if later is None:
        actions.void_case(case, by=house.actor("cs"), at=MONDAY, reason="重复登记的案件")
    desk = Desk(house, "op", MONDAY + (later or MINUTE))
    assert case.record.number not in hint(desk, "/cases/new/", customer=house.customer.pk)


def test_another_outlet_learns_nothing_about_the_customer(house):
    case = house.report(customer=house.customer)
    assert case.record.number not in hint(Desk(house, "oa2"), "/cases/new/", customer=house.customer.pk)


@pytest.mark.clause("CC-W1.1")
def test_after_the_call_the_way_to_the_customer_is_what_is_next(house):
    case = stages.accident(house, "accepted")
    name = house.handler_of(case)
    assert "联系客户，赶到现场" in Desk(house, name).text(case.get_absolute_url())
    actions.log_call(case, by=house.actor(name), at=MONDAY, content="半小时内到")
    said = Desk(house, name).text(case.get_absolute_url())
    assert "赶到现场，到场时登记" in said
    assert said.index("/do/arrive/") < said.index("/do/log_call/")


@pytest.mark.clause("CC-W1.3")
def test_missing_words_and_missing_pictures_are_said_in_one_round(house):
    case = stages.accident(house, "arrived")
    case.items.all().delete()
    answer = Desk(house, house.handler_of(case)).post(f"/cases/{case.pk}/do/finish_survey/", {"promised_days": "3"})
    said = answer.content.decode()
    assert answer.status_code == 422
    for reason in ("请记录服务员的陈述", "请选择背景原因", "请至少登记一件被损物"):
        assert reason in said, reason


@pytest.mark.clause("CC-W1.7")
def test_while_others_sign_or_pay_nothing_is_urged_on_the_handler(house):
    waiting = stages.settlement(house, "accepted")
    by = house.actor(house.handler_of(waiting.case))
    desk = Desk(house, house.handler_of(waiting.case))
    assert 'btn-primary" href="' in _steps(desk, waiting)
    actions.fill_form(waiting, by=by, at=MONDAY, **stages.form())
    assert 'btn-primary" href="' not in _steps(desk, waiting)
    stages.signed(house, waiting)
    assert 'btn-primary" href="' not in _steps(desk, waiting)


def _steps(desk, settlement):
    return desk.text(settlement.get_absolute_url()).split('class="record-actions')[1].split("</div>")[0]


@pytest.mark.clause("CC-W2.1")
def test_cause_and_prevention_are_typed_once(house):
    case = stages.accident(house, "closed")
    page = Desk(house, house.handler_of(case)).text(f"/cases/{case.pk}/learning/")
    assert stages.form()["root_cause"] in page and stages.form()["prevention"] in page


def test_a_case_without_papers_shows_no_empty_block_of_papers(house):
    case = house.report()
    assert "表单与链接" not in Desk(house, "op").text(case.get_absolute_url())
    assert "事故登记表" in Desk(house, "cs", NEXT).text(stages.accident(house, "registered").get_absolute_url())


@pytest.mark.clause("CC-W1.1")
def test_a_case_is_reported_from_the_order_that_it_happened_on(house):
    case = house.report()
    page = f"{house.order.get_absolute_url()}?part=cases"
    said = Desk(house, "oa").text(page, **IN_PLACE)
    assert case.record.number in said
    asked = f"?customer={house.customer.pk}&amp;order={house.order.pk}"
    assert f"/cases/new/{asked}" in said
    form = Desk(house, "op").text(f"/cases/new/{asked.replace('&amp;', '&')}")
    assert f'name="order" id="id_order_{house.order.pk}" value="{house.order.pk}" checked' in form
    assert "/cases/new/" not in Desk(house, "hs").text(page, **IN_PLACE)
    assert "案件与投诉" not in Desk(house, "sw").text(house.order.get_absolute_url())


@pytest.mark.clause("CC-W1.2")
def test_who_answers_the_telephone_reads_the_promises_on_the_order(house):
    page = f"{house.order.get_absolute_url()}?part=guarantees"
    said = Desk(house, "op").text(page, **IN_PLACE)
    assert said.count("<li>") == 3 and "由公司赔付" in said
    house.order.contract_model = "intermediary_model"
    house.order.save()
    said = Desk(house, "op").text(page, **IN_PLACE)
    assert "<li>" not in said and "没有对这类合同作出承诺" in said


@pytest.mark.clause("CC-W1.1")
def test_what_is_booked_for_later_does_not_fill_the_choice_of_orders(house):
    """A weekly service has its orders written months ahead; something has happened on one that has begun."""
    past = Order.objects.get(pk=house.order.pk)
    ahead = []
    for week in range(1, 9):
        fields = {
            f.attname: getattr(past, f.attname)
            for f in Order._meta.concrete_fields
            if f.attname not in ("id", "number")
        }
        later = {
            "served_from": MONDAY + dt.timedelta(weeks=week),
            "served_to": MONDAY + dt.timedelta(weeks=week, hours=2),
        }
        ahead.append(Order.objects.create(**fields | later | {"number": f"Z{week:07}", "sheet_id": None}))
    address = f"/cases/new/orders/?customer={house.customer.pk}&unit=&worker=&seen_customer=&seen_order="
    said = Desk(house, "op").text(address)
    assert past.number in said
    assert not [order.number for order in ahead if order.number in said]
    # Come from the page of such an order, it stays chosen.
    assert ahead[0].number in Desk(house, "op").text(f"{address}&order={ahead[0].pk}")


@pytest.mark.clause("CC-W1.4")
def test_the_handler_goes_from_the_case_to_the_customers_file_where_they_may_read_it(house):
    case = stages.outlet_accident(house, "accepted")
    address = f"/cases/{case.pk}/history/"
    assert house.customer.get_absolute_url() in Desk(house, "oa").text(address)
    house.customer.outlet = house.units["west"]
    house.customer.prepare()
    house.customer.save()
    said = Desk(house, "oa").text(address)
    assert house.customer.name in said and house.customer.get_absolute_url() not in said


@pytest.mark.clause("CC-W1.1")
def test_a_name_typed_in_vain_throws_away_nothing_that_is_typed_next(house):
    """Only a choice asks for the customer's orders: a field that is left would draw outlet and worker anew under the hand."""
    for address in ("/cases/new/", "/cases/new/complaint/"):
        assert 'hx-trigger="change target:[type=radio]"' in Desk(house, "op").text(address)


@pytest.mark.clause("CC-W1.1")
def test_the_chosen_customer_is_the_caller_until_somebody_types_another_name(house):
    desk, other = Desk(house, "op"), house.make_customer("程先生")
    address = f"/cases/new/orders/?customer={house.customer.pk}&unit=&worker=&seen_order="
    filled = f'value="{house.customer.name}"'
    for typed, seen, is_filled in (
        ("", "", True),
        (other.name, other.pk, True),
        ("邻居", "", False),
        ("邻居", other.pk, False),
    ):
        said = desk.text(f"{address}&seen_customer={seen}&reporter={typed}")
        assert ('id="id_reporter"' in said and filled in said) is is_filled, (typed, seen)
    # An order that is chosen later does not bring back a name that was taken away.
    assert 'id="id_reporter"' not in desk.text(
        f"{address}&seen_customer={house.customer.pk}&reporter=&order={house.order.pk}"
    )
    # Without scripts the same happens with the button that shows the orders.
    said = desk.post("/cases/new/", {"_orders": "1", "customer": house.customer.pk}).content.decode()
    assert filled in said
