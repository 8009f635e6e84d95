"""Random orders with ties and gaps, and the same figures reckoned once more without a database."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.customers.models import AdverseRecord, Customer
from zhangfa.orders.models import Order, Product, Series
from zhangfa.records.actions import open_record
from zhangfa.reports.rules import Known, Limits, classes_for, month_back, month_of, ranked, top_count, years_before

AMOUNTS = ("0", "88.00", "120.00", "120.00", "300.50", "999.99", "12000.00")
KINDS = ("household", "household", "household", "enterprise", "institution")


def invent(house: House, seed: int, customers: int, orders: int, until: dt.date) -> list[Order]:
    """Customers of all kinds with orders over three years; a quarter of the sums are equal, some are owed or refunded."""
    dice = random.Random(seed)
    products = [house.product, *(_product(code) for code in ("DC02", "JD01", "YH01"))]
    people = []
    for n in range(customers):
        customer = house.make_customer(f"客户{n}", dice.choice(("east", "west", "site")))
        customer.kind = dice.choice(KINDS)
        customer.save()
        people.append(customer)
    made = []
    for n in range(orders):
        customer, day = dice.choice(people), until - dt.timedelta(days=int(dice.random() ** 1.5 * 1300))
        amount = Decimal(dice.choice(AMOUNTS))
        status = dice.choice(("finished", "finished", "finished", "cancelled", "planned"))
        paid = amount if dice.random() < 0.85 else Decimal(0) if dice.random() < 0.5 else amount / 2
        paid = paid.quantize(Decimal("0.01")) if status != "planned" else Decimal(0)
        refunded = paid if dice.random() < 0.05 else Decimal(0)
        start = clock.day_start(day) + dt.timedelta(hours=dice.randint(0, 23), minutes=dice.randint(0, 59))
        made.append(
            Order(
                number=f"X{seed}-{n:05}", customer=customer, outlet=customer.outlet, department=customer.outlet.department,
                product=dice.choice(products), worker=house.people["sw"], served_from=start, served_to=start + dt.timedelta(hours=2),
                amount=amount, paid=paid, refunded=refunded, status=status, payment="paid" if paid == amount else "unpaid",
                satisfaction=dice.choice((None, None, 3, 4, 5, 5)) if status == "finished" else None,
            )
        )  # fmt: skip
    Order.objects.bulk_create(made)
    for customer in dice.sample(people, min(3, len(people))):
        record = open_record("BL", unit=customer.outlet, by=house.actor("oa"), at=MONDAY)
        AdverseRecord.objects.create(
            record=record, customer=customer, department=customer.department, status="checked", occurred_on=until, kind="abusive", facts="x",
            recorded_at=MONDAY, checked_at=clock.day_start(until) - dt.timedelta(days=dice.randint(1, 50)), expires_on=until + dt.timedelta(days=dice.randint(-5, 5)),
        )  # fmt: skip
    for n, customer in enumerate(dice.sample(people, min(6, len(people)))):
        Series.objects.create(
            number=f"S{seed}-{n}", kind="contract" if n % 2 else "recurring", customer=customer, outlet=customer.outlet, product=house.product,
            weekdays="1", starts=dt.time(9), hours=2, from_on=until - dt.timedelta(days=dice.choice((100, 364, 365, 400))),
            contract_model="employee_model", fee=Decimal(dice.choice(("50000.00", "100000.00"))) if n % 2 else None, booked_at=MONDAY,
            to_on=until + dt.timedelta(days=30) if n % 2 else None,
        )  # fmt: skip
    _only_a_contract(house, seed, until)
    return list(Order.objects.all())


def _only_a_contract(house: House, seed: int, until: dt.date) -> None:
    """A company that has signed and was not served yet."""
    customer = house.make_customer("只有合同", "site")
    customer.kind = "enterprise"
    customer.save()
    Series.objects.create(
        number=f"S{seed}-only", kind="contract", customer=customer, outlet=customer.outlet, product=house.product, weekdays="1", starts=dt.time(9),
        hours=2, from_on=until, to_on=until + dt.timedelta(days=300), contract_model="employee_model", fee=Decimal("100000.00"), booked_at=MONDAY,
    )  # fmt: skip


def _product(code: str) -> Product:
    facts = {"name": f"产品{code}", "category": "cleaning", "unit": "次"}
    return Product.objects.get_or_create(code=code, defaults=facts)[0]


class Reckoned:
    """The pack of a month in plain Python, straight from the orders."""

    def __init__(self, month: int, limits: Limits, until: dt.date):
        since = month_back(month, limits.months - 1)
        rows = [
            (order, month_of(clock.local_date(order.served_from)), clock.local_date(order.served_from))
            for order in Order.objects.select_related("customer")
        ]
        counted = [(o, m, d) for o, m, d in rows if o.status == "finished" or o.paid - o.refunded or o.satisfaction]
        self.first: dict[int, dt.date] = {}
        for order, _month, day in counted:
            self.first[order.customer_id] = min(day, self.first.get(order.customer_id, day))
        sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for order, at, _day in counted:
            if since <= at <= month:
                mine = sums[order.customer_id]
                mine[0] += fen(order.paid - order.refunded)
                mine[1] += order.status == "finished"
                mine[2] += order.satisfaction is not None
                mine[3] += order.satisfaction or 0
        end = clock.day_start(until + dt.timedelta(days=1))
        adverse = {
            row.customer_id
            for row in AdverseRecord.objects.all()
            if row.checked_at and row.checked_at < end and (row.expires_on is None or row.expires_on > until)
        }
        unpaid = {
            o.customer_id
            for o, _m, d in rows
            if d <= until and o.status == "finished" and o.paid < o.amount and o.payment == "unpaid"
        }
        plans, fees = _plans(until)
        self.customers = ranked(
            [
                Known(
                    key, amount, orders, rated, score, self.first.get(key), Customer.objects.get(pk=key).kind != "household", fees.get(key, 0),
                    plans.get(key, 0), key in adverse, key in unpaid,
                )
                for key, (amount, orders, rated, score) in (dict.fromkeys(fees, (0, 0, 0, 0)) | sums).items()
                if orders or amount or fees.get(key)
            ]
        )  # fmt: skip
        self.top = top_count(len(self.customers), limits.share)
        self.classes = {
            one.customer_id: classes_for(one, place, self.top, limits, until)
            for place, one in enumerate(self.customers, start=1)
        }
        self.counted = counted
        self.last = {
            key: max(
                (day for order, at, day in counted if order.customer_id == key and since <= at <= month), default=None
            )
            for key in {one.customer_id for one in self.customers}
        }
        self.visited: dict[int, dt.date] = {}
        self.cases: dict[int, tuple[int, int]] = {}

    def scores(self, one: Known) -> tuple[int, int, int]:
        """RFM by definition: how many fifths of all active customers are strictly better."""

        def fifth(value: Any, values: list[Any]) -> int:
            return 5 - sum(other > value for other in values) * 5 // len(values)

        days = {key: day or dt.date.min for key, day in self.last.items()}
        return (
            fifth(days[one.customer_id], list(days.values())), fifth(one.orders, [other.orders for other in self.customers]),
            fifth(one.amount, [other.amount for other in self.customers]),
        )  # fmt: skip

    def main_products(self, customer: int, frame: Any) -> str:
        """The one or two products that brought most, of equals the one ordered more often."""
        sums: dict[str, list[int]] = {}
        for order, at, _day in self.counted:
            if order.customer_id == customer and frame.since <= at <= frame.month:
                mine = sums.setdefault(order.product_id, [0, 0])
                mine[0] += fen(order.paid - order.refunded)
                mine[1] += order.status == "finished"
        return ",".join(sorted(sums, key=lambda code: (-sums[code][0], -sums[code][1], code))[:2])

    def products(self, month: int, who: set[int] | None = None) -> list[list[Any]]:
        found: dict[str, list[Any]] = {}
        for order, at, _day in self.counted:
            if at == month and (who is None or order.customer_id in who):
                row = found.setdefault(order.product_id, [0, set(), 0])
                row[0] += order.status == "finished"
                row[1].add(order.customer_id)
                row[2] += fen(order.paid - order.refunded)
        return [[code, row[0], len(row[1]), row[2]] for code, row in sorted(found.items())]


def fen(amount: Decimal) -> int:
    return int(amount * 100)


def _plans(until: dt.date) -> tuple[dict[int, int], dict[int, int]]:
    months: dict[int, int] = {}
    fees: dict[int, int] = {}
    for row in Series.objects.all():
        count = 0
        while _month_on(row.from_on, count + 1) <= until + dt.timedelta(days=1):
            count += 1
        months[row.customer_id] = max(count, months.get(row.customer_id, 0))
        if (
            row.kind == "contract"
            and row.fee
            and row.customer.kind != "household"
            and row.from_on <= until <= row.to_on
        ):
            days = (row.to_on - row.from_on).days + 1
            part = row.fee if days <= 366 else (row.fee * 365 / days).quantize(Decimal("0.01"), ROUND_HALF_UP)
            fees[row.customer_id] = fees.get(row.customer_id, 0) + fen(part)
    return months, fees


def _month_on(day: dt.date, count: int) -> dt.date:
    """The same day so many months on; a day that the month lacks is the first of the next."""
    number = day.month - 1 + count
    year, month = day.year + number // 12, number % 12 + 1
    for last in (day.day,):
        try:
            return dt.date(year, month, last)
        except ValueError:
            return dt.date(year + month // 12, month % 12 + 1, 1)
    raise AssertionError


def lorenz(amounts: Sequence[int]) -> float:
    """Gini's figure by its definition: half the mean difference of all pairs over the mean."""
    n, whole = len(amounts), sum(amounts)
    return sum(abs(a - b) for a in amounts for b in amounts) / (2 * n * whole)


__all__ = ["Reckoned", "fen", "invent", "lorenz", "years_before"]
