"""Who leaves hands their promises to customers on with the signed list."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from zhangfa.care import actions as care
from zhangfa.care.models import Promise
from zhangfa.duties import actions as duties
from zhangfa.records.actions import sign

DAY = dt.timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("X-1")]


def test_promises_go_to_the_successor_with_the_last_name(house):
    kept = care.promise(
        house.customer, text="下周二前送发票上门", due_at=MONDAY + 8 * DAY, by=house.actor("cm"), at=MONDAY
    )
    handover = duties.draw_up(
        seat=house.seats["cm"],
        leaver=house.people["cm"],
        last_on=(MONDAY + DAY).date(),
        by=house.actor("hr"),
        at=MONDAY,
    )
    handover = duties.name_successor(handover, by=house.actor("am"), at=MONDAY, person=house.people["ops"])
    handover = duties.send_for_signing(handover, by=house.actor("cm"), at=MONDAY)
    assert handover.items.get(source="care-promises").title == "下周二前送发票上门"
    for role, who in (("leaver", "cm"), ("successor", "ops"), ("superior", "cs")):
        house.user(who)
        sign(handover.record, role=role, by=house.actor(who), at=MONDAY, is_verified=True)
    assert Promise.objects.get(pk=kept.pk).owner == house.people["ops"]
    assert handover.items.get(source="care-promises").moved_at == MONDAY
