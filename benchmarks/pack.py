"""The month-end 2:8 pack at size: roll-up, mirror, pack with and without the analytic engine, memory, the bare-DuckDB limit.

`DATABASE_URL=… python -m benchmarks.pack CUSTOMERS ORDERS` fills an empty database by `benchmarks.market` and writes the section of
its engine in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

# Quality.md: seconds with the engine (times the limit), on PostgreSQL and on SQLite without it; the mirror of a day and of all.
TIMES, POSTGRES, SQLITE, DAY, ALL, MEMORY = 2, 10, 20, 5, 60, 1024
BARE = """
WITH base AS MATERIALIZED (SELECT customer_id, SUM(amount) AS amount, SUM(orders) AS orders FROM uses WHERE month BETWEEN {since} AND {month} GROUP BY 1),
ranked AS MATERIALIZED (SELECT *, ROW_NUMBER() OVER (ORDER BY amount DESC, orders DESC, customer_id) AS place,
  SUM(amount) OVER (ORDER BY amount DESC, orders DESC, customer_id ROWS UNBOUNDED PRECEDING) AS running FROM base),
top AS (SELECT customer_id FROM ranked WHERE place <= (SELECT CEIL(COUNT(*) * 0.2) FROM base))
SELECT u.product_id, SUM(u.amount), COUNT(DISTINCT u.customer_id), (SELECT MIN(place) FROM ranked WHERE running >= 0.8 * (SELECT SUM(amount) FROM base))
FROM uses u JOIN top t ON t.customer_id = u.customer_id WHERE u.month = {month} GROUP BY 1
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("customers", type=int, nargs="?", default=10_000)
    parser.add_argument("orders", type=int, nargs="?", default=100_000)
    parser.add_argument("--prefer", default="", help="measure one engine only: database or duckdb")
    options = parser.parse_args()
    from benchmarks import market

    market.build(options.customers, options.orders)
    found = measure(options.prefer)
    print(json.dumps(found, indent=1))
    write(options.customers, options.orders, found)
    return 0


def write(customers: int, orders: int, found: dict[str, Any]) -> None:
    """The figures of one engine beside their budgets; what was not measured is left out."""
    from django.db import connection

    from benchmarks import __main__ as bench
    from benchmarks import sections

    name, alone = ("SQLite", SQLITE) if connection.vendor == "sqlite" else ("PostgreSQL", POSTGRES)
    bare = found.get("bare_s", 0)
    asked: list[tuple[str, str, float | None]] = [
        ("roll-up agrees with the ledger, every month, s", "check_s", None), ("pack by the database alone, s", "database_s", alone),
        ("… of them the lines of the list, s", "database_lines_s", None),
        ("limit: bare DuckDB over the mirror, s", "bare_s", None), ("figures of the pack by DuckDB, s", "duckdb_figures_s", round(TIMES * bare, 2) or None),
        ("lines of the list by DuckDB, s", "duckdb_lines_s", None),
        ("mirror, all, s", "mirror_all_s", ALL), ("mirror, one day, s", "mirror_day_s", DAY),
        ("memory after the database, MB", "database_mb", MEMORY), ("memory after DuckDB, MB", "duckdb_mb", MEMORY),
    ]  # fmt: skip
    lines = [
        f"## Month-end pack, {name}", "", f"`python -m benchmarks.pack`: RPT-09 to RPT-12 of {customers:,} customers and {orders:,} orders.",
        f"Machine: {bench.machine()}. ✗ marks what is over its budget.", "", "| what | figure | budget |", "| --- | --- | --- |",
    ]  # fmt: skip
    for label, key, budget in asked:
        if key in found:
            over = " ✗" if budget is not None and found[key] > budget else ""
            lines.append(f"| {label}{over} | {found[key]} | {'–' if budget is None else budget} |")
    sections.put(f"pack {connection.vendor}", lines)


def filled() -> None:
    """The roll-up of everything in a few statements: the product goes customer by customer, so that others get in between."""
    from django.db import connection, transaction

    from benchmarks.market import _Bare
    from zhangfa.reports import rollup
    from zhangfa.reports.models import CustomerSum, Month, Use

    grouped = rollup._text(rollup.GROUPED, "1 = 1").rstrip()
    kept = "HAVING SUM(CASE WHEN status = 'finished' THEN 1 ELSE 0 END) > 0 OR SUM(paid - refunded) <> 0 OR COUNT(satisfaction) > 0"
    with _Bare(Use), _Bare(CustomerSum), transaction.atomic(), connection.cursor() as cursor:
        names = ", ".join((*rollup.KEY, *rollup.FIGURES))
        cursor.execute(f"INSERT INTO reports_use ({names}) {grouped} {kept} ORDER BY 1", [])
        cursor.execute(
            "INSERT INTO reports_customersum (customer_id, first_on, last_on, orders, amount) SELECT customer_id, MIN(first_on),"
            " MAX(last_on), SUM(orders), CAST(SUM(amount) AS BIGINT) FROM reports_use GROUP BY customer_id"
        )
        cursor.execute("SELECT DISTINCT month FROM reports_use")
        Month.objects.bulk_create(Month(month=month) for (month,) in cursor.fetchall())
    rollup.carry()
    if connection.vendor == "postgresql":
        # As it does by itself; SQLite's statistics would mislead it, and the product never asks for them.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.monotonic()
    found = work()
    return round(time.monotonic() - began, 2), found


def megabytes() -> int:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(prefer: str = "") -> dict[str, Any]:
    from zhangfa.core import clock
    from zhangfa.reports import drawing, facts, mirror, rollup
    from zhangfa.reports.engines import engine
    from zhangfa.reports.models import Month, Use
    from zhangfa.reports.pack import Frame
    from zhangfa.reports.rules import month_back, month_of

    at = clock.now()
    month = month_back(month_of(clock.local_date(at)), 1)
    limits, _policy = facts.limits_at(at)
    frame = Frame(month, limits)
    found: dict[str, Any] = {"before_mb": megabytes()}
    if not Use.objects.exists():
        found["fill_s"], _count = timed(filled)
    found["rows"] = Use.objects.count()
    found["check_s"], wrong = timed(rollup.wrong_months)
    found["wrong_months"] = wrong
    names = [prefer] if prefer else ["database", *(["duckdb"] if mirror.is_installed() else [])]
    if "duckdb" in names:
        found["mirror_all_s"], _written = timed(mirror.refresh)
        changes = 10_000 + int(time.time()) % 10_000  # any new number, as if a day's orders had been carried
        Month.objects.filter(month=month).update(changes=changes, summed=changes)
        found["mirror_day_s"], _written = timed(mirror.refresh)
        link = mirror.opened()
        if link is not None:
            text = BARE.format(since=frame.since, month=month)
            timed(lambda: link.execute(text).fetchall())
            found["bare_s"], _rows = timed(lambda: link.execute(text).fetchall())
            link.close()
    for name in names:
        with engine(name) as chosen:
            found[f"{name}_figures_s"], made = timed(lambda chosen=chosen: drawing.figures(chosen, frame))
            cuts = made["head"]["cuts"]
            found[f"{name}_lines_s"], rows = timed(lambda chosen=chosen, cuts=cuts: drawing.lines(chosen, frame, cuts))
            found[f"{name}_s"] = round(found[f"{name}_figures_s"] + found[f"{name}_lines_s"], 2)
            found[f"{name}_engine"], found["active"], found["listed"] = chosen.name, made["head"]["active"], len(rows)
        del made, rows
        found[f"{name}_mb"] = megabytes()
    return found


if __name__ == "__main__":
    sys.exit(main())
