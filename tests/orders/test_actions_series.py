"""Services that come again: their days, their orders ahead, their end; the contract with the three guarantees."""

import datetime as dt
import re
from decimal import Decimal as D

import pytest

from tests.houses import MONDAY, House
from tests.orders.stages import booked, with_papers
from zhangfa.audit.models import Event, Look
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.orders import actions, prints
from zhangfa.orders.models import Order, Series
from zhangfa.orders.promises import are_given
from zhangfa.orders.series_rules import days_between, refuse_series
from zhangfa.records.prints import Rows

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W3")]
DAY = dt.timedelta(days=1)
TODAY = clock.local_date(MONDAY)


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def agreed(house, **more):
    facts = {
        "customer": house.customer, "product": house.product, "quantity": D(50), "weekdays": [1, 4], "starts": dt.time(8, 30), "hours": D(3),
        "from_on": TODAY, "by": house.actor("op"), "at": MONDAY,
    }  # fmt: skip
    return actions.agree_series(**(facts | more))


@pytest.mark.parametrize(
    ("weekdays", "every", "first", "last", "found"),
    [
        ([1, 4], 1, 0, 7, [0, 3, 7]),
        ([1, 4], 2, 0, 14, [0, 3, 14]),
        ([7], 1, 0, 6, [6]),
        ([1], 1, 1, 6, []),
        ([1, 2, 3, 4, 5, 6, 7], 1, -5, 1, [0, 1]),  # never before it begins
        ([1], 3, 0, 42, [0, 21, 42]),
    ],
)
def test_the_days_of_a_series(weekdays, every, first, last, found):
    days = days_between(
        weekdays=weekdays, every_weeks=every, from_on=TODAY, to_on=None, first=TODAY + first * DAY, last=TODAY + last * DAY
    )  # fmt: skip
    assert [(day - TODAY).days for day in days] == found


def test_a_contract_has_its_term_its_fee_and_its_scope():
    facts = {
        "is_contract": True, "weekdays": [1], "every_weeks": 1, "from_on": TODAY, "to_on": TODAY + 365 * DAY, "today": TODAY, "fee": D(6480),
        "scope": "每周保洁", "is_own": True, "is_on_sale": True, "has_price": True,
    }  # fmt: skip

    def codes(**change):
        return {refusal.code for refusal in refuse_series(**facts | change)}

    assert codes() == set()
    assert codes(to_on=None) == codes(to_on=TODAY + 367 * DAY) == {"contract.term"}
    assert codes(fee=None, scope=" ") == {"contract.fee", "contract.scope"}
    assert codes(is_contract=False, to_on=None, fee=None, scope="") == set()
    assert codes(weekdays=[], from_on=TODAY - DAY) == {"series.days", "series.past"}


def test_orders_are_made_ahead_once_and_filled_in_after_a_standstill(house):
    series = agreed(house)
    orders = Order.objects.filter(series=series).order_by("served_from")
    assert orders.count() == 9 and series.number.startswith("Z")
    first = orders[0]
    assert first.served_from == dt.datetime(2026, 3, 2, 8, 30, tzinfo=clock.TZ) and first.amount == D(450)
    assert first.number == f"{series.number}-260302" and first.price["lines"]
    assert actions.extend(series, by=house.actor("op"), at=MONDAY) == 0
    Series.objects.update(generated_to=TODAY)
    actions.extend(series, by=house.actor("op"), at=MONDAY)
    assert orders.count() == 9
    # The worker stood still for three weeks.
    later = MONDAY + 21 * DAY
    assert actions.extend_due(later) == series.pk and actions.extend_due(later, after=series.pk) == 0
    assert orders.count() == 15 and actions.extend_due(later) == 0
    days = list(orders.values_list("series_day", flat=True))
    assert days == sorted(set(days)) and days[-1] == TODAY + 49 * DAY


def test_a_series_agreed_far_ahead_gets_its_orders_when_it_is_near(house):
    series = agreed(house, from_on=TODAY + 60 * DAY)
    orders = Order.objects.filter(series=series)
    assert not orders.exists() and actions.extend_due(MONDAY) == 0
    assert actions.extend_due(MONDAY + 40 * DAY) == series.pk
    assert orders.exists() and min(orders.values_list("series_day", flat=True)) >= TODAY + 60 * DAY


def test_nothing_is_agreed_for_a_customer_whose_file_is_closed(house):
    house.customer.status = "closed"
    house.customer.save(update_fields=["status"])
    with pytest.raises(Refused) as refused:
        agreed(house)
    assert [one.code for one in refused.value.refusals] == ["order.customer"]


@pytest.mark.parametrize("status", ["kept", "merged", "erased"])
def test_no_more_orders_are_made_for_a_file_that_is_not_used(house, status):
    series = agreed(house, from_on=TODAY + DAY)
    orders = Order.objects.filter(series=series)
    count = orders.count()
    house.customer.status = status
    house.customer.save(update_fields=["status"])
    later = MONDAY + 30 * DAY
    assert actions.extend_due(later) == 0 and actions.extend(series, by=house.actor("op"), at=later) == 0
    assert orders.count() == count


