"""The price list: published ahead, never rewritten, kept by the centre it belongs to."""

import datetime as dt
from decimal import Decimal as D

import pytest

from tests.houses import MONDAY, House
from zhangfa.audit.models import Event
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.orders import actions, prices
from zhangfa.orders.models import Price, Product

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W3")]
TODAY = clock.local_date(MONDAY)
TOMORROW = TODAY + dt.timedelta(days=1)


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def refused(call):
    with pytest.raises(Refused) as caught:
        call()
    return {refusal.code for refusal in caught.value.refusals}


def test_a_new_price_leaves_the_old_one_until_its_day(house):
    hs = house.actor("hs")
    price = actions.set_price(
        house.product, unit_price=D(10), from_on=TOMORROW, reason="人工成本上涨", by=hs, at=MONDAY
    )
    facts = {"region_id": None, "kind": "household"}
    assert prices.find(house.product, day=TODAY, **facts).unit_price == D(9)
    assert prices.find(house.product, day=TOMORROW, **facts).unit_price == D(10)
    again = {"unit_price": D(11), "from_on": TOMORROW, "reason": "改", "by": hs, "at": MONDAY}
    assert refused(lambda: actions.set_price(house.product, **again)) == {"price.taken"}
    actions.withdraw_price(price, reason="写错了", by=hs, at=MONDAY)
    assert prices.find(house.product, day=TOMORROW, **facts).unit_price == D(9)
    actions.set_price(house.product, **again)
    assert Event.objects.filter(name__startswith="orders.price.").count() == 3


def test_prices_are_kept_by_their_centre(house):
    for name in ("ls", "oa", "op", "fin"):
        by = house.actor(name)
        facts = {"unit_price": D(10), "from_on": TOMORROW, "reason": "改", "by": by, "at": MONDAY}
        assert refused(lambda facts=facts: actions.set_price(house.product, **facts)) == {"prices.keep"}
    assert Price.objects.count() == 1


def test_a_product_comes_with_its_price(house):
    facts = {
        "code": "ts01", "name": "烫熨", "category": "daily", "unit": "小时", "hours": D(2), "unit_price": D(45), "from_on": TODAY,
        "reason": "新产品", "at": MONDAY,
    }  # fmt: skip
    product = actions.add_product(**facts, by=house.actor("hs"))
    assert product.pk == "TS01" and prices.listed_on(TODAY)["TS01"].unit_price == D(45)
    assert refused(lambda: actions.add_product(**facts, by=house.actor("hs"))) == {"product.taken"}
    facts |= {"code": "FS09", "category": "facility"}
    assert refused(lambda: actions.add_product(**facts, by=house.actor("hs"))) == {"prices.keep"}
    assert Product.objects.count() == 2


def test_a_surcharge_is_published_with_its_reason(house):
    facts = {"name": "夜间附加费", "reason": "晚 20:00 以后上门", "percent": D(20), "at": MONDAY}
    extra = actions.add_surcharge(code="night", from_on=TOMORROW, by=house.actor("hs"), **facts)
    assert (
        extra.pk == "NIGHT" and prices.extra_of(extra).holds_on(TOMORROW) and not prices.extra_of(extra).holds_on(TODAY)
    )
    quote = prices.quote(house.product, quantity=D(100), region_id=None, kind="household", day=TOMORROW, extras=[extra])
    assert quote.total == D(1080)
    late = {**facts, "code": "X", "from_on": TODAY}
    assert refused(lambda: actions.add_surcharge(by=house.actor("hs"), **late)) == {"surcharge.past"}
