"""The archive's duties: each is opened and closed by what happens to the entries of served customers (CS-W2.1)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.customers.test_profile import FULL
from tests.houses import MONDAY, House
from tests.orders.stages import NEXT, started
from zhangfa.core import clock
from zhangfa.customers import actions, entries
from zhangfa.customers.models import ArchiveEntry
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.orders import actions as orders
from zhangfa.organisation.calendar import DayOff, renew
from zhangfa.policy import queries as policy
from zhangfa.runtime import worker

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("CS-W2.1")]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def house():
    with clock.at(MONDAY):
        house = House()
        load_catalogue()
        yield house


def rows(code):
    return list(
        Occurrence.objects.filter(duty__code=code).select_related("seat").order_by("opened_at", "period", "seat_id")
    )


def states(code):
    return [row.state for row in rows(code)]


def serve(house, name, *, hours=0, customer=None):
    """A customer is served, so many hours into the day, and the worker says that it is finished. Returns customer and order."""
    customer = customer or house.make_customer(name)
    order = started(house, customer=customer, served_from=NEXT + hours * HOUR)
    orders.finish(order, by=house.actor("sw"), at=order.served_from + HOUR)
    return customer, order


def write(house, customer, order, *, at=None, name="oa"):
    at = at or order.served_from + 2 * HOUR
    day = clock.local_date(order.served_to)
    return actions.write_entry(
        customer,
        served_on=day,
        by=house.actor(name, at),
        at=at,
        observation=f"下个月回老家停一次{customer.name}",
        **FULL,
    )


def test_a_day_is_owed_from_the_first_service_and_done_when_every_customer_has_an_entry(house):
    assert not rows("D-OA-01")
    first, order = serve(house, "甲一")
    (row,) = rows("D-OA-01")
    assert (row.seat, row.state, clock.local_date(row.due_at - HOUR)) == (
        house.seats["oa"],
        "open",
        clock.local_date(order.served_to),
    )
    second, later = serve(house, "乙二", hours=4)
    write(house, first, order)
    assert states("D-OA-01") == ["open"]
    write(house, second, later, at=later.served_from + 2 * HOUR)
    assert states("D-OA-01") == ["done"]
    assert rows("D-OA-01")[0].evidence_event == "customers.archiveday.written"


def test_who_is_served_after_all_was_written_is_owed_again_on_the_same_day(house):
    first, order = serve(house, "甲一")
    write(house, first, order)
    assert states("D-OA-01") == ["done"]
    second, later = serve(house, "乙二", hours=4)
    assert states("D-OA-01") == ["open"] and rows("D-OA-01")[0].done_at is None
    write(house, second, later, at=order.served_to + 2 * DAY)
    assert states("D-OA-01") == ["late"]


def test_who_was_written_already_owes_nothing_when_served_again(house):
    first, order = serve(house, "甲一")
    write(house, first, order)
    serve(house, "甲一", hours=4, customer=first)
    assert states("D-OA-01") == ["done"]


def test_a_service_on_a_day_off_is_written_by_the_next_working_day(house):
    DayOff.objects.create(day=clock.local_date(MONDAY), kind="holiday")
    renew(MONDAY)
    assert entries.entry_due(MONDAY) == clock.day_start(clock.local_date(MONDAY) + 2 * DAY)


def test_finishing_a_service_stays_within_the_budget_of_a_step(house):
    order = started(house, customer=house.make_customer("甲一"))
    by = house.actor("sw")
    with CaptureQueriesContext(connection) as seen, policy.one_reading():
        orders.finish(order, by=by, at=order.served_from + HOUR)
    told = [query["sql"][:150] for query in seen.captured_queries if is_counted(query["sql"])]
    assert len(told) <= 15, "\n".join(told)


def test_departments_hand_in_operators_key_in_and_the_network_group_verifies(house):
    worker.tick(MONDAY)
    assert {(row.seat.post_id, row.period) for row in rows("D-OA-04")} == {("hs", "2026-03-01"), ("ls", "2026-03-01")}
    customer, order = serve(house, "甲一")
    entry = write(house, customer, order)
    at = order.served_from + 3 * HOUR
    actions.hand_in(by=house.actor("hs", at), at=at)
    assert {row.seat.post_id: row.state for row in rows("D-OA-04")} == {"hs": "done", "ls": "open"}
    (key_in,) = rows("D-OP-01")
    entry.refresh_from_db()
    assert (key_in.seat.post_id, key_in.due_at, key_in.state) == ("op", entry.key_in_due_at, "open")
    actions.key_in(ArchiveEntry.objects.get(pk=entry.pk), by=house.actor("op", at), at=at)
    entry.refresh_from_db()
    (verify,) = rows("D-NET-01")
    assert states("D-OP-01") == ["done"] and (verify.due_at, verify.state) == (entry.verify_due_at, "open")
    # A difference is a verification; what is corrected the same day is keyed in and verified again.
    actions.send_back(
        ArchiveEntry.objects.get(pk=entry.pk), by=house.actor("net", at), at=at, differences={"pets": "实际有两只猫"}
    )
    assert states("D-NET-01") == ["done"]
    actions.correct(ArchiveEntry.objects.get(pk=entry.pk), by=house.actor("oa", at), at=at, pets="两只猫")
    assert states("D-OP-01") == ["done", "open"]
    actions.key_in(ArchiveEntry.objects.get(pk=entry.pk), by=house.actor("op", at), at=at)
    assert (states("D-OP-01"), states("D-NET-01")) == (["done", "done"], ["done", "open"])
    late = entry.verify_due_at + HOUR
    fields = list(entries.learnt_of(entry))
    actions.verify(ArchiveEntry.objects.get(pk=entry.pk), by=house.actor("net", late), at=late, checked=fields)
    assert states("D-NET-01") == ["done", "late"]


def test_a_batch_is_evidence_for_every_period_that_it_makes_good(house):
    worker.tick(MONDAY)
    at = MONDAY + 7 * DAY  # 9 March: 1–3, 4–6 and 7–9 March are owed
    worker.tick(at)
    customer, order = serve(house, "甲一")
    write(house, customer, order, at=at)
    actions.hand_in(by=house.actor("hs", at), at=at)
    mine = [(row.period, row.state) for row in rows("D-OA-04") if row.seat.post_id == "hs"]
    # All there was belongs to the second of March: what is not due to be handed in yet stays owed.
    assert mine == [("2026-03-01", "late"), ("2026-03-04", "open"), ("2026-03-07", "open")]
    actions.hand_in(by=house.actor("hs", at), at=at, note="这几天没有完成的服务")
    mine = [(row.period, row.state) for row in rows("D-OA-04") if row.seat.post_id == "hs"]
    assert mine == [("2026-03-01", "late"), ("2026-03-04", "late"), ("2026-03-07", "done")]


def test_hand_ins_are_checked_when_every_department_has_handed_in(house):
    worker.tick(MONDAY)
    at = MONDAY + 2 * DAY  # 4 March: the hand-ins of 1–3 March are to be checked
    batches = [
        actions.hand_in(by=house.actor(name, MONDAY), at=MONDAY, note="还没有完成的服务") for name in ("hs", "ls")
    ]
    worker.tick(at)
    checks = {row.period: row.state for row in rows("D-CS-06")}
    assert checks["2026-03-01"] == "open"
    actions.check(batches[0], by=house.actor("cs", at), at=at, opinion="齐全")
    assert {row.period: row.state for row in rows("D-CS-06")}["2026-03-01"] == "open"
    actions.check(batches[1], by=house.actor("cs", at), at=at, opinion="齐全")
    row = next(row for row in rows("D-CS-06") if row.period == "2026-03-01")
    assert (row.state, row.due_at) == ("done", clock.day_start(dt.date(2026, 3, 7)))


def test_hundreds_of_entries_handed_in_cost_no_more_statements_than_a_few(house):
    def cost(count, day):
        for number in range(count):
            customer = house.make_customer(f"批{day}{number}")
            order = house.make_order(customer)
            write(house, customer, order, at=MONDAY)
        by = house.actor("hs")
        with CaptureQueriesContext(connection) as seen, policy.one_reading():
            actions.hand_in(by=by, at=MONDAY)
        duties = [
            query for query in seen.captured_queries if "duties_" in query["sql"] or "organisation_" in query["sql"]
        ]
        return len(duties)

    few = cost(2, 1)
    assert cost(12, 2) <= few
