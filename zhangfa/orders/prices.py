"""Prices as orders, pages and the interface ask for them; a read over the price list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from zhangfa.orders.models import Package, Price, Product, Surcharge
from zhangfa.orders.price_rules import Extra, PriceRow, Quote, price_on, quote_for


def row_of(price: Price) -> PriceRow:
    return PriceRow(
        price.pk, price.unit_price, price.from_on, price.to_on, price.region_id, price.customer_kind, price.minimum_quantity,
        price.minimum_amount,
    )  # fmt: skip


def extra_of(surcharge: Surcharge) -> Extra:
    return Extra(surcharge.code, surcharge.from_on, surcharge.to_on, surcharge.percent, surcharge.amount)


def rows_of(product: Product) -> list[PriceRow]:
    return [row_of(price) for price in Price.objects.filter(product=product, withdrawn_at=None)]


def find(product: Product, *, region_id: int | None, kind: str, day: dt.date) -> PriceRow | None:
    """The price in force for a customer of that kind in that region."""
    return price_on(rows_of(product), region=region_id, kind=kind, day=day)


def quote(
    product: Product, *, quantity: Decimal, region_id: int | None, kind: str, day: dt.date, extras: Sequence[Surcharge] = (),
    package: Package | None = None,
) -> Quote | None:  # fmt: skip
    """What an order would cost, line by line; a package has its own price for its product; None where the list has none."""
    if package is not None and package.product_id == product.pk:
        row: PriceRow | None = PriceRow(0, package.unit_price, day)
    else:
        row = find(product, region_id=region_id, kind=kind, day=day)
    return quote_for(row, quantity, [extra_of(extra) for extra in extras]) if row else None


def as_json(found: Quote, package: Package | None = None) -> dict[str, Any]:
    """The price as an order keeps it: explained years later without the list."""
    row = found.row
    return {
        "package": package.pk if package is not None and row.id == 0 else "",
        "price": row.id, "from_on": row.from_on.isoformat(), "region": row.region, "kind": row.kind,
        "lines": [
            {
                "code": line.code, "amount": str(line.amount), "surcharge": line.surcharge,
                "quantity": None if line.quantity is None else str(line.quantity),
                "unit_price": None if line.unit_price is None else str(line.unit_price),
            }
            for line in found.lines
        ],
    }  # fmt: skip


def listed_on(day: dt.date, products: Sequence[str] | None = None) -> dict[str, PriceRow]:
    """The general price of every product on that day, in one read."""
    rows: dict[str, list[PriceRow]] = {}
    found = Price.objects.filter(withdrawn_at=None, scope="-/-", from_on__lte=day)
    for price in found if products is None else found.filter(product_id__in=products):
        rows.setdefault(price.product_id, []).append(row_of(price))
    best = {code: price_on(lines, region=None, kind="", day=day) for code, lines in rows.items()}
    return {code: row for code, row in best.items() if row is not None}
