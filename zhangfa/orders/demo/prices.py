"""The demo's price list: history, a price that is announced, prices by city and for enterprises, surcharges (domain.md 5.2)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhangfa.core import clock
from zhangfa.core.money import yuan
from zhangfa.orders.catalogue import (
    AT_HEIGHT,
    EXTRAS,
    FESTIVAL,
    FOR_ENTERPRISES,
    LEAST_AMOUNT,
    LEAST_QUANTITY,
    OFFERS,
    SPRING_EVES,
    Extra,
)
from zhangfa.orders.models import Package, Price, Product, Surcharge
from zhangfa.organisation.models import Unit


def install_products(at: dt.datetime) -> None:
    """Write the price list with its history and its surcharges; what a company changed stays."""
    day = clock.local_date(at)
    Product.objects.bulk_create(
        [
            Product(
                code=o.code, name=o.name, name_en=o.name_en, category=o.category, unit=o.unit, hours=Decimal(str(o.hours)), crew=o.crew,
                is_home_visit=o.category != "facility", is_at_height=o.code in AT_HEIGHT,
            )
            for o in OFFERS
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    if Price.objects.exists():
        return
    rows = [_price(o.code, o.price, day - dt.timedelta(days=700), at, "开业定价") for o in OFFERS]
    rows += [
        _price(code, price, day - dt.timedelta(days=500), at, "企业长期合作价", kind="enterprise")
        for code, price in FOR_ENTERPRISES.items()
    ]
    # A price that was lower until last year, and one that is announced.
    rows.append(_price("WN01", "12", day - dt.timedelta(days=1200), at, "开业定价"))
    rows.append(_price("HC01", "58", day + dt.timedelta(days=38), at, "人工成本上涨"))
    for region, factor in city_factors().items():
        if factor == 1:
            continue
        rows += [
            _price(
                o.code, yuan(Decimal(o.price) * factor), day - dt.timedelta(days=700), at, "按城市定价", region=region
            )
            for o in OFFERS
        ]
    Price.objects.bulk_create(rows)
    Package.objects.bulk_create(
        [
            Package(code="HC04", name="企业团购卡", name_en="Corporate cleaning card", product_id="HC01", quantity=30, price=yuan("1500"), months=12),
            Package(code="HC03B", name="保洁季卡", name_en="Quarterly cleaning card", product_id="HC01", quantity=36, price=yuan("1836"), months=4),
        ]
    )  # fmt: skip
    Surcharge.objects.bulk_create([_extra(extra, extra.code, day - dt.timedelta(days=700)) for extra in EXTRAS])
    Surcharge.objects.bulk_create(
        [
            _extra(FESTIVAL, f"CJ{year}", dt.date(year, *eve) - dt.timedelta(days=20), dt.date(year, *eve))
            for year, eve in SPRING_EVES.items()
            if abs(year - day.year) <= 1
        ]
    )


def city_factors() -> dict[Unit, Decimal]:
    """What a city's prices are of the list: the first has the list, the others lie within 15 % of it."""
    regions = Unit.objects.filter(kind=Unit.Kind.REGION).order_by("pk")
    return {region: Decimal(85 + n * 7 % 31) / 100 if n else Decimal(1) for n, region in enumerate(regions)}


def _price(
    code: str, price: Any, from_on: dt.date, at: dt.datetime, reason: str, *, kind: str = "", region: Unit | None = None
) -> Price:  # fmt: skip
    row = Price(
        product_id=code, unit_price=yuan(price), from_on=from_on, reason=reason, customer_kind=kind, region=region, made_at=at,
        minimum_quantity=Decimal(LEAST_QUANTITY.get(code, 0)), minimum_amount=Decimal(LEAST_AMOUNT.get(code, 0)),
    )  # fmt: skip
    row.prepare()
    return row


def _extra(extra: Extra, code: str, from_on: dt.date, to_on: dt.date | None = None) -> Surcharge:
    return Surcharge(
        code=code, name=extra.name, name_en=extra.name_en, reason=extra.reason, reason_en=extra.reason_en, from_on=from_on, to_on=to_on,
        percent=Decimal(extra.percent) if extra.percent else None, amount=yuan(extra.amount) if extra.amount else None,
    )  # fmt: skip
