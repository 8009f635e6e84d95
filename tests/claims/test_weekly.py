"""The week's figures as the weekly meetings bring them: orders, calls after a service, who came and who left (HS-W1.4, U02)."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.houses import MONDAY, House
from zhangfa.claims import weekly
from zhangfa.meetings.registrations import staff_figures
from zhangfa.orders.models import Order, Revisit
from zhangfa.organisation.models import Person
from zhangfa.planning import actions as planning

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("HS-W1.4")]
FIRST, LAST = MONDAY.date() - dt.timedelta(days=7), MONDAY.date() - dt.timedelta(days=1)


@pytest.fixture
def house():
    return House()


def told(give, unit):
    return {(line.label, line.unit): (line.value, line.tone) for line in give(unit, FIRST, LAST, MONDAY)}


def test_calls_due_in_the_week_are_counted_by_department_and_by_outlet(house):
    home, east = house.units["home"], house.units["east"]
    assert weekly.revisits(home, FIRST, LAST, MONDAY) == []
    row = Revisit.objects.create(
        order=house.order, outlet=east, department=home, due_at=MONDAY - dt.timedelta(days=2), status="due"
    )
    assert told(weekly.revisits, home) == {("回访完成率", east.name): (0, "amber")}
    Revisit.objects.filter(pk=row.pk).update(status="done")
    assert told(weekly.revisits, home) == {("回访完成率", east.name): (100, "")}
    assert told(weekly.revisits, home.parent) == {("回访完成率", home.name): (100, "")}
    # The week before is another week.
    Revisit.objects.filter(pk=row.pk).update(due_at=MONDAY - dt.timedelta(days=8))
    assert weekly.revisits(home, FIRST, LAST, MONDAY) == []


def planned(house, by, level, amount, boss):
    """The week's plan with a target of output, agreed to."""
    at = MONDAY - dt.timedelta(days=7)
    plan = planning.begin(level=level, rhythm="weekly", day=at.date(), by=house.actor(by, at), at=at)
    facts = {"title": "本周产值", "standard": "完成的订单", "due_on": plan.to_on, "is_output": True}
    plan = planning.add_item(plan, by=house.actor(by, at), at=at, target=amount, unit="元", **facts)
    plan = planning.submit(plan, by=house.actor(by, at), at=at)
    assert weekly.output_targets(house.units["home"], FIRST, LAST).get(plan.unit_id) is None
    return planning.approve(plan, by=house.actor(boss, at), at=at)


def test_output_stands_beside_the_target_of_the_plan(house):
    home, east = house.units["home"], house.units["east"]
    Order.objects.filter(pk=house.order.pk).update(
        served_from=MONDAY - dt.timedelta(days=2), status="finished", amount=Decimal(300)
    )
    assert all(line.target is None for line in weekly.orders(home, FIRST, LAST, MONDAY))
    planned(house, "hs", "department", Decimal(14000), "dgm")
    planned(house, "oa", "person", Decimal(50), "sup")
    found = {(line.label, line.unit): line for line in weekly.orders(home, FIRST, LAST, MONDAY)}
    # The department's own line, then each outlet's.
    whole, own = found[("服务金额", home.name)], found[("服务金额", east.name)]
    assert (whole.value, whole.target, whole.tone) == (Decimal(300), Decimal(14000), "amber")
    assert (own.value, own.target, own.tone) == (Decimal(300), Decimal(50), "")
    assert (own.plain()["target"], own.plain()["variance"]) == ("50.00", "250.00")
    company = {(line.label, line.unit): line.target for line in weekly.orders(home.parent, FIRST, LAST, MONDAY)}
    assert company[("服务金额", home.name)] == Decimal(14000)


def test_who_came_and_who_left_is_told_of_each_department(house):
    home, service = house.units["home"], house.units["service"]
    assert staff_figures(home, FIRST, LAST, MONDAY) == []
    Person.objects.filter(pk=house.people["oa"].pk).update(left_on=LAST)
    assert told(staff_figures, home) == {("离职人数", home.name): (1, "")}
    assert staff_figures(service, FIRST, LAST, MONDAY) == []
