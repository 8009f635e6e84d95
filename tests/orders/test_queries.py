"""Time between two instants, the same on both databases."""

import datetime as dt

import pytest
from django.db.models import Avg

from tests.houses import MONDAY, House
from zhangfa.core.spans import DaysBetween
from zhangfa.orders.models import Order

pytestmark = pytest.mark.django_db


def test_days_are_counted_with_their_fraction():
    house = House()
    Order.objects.update(served_from=MONDAY, served_to=MONDAY + dt.timedelta(days=2, hours=6))
    assert house.order.pk and Order.objects.aggregate(days=Avg(DaysBetween("served_from", "served_to")))[
        "days"
    ] == pytest.approx(2.25, abs=1e-5)
