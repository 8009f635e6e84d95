"""The month-end 2:8 pack (RPT-09 … RPT-12) as statements that every engine understands: figures in, nothing written.

Rank, cumulated sum and classes are one pass each over a temporary table of the active customers. Windows sort by plain
columns only: SQLite has no fast way for anything more, and the plus before a range of months keeps it from the index. The rules themselves are `rules.py`; tests hold both against each other.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zhangfa.reports import facts
from zhangfa.reports.engines import Engine
from zhangfa.reports.rules import PARETO, Limits, first_of, last_of, month_back, top_count, years_before
from zhangfa.reports.rules_figures import cuts_of, fifths, gini_from

POINTS = 20
# The curve is steepest at its beginning: there it is drawn by the hundredth.
EARLY = (1, 2, 3, 4, 7, 12)
ORDER = "amount DESC, orders DESC, customer_id"
FLAGS = ("is_top", "is_premium", "is_key", "is_loyal", "is_long_term")


@dataclass(frozen=True)
class Frame:
    """The period of a pack: the last month, how many months back it looks, and the company's figures."""

    month: int
    limits: Limits

    @property
    def since(self) -> int:
        return month_back(self.month, self.limits.months - 1)

    @property
    def until(self) -> dt.date:
        return last_of(self.month)


def prepare(engine: Engine, frame: Frame) -> dict[str, int]:
    """The ranked and classed customers of the period in the engine's temporary tables; returns count, sum and top count."""
    span = f"month BETWEEN {frame.since} AND {frame.month}"
    engine.run(
        f"CREATE TEMP TABLE pack_all AS SELECT customer_id, {SUMS}, CAST(SUM(rated) AS BIGINT) AS rated, CAST(SUM(score) AS BIGINT) AS score,"
        " MAX(last_on) AS last_on, MIN(department_id) AS low, MAX(department_id) AS high"
        f" FROM {engine.uses} WHERE +{span} GROUP BY customer_id HAVING SUM(orders) > 0 OR SUM(amount) > 0"
    )
    # Nearly everybody is served by one department: only the others are summed up once more.
    engine.run(
        "CREATE TEMP TABLE pack_dep AS SELECT customer_id, low AS department_id, amount, orders FROM pack_all WHERE low = high"
        f" UNION ALL SELECT u.customer_id, u.department_id, {U_SUMS} FROM pack_all a CROSS JOIN {engine.uses} u"
        f" WHERE a.low <> a.high AND u.customer_id = a.customer_id AND u.{span} GROUP BY u.customer_id, u.department_id"
    )
    _index(engine, "pack_dep", "customer_id, department_id")
    _known(engine, frame)
    [(count, amount, orders)] = engine.rows(
        "SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT), CAST(COALESCE(SUM(orders), 0) AS BIGINT) FROM pack_all"
    )
    top = top_count(int(count), frame.limits.share)
    _classes(engine, frame, top)
    engine.run(
        f"CREATE TEMP TABLE pack_listed AS SELECT customer_id, {', '.join(FLAGS)} FROM pack_class WHERE {LISTED} ORDER BY customer_id"
    )
    _index(engine, "pack_listed")
    return {"active": int(count), "amount": int(amount), "orders": int(orders), "top": top}


SUMS = "CAST(SUM(amount) AS BIGINT) AS amount, CAST(SUM(orders) AS BIGINT) AS orders"
U_SUMS = SUMS.replace("SUM(", "SUM(u.")
LISTED = " OR ".join(f"{flag} = 1" for flag in FLAGS)
STEPS = (
    "pack_all",
    "pack_dep",
    "pack_known",
    "pack_owed",
    "pack_class",
    "pack_listed",
    "pack_sold",
    "pack_curve",
    "pack_point",
    "pack_new",
)


def clear(engine: Engine) -> None:
    """Make room for another reckoning over the same connection."""
    for table in STEPS:
        engine.run(f"DROP TABLE IF EXISTS {table}")


