"""Two who enter the roster of one outlet at one instant: one stands, the other is told whose."""

import pytest

from tests.houses import MONDAY, House
from tests.turns import one_is_refused
from zhangfa.people import actions
from zhangfa.people.models import Roster

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.clause("HR-D1")]


def test_one_outlet_has_one_roster_from_a_day_on():
    house = House()

    def enter(weekdays):
        return lambda: actions.set_roster(
            unit=house.units["east"], weekdays=weekdays, from_on=MONDAY.date(), by=house.actor("hr"), at=MONDAY
        )

    refused = one_is_refused("roster.order", enter("123456"), enter("234567"))
    assert refused.params == {"day": "2026-03-02", "name": house.people["hr"].shown_name}
    assert Roster.objects.count() == 1
