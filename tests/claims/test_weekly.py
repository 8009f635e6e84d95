"""The week's figures as the weekly meetings bring them: orders, calls after a service, who came and who left (HS-W1.4, U02)."""

import datetime as dt

import pytest

from tests.houses import MONDAY, House
from zhangfa.claims import weekly
from zhangfa.meetings.registrations import staff_figures
from zhangfa.orders.models import Revisit
from zhangfa.organisation.models import Person

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


def test_who_came_and_who_left_is_told_of_each_department(house):
    home, service = house.units["home"], house.units["service"]
    assert staff_figures(home, FIRST, LAST, MONDAY) == []
    Person.objects.filter(pk=house.people["oa"].pk).update(left_on=LAST)
    assert told(staff_figures, home) == {("离职人数", home.name): (1, "")}
    assert staff_figures(service, FIRST, LAST, MONDAY) == []