def _index(engine: Engine, table: str, columns: str = "customer_id") -> None:
    """SQLite knows nothing of a table it has just made and may walk it once for every row of the other; an index settles it."""
    if engine.name == "database":
        engine.run(f"CREATE INDEX {table}_key ON {table} ({columns})")


def _known(engine: Engine, frame: Frame) -> None:
    """What stands beside the orders. A company with a contract in force is active although nothing was served or paid yet (A-21)."""
    contracted, plans = facts.contracts(frame.until), dict(facts.plans(frame.until))
    adverse = {key for (key,) in facts.adverse(frame.until)}
    engine.run(
        f"CREATE TEMP TABLE pack_owed AS SELECT DISTINCT customer_id, 1 AS unpaid FROM {engine.uses}"
        f" WHERE owed > 0 AND month <= {frame.month}"
    )
    _index(engine, "pack_owed")
    rich = engine.rows(f"SELECT customer_id FROM pack_all WHERE amount >= {frame.limits.key_amount}")
    companies = facts.companies_among([int(key) for (key,) in rich]) | set(contracted)
    engine.load(
        "pack_known",
        {"customer_id": "id", "adverse": "n", "company": "n", "contracted": "n", "months": "n"},
        [
            (key, int(key in adverse), int(key in companies), contracted.get(key, 0), plans.get(key, 0))
            for key in sorted(adverse | companies | set(plans))
        ],
    )  # fmt: skip
    _index(engine, "pack_known")
    engine.run(
        "INSERT INTO pack_all (customer_id, amount, orders, rated, score) SELECT customer_id, 0, 0, 0, 0 FROM pack_known"
        " WHERE contracted > 0 AND customer_id NOT IN"
        " (SELECT customer_id FROM pack_all WHERE customer_id IN (SELECT customer_id FROM pack_known WHERE contracted > 0))"
    )


def _classes(engine: Engine, frame: Frame, top: int) -> None:
    """Place and running sum from one sort of nothing but what orders them; the rest is joined: a wide row is slow to sort."""
    limits, old = frame.limits, years_before(frame.until, frame.limits.years).isoformat()
    engine.run(
        "CREATE TEMP TABLE pack_class AS SELECT r.*,"
        f" CASE WHEN place <= {top} THEN 1 ELSE 0 END AS is_top,"
        f" CASE WHEN place <= {top} AND has_adverse = 0 AND is_unpaid = 0 THEN 1 ELSE 0 END AS is_premium"
        " FROM (SELECT a.customer_id, a.amount, a.orders, a.rated, a.score, a.last_on, p.place, p.running, s.first_on,"
        " COALESCE(k.months, 0) AS plan_months, COALESCE(k.contracted, 0) AS contracted, COALESCE(k.adverse, 0) AS has_adverse,"
        " COALESCE(o.unpaid, 0) AS is_unpaid,"
        f" CASE WHEN k.company = 1 AND a.amount + k.contracted >= {limits.key_amount} THEN 1 ELSE 0 END AS is_key,"
        f" CASE WHEN a.orders >= {limits.loyal_orders} AND a.rated > 0 AND a.score >= {limits.satisfaction} * a.rated THEN 1 ELSE 0 END AS is_loyal,"
        f" CASE WHEN s.first_on <= '{old}' OR k.months >= {limits.plan_months} THEN 1 ELSE 0 END AS is_long_term"
        f" FROM pack_all a JOIN (SELECT customer_id, ROW_NUMBER() OVER (ORDER BY {ORDER}) AS place,"
        f" CAST(SUM(amount) OVER (ORDER BY {ORDER} ROWS UNBOUNDED PRECEDING) AS BIGINT) AS running FROM pack_all) p"
        f" ON p.customer_id = a.customer_id LEFT JOIN {engine.sums} s ON s.customer_id = a.customer_id"
        " LEFT JOIN pack_known k ON k.customer_id = a.customer_id LEFT JOIN pack_owed o ON o.customer_id = a.customer_id) r"
    )


BANDS = ("orders <= 1", "orders > 1 AND orders < 6", "orders >= 6")


