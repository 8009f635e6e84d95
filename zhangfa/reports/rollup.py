"""The roll-up: what each customer had by month and product, recomputed from the orders of those that changed.

A change writes one `Touched` row in its own transaction; here they are taken a few hundred customers at a time, each chunk
in a short transaction. What no event told of (a bulk load, a repair) is found by count and sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import F, Max, Min

from zhangfa.core.money import from_fen
from zhangfa.core.work import work
from zhangfa.orders.models import Order
from zhangfa.reports.models import CustomerSum, Month, MonthSum, Touched, Use

CHUNK = 500
# Of no department in particular: the whole company (a department of no name is 0).
WHOLE = -1
KEY = ("customer_id", "month", "product_id", "department_id")
FIGURES = ("orders", "amount", "rated", "score", "owed", "first_on", "last_on")
# The company's day: China has kept one offset for the whole time that any order can fall in.
LOCAL = {"sqlite": "datetime({0}, '+8 hours')", "postgresql": "({0} AT TIME ZONE 'Asia/Shanghai')"}
MONTH = {"sqlite": "CAST(strftime('%%Y%%m', {0}) AS INTEGER)", "postgresql": "CAST(to_char({0}, 'YYYYMM') AS INTEGER)"}
DAY = {"sqlite": "date({0})", "postgresql": "CAST({0} AS date)"}
# Served and still to be paid, the same three states as orders.models.Order has for it.
OWED = "SUM(CASE WHEN status = 'finished' AND payment IN ('unpaid', 'part', 'refunding') AND paid < amount THEN 1 ELSE 0 END)"
GROUPED = """
SELECT customer_id, {month} AS month, product_id, COALESCE(department_id, 0),
  SUM(CASE WHEN status = 'finished' THEN 1 ELSE 0 END), CAST(SUM(paid - refunded) AS BIGINT),
  COUNT(satisfaction), COALESCE(SUM(satisfaction), 0), {owed}, MIN({day}), MAX({day})
