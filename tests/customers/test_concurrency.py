"""Two people at one file at the same instant: one wins, the other is told."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal as D

import pytest

from tests.claims.test_concurrency import at_once
from tests.houses import MONDAY, House
from zhangfa.customers import actions
from zhangfa.customers.models import Customer, Merge
from zhangfa.orders import actions as orders
from zhangfa.orders.models import Order, Series

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("CS-W2.1")]


@pytest.fixture
def house(transactional_db: None) -> House:
    return House()


def test_of_two_mergings_at_once_one_wins_and_nothing_is_lost(house):
    one, other = house.customer, house.make_customer("林知下")
    order = house.make_order(other)
    facts = {"reason": "同一住址", "at": MONDAY}
    by = [house.actor("op"), house.actor("net")]
    results = at_once(
        lambda: actions.merge(one, merged=other, by=by[0], **facts),
        lambda: actions.merge(other, merged=one, by=by[1], **facts),
    )
    refused = [result for result in results if isinstance(result, set)]
    assert len(refused) == 1 and refused[0] & {"customer.closed", "merge.closed"}
    assert Merge.objects.count() == 1
    order.refresh_from_db()
    assert order.customer == Customer.objects.exclude(status="merged").get(pk__in=(one.pk, other.pk))


def settled(house: House, take: Callable[[], object]) -> None:
    """A request for deletion and something new for the customer at the same instant: never both."""
    Order.objects.update(status="finished")
    request = actions.take_request(
        house.customer, kind="deletion", identity="本人到店", by=house.actor("op"), at=MONDAY
    )
    cs = house.actor("cs")
    erased, taken = at_once(lambda: actions.erase(request, by=cs, at=MONDAY), take)
    if isinstance(erased, set):
        assert erased == {"erasure.planned"} and not isinstance(taken, set)
        assert Customer.objects.get(pk=house.customer.pk).status == "active"
    else:
        assert taken == {"customer.kept"} and Customer.objects.get(pk=house.customer.pk).status == "kept"
        assert not Order.objects.exclude(status="finished").exists() and not Series.objects.exists()


@pytest.mark.clause("HS-D10")
@pytest.mark.parametrize("turn", range(3))
def test_a_file_that_becomes_only_kept_at_the_same_instant_gets_no_order(house, turn):
    op = house.actor("op")
    facts = {"customer": house.customer, "product": house.product, "quantity": D(50), "by": op, "at": MONDAY}
    settled(house, lambda: orders.book(**facts, served_from=MONDAY + dt.timedelta(days=2)))


@pytest.mark.clause("HS-D10")
@pytest.mark.parametrize("turn", range(3))
def test_a_file_that_becomes_only_kept_at_the_same_instant_gets_no_series(house, turn):
    facts = {
        "quantity": D(50),
        "weekdays": [1],
        "starts": dt.time(8, 30),
        "from_on": MONDAY.date() + dt.timedelta(days=1),
    }
    op = house.actor("op")
    settled(
        house, lambda: orders.agree_series(customer=house.customer, product=house.product, **facts, by=op, at=MONDAY)
    )
