"""The invented company's plans."""

import pytest

from tests.houses import MONDAY
from zhangfa.core import clock
from zhangfa.planning import demo
from zhangfa.planning.models import Plan

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-D5")]


def test_a_department_that_two_lead_has_one_plan(house):
    at = MONDAY.replace(month=12, day=1)
    with clock.at(at):
        count = demo.build(seed=7, scale="small", at=at)
    made = Plan.objects.filter(rhythm="yearly", unit=house.units["finance"])
    assert made.count() == 1 and Plan.objects.count() == count