def concentration(engine: Engine, whole: dict[str, int]) -> dict[str, Any]:
    """RPT-09's head: the top set and its part, the Pareto point, the curve, each class with its part, and the others; one pass."""
    active, amount = whole["active"], whole["amount"]
    flagged = [_sum(f"{flag} * {what}") for flag in FLAGS for what in ("1", "amount")]
    banded = [
        _sum(f"CASE WHEN is_top = 0 AND {band} THEN {what} ELSE 0 END")
        for band in BANDS
        for what in ("1", "amount", "orders")
    ]
    [row] = engine.rows(
        f"SELECT MIN(CASE WHEN running * 100 >= {amount * PARETO} THEN place END), {_sum('place * amount')}, {_sum('is_top * orders')},"
        f" {', '.join(flagged + banded)} FROM pack_class"
    )
    pareto, weighted, top_orders = int(row[0]) if row[0] and amount else 0, int(row[1]), int(row[2])
    classes, others = (
        [int(value) for value in row[3 : 3 + len(flagged)]],
        [int(value) for value in row[3 + len(flagged) :]],
    )
    places = sorted(places_of(active) | ({pareto} if pareto else set()))
    curve = (
        engine.rows(f"SELECT place, running FROM pack_class WHERE place IN ({_list(places)}) ORDER BY place")
        if active
        else []
    )
    gini = gini_from(active, amount, weighted)
    return {
        **whole, "top_amount": classes[1], "top_orders": top_orders, "pareto": pareto,
        "gini": None if gini is None else str(gini), "curve": [[int(place), int(running)] for place, running in curve],
        "classes": {flag[3:]: {"count": classes[2 * n], "amount": classes[2 * n + 1]} for n, flag in enumerate(FLAGS)},
        "others": [
            {"band": n + 1, "count": others[3 * n], "amount": others[3 * n + 1], "orders": others[3 * n + 2]}
            for n in range(len(BANDS)) if others[3 * n]
        ],
    }  # fmt: skip


