"""A file that the law only lets us keep: what is planned is settled first, what was on its way is put away, how it stood comes back."""

import datetime as dt
from decimal import Decimal as D

import pytest

from tests.customers.test_entries import SAID
from tests.customers.test_privacy import finished, refused, taken
from tests.customers.test_profile import FULL
from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.customers import actions
from zhangfa.customers.actions.entry import shelve
from zhangfa.customers.models import ArchiveEntry, Customer, PersonalRequest
from zhangfa.customers.privacy_rules import grounds_of, refuse_erasure
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.orders import actions as orders
from zhangfa.orders.models import Order, Series

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("HS-D10")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def house():
    with clock.at(MONDAY):
        house = House()
        finished(house)
        yield house


def booked(house, days=3):
    return orders.book(
        customer=house.customer, product=house.product, served_from=MONDAY + days * DAY, quantity=D(50), by=house.actor("op"), at=MONDAY
    )  # fmt: skip


def agreed(house, **more):
    facts = {"quantity": D(50), "weekdays": [1], "starts": dt.time(8, 30), "from_on": (MONDAY + DAY).date()}
    return orders.agree_series(
        customer=house.customer, product=house.product, **(facts | more), by=house.actor("op"), at=MONDAY
    )


def test_nobody_who_is_still_expected_is_deleted_and_what_is_planned_is_linked(house, client):
    order, series = booked(house), agreed(house)
    row, cs = taken(house, "deletion"), house.actor("cs")
    assert refused(actions.erase, row, by=cs, at=MONDAY) == ["erasure.planned"]
    assert Customer.objects.get(pk=house.customer.pk).status == "active"
    client.force_login(house.user("cs"))
    page = client.get(row.get_absolute_url()).content.decode()
    assert order.get_absolute_url() in page and series.get_absolute_url() in page and "没开始的服务" in page
    answer = client.post(row.get_absolute_url() + "do/erase/", {})
    assert answer.status_code == 422 and order.number in answer.content.decode()
    # One line for the service, none for each of the orders that end with it.
    assert Order.objects.filter(series=series).first().number not in page
    orders.cancel(order, by=cs, at=MONDAY, cancelled_for="customer", reason="客户要求删除")
    assert refused(actions.erase, row, by=cs, at=MONDAY) == ["erasure.planned"]
    orders.end_series(series, by=cs, at=MONDAY, reason="客户要求删除")
    assert "没开始的服务" not in client.get(row.get_absolute_url()).content.decode()
    assert actions.erase(row, by=cs, at=MONDAY).status == "restricted"
    assert not Series.objects.filter(status="active").exists()


def test_a_service_that_was_cancelled_unpaid_keeps_nobody_for_years(house):
    order, cs = booked(house, days=20), house.actor("cs")
    orders.cancel(order, by=cs, at=MONDAY, cancelled_for="customer", reason="客户要求删除")
    row = actions.erase(taken(house, "deletion"), by=cs, at=MONDAY)
    # The years run from the service of today that was given.
    assert [ground[2]["until"] for ground in row.grounds] == ["2029-03-02"]
    Order.objects.filter(pk=order.pk).update(paid=100, amount=100)
    row = actions.erase(taken(house, "deletion"), by=cs, at=MONDAY)
    assert [ground[2]["until"] for ground in row.grounds] == ["2029-03-22"], "paid once is business that was done"


def test_what_was_missed_long_ago_or_is_over_stands_in_nobodys_way(house):
    order = booked(house, days=1)
    later = MONDAY + 30 * DAY
    row = actions.erase(taken(house, "deletion", later), by=house.actor("cs", later), at=later)
    assert row.status == "restricted" and [ground[2].get("what") for ground in row.grounds][:1] == ["订单"]
    assert Order.objects.get(pk=order.pk).status == "planned"


def test_asked_again_under_the_lock_a_kept_file_gets_nothing_though_the_page_is_old(house):
    sold = {"outlet": house.units["east"], "amount": D(200), "customer": house.customer, "method": "cash"}
    named = orders.sell_card(**sold, by=house.actor("oa"), at=MONDAY)
    before = Customer.objects.get(pk=house.customer.pk)
    actions.erase(taken(house, "deletion"), by=house.actor("cs"), at=MONDAY)
    house.customer = before
    assert before.status == "active", "as the page of the one who books still has it"
    assert refused(booked, house) == ["customer.kept"] and refused(agreed, house) == ["customer.kept"]
    card = {"outlet": house.units["east"], "amount": D(500), "customer": before, "method": "cash"}
    assert refused(orders.sell_card, **card, by=house.actor("oa"), at=MONDAY) == ["customer.kept"]
    more = {"amount": D(100), "method": "cash", "by": house.actor("oa"), "at": MONDAY}
    assert refused(orders.load_card, named, **more) == ["customer.kept"]
    assert Order.objects.count() == 1


@pytest.mark.parametrize("status", ["active", "dormant", "closed"])
def test_a_file_comes_back_as_it_stood(house, status):
    Customer.objects.filter(pk=house.customer.pk).update(status=status)
    cs = house.actor("cs")
    for _again in range(2):
        actions.erase(taken(house, "deletion"), by=cs, at=MONDAY)
    assert Customer.objects.get(pk=house.customer.pk).status == "kept"
    assert actions.restore(house.customer, reason="客户来电", by=cs, at=MONDAY).status == status


def test_a_file_kept_before_this_was_written_down_is_served_again(house):
    cs = house.actor("cs")
    actions.erase(taken(house, "deletion"), by=cs, at=MONDAY)
    PersonalRequest.objects.update(status_before="")
    assert actions.restore(house.customer, reason="客户来电", by=cs, at=MONDAY).status == "active"


def test_two_reasons_of_one_kind_are_both_said():
    found = refuse_erasure(
        last_on=None, today=MONDAY.date(), years=3, open_in=["订单", "客户关怀", "订单"], is_held=True, is_erased=False
    )
    said = [(code, params) for code, _text, params in grounds_of(found)]
    assert said == [
        ("erasure.held", {}), ("erasure.open", {"what": "订单"}), ("erasure.open", {"what": "客户关怀"}),
    ]  # fmt: skip


def test_a_sheet_on_its_way_is_put_away_and_nobody_owes_its_next_step(house):
    load_catalogue()
    written = actions.write_entry(
        house.customer, served_on=MONDAY.date(), by=house.actor("oa"), at=MONDAY, observation=SAID, **FULL
    )
    actions.hand_in(by=house.actor("hs"), at=MONDAY)
    owed = Occurrence.objects.filter(duty__code="D-OP-01", subject_key=written.subject)
    assert owed.get().state == "open"
    # As with a file that was kept while its sheet still lay there.
    Customer.objects.filter(pk=house.customer.pk).update(status="kept")
    entry = ArchiveEntry.objects.get(pk=written.pk)
    assert refused(actions.key_in, entry, by=house.actor("op"), at=MONDAY) == ["customer.kept"]
    Customer.objects.filter(pk=house.customer.pk).update(status="active")
    assert refused(shelve, entry, by=house.actor("cs"), at=MONDAY) == ["entry.shelve"]
    row = actions.erase(taken(house, "deletion"), by=house.actor("cs"), at=MONDAY)
    assert "档案事项" not in [ground[2].get("what") for ground in row.grounds]
    entry.refresh_from_db()
    assert entry.status == "shelved" and owed.get().state == "void"
    assert refused(actions.key_in, entry, by=house.actor("op"), at=MONDAY) == ["status"]
