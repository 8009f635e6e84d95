"""Duties whose records other apps keep: the call after a service is owed by the outlet that served (X-1)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.houses import MONDAY, House
from tests.orders.stages import started
from zhangfa.core import clock
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.catalogue import from_files
from zhangfa.duties.models import Occurrence
from zhangfa.orders import actions as orders
from zhangfa.orders.models import Order, Revisit
from zhangfa.policy import queries as policy

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("X-1")]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
TODAY = clock.local_date(MONDAY)
SAID = "老人下个月回老家，周三停一次"


@pytest.fixture
def house():
    with clock.at(MONDAY):
        house = House()
        load_catalogue()
        yield house


def owed(code):
    return [(row.seat.post_id, row.state) for row in rows(code)]


def rows(code):
    return list(Occurrence.objects.filter(duty__code=code).select_related("seat").order_by("opened_at", "seat_id"))


def test_a_revisit_is_owed_by_the_outlet_that_served_until_the_customer_was_reached(house):
    order = started(house, customer=house.make_customer("顾清晏"))
    sw = house.actor("sw")
    # As in a request, the figures' stamp is read once.
    with CaptureQueriesContext(connection) as seen, policy.one_reading():
        orders.finish(order, by=sw, at=order.served_from + HOUR)
    assert len([query for query in seen.captured_queries if is_counted(query["sql"])]) <= 15
    revisit = Revisit.objects.get(order=order)
    (row,) = rows("D-OA-02")
    assert (row.seat, row.due_at, row.state) == (house.seats["oa"], revisit.due_at, "open")
    at = revisit.due_at - HOUR
    orders.record_revisit(revisit, is_reached=False, note="无人接听", by=house.actor("oa", at), at=at)
    assert owed("D-OA-02") == [("oa", "open")]
    orders.record_revisit(revisit, is_reached=True, satisfaction=5, by=house.actor("oa", at), at=at)
    assert owed("D-OA-02") == [("oa", "done")]
    assert Order.objects.get(pk=order.pk).satisfaction == 5


def test_hundreds_of_entries_at_once_are_looked_up_together(house, django_assert_max_num_queries):
    from zhangfa.core.transitions import Happened
    from zhangfa.duties import engine

    duty = next(row for row in from_files().rows if row.code == "D-OP-01")
    told = [
        Happened(
            "customers.archiveentry.handed_in", "", house.order, house.actor("hs"), MONDAY, None, "x", codes={"subject": f"record:{n}"}
        )
        for n in range(1500)
    ]  # fmt: skip
    with django_assert_max_num_queries(1):
        assert not engine._standing([(duty, one) for one in told])
