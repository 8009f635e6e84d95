"""The demo's weekly plans, yearly contracts and prepaid cards."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from zhangfa.core import clock
from zhangfa.core.money import yuan
from zhangfa.customers.models import Customer
from zhangfa.finance.models import Receipt
from zhangfa.orders.actions import agree_series
from zhangfa.orders.models import Card, CardEntry, Package, Product, Series
from zhangfa.organisation.actor import system_actor

SERIES = {"small": 40, "medium": 300, "large": 600}
CARDS = {"small": 90, "medium": 1_500, "large": 5_000}
LOADS = ("500", "1000", "2000", "3000", "5000")
STARTS = (dt.time(8, 30), dt.time(13, 30))
CONTRACT = "每周上门保洁：客厅、卧室、厨房、卫生间地面和台面，每月一次玻璃内侧。"
DAY = dt.timedelta(days=1)


def build(seed: int, scale: str, at: dt.datetime) -> None:
    """Write the plans with the orders of the next weeks, and the cards with their movements."""
    rng = random.Random(f"{seed}:plans")
    households = Customer.objects.filter(
        kind=Customer.Kind.HOUSEHOLD, status=Customer.Status.ACTIVE, outlet__kind="outlet"
    )
    wanted = SERIES.get(scale, 2) + CARDS.get(scale, 2)
    ids = list(households.order_by("pk").values_list("pk", flat=True)[: wanted * 3])
    chosen = rng.sample(ids, min(len(ids), wanted))
    customers = list(Customer.objects.filter(pk__in=chosen).select_related("outlet").order_by("pk"))
    rng.shuffle(customers)
    plans = customers[: SERIES.get(scale, 2)]
    for customer in plans:
        _agree(rng, customer, at)
    _sell(rng, customers[len(plans) :], at)


def _agree(rng: random.Random, customer: Customer, at: dt.datetime) -> Series:
    is_contract = rng.random() < 0.2
    today = clock.local_date(at)
    facts = (
        {"fee": yuan("6480"), "scope": CONTRACT, "pay_mode": Series.PayMode.MONTH, "replacements": 2}
        if is_contract
        else {}
    )
    return agree_series(
        customer=customer, product=Product.objects.get(pk="HC01"), quantity=Decimal(3), weekdays=[rng.randint(1, 6)], starts=rng.choice(STARTS),
        kind=Series.Kind.CONTRACT if is_contract else Series.Kind.RECURRING, hours=Decimal(3), from_on=today + DAY,
        to_on=today + 364 * DAY if is_contract else None, by=system_actor("demo", at), at=at, **facts,
    )  # fmt: skip


def _sell(rng: random.Random, customers: list[Customer], at: dt.datetime) -> None:
    first = (Card.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    packages, today = list(Package.objects.order_by("code")), clock.local_date(at)
    cards = []
    for number, customer in enumerate(customers, first):
        package = rng.choice(packages) if packages and rng.random() < 0.4 else None
        sold = at - rng.randint(1, 300) * DAY
        months = package.months if package else 24
        cards.append(
            Card(
                number=f"C{number:07d}", customer=customer, outlet=customer.outlet, department_id=customer.outlet.department_id, package=package,
                balance=package.price if package else yuan(rng.choice(LOADS)), sold_at=sold,
                expires_on=max(clock.local_date(sold) + months * 31 * DAY, today - 20 * DAY),
            )
        )  # fmt: skip
    Card.objects.bulk_create(cards)
    load = CardEntry.Kind.LOAD
    CardEntry.objects.bulk_create(
        [CardEntry(card=card, kind=load, amount=card.balance, balance=card.balance, at=card.sold_at) for card in cards]
    )
    Receipt.objects.bulk_create(
        [
            Receipt(
                subject=card.subject,
                unit_id=card.outlet_id,
                amount=card.balance,
                method="wechat",
                received_at=card.sold_at,
            )
            for card in cards
        ]
    )
