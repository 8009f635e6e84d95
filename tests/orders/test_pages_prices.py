"""The price list on screen: read by all, kept by few, refused with the words beside the field."""

import re

import pytest

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.orders.models import Price

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W3")]


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def shown(response, status=200):
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def test_everybody_reads_the_list_and_one_product(client, house):
    for name in ("oa", "op", "sw", "fin"):
        client.force_login(house.user(name))
        page = shown(client.get("/prices/"))
        assert "深度保洁" in page and "¥9.00" in page and "¥400.00" in page and "新增产品" not in page
        assert "开业定价" in shown(client.get("/prices/DC01/"))
    assert client.get("/prices/new/").status_code == 403
    assert client.get("/prices/NONE/").status_code == 404


def test_a_price_is_set_withdrawn_and_kept_as_history(client, house):
    client.force_login(house.user("hs"))
    body = {"unit_price": "10", "from_on": "2026-03-02", "reason": "人工成本上涨", "to_on": "", "customer_kind": ""}
    page = shown(client.post("/prices/DC01/new/", body), 422)
    assert "最早从明天起" in page and 'value="10"' in page and "人工成本上涨" in page
    assert client.post("/prices/DC01/new/", {**body, "from_on": "2026-03-03"}).status_code == 303
    price = Price.objects.get(unit_price=10)
    page = shown(client.get("/prices/DC01/"))
    assert "将生效的价格" in page and f"/prices/rows/{price.pk}/withdraw/" in page
    assert client.post(f"/prices/rows/{price.pk}/withdraw/", {"reason": "写错了"}).status_code == 303
    assert "已撤回" in shown(client.get("/prices/DC01/"))
    assert "不能撤回" in shown(client.post(f"/prices/rows/{house.price.pk}/withdraw/", {"reason": "写错了"}), 422)
    client.force_login(house.user("ls"))
    assert client.get("/prices/DC01/new/").status_code == 403


def test_a_product_and_a_surcharge_are_added(client, house):
    client.force_login(house.user("hs"))
    body = {
        "code": "ts01", "name": "烫熨", "category": "daily", "unit": "小时", "hours": "2", "unit_price": "45", "from_on": "2026-03-02",
        "reason": "新产品", "is_home_visit": "on",
    }  # fmt: skip
    assert client.post("/prices/new/", body)["Location"] == "/prices/TS01/"
    assert "只用字母和数字" in shown(client.post("/prices/new/", {**body, "code": "烫"}), 422)
    extra = {
        "code": "NIGHT",
        "name": "夜间附加费",
        "reason": "晚 20:00 以后上门",
        "percent": "20",
        "from_on": "2026-03-03",
    }
    assert "填一项" in shown(client.post("/prices/surcharges/new/", {**extra, "amount": "5"}), 422)
    assert client.post("/prices/surcharges/new/", extra).status_code == 303
    assert "晚 20:00 以后上门" in shown(client.get("/prices/surcharges/"))
