"""Entering customers, their scope, and what a reveal leaves behind."""

import pytest
from django.db import connection

from tests.houses import MONDAY, House
from zhangfa.audit.models import Event, Look
from zhangfa.core.decisions import Refused
from zhangfa.customers import actions, demo
from zhangfa.customers.actions import bulk
from zhangfa.customers.models import Customer
from zhangfa.organisation import demo as organisation_demo

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-W2.1")]


@pytest.fixture
def house():
    return House()


def refused(call, *args, **facts):
    with pytest.raises(Refused) as caught:
        call(*args, **facts)
    return [refusal.code for refusal in caught.value.refusals]


def test_an_outlet_enters_its_own_customers_once(house):
    facts = {
        "name": "解语",
        "phone": "15400001234",
        "compound": "枫屿里",
        "address": "3 幢 402",
        "by": house.actor("oa"),
        "at": MONDAY,
    }
    customer = actions.register(outlet=house.units["east"], **facts)
    assert customer.no == f"K{customer.pk:07d}" and customer.department == house.units["home"]
    assert refused(actions.register, outlet=house.units["east"], **facts) == ["customer.known"]
    assert refused(actions.register, outlet=house.units["west"], **{**facts, "phone": "15400001235"}) == [
        "customer.outlet"
    ]
    assert refused(actions.register, outlet=house.units["east"], **{**facts, "by": house.actor("sw")}) == [
        "customers.edit"
    ]
    assert "15400001234" not in Event.objects.get(name="customers.customer.registered").text


@pytest.mark.clause("HS-D10")
def test_personal_data_rests_encrypted_and_is_found_by_its_number(house):
    customer = actions.register(
        name="林一",
        phone="15400001234",
        outlet=house.units["east"],
        address="3 幢 402",
        by=house.actor("op"),
        at=MONDAY,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, address FROM customers_customer WHERE id = %s", [customer.pk])
        assert not any("1234" in value or "402" in value for value in cursor.fetchone())
    for typed in ("15400001234", "1234", "linyi", "林一", customer.no):
        assert Customer.objects.search(typed).get() == customer
    assert customer.masked_phone == "154****1234" and "402" not in customer.masked_address


@pytest.mark.clause("X-5")
def test_everybody_sees_their_own_scope(house):
    mine, other = house.customer, house.make_customer("西客", outlet="west")
    seen = {
        name: set(Customer.objects.visible_to(house.actor(name)))
        for name in ("gm", "cs", "op", "hs", "sup", "oa", "oa2", "sw", "fin", "ls", "hr")
    }
    assert seen["gm"] == seen["cs"] == seen["op"] == seen["hs"] == seen["sup"] == {mine, other}
    assert seen["oa"] == {mine} and seen["oa2"] == {other}
    assert not seen["sw"] and not seen["fin"] and not seen["ls"] and not seen["hr"]
    for name in seen:
        assert len(Customer.objects.branches(house.actor(name))) <= 3


@pytest.mark.clause("HS-D10")
def test_a_reveal_names_who_looked_and_why(house):
    customer = house.customer
    assert (
        actions.reveal(customer, field="address", reason="上门勘察", by=house.actor("cc"), at=MONDAY)
        == "听松苑 3 幢 402"
    )
    look = Look.objects.get()
    assert (look.field, look.reason) == (f"address:{customer.pk}", "上门勘察")
    assert refused(actions.reveal, customer, field="note", reason="看看备注", by=house.actor("oa"), at=MONDAY) == [
        "customer.note"
    ]
    assert refused(actions.reveal, customer, field="phone", reason="", by=house.actor("oa"), at=MONDAY) == [
        "customer.reason"
    ]


def test_editing_keeps_what_is_not_given(house):
    customer = actions.edit(house.customer, name="林知秋", by=house.actor("oa"), at=MONDAY)
    assert customer.phone == "15400009999" and Customer.objects.search("linzhiqiu").get() == customer
    assert refused(actions.edit, house.customer, name="x", by=house.actor("oa2"), at=MONDAY) == ["customers.edit"]


def test_the_demo_archive_holds_invented_numbers_only():
    organisation_demo.build(3, "small", MONDAY)
    demo.COUNTS["tiny"] = 130
    try:
        assert demo.build(3, "tiny", MONDAY) == Customer.objects.count() == 130
    finally:
        del demo.COUNTS["tiny"]
    assert all(c.phone.startswith("154") for c in Customer.objects.all())
    assert Customer.objects.exclude(kind="household").count() == 3
    assert not Customer.objects.filter(department=None).exists()


def test_a_list_fills_what_is_empty_and_undoes_no_edit_that_came_between(house):
    """The file was read before its lock: what somebody wrote meanwhile stays."""
    by, at = house.actor("cs"), MONDAY
    seen = Customer.objects.select_related("outlet").get(pk=house.customer.pk)
    actions.edit(house.customer, name="林知秋", contact="林先生", by=by, at=at)
    bulk.fill({seen: {"contact": "林母", "note": "周末在家"}}, paper=house.customer, by=by, at=at)
    now = Customer.objects.get(pk=seen.pk)
    assert (now.name, now.contact, now.note) == ("林知秋", "林先生", "周末在家")
    other = house.make_customer("林知下")
    stale = Customer.objects.select_related("outlet").get(pk=other.pk)
    actions.merge(house.customer, merged=other, reason="同一住址", by=by, at=at)
    with pytest.raises(Refused):
        bulk.fill({stale: {"note": "周末在家"}}, paper=house.customer, by=by, at=at)
    assert Customer.objects.get(pk=other.pk).status == "merged"
