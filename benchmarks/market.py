"""A national company's customers, orders and receipts in bulk, with the shape of domain.md 5.1, 5.5 and 5.6.

`python -m benchmarks.market CUSTOMERS ORDERS` fills DATABASE_URL and prints what the measurement needs as JSON: lognormal spend
(the 80/20 shape), lunar seasonality over three years, the price list's shares. Rows stand as the actions leave them.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import sys
import time
from bisect import bisect
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import accumulate, islice
from typing import Any
from urllib.parse import quote

DAYS, AHEAD = 3 * 365, 10
CHUNK = 20_000
# First days of the lunar years around the three that are written.
NEW_YEARS = tuple(
    dt.date.fromisoformat(day) for day in ("2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06")
)
# Orders by days from the lunar new year: the rush before it, the standstill after it.
LUNAR = ((-29, 1.3), (-22, 1.8), (-7, 2.6), (-1, 1.2), (0, 0.05), (3, 0.3), (7, 0.7), (15, 1.0))
WEEKDAYS = (0.85, 1, 1, 1, 1, 1.25, 1.25)
SLOTS, SLOT_SHARES = ("00:30:00", "05:30:00", "09:30:00"), (42, 46, 12)
SPREAD = {"household": 1.15, "enterprise": 1.5, "institution": 1.5}
WEIGHT = {"household": 1.0, "enterprise": 12.0, "institution": 10.0}
RATINGS, RATING_SHARES = (5, 4, 3, 2, 1), (62, 27, 7, 2.5, 1.5)
METHODS, METHOD_SHARES = ("wechat", "alipay", "cash", "transfer"), (62, 22, 10, 6)
# What a list sends when it is asked for itself only, as the browser does while somebody types or turns a page.
FRAGMENT = {"HX-Request": "true", "HX-Target": "list"}
FRAGMENTS = {f"list as a fragment, {rows}": FRAGMENT for rows in ("orders", "customers")}
PARTS = ("zhangfa.organisation.demo.company", "zhangfa.policy.demo")


def build(customers: int, orders: int, seed: int = 1) -> dict[str, Any]:
    """The company of 600 outlets, its customers, three years of orders and the money that came in."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhangfa.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from zhangfa.config import demonstration
    from zhangfa.core import clock
    from zhangfa.organisation.models import Company

    call_command("migrate", verbosity=0)
    at, took = clock.now(), {}
    if not Company.objects.exists():
        with demonstration.hasty_writes():
            for module in PARTS:
                import_module(module).build(seed=seed, scale="large", at=at)
            from zhangfa.orders.demo.prices import install_products

            install_products(at)
            for name, write in (("customers", _customers), ("orders", _orders)):
                began = time.monotonic()
                write(random.Random(f"{seed}:{name}"), customers if name == "customers" else orders, at)
                took[name] = round(time.monotonic() - began)
                print(f"{name}: {took[name]} s", file=sys.stderr, flush=True)
    return {"took": took} | _pages()


