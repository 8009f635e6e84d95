"""The archive in the browser: scope, masks, forms."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.core.text import mask_phone, mask_phones
from zhangfa.customers.models import Customer
from zhangfa.records.models import Export

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-W2.1")]


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


@pytest.fixture
def browse(client, house):
    def as_post(name):
        client.force_login(house.user(name))
        return client

    return as_post


def shown(response, status=200):
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize(
    ("post", "list_", "page", "new", "edit"),
    [
        ("op", 200, 200, 200, 200),
        ("oa", 200, 200, 200, 200),
        ("oa2", 200, 404, 200, 404),
        ("hs", 200, 200, 403, 403),
        ("fin", 403, 404, 403, 404),
        ("sw", 403, 404, 403, 404),
    ],
)
def test_each_page_opens_for_those_it_is_for(house, browse, post, list_, page, new, edit):
    client, url = browse(post), house.customer.get_absolute_url()
    found = [client.get(address).status_code for address in ("/customers/", url, "/customers/new/", url + "edit/")]
    assert found == [list_, page, new, edit]
    assert client.get(url + "reveal/phone/").status_code == page
    assert client.get(url + "reveal/name/").status_code == 404


@pytest.mark.clause("HS-D10")
def test_personal_data_is_masked_until_revealed(house, browse):
    client, customer = browse("op"), house.customer
    url = customer.get_absolute_url()
    for address in ("/customers/", url, url + "edit/", "/search/?q=林知夏", "/customers/?q=9999"):
        page = shown(client.get(address))
        assert "林知夏" in page and customer.phone not in page and "3 幢 402" not in page
    assert customer.phone in shown(client.post(url + "reveal/phone/", {"reason": "回访客户"}))
    assert "客户维护人员" in shown(client.post(url + "reveal/note/", {"reason": "回访客户"}), 422)
    assert "<b>D" not in shown(client.get(url + "?part=orders")) and house.order.number in shown(
        client.get(url + "?part=orders")
    )


@pytest.mark.clause("HS-D10")
def test_a_number_that_was_searched_for_is_not_kept_in_the_log_of_exports(house, browse):
    page, phone = browse("cs"), house.customer.phone
    assert page.get(f"/customers/?q={phone}&export=xlsx").status_code == 200
    said = Export.objects.get().filters
    assert phone not in said and mask_phone(phone) in said


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话 13812345678", "电话 138****5678"), ("0574-87654321、王", "057****4321、王"), ("F10-20260302-001", "F10-20260302-001"),
        ("2026-03-02", "2026-03-02"), ("金额=1800000", "金额=1800000"),
    ],
)  # fmt: skip
def test_only_telephone_numbers_are_masked_in_a_sentence(text, masked):
    assert mask_phones(text) == masked


def test_a_customer_is_entered_and_what_was_typed_is_kept(house, browse):
    client = browse("oa")
    typed = {
        "kind": "household",
        "name": "䶮女士 😀",
        "phone": "15400009999",
        "outlet": str(house.units["east"].pk),
        "compound": "枫屿里",
    }
    page = shown(client.post("/customers/new/", typed), 422)
    assert house.customer.no in page and "䶮女士 😀" in page
    assert client.post("/customers/new/", {**typed, "phone": "not a phone"}).status_code == 422
    assert client.post("/customers/new/", {**typed, "phone": "154-0000 8888"}).status_code == 303
    made = Customer.objects.get(name="䶮女士 😀")
    assert made.phone == "15400008888"
    changed = {**typed, "name": "䶮女士", "phone": "", "status": "dormant"}
    assert client.post(made.get_absolute_url() + "edit/", changed).status_code == 303
    made.refresh_from_db()
    assert (made.phone, made.name, made.status) == ("15400008888", "䶮女士", "dormant")


def test_the_list_costs_the_same_with_more_rows(house, browse):
    client = browse("oa")

    def cost():
        client.get("/customers/")
        with CaptureQueriesContext(connection) as made:
            assert client.get("/customers/").status_code == 200
        return len(made)

    before = cost()
    for n in range(20):
        house.make_customer(f"客{n}")
    assert cost() <= max(before, 10)


@pytest.mark.postgres
def test_a_file_that_went_into_another_or_was_made_anonymous_stands_only_where_it_is_asked_for(house, browse):
    """domain.md 2.4 P12: kept for the law, no longer a customer."""
    client, customer = browse("op"), house.customer
    for n, status in enumerate(("merged", "erased"), 1):
        gone = Customer(
            no=f"K900{n}", name="林旧档", outlet=customer.outlet, status=status, joined_on=customer.joined_on
        )
        gone.prepare()
        gone.save()
    everybody = shown(client.get("/customers/"))
    assert customer.no in everybody and "K900" not in everybody
    assert "K900" not in shown(client.get("/customers/?q=林旧档"))
    assert "K9001" in shown(client.get("/customers/?q=K9001"))
    assert "K9002" in shown(client.get("/customers/?status=erased"))
    assert "K900" not in shown(client.get("/search/?q=林旧档"))
    assert "K9002" not in shown(client.get("/customers/?status=nonsense"))
