"""Invented customers, the same for the same seed (domain.md 5.5)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from zhangfa.core import clock
from zhangfa.customers.models import Customer
from zhangfa.organisation.demo import names
from zhangfa.organisation.models import Holding, Person, Unit

COUNTS = {"small": 2_400, "medium": 85_000, "large": 200_000}
BATCH = 1_000
# Staff and workers have the numbers below.
FIRST_PHONE = 10_000_000


def build(seed: int, scale: str, at: dt.datetime) -> int:
    """Write the customers of every outlet and site; returns how many."""
    rng = random.Random(f"{seed}:customers")
    outlets = list(Unit.objects.filter(kind=Unit.Kind.OUTLET).order_by("pk"))
    sites = list(Unit.objects.filter(kind=Unit.Kind.SITE).order_by("pk"))
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__post_id="cm").select_related("person")
    managers = [holding.person for holding in held.order_by("seat_id")]
    batch: list[Customer] = []
    for customer in _invented(rng, COUNTS[scale], outlets, sites, managers, clock.local_date(at)):
        customer.prepare()
        batch.append(customer)
        if len(batch) == BATCH:
            Customer.objects.bulk_create(batch)
            batch = []
    Customer.objects.bulk_create(batch)
    return COUNTS[scale]


def _invented(
    rng: random.Random, count: int, outlets: list[Unit], sites: list[Unit], managers: list[Person], today: dt.date
) -> Iterator[Customer]:
    for n in range(1, count + 1):
        outlet = rng.choice(outlets)
        kind, name, contact = Customer.Kind.HOUSEHOLD, names.person(rng, 0.6), ""
        if sites and n % 40 == 0:
            kind = Customer.Kind.ENTERPRISE if n % 120 else Customer.Kind.INSTITUTION
            firm = rng.choice(names.FIRMS) + rng.choice(names.FIRMS)
            name = firm + rng.choice(names.TRADES if kind == Customer.Kind.ENTERPRISE else names.INSTITUTIONS)
            contact, outlet = names.person(rng, 0.5), rng.choice(sites)
        building, storey, door = rng.randint(1, 28), rng.randint(1, 18), rng.randint(1, 4)
        yield Customer(
            no=f"K{n:07d}", kind=kind, name=name, contact=contact, phone=names.phone(FIRST_PHONE + n), compound=rng.choice(names.COMPOUNDS),
            address=f"{building}幢{storey:02d}{door:02d}室", outlet=outlet,
            account_manager=rng.choice(managers) if managers and (contact or n % 12 == 0) else None,
            status=Customer.Status.ACTIVE if rng.random() < 0.78 else Customer.Status.DORMANT,
            joined_on=today - dt.timedelta(days=rng.randint(0, 1400)),
        )  # fmt: skip