def places_of(active: int) -> set[int]:
    """The places at which a curve of so many customers is drawn."""
    even = {max(1, active * n // POINTS) for n in range(1, POINTS + 1)}
    return even | {max(1, active * n // 100) for n in EARLY}


def _sum(text: str) -> str:
    return f"CAST(COALESCE(SUM({text}), 0) AS BIGINT)"


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def products(engine: Engine, month: int) -> dict[str, list[list[Any]]]:
    """RPT-10 and RPT-11 of one month: product, orders, customers, amount; for everybody and for each class of the list."""
    engine.run(
        f'CREATE TEMP TABLE pack_sold AS SELECT u.product_id, u.customer_id, {U_SUMS}, 1 AS "all",'
        f" {', '.join(f'MAX(COALESCE({flag}, 0)) AS {flag}' for flag in FLAGS[1:])},"
        " MAX(CASE WHEN c.customer_id IS NULL THEN 0 ELSE 1 END) AS listed"
        f" FROM {engine.uses} u LEFT JOIN pack_listed c ON c.customer_id = u.customer_id WHERE u.month = {month}"
        " GROUP BY u.product_id, u.customer_id"
    )
    names = ("all", *FLAGS[1:], "listed")
    sums = ", ".join(_sum(f'"{name}" * {what}') for name in names for what in ("orders", "1", "amount"))
    found: dict[str, list[list[Any]]] = {name.removeprefix("is_"): [] for name in names}
    for product, *figures in engine.rows(
        f"SELECT product_id, {sums} FROM pack_sold GROUP BY product_id ORDER BY product_id"
    ):
        for n, name in enumerate(names):
            orders, customers, amount = (int(value) for value in figures[3 * n : 3 * n + 3])
            if customers:
                found[name.removeprefix("is_")].append([product, orders, customers, amount])
    return found


def bought_before(engine: Engine, months: tuple[int, int]) -> dict[int, dict[str, dict[str, int]]]:
    """What the customers who are on the list now, by class, paid for each product in two earlier months: with whom RPT-11 compares."""
    names = (*FLAGS[1:], "listed")
    sums = ", ".join(_sum("u.amount" if name == "listed" else f"{name} * u.amount") for name in names)
    found: dict[int, dict[str, dict[str, int]]] = {
        month: {name.removeprefix("is_"): {} for name in names} for month in months
    }
    for month, product, *amounts in engine.rows(
        f"SELECT u.month, u.product_id, {sums} FROM {engine.uses} u CROSS JOIN pack_listed c"
        f" WHERE c.customer_id = u.customer_id AND u.month IN ({_list(months)}) GROUP BY u.month, u.product_id"
    ):
        for name, amount in zip(names, amounts, strict=True):
            found[int(month)][name.removeprefix("is_")][product] = int(amount)
    return found


def cuts(engine: Engine, active: int) -> dict[str, list[Any]]:
    """Where the fifths of the active customers end by last service, number of orders and amount (RFM)."""
    if not active:
        return {"recency": [], "frequency": [], "amount": []}
    places = fifths(active)
    by_place = {
        int(place): int(amount)
        for place, amount in engine.rows(f"SELECT place, amount FROM pack_class WHERE place IN ({_list(places)})")
    }
    days, often = Counter[str](), Counter[int]()
    for day, orders, count in engine.rows("SELECT last_on, orders, COUNT(*) FROM pack_all GROUP BY last_on, orders"):
        days[str(day or "")] += int(count)
        often[int(orders)] += int(count)
    return {
        "recency": cuts_of(days.items(), places), "frequency": cuts_of(often.items(), places), "amount": [by_place[place] for place in places],
    }  # fmt: skip


def listed(engine: Engine) -> list[tuple[Any, ...]]:
    """Every customer of the list in its order: in the top set, or in a class."""
    return engine.rows(
        "SELECT customer_id, place, amount, running, orders, rated, score, first_on, last_on, plan_months, contracted,"
        f" is_top, is_premium, is_key, is_loyal, is_long_term, has_adverse, is_unpaid FROM pack_class WHERE {LISTED} ORDER BY place"
    )


def main_products(engine: Engine, frame: Frame) -> dict[int, str]:
    """The one or two products that each listed customer paid most for; of equals the one ordered more often."""
    rows = engine.rows(
        f"SELECT u.customer_id, u.product_id, {U_SUMS} FROM pack_listed c CROSS JOIN {engine.uses} u"
        f" WHERE u.customer_id = c.customer_id AND u.month BETWEEN {frame.since} AND {frame.month} GROUP BY u.customer_id, u.product_id"
    )
    best: dict[int, tuple[Any, ...]] = {}
    found: dict[int, str] = {}
    for key, product, amount, orders in rows:
        mine, held = (-amount, -orders, product), best.get(key)
        if held is None:
            best[key], found[key] = (mine, None), product
        elif mine < held[0]:
            best[key], found[key] = (mine, held[0]), f"{product},{held[0][2]}"
        elif held[1] is None or mine < held[1]:
            best[key], found[key] = (held[0], mine), f"{held[0][2]},{product}"
    return found


def departments(engine: Engine, frame: Frame) -> dict[int, dict[str, Any]]:
    """RPT-12 by department: who is active, gained, lost; how concentrated; how many of the new ones came back."""
    month, before = frame.month, month_back(frame.since, 1)
    found = _curves(engine)
    gained = engine.rows(
        f"SELECT u.department_id, COUNT(DISTINCT u.customer_id) FROM {engine.sums} s CROSS JOIN {engine.uses} u"
        f" WHERE s.first_on >= '{first_of(month)}' AND s.first_on <= '{frame.until}' AND u.customer_id = s.customer_id"
        f" AND u.month = {month} GROUP BY u.department_id"
    )
    lost = engine.rows(
        f"SELECT u.department_id, COUNT(DISTINCT u.customer_id) FROM {engine.uses} u LEFT JOIN pack_dep d"
        f" ON d.customer_id = u.customer_id AND d.department_id = u.department_id WHERE u.month = {before} AND d.customer_id IS NULL"
        " GROUP BY u.department_id"
    )
    for name, rows in (("gained", gained), ("lost", lost)):
        for department, count in rows:
            found.setdefault(int(department), dict(EMPTY))[name] = int(count)
    for department, cohorts in _cohorts(engine, frame).items():
        found.setdefault(department, dict(EMPTY))["cohorts"] = cohorts
    return found


EMPTY: dict[str, Any] = {
    "active": 0,
    "amount": 0,
    "orders": 0,
    "gained": 0,
    "lost": 0,
    "cohorts": [],
    "curve": [],
    "gini": None,
}


def _curves(engine: Engine) -> dict[int, dict[str, Any]]:
    """Each department's customers, orders and amount, with its own concentration. Who paid the same stands on one line with how many
    they are: their order changes neither the curve nor Gini's figure, and there are thirty times fewer lines to sort."""
    engine.run(
        "CREATE TEMP TABLE pack_curve AS SELECT department_id, amount, orders, count,"
        " CAST(SUM(count) OVER w AS BIGINT) AS upto, CAST(SUM(count * amount) OVER w AS BIGINT) AS running"
        f" FROM (SELECT department_id, amount, {_sum('orders')} AS orders, COUNT(*) AS count FROM pack_dep GROUP BY department_id, amount) d"
        " WINDOW w AS (PARTITION BY department_id ORDER BY amount DESC ROWS UNBOUNDED PRECEDING)"
    )
    found: dict[int, dict[str, Any]] = {}
    points: list[tuple[int, int]] = []
    # The places of equals run from upto - count + 1 to upto.
    weights = "amount * (count * (2 * upto - count + 1) / 2)"
    for row in engine.rows(
        f"SELECT department_id, {_sum('count')}, {_sum('count * amount')}, {_sum('orders')}, {_sum(weights)} FROM pack_curve GROUP BY department_id"
    ):
        department, active, amount, orders, weighted = (int(value) for value in row)
        gini = gini_from(active, amount, weighted)
        found[department] = {**EMPTY, "active": active, "amount": amount, "orders": orders, "gini": None if gini is None else str(gini), "curve": []}  # fmt: skip
        points += [(department, place) for place in sorted(places_of(active))]
    engine.load("pack_point", {"department_id": "id", "place": "n"}, points)
    for department, place, running in engine.rows(
        "SELECT k.department_id, p.place, k.running - (k.upto - p.place) * k.amount FROM pack_curve k CROSS JOIN pack_point p"
        " WHERE p.department_id = k.department_id AND p.place <= k.upto AND p.place > k.upto - k.count ORDER BY k.department_id, p.place"
    ):
        found[int(department)]["curve"].append([int(place), int(running)])
    return found


def _cohorts(engine: Engine, frame: Frame) -> dict[int, list[list[Any]]]:
    """Who came first in a month of the period, and how many of them were served in each month since: [cohort, month, customers]."""
    engine.run(
        f"CREATE TEMP TABLE pack_new AS SELECT customer_id, first_on FROM {engine.sums}"
        f" WHERE first_on >= '{first_of(frame.since)}' AND first_on <= '{frame.until}'"
    )
    _index(engine, "pack_new")
    rows = engine.rows(
        f"SELECT u.department_id, n.first_on, u.month, COUNT(DISTINCT u.customer_id) FROM pack_new n CROSS JOIN {engine.uses} u"
        f" WHERE u.customer_id = n.customer_id AND u.month BETWEEN {frame.since} AND {frame.month} GROUP BY u.department_id, n.first_on, u.month"
    )
    sums: dict[int, dict[tuple[int, int], int]] = {}
    for department, first_on, month, count in rows:
        day = first_on if isinstance(first_on, dt.date) else dt.date.fromisoformat(str(first_on))
        mine = sums.setdefault(int(department), {})
        key = (day.year * 100 + day.month, int(month))
        mine[key] = mine.get(key, 0) + int(count)
    return {department: [[*key, count] for key, count in sorted(cells.items())] for department, cells in sums.items()}
