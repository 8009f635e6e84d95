"""A key account by the list of top customers is one by care: paid and contracted, nothing twice (domain.md A-21)."""

import datetime as dt
from decimal import Decimal as D

import pytest

from tests.care import stages
from tests.houses import MONDAY
from zhangfa.care.totals import amounts
from zhangfa.core import clock
from zhangfa.orders.models import Order, Series
from zhangfa.reports import facts, rollup
from zhangfa.reports.engines import engine
from zhangfa.reports.pack import Frame, prepare

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("CS-W4")]
UNTIL = dt.date(2026, 2, 28)


def contract(house, customer, fee, paid):
    """A contract of one year in force, on which so much was paid."""
    row = Series.objects.create(
        hours=D(2), booked_at=MONDAY, customer=customer, product=house.product, kind=Series.Kind.CONTRACT, quantity=D(50), weekdays="1", starts=dt.time(8, 30), contract_model="employee_model",
        from_on=dt.date(2025, 6, 1), to_on=dt.date(2026, 5, 31), fee=D(fee), scope="每周保洁", outlet=customer.outlet,
    )  # fmt: skip
    order = finished(stages.paid(house, customer, paid))
    Order.objects.filter(pk=order.pk).update(series=row)


def finished(order):
    Order.objects.filter(pk=order.pk).update(status=Order.Status.FINISHED)
    return order


@pytest.mark.parametrize(("fee", "is_key"), [("40000", True), ("39999.99", False)])
def test_both_say_the_same_at_the_figure_and_one_fen_below(house, fee, is_key):
    customer = stages.company(house)
    finished(stages.paid(house, customer, "60000"))
    contract(house, customer, fee, "10000")
    at = clock.day_start(UNTIL + dt.timedelta(days=1)) - dt.timedelta(microseconds=1)
    by_care = amounts(at)[customer.pk].total
    assert by_care == D("60000") + D(fee)
    rollup.fill()
    with engine("database") as chosen:
        frame = Frame(202602, facts.limits_at(MONDAY)[0])
        prepare(chosen, frame)
        [(paid, beyond, flag)] = chosen.rows(
            f"SELECT amount, contracted, is_key FROM pack_class WHERE customer_id = {customer.pk}"
        )
    assert (D(int(paid) + int(beyond)) / 100, bool(flag)) == (by_care, is_key)
