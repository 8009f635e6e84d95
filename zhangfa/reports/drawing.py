"""The pack's raw sums as the figures of each report: shares that add up, changes, indices, the outlook (reports.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from zhangfa.core.money import to_fen
from zhangfa.core.shares import shares
from zhangfa.orders.models import Product
from zhangfa.organisation.models import Unit
from zhangfa.reports import facts, pack, rollup
from zhangfa.reports.engines import Engine
from zhangfa.reports.models import MonthSum
from zhangfa.reports.pack import Frame
from zhangfa.reports.rules import CLASSES, first_of, month_back, named
from zhangfa.reports.rules_figures import change, index_of, outlook, rate, score

TREND = 24
Row = list[Any]


def whole_pack(engine: Engine, frame: Frame) -> dict[str, Any]:
    """Every figure of the month-end pack, and the lines of the list."""
    found = figures(engine, frame)
    rows = lines(engine, frame, found["head"]["cuts"])
    found["head"] |= {"listed": len(rows), "digest": digest_of(rows)}
    return found | {"rows": rows}


def figures(engine: Engine, frame: Frame) -> dict[str, Any]:
    """The figures of RPT-09 … RPT-12, without the lines of the list."""
    whole = pack.prepare(engine, frame)
    head = pack.concentration(engine, whole)
    month = frame.month
    earlier = (month_back(month, 1), month_back(month, 12))
    sales = {month: pack.products(engine, month)} | {at: {"all": _sums(at)} for at in earlier}
    parts = pack.departments(engine, frame)
    period = {"month": named(month), "since": named(frame.since), "until_on": frame.until.isoformat()}
    names = _product_names({row[0] for of in sales.values() for row in of["all"]})
    return {
        "head": period | head | {"cuts": pack.cuts(engine, whole["active"])},
        "mix": period | {"rows": mix(sales, names), "total": _total(sales[month]["all"], month)},
        "best": period | best(sales[month], names, pack.bought_before(engine, earlier)),
        "departments": {key: period | part for key, part in _departments(parts, whole, head, frame).items()},
    }


def lines(engine: Engine, frame: Frame, cuts: Mapping[str, list[Any]]) -> list[Row]:
    """The lines of the list (F16): ranked figures, scores, main products, when they were last visited, cases of the period."""
    visited, cases = facts.visited(frame.until), facts.cases(first_of(frame.since), frame.until)
    found = []
    bought = pack.main_products(engine, frame)
    for row in pack.listed(engine):
        key, amount, orders, last_on = row[0], row[2], row[4], row[8]
        scores = (
            score(str(last_on or ""), cuts["recency"]),
            score(orders, cuts["frequency"]),
            score(amount, cuts["amount"]),
        )
        found.append([*row, *scores, bought.get(key, ""), visited.get(key), *cases.get(key, NO_CASES)])
    return found


NO_CASES = (0, 0)


def _sums(month: int) -> list[Row]:
    """Product, orders, customers and amount of a month, as the roll-up keeps them."""
    rows = (
        MonthSum.objects.filter(month=month, department_id=rollup.WHOLE).exclude(product_id="").order_by("product_id")
    )
    return [[row.product_id, row.orders, row.customers, to_fen(row.amount)] for row in rows]


def digest_of(rows: Iterable[Sequence[Any]]) -> str:
    """The digest over every line of the list, so that the frozen figures cover them too."""
    found = hashlib.sha256()
    for row in rows:
        found.update("\x1f".join(map(str, row)).encode())
        found.update(b"\n")
    return found.hexdigest()


def _product_names(codes: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    rows = Product.objects.filter(pk__in=list(codes)).values_list("pk", "name", "name_en", "category")
    return {code: (name, name_en, category) for code, name, name_en, category in rows}


def _total(rows: Sequence[Row], month: int) -> dict[str, Any]:
    """The table's last line; a customer of several products is one customer."""
    whole = MonthSum.objects.filter(month=month, department_id=rollup.WHOLE, product_id="").first()
    return {
        "orders": sum(row[1] for row in rows), "amount": sum(row[3] for row in rows), "uses": sum(row[2] for row in rows),
        "customers": whole.customers if whole else 0,
    }  # fmt: skip


def mix(
    sales: Mapping[int, Mapping[str, Sequence[Row]]], names: Mapping[str, tuple[str, str, str]]
) -> list[dict[str, Any]]:
    """RPT-10: every product with its parts of orders, customers and amount, and the change to last month and last year."""
    (now, before, last_year) = sales.values()
    rows = _with_shares(now["all"])
    then = {row[0]: row[3] for row in before["all"]}
    year = {row[0]: row[3] for row in last_year["all"]}
    for row in rows:
        code, amount = row["product"], row["amount"]
        row["change"], row["change_year"] = (
            _text(change(amount, then.get(code, 0))),
            _text(change(amount, year.get(code, 0))),
        )
        row["before"], row["year"] = then.get(code, 0), year.get(code, 0)
        row["average"] = amount // row["orders"] if row["orders"] else None
    return _named(rows, names)