def test_each_order_that_ends_with_its_series_says_so_in_its_own_trail(house):
    series = agreed(house, from_on=TODAY + DAY)
    order = Order.objects.filter(series=series).order_by("pk").first()
    actions.end_series(series, by=house.actor("op"), at=MONDAY, reason="搬家")
    event = Event.objects.filter(chain=f"orders.order:{order.pk}").latest("n")
    assert (event.name, event.person_id) == ("orders.order.cancelled", house.people["op"].pk)
    assert Order.objects.get(pk=order.pk).version == order.version + 1


def test_a_moved_order_is_not_made_again(house):
    series = agreed(house, from_on=TODAY + DAY)
    order = Order.objects.filter(series=series).order_by("pk").first()
    actions.move(
        order, by=house.actor("op"), at=MONDAY, served_from=order.served_from + DAY, hours=D(3), reason="客户要求"
    )
    Series.objects.update(generated_to=TODAY)
    actions.extend(series, by=house.actor("op"), at=MONDAY)
    assert Order.objects.filter(series=series, series_day=order.series_day).count() == 1


def test_each_day_has_the_price_that_holds_then(house):
    actions.set_price(
        house.product,
        unit_price=D(10),
        from_on=TODAY + 10 * DAY,
        reason="人工成本上涨",
        by=house.actor("hs"),
        at=MONDAY,
    )
    series = agreed(house)
    sums = dict(Order.objects.filter(series=series).values_list("series_day", "amount"))
    assert sums[TODAY + 7 * DAY] == D(450) and sums[TODAY + 10 * DAY] == D(500)


def test_an_end_cancels_what_is_to_come(house):
    with_papers(house, "sw")
    series = agreed(house, wished_worker=house.people["sw"], from_on=TODAY + DAY)
    order = Order.objects.filter(series=series).order_by("pk").first()
    actions.assign(order, by=house.actor("oa"), at=MONDAY, worker=house.people["sw"])
    series = actions.end_series(series, by=house.actor("oa"), at=MONDAY, reason="搬家")
    assert series.status == "ended"
    assert set(Order.objects.filter(series=series).values_list("status", flat=True)) == {"cancelled"}
    assert actions.extend_due(MONDAY + 60 * DAY) == 0
    with pytest.raises(Refused):
        actions.end_series(series, by=house.actor("oa"), at=MONDAY, reason="搬家")


def shown(response, status=200):
    assert response.status_code == status, response.content.decode()[:1500]
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_plan_and_a_contract_are_agreed_on_screen(client, house):
    client.force_login(house.user("oa"))
    body = {
        "customer": house.customer.pk, "product": "DC01", "quantity": "50", "weekdays": ["1", "4"], "every_weeks": "1", "starts": "08:30",
        "hours": "3", "from_on": "2026-03-03", "contract_model": "employee_model", "note": "",
    }  # fmt: skip
    answer = client.post("/series/new/", body)
    page = shown(client.get(answer["Location"]))
    assert "周一、周四 08:30" in page and "周期服务" in page
    more = {
        **body,
        "to_on": "2028-03-03",
        "scope": "每周保洁两次",
        "fee": "6480",
        "pay_mode": "month",
        "trial_days": "3",
        "replacements": "2",
    }
    assert "一次最长一年" in shown(client.post("/series/contract/", more), 422)
    answer = client.post("/series/contract/", {**more, "to_on": "2027-03-02"})
    address = answer["Location"]
    assert "打印服务合同" in shown(client.get(address))
    pdf = client.get(f"{address}contract.pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    assert [row.reason for row in Look.objects.filter(field=f"contract:{house.customer.pk}")] == [
        Series.objects.get(kind="contract").number
    ]
    assert "服务合同" in shown(client.get("/series/")) and client.get("/series/999999/").status_code == 404
    client.force_login(house.user("oa2"))
    assert client.get(address).status_code == client.get(f"{address}contract.pdf").status_code == 404


@pytest.mark.clause("CC-W1.2")
def test_the_promises_stand_on_order_and_contract_where_the_company_is_the_employer(house):
    oa = house.actor("oa")
    contract = agreed(house, kind="contract", to_on=TODAY + 300 * DAY, fee=D(6480), scope="每周保洁")
    form = prints.contract(contract, rhythm="", actor=oa, at=MONDAY)
    table = next(s for s in form.sections if isinstance(s, Rows))
    assert len(table.rows) == 3 and "与客户无关" in table.rows[1][1]
    order = booked(house)
    sheet = prints.order_sheet(order, place="", lines=[], reason="", actor=oa, at=MONDAY)
    assert [s.title for s in sheet.sections if isinstance(s, Rows)][-1] == "三大承诺"
    order.contract_model = "intermediary_model"
    sheet = prints.order_sheet(order, place="", lines=[], reason="", actor=oa, at=MONDAY)
    assert "三大承诺" not in [getattr(s, "title", "") for s in sheet.sections]
    assert are_given("intermediary_model", to_intermediary=True)