def _pages() -> dict[str, Any]:
    """The addresses that are measured, each with who opens it most."""
    from benchmarks.volume import _session
    from zhangfa.customers.models import Customer
    from zhangfa.orders.models import Order
    from zhangfa.organisation.models import Holding, User

    busy = Order.objects.filter(status="finished").order_by("-pk").select_related("customer").first()
    assert busy is not None
    customer: Customer = busy.customer
    manager = User.objects.select_related("person").get(username="oa")
    outlet = Holding.objects.filter(person=manager.person, seat__post_id="oa").values_list("seat__unit_id", flat=True)[
        0
    ]
    day, month = f"{busy.served_from:%Y-%m-%d}", f"{customer.joined_on:%Y-%m}"
    back = busy.served_from.date() - dt.timedelta(days=365)
    return {
        "customers": Customer.objects.order_by("-pk").values_list("pk", flat=True)[0],
        "sessions": {name: _session(User.objects.get(username=name)) for name in ("cs", "op", "oa", "hs")},
        "pages": {
            "list of customers, first page": ("cs", "/customers/"),
            "list of customers, filtered": ("cs", "/customers/?kind=enterprise"),
            "list of customers, searched by name": ("op", f"/customers/?q={quote(customer.name)}"),
            "list of customers, searched by pinyin": ("op", "/customers/?q=wang"),
            "list of customers, searched by phone": ("op", f"/customers/?q={customer.phone}"),
            "list of customers, searched, filtered": ("cs", "/customers/?q=wang&status=dormant"),
            "list of customers, of one month": ("cs", f"/customers/?since={month}-01&until={month}-28"),
            "list of customers, filtered by what none is": ("cs", "/customers/?status=erased"),
            "list of customers, department manager": ("hs", "/customers/"),
            "list of customers, outlet manager": ("oa", "/customers/"),
            "record of a customer": ("op", f"/customers/{customer.pk}/"),
            "list of orders, first page": ("cs", "/orders/"),
            "list of orders, filtered": ("cs", "/orders/?status=finished"),
            "list of orders, not paid": ("cs", "/orders/?payment=unpaid"),
            "list of orders, filtered by what none is": ("cs", "/orders/?payment=refunding"),
            "list of orders, of one day and product": (
                "cs",
                f"/orders/?since={day}&until={day}&product={busy.product_id}",
            ),
            "list of orders, searched by number": ("op", f"/orders/?q={busy.number}"),
            "list of orders, searched by name": ("op", f"/orders/?q={quote(customer.name)}"),
            "list of orders, searched by pinyin": ("op", "/orders/?q=wang"),
            "list of orders, searched by phone": ("op", f"/orders/?q={customer.phone}"),
            "list of orders, a year back": ("cs", f"/orders/?until={back}"),
            "list of orders, department manager": ("hs", "/orders/"),
            "list of orders, outlet manager": ("oa", "/orders/"),
            "list of orders, outlet manager, not paid": ("oa", "/orders/?payment=unpaid"),
            "list as a fragment, orders": ("cs", "/orders/"),
            "list as a fragment, customers": ("cs", "/customers/"),
            "list of who is where today": ("cs", "/dispatch/whereabouts/"),
            "record of an order": ("op", f"/orders/{busy.pk}/"),
            "day board of one outlet": ("oa", f"/dispatch/?outlet={outlet}&day={day}"),
            "workbench, outlet manager": ("oa", "/"),
            "workbench, department manager": ("hs", "/"),
            "workbench, CS manager": ("cs", "/"),
        },
    }


def _customers(rng: random.Random, count: int, at: dt.datetime) -> None:
    from zhangfa.core import clock
    from zhangfa.customers.demo import _invented
    from zhangfa.customers.models import Customer
    from zhangfa.organisation.models import Holding, Unit

    outlets = list(Unit.objects.filter(kind="outlet", is_active=True).order_by("pk"))
    sites = list(Unit.objects.filter(kind="site", is_active=True).order_by("pk"))
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__post_id="cm").select_related("person")
    managers = [holding.person for holding in held.order_by("seat_id")]
    rows = _prepared(Customer, _invented(rng, count, outlets, sites, managers, clock.local_date(at)))
    with _Bare(Customer):
        _copy(Customer, rows)