def best(
    sales: Mapping[str, Sequence[Row]], names: Mapping[str, tuple[str, str, str]], then: Mapping[int, Mapping[str, Mapping[str, int]]]
) -> dict[str, Any]:  # fmt: skip
    """RPT-11: the same for each class and for all of the list; the index compares with everybody's share of the amount.

    The changes say what these very customers paid for the product a month and a year before: whoever has joined the class since is counted then too.
    """
    before, last_year = then.values()
    overall = {row["product"]: Decimal(row["share_amount"]) for row in _with_shares(sales["all"])}
    sums = {row[0]: row[3] for row in sales["all"]}
    found = {}
    for code in ("listed", *CLASSES):
        rows = _with_shares(sales[code])
        mine = {row["product"]: row for row in rows}
        whole = sum(row["amount"] for row in rows)
        for product in overall:
            if product not in mine:
                mine[product] = {
                    "product": product,
                    "orders": 0,
                    "customers": 0,
                    "amount": 0,
                    **dict.fromkeys(SHARES, "0.0"),
                }
        for product, row in mine.items():
            index = index_of(row["amount"], whole, sums.get(product, 0), sum(sums.values()))
            row["share_all"], row["index"] = str(overall.get(product, Decimal("0.0"))), _text(index)
            row["difference"] = str(Decimal(row["share_amount"]) - overall.get(product, Decimal(0)))
            row["change"], row["change_year"] = (
                _text(change(row["amount"], sums_then[code].get(product, 0))) for sums_then in (before, last_year)
            )
        found[code] = _named(sorted(mine.values(), key=lambda row: (-row["amount"], row["product"])), names)
    totals = {
        code: {"orders": sum(row[1] for row in sales[code]), "amount": sum(row[3] for row in sales[code])}
        for code in ("listed", *CLASSES)
    }
    return {"classes": found, "totals": totals}


SHARES = ("share_orders", "share_customers", "share_amount")


def _with_shares(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Largest amount first; each of the three columns of shares adds up to 100.0."""
    rows = sorted(rows, key=lambda row: (-row[3], row[0]))
    parts = zip(*(shares([row[n] for row in rows]) for n in (1, 2, 3)), strict=True)
    return [
        {
            "product": row[0],
            "orders": row[1],
            "customers": row[2],
            "amount": row[3],
            **dict(zip(SHARES, map(str, part), strict=True)),
        }
        for row, part in zip(rows, parts, strict=True)
    ]


def _named(rows: list[dict[str, Any]], names: Mapping[str, tuple[str, str, str]]) -> list[dict[str, Any]]:
    for row in rows:
        row["name"], row["name_en"], row["category"] = names.get(row["product"], (row["product"], "", ""))
    return rows


def _departments(
    parts: Mapping[int, dict[str, Any]], whole: Mapping[str, int], head: Mapping[str, Any], frame: Frame
) -> dict[str, dict[str, Any]]:
    """RPT-12 for the company and for each of its departments, by the key of the unit (`all` for the company)."""
    trends = _trends(frame.month)
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[key for key in parts if key])}
    company = {
        "active": whole["active"], "amount": whole["amount"], "orders": whole["orders"], "curve": head["curve"], "gini": head["gini"],
        "gained": sum(part["gained"] for part in parts.values()), "lost": sum(part["lost"] for part in parts.values()),
        "cohorts": _merged(part["cohorts"] for part in parts.values()),
    }  # fmt: skip
    found = {"all": _analysis(company, trends.get(rollup.WHOLE, []), None)}
    for key, part in sorted(parts.items()):
        if key in units:
            found[str(key)] = _analysis(pack.EMPTY | part, trends.get(key, []), units[key])
    return found


def _merged(cohorts: Iterable[Sequence[Row]]) -> list[Row]:
    sums: dict[tuple[int, int], int] = {}
    for rows in cohorts:
        for cohort, month, count in rows:
            sums[cohort, month] = sums.get((cohort, month), 0) + count
    return [[*key, count] for key, count in sorted(sums.items())]


def _analysis(part: Mapping[str, Any], trend: list[Row], unit: Unit | None) -> dict[str, Any]:
    amounts = [row[2] for row in trend]
    ahead = outlook(amounts)
    orders, active = part["orders"], part["active"]
    return {
        **part, "unit": unit.name if unit else "", "unit_en": unit.name_en if unit else "",
        "frequency": _text(Decimal(orders) / active if active else None, "0.01"),
        "average": part["amount"] // orders if orders else None, "per_customer": part["amount"] // active if active else None,
        "lost_rate": _text(rate(part["lost"], active + part["lost"])), "trend": trend,
        "outlook": [ahead.value, ahead.low, ahead.high, ahead.method] if ahead else None,
    }  # fmt: skip


def _trends(month: int) -> dict[int, list[Row]]:
    """Month, orders, amount and customers of the last two years, without a gap; from the first month with anything."""
    first = month_back(month, TREND - 1)
    rows = MonthSum.objects.filter(month__gte=first, month__lte=month, product_id="").values_list(
        "department_id", "month", "orders", "amount", "customers"
    )
    found: dict[int, dict[int, Row]] = {}
    for department, at, orders, amount, customers in rows:
        found.setdefault(department, {})[at] = [at, orders, to_fen(amount), customers]
    complete = {}
    for department, known in found.items():
        months = [month_back(month, back) for back in range(TREND - 1, -1, -1)]
        complete[department] = [known.get(at, [at, 0, 0, 0]) for at in months if at >= min(known)]
    return complete


def _text(value: Decimal | None, step: str = "") -> str | None:
    if value is None:
        return None
    return str(value.quantize(Decimal(step)) if step else value)
