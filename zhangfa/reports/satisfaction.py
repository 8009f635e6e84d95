"""RPT-21: what customers said of the services of a month, by outlet, product, worker and account manager."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, F, Q, Sum

from zhangfa.core import clock
from zhangfa.orders.models import Order
from zhangfa.policy.queries import figures
from zhangfa.reports.facts import MIN_SAMPLE
from zhangfa.reports.rules import first_of, last_of, named
from zhangfa.reports.rules_figures import may_rank, mean_interval, rate, wilson

SATISFIED = 4
BY = {"outlet": "outlet_id", "product": "product_id", "worker": "worker_id", "manager": "customer__account_manager_id"}


def draw(month: int, at: dt.datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """Count, mean, share satisfied (4 and 5) and both intervals; a place only from the smallest sample on, equals share it."""
    known = figures((MIN_SAMPLE,), at)
    least = int(known[MIN_SAMPLE].value)
    start, end = clock.day_start(first_of(month)), clock.day_start(last_of(month) + dt.timedelta(days=1))
    rows = Order.objects.filter(served_from__gte=start, served_from__lt=end, satisfaction__isnull=False)
    found: dict[str, Any] = {
        "month": named(month),
        "least": least,
        "total": _line(None, *_sums(rows.order_by().values()), least),
    }
    for name, column in BY.items():
        grouped = (
            rows.order_by().values(column).annotate(n=Count("pk"), sum=Sum("satisfaction"), squares=SQUARES, good=GOOD)
        )
        lines = [
            _line(row[column], row["n"], row["sum"], row["squares"], row["good"], least)
            for row in grouped
            if row[column] is not None
        ]
        found[name] = _placed(
            sorted(lines, key=lambda line: (not line["may_rank"], -line["order"], -line["n"], str(line["key"])))
        )
    return found, {MIN_SAMPLE: known[MIN_SAMPLE].as_json()}


SQUARES = Sum(F("satisfaction") * F("satisfaction"))
GOOD = Count("pk", filter=Q(satisfaction__gte=SATISFIED))


def _sums(rows: Any) -> tuple[int, int, int, int]:
    found = rows.aggregate(n=Count("pk"), sum=Sum("satisfaction"), squares=SQUARES, good=GOOD)
    return found["n"], found["sum"] or 0, found["squares"] or 0, found["good"]


def _line(key: Any, n: int, total: int, squares: int, good: int, least: int) -> dict[str, Any]:
    mean, share, interval = mean_interval(n, total, squares), rate(good, n), wilson(good, n)
    return {
        "key": key, "n": n, "good": good, "mean": str(mean[0]) if mean else None, "mean_low": str(mean[1]) if mean else None,
        "mean_high": str(mean[2]) if mean else None, "share": None if share is None else str(share),
        "low": str(interval[0]) if interval else None, "high": str(interval[1]) if interval else None, "may_rank": may_rank(n, least),
        "order": total * 100_000 // n if n else 0,
    }  # fmt: skip


def _placed(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    place, before = 0, None
    for count, line in enumerate(lines, start=1):
        order = line.pop("order")
        if line["may_rank"]:
            place = place if order == before else count
            before = order
        line["place"] = place if line["may_rank"] else None
    return lines
