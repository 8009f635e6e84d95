"""Prepaid cards: caps to the cent, a balance that is never negative, the balance back within the law's days."""

import datetime as dt
import re
from decimal import Decimal as D

import pytest

from tests.houses import MONDAY, House
from tests.orders.stages import NEXT, booked
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.finance.models import Receipt, Refund
from zhangfa.orders import actions
from zhangfa.orders.card_rules import Caps, refuse_load, refuse_longer, refuse_use
from zhangfa.orders.models import Card, CardEntry, Package

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W3")]
TODAY = clock.local_date(MONDAY)
CAPS = Caps(D(5000), D(1000))


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def codes(refusals):
    return {refusal.code for refusal in refusals}


def refused(call):
    with pytest.raises(Refused) as caught:
        call()
    return codes(caught.value.refusals)


def sold(house, amount="1000", **more):
    facts = {
        "outlet": house.units["east"],
        "customer": house.customer,
        "method": "wechat",
        "by": house.actor("oa"),
        "at": MONDAY,
    }
    return actions.sell_card(**(facts | more), amount=D(amount) if amount else None)


@pytest.mark.parametrize(
    ("amount", "balance", "is_named", "found"),
    [
        ("5000", 0, True, set()),
        ("5000.01", 0, True, {"card.cap"}),
        ("1", 5000, True, {"card.cap"}),
        ("1000", 0, False, set()),
        ("1000.01", 0, False, {"card.cap"}),
        ("0", 0, True, {"card.amount"}),
    ],
)
def test_the_law_caps_what_stands_on_a_card(amount, balance, is_named, found):
    assert codes(refuse_load(amount=D(amount), balance=D(balance), is_named=is_named, caps=CAPS)) == found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, set()),
        ({"amount": D("100.01")}, {"card.balance"}),
        ({"expires_on": TODAY}, set()),
        ({"expires_on": TODAY - dt.timedelta(days=1)}, {"card.expired"}),
        ({"is_own": False}, {"card.customer"}),
        ({"is_active": False}, {"card.closed"}),
    ],
)
def test_what_a_card_pays(change, found):
    facts = {"amount": D(100), "balance": D(100), "is_active": True, "expires_on": None, "today": TODAY, "is_own": True}
    assert codes(refuse_use(**facts | change)) == found


def test_an_extension_never_shortens():
    day = dt.timedelta(days=1)
    assert codes(refuse_longer(until=TODAY, expires_on=TODAY, today=TODAY)) == {"card.until"}
    assert not codes(refuse_longer(until=TODAY + day, expires_on=TODAY, today=TODAY))
    assert codes(refuse_longer(until=TODAY - day, expires_on=TODAY - 9 * day, today=TODAY)) == {"card.past"}


def test_a_card_is_sold_loaded_used_and_its_balance_goes_back(house):
    oa = house.actor("oa")
    card = sold(house)
    assert (card.number, card.balance) == (f"C{card.pk:07d}", D(1000))
    assert refused(lambda: actions.load_card(card, by=oa, at=MONDAY, amount=D("4000.01"), method="cash")) == {
        "card.cap"
    }
    card = actions.load_card(card, by=oa, at=MONDAY, amount=D(500), method="cash")
    order = actions.use_card(booked(house), by=oa, at=MONDAY, card=card)
    assert order.payment == "paid" and Card.objects.get().balance == D(600)
    assert refused(lambda: actions.use_card(booked(house), by=oa, at=MONDAY, card=card)) == {"card.balance"}
    card = actions.ask_card_refund(card, by=oa, at=MONDAY, reason="搬家")
    assert Refund.objects.get().due_at == clock.day_end(MONDAY + dt.timedelta(days=5))
    assert refused(lambda: actions.use_card(booked(house, quantity="10"), by=oa, at=MONDAY, card=card)) == {
        "card.closed"
    }
    card = actions.pay_card_refund(card, by=house.actor("fin"), at=MONDAY, method="transfer", voucher_no="T1")
    assert (card.status, card.balance) == ("closed", D(0))
    entries = list(CardEntry.objects.order_by("pk").values_list("amount", "balance"))
    assert entries == [(D(1000), D(1000)), (D(500), D(1500)), (D(-900), D(600)), (D(-600), D(0))]
    assert sum(row.amount for row in Receipt.objects.filter(subject=card.subject)) == D(1500)


def test_a_package_prices_its_product(house):
    package = Package.objects.create(
        code="P1", name="深度保洁卡", product=house.product, quantity=D(200), price=D(1600), months=12
    )
    card = sold(house, amount="", package=package)
    assert card.balance == D(1600)
    order = booked(house, card=card, served_from=NEXT, quantity="10")
    assert order.amount == D(80) and order.price["package"] == "P1"
    other = house.make_customer("别家")
    assert refused(lambda: booked(house, card=card, customer=other)) == {"card.customer"}
    Package.objects.update(price=D("5000.01"))
    package.refresh_from_db()
    assert refused(lambda: sold(house, amount="", package=package)) == {"card.cap"}


def test_outlets_sell_for_themselves(house):
    assert refused(lambda: sold(house, by=house.actor("oa2"))) == {"cards.outlet"}
    assert refused(lambda: sold(house, by=house.actor("sw"))) == {"cards.sell"}


def shown(response, status=200):
    assert response.status_code == status, response.content.decode()[:1500]
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_card_on_screen(client, house):
    client.force_login(house.user("oa"))
    body = {"customer": "", "outlet": house.units["east"].pk, "package": "", "amount": "1000.01", "method": "cash"}
    assert "不记名卡余额不得超过 1" in shown(client.post("/cards/new/", body), 422)
    answer = client.post("/cards/new/", {**body, "customer": house.customer.pk})
    page = shown(client.get(answer["Location"]))
    assert "¥1,000.01" in page and "充值" in page
    assert "¥1,000.01" in shown(client.get(f"{answer['Location']}?part=entries")) and "林知夏" in shown(
        client.get("/cards/")
    )
    order = booked(house)
    card = Card.objects.get()
    used = client.post(f"/orders/{order.pk}/do/use_card/", {"card": card.pk})
    assert used.status_code == 303 and "预付卡" in shown(client.get(f"/orders/{order.pk}/?part=money"))
    client.force_login(house.user("oa2"))
    assert client.get(answer["Location"]).status_code == 404


def test_an_expired_balance_is_seen_and_takes_no_more_money(house, client):
    card = sold(house)
    late = dt.datetime.combine(card.expires_on + dt.timedelta(days=1), dt.time(10), clock.TZ)
    oa = house.actor("oa", late)
    last = late - dt.timedelta(days=1)
    actions.load_card(card, amount=D(100), method="wechat", by=house.actor("oa", last), at=last)
    assert refused(lambda: actions.load_card(card, amount=D(100), method="wechat", by=oa, at=late)) == {"card.expired"}
    client.force_login(house.user("oa"))
    with clock.at(last):
        assert "已到期：" not in client.get(card.get_absolute_url()).content.decode()
    with clock.at(late):
        assert "已到期：为客户延期，或退回余额" in client.get(card.get_absolute_url()).content.decode()
        assert card.number in client.get("/cards/?due=over").content.decode()
        actions.extend_card(Card.objects.get(), until=late.date() + dt.timedelta(days=90), by=oa, at=late)
        assert card.number not in client.get("/cards/?due=over").content.decode()