FROM orders_order WHERE {where} GROUP BY 1, 2, 3, 4
"""


def _text(template: str, where: str) -> str:
    vendor = connection.vendor
    local = LOCAL[vendor].format("served_from")
    return template.format(month=MONTH[vendor].format(local), day=DAY[vendor].format(local), owed=OWED, where=where)


def run() -> int:
    """Take what was touched until nothing is left, then carry the months; returns how many customers were looked at."""
    count = 0
    while done := take():
        count += done
    carry()
    return count


def take() -> int:
    """One chunk of touched customers. Rows that come meanwhile stay for the next."""
    rows = list(Touched.objects.order_by("pk").values_list("pk", "customer_id")[: CHUNK * 4])
    customers = list(dict.fromkeys(customer for _pk, customer in rows))[:CHUNK]
    if not customers:
        return 0
    taken = set(customers)
    with work():
        _refresh(f"customer_id IN ({', '.join(['%s'] * len(customers))})", customers, {"customer_id__in": customers})
        Touched.objects.filter(pk__in=[pk for pk, customer in rows if customer in taken]).delete()
    return len(customers)


def fill(step: int = CHUNK) -> int:
    """Everything anew, a span of customers at a time: the first time, or after a check found more than a few wrong."""
    ends = Order.objects.aggregate(first=Min("customer_id"), last=Max("customer_id"))
    if ends["first"] is None:
        return 0
    count, low = 0, ends["first"]
    while low <= ends["last"]:
        with work():
            span = {"customer_id__gte": low, "customer_id__lt": low + step}
            count += _refresh("customer_id >= %s AND customer_id < %s", [low, low + step], span)
        low += step
    carry()
    return count


def _refresh(where: str, params: Sequence[int], mine: dict[str, Any]) -> int:
    """Bring the rows of these customers to what their orders say; only what differs is written."""
    with connection.cursor() as cursor:
        cursor.execute(_text(GROUPED, where), list(params))
        fresh = {row[:4]: _plain(row[4:]) for row in cursor.fetchall() if row[4] or row[5] or row[6]}
    standing = {
        tuple(row[1:5]): (row[0], (*row[5:10], str(row[10]), str(row[11]))) for row in _raw(Use.objects.filter(**mine))
    }
    gone = [pk for key, (pk, _figures) in standing.items() if key not in fresh]
    changed = [key for key, figures in fresh.items() if key in standing and standing[key][1] != figures]
    new = [key for key in fresh if key not in standing]
    if not (gone or changed or new):
        return 0
    Use.objects.filter(pk__in=gone + [standing[key][0] for key in changed]).delete()
    _insert((*key, *fresh[key]) for key in (*new, *changed))
    _sum_up({key[0] for key in (*standing, *fresh)})
    _mark({key[1] for key in (*new, *changed)} | {key[1] for key in standing if key not in fresh})
    return len(new) + len(changed) + len(gone)


def _plain(figures: Sequence[Any]) -> tuple[Any, ...]:
    return (*(int(value) for value in figures[:5]), str(figures[5]), str(figures[6]))


def _raw(rows: Any) -> Iterator[tuple[Any, ...]]:
    """Rows of the roll-up as plain numbers: money stays fen, for millions pass here."""
    sql, params = rows.values_list(
        "pk", *KEY, "orders", F("amount"), "rated", "score", "owed", "first_on", "last_on"
    ).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        yield from cursor.fetchall()


def _insert(rows: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join((*KEY, *FIGURES))
    marks = ", ".join(["%s"] * (len(KEY) + len(FIGURES)))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO reports_use ({names}) VALUES ({marks})", list(rows))


def _sum_up(customers: Iterable[int]) -> None:
    """Since when each of these customers is served, and all they had."""
    keys = list(customers)
    marks = ", ".join(["%s"] * len(keys))
    CustomerSum.objects.filter(pk__in=keys).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_customersum (customer_id, first_on, last_on, orders, amount)"
            " SELECT customer_id, MIN(first_on), MAX(last_on), SUM(orders), CAST(SUM(amount) AS BIGINT)"
            f" FROM reports_use WHERE customer_id IN ({marks}) GROUP BY customer_id",
            keys,
        )


def _mark(months: Iterable[int]) -> None:
    """The months whose rows changed: their sums and their part of the mirror are to be made again."""
    for month in sorted(months):
        if not Month.objects.filter(pk=month).update(changes=F("changes") + 1):
            Month.objects.get_or_create(month=month)


def carry() -> list[int]:
    """Make the sums of every month that changed since; one short transaction a month."""
    stale = list(Month.objects.exclude(changes=F("summed")).order_by("month").values_list("month", "changes"))
    for month, changes in stale:
        rows = _sums(month)
        with work():
            MonthSum.objects.filter(month=month).delete()
            MonthSum.objects.bulk_create(rows)
            Month.objects.filter(pk=month).update(summed=changes)
    return [month for month, _changes in stale]


def _sums(month: int) -> list[MonthSum]:
    """A month by department and product, by department, and the whole: customers are counted once in each."""
    found = []
    for keys, columns in ((2, "department_id, product_id"), (1, "department_id"), (1, "product_id"), (0, "")):
        head, tail = (f"{columns}, ", f" GROUP BY {columns}") if columns else ("", "")
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {head}SUM(orders), CAST(SUM(amount) AS BIGINT), COUNT(DISTINCT customer_id)"
                f" FROM reports_use WHERE month = %s{tail}",
                [month],
            )
            for row in cursor.fetchall():
                if row[keys] is None:
                    continue
                department = row[0] if columns.startswith("department") else WHOLE
                product = row[keys - 1] if columns.endswith("product_id") else ""
                found.append(
                    MonthSum(month=month, department_id=department, product_id=product, orders=row[keys], amount=from_fen(row[keys + 1]), customers=row[keys + 2])
                )  # fmt: skip
    return found


def wrong_months() -> list[int]:
    """The months whose roll-up doesn't agree with the orders in count, money and marks: one pass over each table."""
    vendor = connection.vendor
    month = MONTH[vendor].format(LOCAL[vendor].format("served_from"))
    orders = (
        f"SELECT {month}, SUM(CASE WHEN status = 'finished' THEN 1 ELSE 0 END), SUM(paid - refunded),"
        f" COUNT(satisfaction), COALESCE(SUM(satisfaction), 0), {OWED} FROM orders_order GROUP BY 1"
    )
    kept = "SELECT month, SUM(orders), SUM(amount), SUM(rated), SUM(score), SUM(owed) FROM reports_use GROUP BY month"
    with connection.cursor() as cursor:
        cursor.execute(orders, [])
        asked = {row[0]: tuple(int(value) for value in row[1:]) for row in cursor.fetchall()}
        cursor.execute(kept)
        held = {row[0]: tuple(int(value) for value in row[1:]) for row in cursor.fetchall()}
    nothing = (0, 0, 0, 0, 0)
    return sorted(
        month for month in asked.keys() | held.keys() if asked.get(month, nothing) != held.get(month, nothing)
    )


def mend() -> int:
    """The nightly check: where a month disagrees, everything is gone through again, span by span."""
    return fill() if wrong_months() else 0
