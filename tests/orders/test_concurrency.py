"""Two dispatchers at the same instant: one wins, the other is told why."""

import datetime as dt
from decimal import Decimal as D

import pytest

from tests.claims.test_concurrency import at_once
from tests.houses import MONDAY, House
from tests.orders.stages import HOUR, NEXT, booked, finished, with_papers
from zhangfa.finance.models import Receipt
from zhangfa.orders import actions
from zhangfa.orders.models import Card, CrewMember, Order
from zhangfa.organisation.models import Holding, Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("HS-W3")]


@pytest.fixture
def house(transactional_db):
    return House()


def test_two_dispatchers_take_the_same_worker_once(house):
    with_papers(house, "sw")
    orders = [booked(house, served_from=NEXT + n * HOUR) for n in range(2)]
    people = [house.actor("oa"), house.actor("op")]
    results = at_once(
        lambda: actions.assign(orders[0], by=people[0], at=MONDAY, worker=house.people["sw"]),
        lambda: actions.assign(orders[1], by=people[1], at=MONDAY, worker=house.people["sw"]),
    )
    assert [result for result in results if isinstance(result, set)] == [{"dispatch.double"}]
    assert sorted(Order.objects.filter(pk__in=[o.pk for o in orders]).values_list("status", flat=True)) == [
        "assigned",
        "planned",
    ]


def test_an_order_moved_into_an_hour_that_is_just_taken(house):
    with_papers(house, "sw")
    first = actions.assign(booked(house), by=house.actor("oa"), at=MONDAY, worker=house.people["sw"])
    second = booked(house, served_from=NEXT + 5 * HOUR)
    oa, op = house.actor("oa"), house.actor("op")
    facts = {"served_from": NEXT + 4 * HOUR, "hours": D(3), "reason": "客户要求"}
    results = at_once(
        lambda: actions.assign(second, by=oa, at=MONDAY, worker=house.people["sw"]),
        lambda: actions.move(first, by=op, at=MONDAY, **facts),
    )
    assert [result for result in results if isinstance(result, set)] == [{"dispatch.double"}]


def test_one_order_is_paid_once(house):
    order = finished(house)
    oa, sw, at = house.actor("oa"), house.actor("sw"), order.served_to + dt.timedelta(minutes=5)
    results = at_once(
        lambda: actions.collect(order, by=oa, at=at, amount=D(900), method="wechat"),
        lambda: actions.collect(order, by=sw, at=at, amount=D(900), method="cash"),
    )
    assert sum(isinstance(result, set) for result in results) == 1
    assert [row.amount for row in Receipt.objects.all()] == [D(900)]


def test_two_orders_never_empty_a_card_twice(house):
    facts = {
        "outlet": house.units["east"],
        "customer": house.customer,
        "method": "cash",
        "by": house.actor("oa"),
        "at": MONDAY,
    }
    card = actions.sell_card(amount=D(1000), **facts)
    orders, oa = [booked(house), booked(house, served_from=NEXT + 9 * HOUR)], house.actor("oa")
    results = at_once(*[lambda order=order: actions.use_card(order, by=oa, at=MONDAY, card=card) for order in orders])
    assert [result for result in results if isinstance(result, set)] == [{"card.balance"}]
    assert Card.objects.get().balance == D(100)


def crewed(house):
    """A second order beside the first, each led by somebody, and two who may go along."""
    for name in ("sw", "sw3", "sw4", "sw5"):
        if name not in house.people:
            person = Person(no=name, name=name, kind="worker")
            person.prepare()
            person.save()
            house.people[name] = person
            Holding.objects.create(person=person, seat=house.seats["sw"], from_on=dt.date(2026, 1, 1))
        with_papers(house, name)
    send = {"by": house.actor("oa"), "at": MONDAY}
    return [actions.assign(booked(house), **send, worker=house.people[name]) for name in ("sw", "sw3")]


def test_two_dispatchers_take_the_same_member_once(house):
    orders, people = crewed(house), [house.actor("oa"), house.actor("op")]
    results = at_once(
        lambda: actions.add_member(orders[0], by=people[0], at=MONDAY, worker=house.people["sw4"]),
        lambda: actions.add_member(orders[1], by=people[1], at=MONDAY, worker=house.people["sw4"]),
    )
    assert [result for result in results if isinstance(result, set)] == [{"dispatch.double"}]
    assert CrewMember.objects.count() == 1


def test_one_sends_a_worker_along_while_another_puts_them_in_charge(house):
    orders, people = crewed(house), [house.actor("oa"), house.actor("op")]
    third = booked(house, served_from=NEXT + HOUR)
    results = at_once(
        lambda: actions.add_member(orders[0], by=people[0], at=MONDAY, worker=house.people["sw4"]),
        lambda: actions.assign(third, by=people[1], at=MONDAY, worker=house.people["sw4"]),
    )
    assert [result for result in results if isinstance(result, set)] == [{"dispatch.double"}]


def test_the_same_member_is_added_to_one_order_once(house):
    order, people = crewed(house)[0], [house.actor("oa"), house.actor("op")]
    results = at_once(
        *[lambda by=by: actions.add_member(order, by=by, at=MONDAY, worker=house.people["sw4"]) for by in people]
    )
    assert [result for result in results if isinstance(result, set)] == [{"crew.twice"}]


def test_two_crews_that_move_at_once_never_wait_for_each_other(house):
    orders = crewed(house)
    oa, op = house.actor("oa"), house.actor("op")
    # Each crew holds somebody whose id lies beyond the other's, the second one led by the later id.
    actions.add_member(orders[0], by=oa, at=MONDAY, worker=house.people["sw5"])
    actions.add_member(orders[1], by=oa, at=MONDAY, worker=house.people["sw4"])
    later = {"hours": D(3), "reason": "客户要求", "at": MONDAY}
    results = at_once(
        lambda: actions.move(orders[0], by=oa, served_from=NEXT + 5 * HOUR, **later),
        lambda: actions.move(orders[1], by=op, served_from=NEXT + 5 * HOUR, **later),
    )
    assert not [result for result in results if isinstance(result, set)]
    assert {row.served_from for row in CrewMember.objects.all()} == {NEXT + 5 * HOUR}
