"""Classes of customers: set by the list, each change with its cause, explained on the customer's page (CS-W2.2)."""

import datetime as dt
from typing import Any

import pytest

from tests.houses import MONDAY, House
from zhangfa.customers import actions, queries, segments
from zhangfa.customers.actions import Verdict, classify
from zhangfa.customers.models import ClassChange, Customer, CustomerClass, in_class
from zhangfa.organisation.models import User

FEBRUARY, MARCH = dt.date(2026, 2, 28), dt.date(2026, 3, 31)
FACTS = {"paid": "8000.00", "rank": 2, "active": 10, "share": "20", "count": 2}
pytestmark = [pytest.mark.postgres, pytest.mark.clause("CS-W2.2")]


@pytest.fixture
def house(db: Any) -> House:
    return House()


def set_class(customer: Customer, facts: dict[str, Any] | None, as_of_on: dt.date, **more: Any) -> list[ClassChange]:
    verdict = Verdict(customer.pk, {"premium": facts} if facts else {}, more)
    return classify([verdict], period=f"{as_of_on:%Y-%m}", as_of_on=as_of_on, at=MONDAY)


def test_a_customer_enters_a_class_with_the_figures_that_decided(house: House) -> None:
    (change,) = set_class(house.customer, FACTS, FEBRUARY, premium="rank")
    assert (change.is_entered, change.cause, change.period) == (True, "rank", "2026-02")
    (row,) = queries.classes_of([house.customer.pk])[house.customer.pk]
    assert (row.code, row.since_on, row.facts["paid"]) == ("premium", FEBRUARY, "8000.00")
    assert list(in_class(Customer.objects.all(), "premium")) == [house.customer]
    assert not in_class(Customer.objects.all(), "key").exists()


def test_the_same_list_again_changes_nothing(house: House) -> None:
    set_class(house.customer, FACTS, FEBRUARY)
    assert set_class(house.customer, FACTS, FEBRUARY) == []
    assert ClassChange.objects.count() == 1


def test_the_next_list_keeps_since_when_and_leaving_is_written_down(house: House) -> None:
    set_class(house.customer, FACTS, FEBRUARY)
    set_class(house.customer, FACTS | {"rank": 1}, MARCH)
    row = CustomerClass.objects.get()
    assert (row.since_on, row.as_of_on, row.facts["rank"]) == (FEBRUARY, MARCH, 1)
    (change,) = set_class(house.customer, None, dt.date(2026, 4, 30), premium="unpaid")
    assert (change.is_entered, change.cause) == (False, "unpaid")
    assert queries.codes_of(house.customer.pk) == set()


def test_an_older_list_drawn_again_does_not_undo_a_newer_one(house: House) -> None:
    set_class(house.customer, FACTS, MARCH)
    assert set_class(house.customer, None, FEBRUARY) == []
    assert queries.codes_of(house.customer.pk) == {"premium"}


def test_a_merged_file_brings_its_classes_once(house: House) -> None:
    other = house.make_customer("林知夏二")
    for customer in (house.customer, other):
        set_class(customer, FACTS, FEBRUARY)
    actions.merge(house.customer, merged=other, reason="同一电话", by=house.actor("cs"), at=MONDAY)
    assert [row.customer for row in CustomerClass.objects.filter(customer=house.customer)] == [house.customer]


def test_an_outlet_learns_the_class_and_not_the_amount(house: House) -> None:
    assert "8,000" in segments.why("premium", FACTS, with_amounts=True)
    assert "8,000" not in segments.why("premium", FACTS, with_amounts=False)
    assert not segments.may_see_amounts(house.actor("oa"))
    assert segments.may_see_amounts(house.actor("cm"))


def test_the_customers_page_explains_the_class_and_the_list_filters_by_it(house: House, client: Any) -> None:
    set_class(house.customer, FACTS, FEBRUARY)
    house.make_customer("普通客户")
    user: User = house.user("cm")
    client.force_login(user)
    page = client.get(f"/customers/{house.customer.pk}/part/classes/", headers={"HX-Request": "true"})
    if page.status_code == 404:
        page = client.get(f"/customers/{house.customer.pk}/?part=classes", headers={"HX-Request": "true"})
    text = page.content.decode()
    assert "8,000" in text and "2026-02-28" in text
    listed = client.get("/customers/?segment=premium").content.decode()
    assert "林知夏" in listed and "普通客户" not in listed
