"""Two people at one file at the same instant: one wins, the other is told."""

import pytest

from tests.claims.test_concurrency import at_once
from tests.houses import MONDAY, House
from zhangfa.customers import actions
from zhangfa.customers.models import Customer, Merge

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
