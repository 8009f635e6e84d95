"""Classes of customers as others ask for them, and the rule behind each in words (CS-W2.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.core.money import yuan
from zhangfa.customers.models import BY_DEPARTMENT, EVERYWHERE, ClassChange, CustomerClass
from zhangfa.organisation.actor import Actor
from zhangfa.ui.display import money

CHANGES_SHOWN = 20
AMOUNT_READERS = (*EVERYWHERE, *BY_DEPARTMENT, "fin", "am")


def classes_of(customers: Iterable[int]) -> dict[int, list[CustomerClass]]:
    """The classes that each of these customers is in now, in one read; who is in none is missing."""
    found: dict[int, list[CustomerClass]] = {}
    for row in CustomerClass.objects.filter(customer_id__in=list(customers)).order_by("customer_id", "pk"):
        found.setdefault(row.customer_id, []).append(row)
    return found


def codes_of(customer: int) -> set[str]:
    """The classes of one customer as codes."""
    return set(CustomerClass.objects.filter(customer_id=customer).values_list("code", flat=True))


def customers_in(codes: Collection[str]) -> Any:
    """The keys of the customers in any of these classes, as a query."""
    return CustomerClass.objects.filter(code__in=list(codes)).order_by().values("customer_id").distinct()


def changes_of(customer: int) -> list[ClassChange]:
    return list(ClassChange.objects.filter(customer_id=customer).order_by("-pk")[:CHANGES_SHOWN])


def may_see_amounts(actor: Actor) -> bool:
    """An outlet learns who is on the list, not how much they pay (domain.md F16)."""
    return actor.is_system or actor.holds(*AMOUNT_READERS)


def why(code: str, facts: dict[str, Any], *, with_amounts: bool) -> str:
    """The rule of a class with this customer's figures in it."""
    known = dict(facts)
    for name in ("paid", "limit", "contracted"):
        if name in known and code in ("premium", "key"):
            known[name] = money(yuan(str(known[name]))) if with_amounts or name == "limit" else "****"
    if code == "premium":
        return _(
            "近十二个月实付 %(paid)s，在 %(active)s 位活跃客户中名列第 %(rank)s；前 %(share)s%%（%(count)s 位）为优质客户，且没有未结的不良消费记录和未付账单。"
        ) % {"active": "?", "rank": "?", "share": "?", "count": "?", "paid": "?", **known}
    if code == "key":
        return _(
            "企业或机构客户，近十二个月实付 %(paid)s，合同另计 %(contracted)s（已付的不重复计），合计不低于 %(limit)s。"
        ) % {
            "paid": "?",
            "contracted": "?",
            "limit": "?",
            **known,
        }
    if code == "loyal":
        return _("近十二个月 %(orders)s 单（至少 %(least)s 单），平均满意度 %(score)s（至少 %(satisfaction)s）。") % {
            "orders": "?", "least": "?", "score": "?", "satisfaction": "?", **known,
        }  # fmt: skip
    if known.get("plan_months") is not None and known.get("by") == "plan":
        return _("长期服务已连续 %(plan_months)s 个月（至少 %(months)s 个月）。") % {"months": "?", **known}
    return _("自 %(first_on)s 起接受服务，满 %(years)s 年。") % {"first_on": "?", "years": "?", **known}
