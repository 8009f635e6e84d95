"""The month-end 2:8 pack at size: roll-up, mirror, pack with and without the analytic engine, memory, the bare-DuckDB limit.

`DATABASE_URL=… python -m benchmarks.pack CUSTOMERS ORDERS` fills an empty database by `benchmarks.market` and prints a table.
"""

from __future__ import annotations

import argparse
import datetime as dt
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
    print(json.dumps(measure(options.prefer), indent=1))
    return 0


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
        found["fill_s"], _count = timed(rollup.fill)
    found["rows"] = Use.objects.count()
    found["check_s"], wrong = timed(rollup.wrong_months)
    found["wrong_months"] = wrong
    names = [prefer] if prefer else ["database", *(["duckdb"] if mirror.is_installed() else [])]
    if "duckdb" in names:
        found["mirror_all_s"], _written = timed(mirror.refresh)
        Month.objects.filter(month=month).update(changes=10_000 + int(dt.datetime.now().timestamp()) % 10_000)  # noqa: DTZ005 any new number
        found["mirror_day_s"], _written = timed(mirror.refresh)
        link = mirror.opened()
        if link is not None:
            text = BARE.format(since=frame.since, month=month)
            timed(lambda: link.execute(text).fetchall())
            found["bare_s"], _rows = timed(lambda: link.execute(text).fetchall())
            link.close()
    for name in names:
        with engine(name) as chosen:
            found[f"{name}_s"], made = timed(lambda chosen=chosen: drawing.whole_pack(chosen, frame))
            found[f"{name}_engine"], found["active"], found["listed"] = (
                chosen.name,
                made["head"]["active"],
                made["head"]["listed"],
            )
        del made
        found[f"{name}_mb"] = megabytes()
    return found


if __name__ == "__main__":
    sys.exit(main())
