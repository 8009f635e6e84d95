"""Keeping the price list: new products, prices that begin on a later day, surcharges with their published reason (HS-W3)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.orders.crew_rules import refuse_crew
from zhangfa.orders.models import Price, Product, Surcharge
from zhangfa.orders.permissions import keep_prices
from zhangfa.orders.price_rules import CLAUSE, refuse_price, refuse_surcharge, refuse_withdrawal
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Unit


def add_product(
    *, code: str, name: str, category: str, unit: str, hours: Decimal, unit_price: Decimal, from_on: dt.date, reason: str,
    name_en: str = "", crew: int = 1, is_home_visit: bool = True, is_at_height: bool = False, by: Actor, at: dt.datetime,
) -> Product:  # fmt: skip
    """Put a product on the list together with its first price."""
    with work():
        demand(keep_prices(by=by, at=at))
        code = code.upper()
        if Product.objects.filter(pk=code).exists():
            demand([Refusal("product.taken", _("这个代码已经用过。"), {}, CLAUSE, "code")])
        demand(refuse_crew(crew=crew))
        product = Product(
            code=code, name=name, name_en=name_en, category=category, unit=unit, hours=hours, crew=crew, is_home_visit=is_home_visit,
            is_at_height=is_at_height,
        )  # fmt: skip
        demand(keep_prices(product, by=by, at=at))
        product.save(force_insert=True)
        announce(
            "orders.product.added", product, by=by, at=at, label=_("新增产品"), codes={"category": category}, clause=CLAUSE, is_new=True,
        )  # fmt: skip
        set_price(product, unit_price=unit_price, from_on=from_on, reason=reason, by=by, at=at)
    return product


def set_price(
    product: Product, *, unit_price: Decimal, from_on: dt.date, reason: str, region: Unit | None = None, customer_kind: str = "",
    minimum_quantity: Decimal | None = None, minimum_amount: Decimal | None = None, to_on: dt.date | None = None, by: Actor, at: dt.datetime,
) -> Price:  # fmt: skip
    """Publish a price from a day on; the one before holds until then and stays on the list as history."""
    with work():
        product = Product.objects.select_for_update().get(pk=product.pk)
        demand(keep_prices(product, by=by, at=at))
        price = Price(
            product=product, region=region, customer_kind=customer_kind, unit_price=unit_price, from_on=from_on, to_on=to_on, reason=reason,
            minimum_quantity=minimum_quantity or Decimal(0), minimum_amount=minimum_amount or Decimal(0), made_by_id=by.person_id, made_at=at,
        )  # fmt: skip
        price.prepare()
        known = Price.objects.filter(product=product, withdrawn_at=None)
        demand(
            refuse_price(
                unit_price=unit_price, from_on=from_on, to_on=to_on, today=clock.local_date(at), is_first=not known.exists(),
                is_taken=known.filter(scope=price.scope, from_on=from_on).exists(),
            )
        )  # fmt: skip
        price.save(force_insert=True)
        _tell(price, "set", _("定价"), by=by, at=at, values={"reason": reason})
    return price


def plan_crew(product: Product, *, crew: int, reason: str, by: Actor, at: dt.datetime) -> Product:
    """Say how many people the service is planned with; who is sent already stays, who is missing is asked for from now on."""
    with work():
        product = Product.objects.select_for_update().get(pk=product.pk)
        demand([*keep_prices(product, by=by, at=at), *refuse_crew(crew=crew)])
        before, product.crew = product.crew, crew
        product.save(update_fields=["crew"])
        announce(
            "orders.product.crew_planned", product, by=by, at=at, label=_("改服务人数"), clause=CLAUSE,
            codes={"crew": crew, "before": before}, values={"reason": reason},
        )  # fmt: skip
    return product


def withdraw_price(price: Price, *, reason: str, by: Actor, at: dt.datetime) -> Price:
    """Take back a price that has not begun; it stays visible as withdrawn."""
    with work():
        price = Price.objects.select_related("product").select_for_update(of=("self",)).get(pk=price.pk)
        demand(keep_prices(price.product, by=by, at=at))
        demand(
            refuse_withdrawal(
                from_on=price.from_on, today=clock.local_date(at), is_withdrawn=price.withdrawn_at is not None
            )
        )
        price.withdrawn_at = at
        price.save(update_fields=["withdrawn_at"])
        _tell(price, "withdrawn", _("撤回价格"), by=by, at=at, values={"reason": reason})
    return price


def add_surcharge(
    *, code: str, name: str, reason: str, from_on: dt.date, percent: Decimal | None = None, amount: Decimal | None = None,
    to_on: dt.date | None = None, name_en: str = "", reason_en: str = "", by: Actor, at: dt.datetime,
) -> Surcharge:  # fmt: skip
    """Publish a surcharge with the reason that customers read."""
    with work():
        demand(keep_prices(by=by, at=at))
        code = code.upper()
        demand(
            refuse_surcharge(
                percent=percent, amount=amount, from_on=from_on, to_on=to_on, today=clock.local_date(at),
                is_taken=Surcharge.objects.filter(pk=code).exists(),
            )
        )  # fmt: skip
        row = Surcharge.objects.create(
            code=code, name=name, name_en=name_en, reason=reason, reason_en=reason_en, percent=percent, amount=amount, from_on=from_on,
            to_on=to_on,
        )  # fmt: skip
        announce("orders.surcharge.published", row, by=by, at=at, label=_("公布附加费"), clause=CLAUSE, is_new=True)
    return row


def _tell(price: Price, verb: str, label: str, *, by: Actor, at: dt.datetime, values: dict[str, Any]) -> None:
    codes = {
        "product": price.product_id, "scope": price.scope, "unit_price": price.unit_price, "from_on": price.from_on, "to_on": price.to_on,
    }  # fmt: skip
    announce(f"orders.price.{verb}", price, by=by, at=at, label=label, codes=codes, values=values, clause=CLAUSE)
