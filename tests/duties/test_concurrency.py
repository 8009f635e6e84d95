"""Two who begin the same paper about duties at one instant: one has it, the other is told."""

import datetime as dt

import pytest

from tests.houses import MONDAY, House
from tests.turns import one_is_refused
from zhangfa.duties import actions
from zhangfa.duties.models import DutyChange, Handover

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.clause("X-1")]
TODAY = MONDAY.date()


def test_one_list_of_what_somebody_leaves_behind():
    house = House()

    def draw(who):
        facts = {"seat": house.seats["oa"], "leaver": house.people["oa"], "last_on": TODAY + dt.timedelta(days=9)}
        return lambda: actions.draw_up(**facts, by=house.actor(who), at=MONDAY)

    one_is_refused("handover.running", draw("am"), draw("hr"))
    assert Handover.objects.count() == 1


def test_one_change_of_a_duty_is_under_way():
    house = House()
    actions.load_catalogue()

    def propose():
        facts = {"kind": "off", "stem": "D-CC-05.bundle.", "effective_from": TODAY + dt.timedelta(days=9)}
        actions.propose_duty_change(**facts, reason="这项职责另有安排", by=house.actor("am"), at=MONDAY)

    one_is_refused("duty.waiting", propose, propose)
    assert DutyChange.objects.count() == 1
