"""What a key account and its group buy, under which contracts, and what they owe: the computed part of F22 (CS-W4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum

from zhangfa.care.models import KeyAccount
from zhangfa.core import clock
from zhangfa.core.money import ZERO
from zhangfa.core.periods import twelve_months_to
from zhangfa.customers.models import Profile
from zhangfa.orders.models import Order, Product, Series

MOST = 30


@dataclass(frozen=True)
class Line:
    """One product in twelve months: orders and what was paid for them."""

    product: Product
    orders: int
    amount: Decimal


@dataclass(frozen=True)
class Bought:
    """Products, contracts and what is not paid yet, of the account with its group."""

    lines: list[Line]
    contracts: list[Series]
    receivable: Decimal


def bought_by(account: KeyAccount, at: dt.datetime) -> Bought:
    """Four statements whatever the account: its group, its products, its contracts, what it owes."""
    on = clock.local_date(at)
    keys = [account.customer_id, *account.members.values_list("customer_id", flat=True)]
    orders = Order.objects.filter(customer_id__in=keys, served_from__lt=at).order_by()
    year = orders.filter(served_from__gte=clock.day_start(twelve_months_to(on))).exclude(status=Order.Status.CANCELLED)
    sums = year.values("product_id").annotate(orders=Count("pk"), paid_in=Sum("paid"), paid_back=Sum("refunded"))
    found = sorted(sums, key=lambda row: (row["paid_back"] - row["paid_in"], row["product_id"]))[:MOST]
    products = Product.objects.in_bulk([row["product_id"] for row in found])
    lines = [Line(products[row["product_id"]], row["orders"], row["paid_in"] - row["paid_back"]) for row in found]
    contracts = Series.objects.filter(customer_id__in=keys, kind=Series.Kind.CONTRACT).select_related("product")
    unpaid = orders.filter(status=Order.Status.FINISHED, payment__in=("unpaid", "part"))
    owed = unpaid.aggregate(sum=Sum(F("amount") - F("paid")))["sum"] or ZERO
    return Bought(lines, list(contracts.order_by("-from_on", "-pk")[:MOST]), owed)


def company_of(account: KeyAccount) -> dict[str, Any]:
    """The company's part of its file F15 that F22 repeats."""
    names = ("legal_name", "uscc", "industry", "staff_count", "area_m2", "settle_mode")
    return Profile.objects.filter(customer_id=account.customer_id).values(*names).first() or dict.fromkeys(names, "")
