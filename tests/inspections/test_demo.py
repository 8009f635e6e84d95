"""The invented company inspects every week: the same weeks for the same seed, by the real actions."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from zhangfa.inspections import demo
from zhangfa.inspections.models import Inspection, Problem, Sheet
from zhangfa.records.models import Publication

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-W3")]


def test_the_demo_inspects_spot_checks_puts_right_and_publishes(house):
    at = MONDAY + dt.timedelta(days=38)
    for name in ("oa", "oa2", "hs", "am", "cc", "cs"):
        house.user(name)
    assert demo.build(1, "small", at) == Inspection.objects.count() >= 10
    assert Sheet.objects.filter(status="handed").count() > 10
    assert Problem.objects.filter(status="closed").exists()
    assert Publication.objects.filter(kind="RPT-23").count() == 5
    assert Inspection.objects.filter(status="issued").exists()
