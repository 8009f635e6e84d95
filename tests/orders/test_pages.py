"""Orders: scope, the worker's own, the panel on the customer; the demo year."""

import datetime as dt
import itertools
import re

import pytest

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.customers import demo as customers_demo
from zhangfa.customers import doctor as customers_doctor
from zhangfa.finance.models import Receipt
from zhangfa.orders import demo
from zhangfa.orders import doctor as orders_doctor
from zhangfa.orders.catalogue import OFFERS
from zhangfa.orders.crews import with_members
from zhangfa.orders.models import Card, CardEntry, CrewMember, Order, Product, Revisit, Series
from zhangfa.organisation import demo as organisation_demo
from zhangfa.organisation.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-5")]


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def shown(response, status=200):
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def test_everybody_sees_their_own_scope(client, house):
    other = house.make_order(house.make_customer("西客", outlet="west"), worker="sw2")
    seen = {
        name: set(Order.objects.visible_to(house.actor(name)))
        for name in ("gm", "op", "sup", "oa", "sw", "sw2", "fin", "am")
    }
    assert seen["gm"] == seen["op"] == seen["sup"] == seen["fin"] == {house.order, other}
    assert seen["oa"] == seen["sw"] == {house.order} and seen["sw2"] == {other} and not seen["am"]
    for name, status in (("op", 200), ("oa", 404), ("sw2", 200), ("sw", 404)):
        client.force_login(house.user(name))
        assert client.get(other.get_absolute_url()).status_code == status
    client.force_login(house.user("am"))
    assert client.get("/orders/").status_code == 403
    client.force_login(house.user("fin"))
    assert "西*" in shown(client.get(other.get_absolute_url()))


def test_a_worker_does_not_read_the_whole_name(client, house):
    client.force_login(house.user("sw"))
    page = shown(client.get("/orders/"))
    assert house.order.number in page and "林知夏" not in page and "林**" in page
    client.force_login(house.user("op"))
    assert "林知夏" in shown(client.get(f"/orders/?q={house.customer.no}"))
    assert house.order.get_absolute_url() in shown(client.get(f"/search/?q={house.order.number}"))
    assert 'type="radio"' in shown(client.get("/lookup/orders/?name=order&order-q=林知夏"))


def test_the_demo_year_is_causal_and_reproducible():
    organisation_demo.build(3, "small", MONDAY)
    customers_demo.COUNTS["tiny"], demo.COUNTS["tiny"] = 150, 400
    try:
        customers_demo.build(3, "tiny", MONDAY)
        demo.build(3, "tiny", MONDAY)
        first = list(
            Order.objects.filter(series=None)
            .order_by("id")
            .values_list("number", "customer__no", "product_id", "worker__no", "amount")
        )
        crews = list(CrewMember.objects.order_by("id").values_list("order__number", "worker__no"))
        for model in (Receipt, Revisit, CardEntry, Card, Order, Series):
            model.objects.all().delete()
        demo.build(3, "tiny", MONDAY)
    finally:
        del customers_demo.COUNTS["tiny"], demo.COUNTS["tiny"]
    assert [*customers_doctor.data_problems(), *orders_doctor.data_problems()] == []
    orders = list(
        Order.objects.filter(series=None).order_by("id").select_related("customer", "worker", "outlet", "product")
    )
    with_members(orders)
    assert [(o.number, o.customer.no, o.product_id, o.worker and o.worker.no, o.amount) for o in orders] == first
    assert list(CrewMember.objects.order_by("id").values_list("order__number", "worker__no")) == crews
    crewed = [o for o in orders if o.product.crew > 1 and o.status == "finished"]
    assert len(crewed) > 20 and all(len(o.people) == o.product.crew for o in crewed)
    assert len(orders) == 410 and Product.objects.count() == len(OFFERS) == len({offer.code for offer in OFFERS})
    assert all(o.served_from < o.served_to and o.amount > 0 and o.customer.outlet_id == o.outlet_id for o in orders)
    assert all(o.finished_at <= MONDAY for o in orders if o.status == "finished")
    assert {o.status for o in orders[400:]} <= {"planned", "assigned", "started", "finished", "cancelled"}
    assert [o.served_from.date() for o in orders] == sorted(o.served_from.date() for o in orders)
    assert all(o.worker.kind == Person.Kind.WORKER for o in orders if o.worker)
    taken = sorted((one, o.served_from, o.served_to) for o in orders for one in o.people if o.status != "cancelled")
    assert not [1 for (a, _f, end), (b, begin, _t) in itertools.pairwise(taken) if a == b and begin < end]


@pytest.mark.clause("CS-W2.2")
def test_the_demo_has_customers_who_have_been_served_for_years(monkeypatch):
    organisation_demo.build(3, "small", MONDAY)
    monkeypatch.setitem(customers_demo.COUNTS, "tiny", 300)
    monkeypatch.setitem(demo.COUNTS, "tiny", 50)
    monkeypatch.setitem(demo.year.STAYED, "tiny", 8)
    customers_demo.build(3, "tiny", MONDAY)
    demo.build(3, "tiny", MONDAY)
    old = Order.objects.filter(served_from__lt=MONDAY - dt.timedelta(days=3 * 365 + 1)).select_related(
        "customer", "worker"
    )
    assert 4 <= len(old) <= 8 and list(orders_doctor.data_problems()) == []
    assert all(o.status == "finished" and o.paid == o.amount for o in old)
    assert all(o.worker.joined_on <= o.customer.joined_on <= o.served_from.date() for o in old)
    assert [int(o.number[1:]) for o in Order.objects.order_by("served_from", "pk")[: len(old)]] == list(
        range(1, len(old) + 1)
    )