def _prepared(model: Any, objects: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows as saving would write them, with keys from 1."""
    from django.db import connection

    fields = [(field.attname, field.get_db_prep_save) for field in model._meta.concrete_fields]
    for pk, row in enumerate(objects, 1):
        row.pk = pk
        row.prepare()
        yield tuple(_plain(prepare(getattr(row, name), connection)) for name, prepare in fields)


def _plain(value: Any) -> Any:
    """A value as both drivers take it without Django's help."""
    if isinstance(value, dt.datetime | dt.date):
        return str(value)
    return value


def _orders(rng: random.Random, count: int, at: dt.datetime) -> None:
    """Orders in the order of their days, each with its receipt, so that rows of one time lie together."""
    from zhangfa.finance.models import Receipt
    from zhangfa.orders.models import Order

    with _Bare(Order), _Bare(Receipt):
        made = _invent(rng, count, at)
        while batch := list(islice(made, CHUNK * 10)):
            _copy(Order, (order for order, _receipt in batch))
            _copy(Receipt, (receipt for _order, receipt in batch if receipt))


def _invent(
    rng: random.Random, count: int, at: dt.datetime
) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...] | None]]:
    from zhangfa.core import clock
    from zhangfa.customers.models import Customer
    from zhangfa.orders.catalogue import OFFERS
    from zhangfa.orders.models import Order, Product
    from zhangfa.organisation.models import Holding, Unit

    today = clock.local_date(at)
    pks, outlets, weights = [], [], []
    for pk, outlet, kind in Customer.objects.order_by("pk").values_list("pk", "outlet_id", "kind").iterator(CHUNK):
        pks.append(pk)
        outlets.append(outlet)
        weights.append(WEIGHT[kind] * rng.lognormvariate(0, SPREAD[kind]))
    until = list(accumulate(weights))
    departments = dict(Unit.objects.values_list("pk", "department_id"))
    workers: dict[int, list[int]] = {}
    for unit, person in Holding.objects.filter(Holding.valid_q(today), seat__post_id="sw").values_list(
        "seat__unit_id", "person_id"
    ):
        workers.setdefault(unit, []).append(person)
    everybody = sorted(person for people in workers.values() for person in people)
    products = dict(Product.objects.values_list("code", "pk"))
    offers = [offer for offer in OFFERS if offer.share]
    shares = list(accumulate(offer.share for offer in offers))
    columns = [field.column for field in Order._meta.concrete_fields]
    base = {field.column: _default(field) for field in Order._meta.concrete_fields}
    places = {column: n for n, column in enumerate(columns)}
    empty = [base[column] for column in columns]
    days = [today + dt.timedelta(days=n) for n in range(-DAYS, AHEAD)]
    factors = [_season(day) for day in days]
    total = sum(factors)
    number, receipts = 0, 0
    for day, factor in zip(days, factors, strict=True):
        wanted = round(count * factor / total)
        # The hours are stored in UTC: half past eight in Shanghai is 00:30 there.
        before = day - dt.timedelta(days=2)
        is_past = day < today
        for _n in range(wanted):
            number += 1
            which = bisect(until, rng.random() * until[-1], 0, len(pks) - 1)
            offer = offers[bisect(shares, rng.random() * shares[-1], 0, len(shares) - 1)]
            outlet = outlets[which]
            people = workers.get(outlet) or everybody
            starts = SLOTS[0] if (slot := rng.random()) < 0.42 else SLOTS[1] if slot < 0.88 else SLOTS[2]
            hour = int(starts[:2]) + int(offer.hours)
            ends = f"{day} {min(hour, 23):02d}{starts[2:]}"
            begins = f"{day} {starts}"
            fen = max(
                5000, int(float(offer.price) * offer.quantity * 100 * rng.lognormvariate(-0.08, 0.45)) // 100 * 100
            )
            luck = rng.random()
            if not is_past:
                status, payment, paid, back = "assigned", "unpaid", 0, 0
            elif luck < 0.03:
                status, payment, paid, back = "cancelled", "unpaid", 0, 0
            elif luck < 0.04:
                status, payment, paid, back = "finished", "unpaid", 0, 0
            elif luck < 0.045:
                status, payment, paid, back = "finished", "refunded", fen, fen
            else:
                status, payment, paid, back = "finished", "paid", fen, 0
            row = empty.copy()
            row[places["id"]], row[places["number"]] = number, f"D{number:08d}"
            row[places["customer_id"]], row[places["outlet_id"]] = pks[which], outlet
            row[places["department_id"]], row[places["product_id"]] = departments[outlet], products[offer.code]
            row[places["worker_id"]] = None if status == "cancelled" else people[int(rng.random() * len(people))]
            row[places["served_from"]], row[places["served_to"]] = begins, ends
            row[places["quantity"]], row[places["amount"]] = offer.quantity * 10, fen
            row[places["contract_model"]] = "employee_model"
            row[places["status"]], row[places["payment"]] = status, payment
            row[places["paid"]], row[places["refunded"]] = paid, back
            row[places["booked_at"]] = f"{before} {starts}"
            if status == "finished":
                row[places["started_at"]], row[places["finished_at"]] = begins, ends
                if rng.random() < 0.35:
                    row[places["satisfaction"]] = (
                        5 if (mark := rng.random()) < 0.62 else 4 if mark < 0.89 else 3 if mark < 0.96 else 2
                    )
            receipt = None
            if paid:
                receipts += 1
                method = "wechat" if luck < 0.62 else "alipay" if luck < 0.84 else "cash"
                receipt = (receipts, f"order:{number}", outlet, paid, method, "", row[places["worker_id"]], ends)
            yield tuple(row), receipt


