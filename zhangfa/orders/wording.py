"""Stored codes in the reader's words: price lines, the reason of a price, the grounds of a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.customers.models import Customer
from zhangfa.orders.models import Order, Product, Surcharge
from zhangfa.orders.rules import Reason
from zhangfa.organisation.models import Unit
from zhangfa.ui.display import money
from zhangfa.ui.words import join

KINDS = dict(Customer.Kind.choices)
EVERYBODY = lazy("所有客户")
EVERYWHERE = lazy("所有区域")


def plain(number: Decimal | str | None) -> str:
    """2, 2.5; a quantity as people write it."""
    return "" if number is None else f"{Decimal(number).normalize():f}"


def scope_words(region: Unit | None, kind: str) -> str:
    """Where and for whom a price holds."""
    return f"{region.shown_name if region else EVERYWHERE} · {KINDS[kind] if kind else EVERYBODY}"


def price_reason(found: Mapping[str, Any], region: Unit | None) -> str:
    """Why this price: the line of the list that holds on the day of service, or the customer's package."""
    if found.get("package"):
        return _("套餐 %(code)s 的价格，用套餐卡支付。") % {"code": found["package"]}
    if found.get("source"):
        return _("原系统里的价格，导入时照录。")
    return _("价目表：%(scope)s，%(day)s 起的价格。") % {
        "scope": scope_words(region, found["kind"]),
        "day": found["from_on"],
    }


def price_lines(found: Mapping[str, Any], unit: str, surcharges: Mapping[str, Surcharge]) -> list[tuple[str, str]]:
    """Every line of a price in words with its sum."""
    return [(_line_words(line, unit, surcharges), money(line["amount"])) for line in found["lines"]]


def _line_words(line: Mapping[str, Any], unit: str, surcharges: Mapping[str, Surcharge]) -> str:
    if line["code"] == "taken_over":
        return _("原系统里的金额")
    facts = {"n": plain(line["quantity"]), "unit": unit, "price": money(line["unit_price"])}
    if line["code"] == "surcharge":
        extra = surcharges.get(line["surcharge"])
        return extra.shown_name + _("：") + extra.shown_reason if extra else _("附加费")
    if line["code"] == "minimum_amount":
        return _("不足起订金额，补到起订金额")
    if line["code"] == "minimum_quantity":
        return _("按起订量 %(n)s %(unit)s × %(price)s") % facts
    return _("%(n)s %(unit)s × %(price)s") % facts


def crew_words(order: Order) -> str:
    """Who is sent: one name, or whoever is in charge with those who go along."""
    if order.worker is None:
        return ""
    if not order.members:
        return order.worker.shown_name
    lead = _("%(name)s（负责人）") % {"name": order.worker.shown_name}
    return join([lead, *(one.shown_name for one in order.members)])


def sent_words(order: Order) -> str:
    """Who is sent, and where the service asks for more people, how many of how many."""
    who, needed = crew_words(order), order.product.crew
    if needed < 2 or not order.is_open or len(order.people) >= needed:
        return who
    count = _("应派 %(needed)s 人，已派 %(sent)s 人") % {"needed": needed, "sent": len(order.people)}
    return f"{who} · {count}" if who else count


def plan_words(product: Product) -> str:
    """People times hours on site, and what that makes together."""
    if product.crew == 1:
        return _("%(hours)s 小时") % {"hours": plain(product.hours)}
    facts = {"n": product.crew, "hours": plain(product.hours), "sum": plain(product.crew * product.hours)}
    return _("%(n)s 人 × %(hours)s 小时，共 %(sum)s 工时") % facts


def reason_words(reason: Reason) -> str:
    """One ground for or against sending somebody."""
    facts = {name: plain(value) if isinstance(value, Decimal) else value for name, value in reason.params.items()}
    words = {
        "wish": _("客户指定"),
        "preferred": _("客户希望由其服务"),
        "visits": _("服务过这位客户 %(n)s 次"),
        "skill": _("有这类服务的技能证书"),
        "done": _("近半年做过同类服务 %(n)s 单"),
        "new": _("近半年没有做过同类服务"),
        "near": _("当天在%(compound)s还有 %(n)s 单"),
        "home": _("本网点（%(outlet)s）"),
        "neighbour": _("其他网点（%(outlet)s）"),
        "free": _("当天没有其他订单"),
        "load": _("当天已有 %(n)s 单，本周共 %(hours)s 小时"),
        "rating": _("客户评分 %(score)s（%(n)s 次）"),
        "yellow": _("安心码为黄码，请尽快补齐"),
    }
    return words[reason.code] % facts
