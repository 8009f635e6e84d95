"""The pack against the same figures reckoned in plain Python, on both engines and on random orders."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.houses import House
from tests.reports.invented import Reckoned, fen, invent, lorenz
from zhangfa.core import clock
from zhangfa.orders.models import Order
from zhangfa.reports import drawing, facts, mirror, pack, rollup
from zhangfa.reports.engines import engine
from zhangfa.reports.models import CustomerSum, MonthSum, Use
from zhangfa.reports.pack import Frame
from zhangfa.reports.rules import month_back, pareto_count

UNTIL = dt.date(2026, 10, 31)
MONTH = 202610
NOON = dt.datetime(2026, 11, 2, 12, 0, tzinfo=clock.TZ)
pytestmark = [pytest.mark.postgres, pytest.mark.clause("CS-W2.2")]
ENGINES = ["database", *(["duckdb"] if mirror.is_installed() else [])]


@pytest.fixture
def house(db: Any, tmp_path: Any, settings: Any) -> House:
    settings.ZHANGFA_HOME = tmp_path
    return House()


def draw(prefer: str, month: int = MONTH) -> tuple[dict[str, Any], Frame]:
    rollup.fill()
    if prefer == "duckdb":
        mirror.refresh()
    limits, _policy = facts.limits_at(NOON)
    frame = Frame(month, limits)
    with engine(prefer) as chosen:
        assert chosen.name == prefer
        return drawing.whole_pack(chosen, frame), frame


@pytest.mark.parametrize("prefer", ENGINES)
@pytest.mark.parametrize(("seed", "customers", "orders"), [(1, 40, 400), (2, 7, 30), (3, 60, 90)])
def test_the_pack_is_what_the_orders_say(house: House, prefer: str, seed: int, customers: int, orders: int) -> None:
    invent(house, seed, customers, orders, UNTIL)
    made, frame = draw(prefer)
    true = Reckoned(MONTH, frame.limits, UNTIL)
    head = made["head"]
    amounts = [one.amount for one in true.customers]
    assert (head["active"], head["top"], head["amount"]) == (len(amounts), true.top, sum(amounts))
    assert head["top_amount"] == sum(amounts[: true.top])
    assert head["pareto"] == pareto_count(amounts)
    assert abs(float(head["gini"]) - lorenz(amounts)) < 0.001
    listed = {row[0]: row for row in made["rows"]}
    wanted = {
        one.customer_id
        for place, one in enumerate(true.customers, start=1)
        if place <= true.top or true.classes[one.customer_id]
    }
    assert set(listed) == wanted
    for place, one in enumerate(true.customers, start=1):
        if one.customer_id in listed:
            row = listed[one.customer_id]
            assert (row[1], row[2], row[4]) == (place, one.amount, one.orders)
            found = {
                code for code, holds in zip(("premium", "key", "loyal", "long_term"), row[12:16], strict=True) if holds
            }
            assert found == true.classes[one.customer_id]
            assert tuple(row[18:21]) == true.scores(one), one
            assert row[21] == true.main_products(one.customer_id, frame)
            assert row[22:] == [true.visited.get(one.customer_id), *true.cases.get(one.customer_id, (0, 0))]
    with engine(prefer) as chosen:
        pack.prepare(chosen, frame)
        sales = pack.products(chosen, MONTH)
        earlier = pack.bought_before(chosen, (month_back(MONTH, 1), month_back(MONTH, 12)))
    for month, classes in earlier.items():
        for code, amounts in classes.items():
            who = set(listed) if code == "listed" else {key for key, codes in true.classes.items() if code in codes}
            paid = {row[0]: row[3] for row in true.products(month, who) if row[3]}
            assert {product: amount for product, amount in amounts.items() if amount} == paid, (month, code)
    assert sales["all"] == true.products(MONTH)
    for code in ("premium", "loyal", "long_term", "key"):
        assert sales[code] == true.products(MONTH, {key for key, codes in true.classes.items() if code in codes})


def test_an_empty_company_has_an_empty_pack(house: House) -> None:
    Order.objects.all().delete()
    rollup.fill()
    limits, _policy = facts.limits_at(NOON)
    with engine("database") as chosen:
        made = drawing.whole_pack(chosen, Frame(MONTH, limits))
    assert (made["head"]["active"], made["head"]["top"], made["head"]["pareto"], made["rows"]) == (0, 0, 0, [])
    assert made["mix"]["rows"] == [] and made["head"]["gini"] is None


@pytest.mark.parametrize("prefer", ENGINES)
def test_shares_of_every_table_add_up_and_the_totals_are_the_ledgers(house: House, prefer: str) -> None:
    invent(house, 5, 30, 300, UNTIL)
    made, _frame = draw(prefer)
    tables = [made["mix"]["rows"], *made["best"]["classes"].values()]
    for rows in tables:
        for column in ("share_orders", "share_customers", "share_amount"):
            assert sum(Decimal(row[column]) for row in rows) in (Decimal("100.0"), Decimal("0"))
    in_month = [o for o in Order.objects.all() if clock.local_date(o.served_from).strftime("%Y%m") == str(MONTH)]
    assert made["mix"]["total"]["amount"] == sum(fen(o.paid - o.refunded) for o in in_month)
    assert sum(row["amount"] for row in made["mix"]["rows"]) == made["mix"]["total"]["amount"]
    departments = [part for key, part in made["departments"].items() if key != "all"]
    assert sum(part["amount"] for part in departments) == made["departments"]["all"]["amount"]


def test_the_roll_up_follows_an_order_that_changes(house: House) -> None:
    invent(house, 6, 10, 60, UNTIL)
    rollup.fill()
    assert rollup.wrong_months() == []
    order = Order.objects.filter(status="finished", paid__gt=0).order_by("pk")[0]
    Order.objects.filter(pk=order.pk).update(served_from=order.served_from - dt.timedelta(days=40))
    assert len(rollup.wrong_months()) == 2
    rollup.mend()
    assert rollup.wrong_months() == []
    assert (
        sum(MonthSum.objects.filter(department_id=-1, product_id="").values_list("orders", flat=True))
        == Order.objects.filter(status="finished").count()
    )
    one = CustomerSum.objects.get(pk=order.customer_id)
    assert one.orders == sum(Use.objects.filter(customer_id=order.customer_id).values_list("orders", flat=True))


@pytest.mark.skipif(not mirror.is_installed(), reason="needs the analytic engine")
def test_the_mirror_rewrites_only_the_month_that_changed_and_is_not_read_while_it_lags(house: House) -> None:
    invent(house, 7, 10, 60, UNTIL)
    rollup.fill()
    written = mirror.refresh()
    assert written == sorted(set(Use.objects.values_list("month", flat=True)))
    assert mirror.refresh() == []
    order = Order.objects.filter(status="finished", amount__gt=0, paid=0).order_by("pk").first()
    assert order is not None
    Order.objects.filter(pk=order.pk).update(paid=order.amount)
    rollup.fill()
    with engine() as chosen:
        assert chosen.name == "database"
    changed = int(clock.local_date(order.served_from).strftime("%Y%m"))
    assert mirror.refresh() == [changed]
    with engine() as chosen:
        assert chosen.name == "duckdb"