def _default(field: Any) -> Any:
    """What an untouched column holds."""
    if field.get_internal_type() == "JSONField":
        return "{}"
    if field.has_default():
        value = field.get_default()
        return int(value) if field.get_internal_type() in ("IntegerField", "BigIntegerField") else value
    return None if field.null else "" if field.get_internal_type() in ("CharField", "TextField") else 0


def _season(day: dt.date) -> float:
    """Orders on a day against a plain one: by the lunar calendar around the new year, by the weekday else."""
    for first in NEW_YEARS:
        away = (day - first).days
        if -29 <= away < 15:
            return next(factor for since, factor in reversed(LUNAR) if away >= since) * WEEKDAYS[day.weekday()]
    return WEEKDAYS[day.weekday()]


class _Bare:
    """A table without its secondary indexes while it is filled; they are made again in one go, which is many times faster."""

    def __init__(self, model: Any):
        self.table = model._meta.db_table
        self.model = model

    def __enter__(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    "SELECT name, sql FROM sqlite_master WHERE tbl_name = %s AND type IN ('index', 'trigger') AND sql IS NOT NULL",
                    [self.table],
                )
                self.made = cursor.fetchall()
                for name, sql in self.made:
                    cursor.execute(f'DROP {sql.split()[1] if sql.split()[1] == "TRIGGER" else "INDEX"} "{name}"')
            else:
                cursor.execute("SET session_replication_role = replica")
                cursor.execute(
                    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN"
                    " (SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass)",
                    [self.table, self.table],
                )
                self.made = cursor.fetchall()
                for name, _sql in self.made:
                    cursor.execute(f'DROP INDEX "{name}"')

    def __exit__(self, *failure: Any) -> None:
        from django.core.management.color import no_style
        from django.db import connection

        from zhangfa.core.names import index_of

        with connection.cursor() as cursor:
            for _name, sql in self.made:
                cursor.execute(sql.replace("%", "%%") if connection.vendor == "sqlite" else sql)
            if connection.vendor == "sqlite":
                names = index_of(self.model)
                cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [names])
                if cursor.fetchone():
                    cursor.execute(f"INSERT INTO {names}({names}) VALUES ('rebuild')")
            else:
                cursor.execute("RESET session_replication_role")
                for statement in connection.ops.sequence_reset_sql(no_style(), [self.model]):
                    cursor.execute(statement)
                cursor.execute(f"ANALYZE {self.table}")


def _copy(model: Any, rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows past the layers: prepared statements on SQLite, COPY on PostgreSQL."""
    from django.db import connection, transaction

    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * len(model._meta.concrete_fields))
            connection.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
            return
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write("\t".join(_text(value) for value in row) + "\n")


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    text = str(value)
    return (
        text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
        if "\\" in text or "\t" in text or "\n" in text
        else text
    )


if __name__ == "__main__":
    if sys.argv[1] == "statements":
        from benchmarks.statements import count

        given = json.loads(sys.argv[2])
        print(json.dumps(count(given["sessions"], given["pages"], FRAGMENTS)))
    else:
        print(json.dumps(build(int(sys.argv[1]), int(sys.argv[2])), ensure_ascii=False))
