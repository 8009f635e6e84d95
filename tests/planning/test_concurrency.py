"""Two who begin the same paper at one instant: one has it, the other is told who was first."""

import pytest

from tests.houses import MONDAY, House
from tests.planning.test_actions import DECEMBER, begin
from tests.turns import one_is_refused
from zhangfa.organisation.models import Holding, Person
from zhangfa.planning import actions
from zhangfa.planning.models import Plan, Summary

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.clause("AM-D5")]


@pytest.fixture
def house():
    return House()


def test_one_person_with_two_windows_begins_one_plan(house):
    refused = one_is_refused("plan.taken", *[lambda: begin(house, "hs", "person")] * 2)
    assert refused.params == {"name": house.people["hs"].shown_name}
    assert Plan.objects.count() == 1


def test_two_who_may_plan_for_the_company_begin_one_plan(house):
    refused = one_is_refused(
        "plan.taken",
        lambda: begin(house, "am", "company", "yearly"),
        lambda: begin(house, "dgm", "company", "yearly"),
    )
    assert refused.params == {"name": Plan.objects.get().person.shown_name}


def test_the_year_of_a_department_is_summed_up_once(house):
    second = Person(no="T900", name="人副经理", kind="staff", phone="15400009001")
    second.prepare()
    second.save()
    house.people["hs2"] = second
    Holding.objects.filter(seat=house.seats["hs"]).update(to_on=None)
    Holding.objects.create(person=second, seat=house.seats["hs"], from_on=MONDAY.date())

    def sum_up(name):
        facts = {"level": "department", "year": 2026, "text": "完成全年指标", "next_plan": "再开两家网点"}
        return lambda: actions.summarise(**facts, by=house.actor(name, DECEMBER), at=DECEMBER)

    refused = one_is_refused("summary.taken", sum_up("hs"), sum_up("hs2"))
    assert refused.params == {"name": Summary.objects.get().person.shown_name}
