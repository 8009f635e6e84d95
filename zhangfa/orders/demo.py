"""A year of invented orders, the same for the same seed (domain.md 5.1, 5.2, 5.6)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.core import clock
from zhangfa.core.money import yuan
from zhangfa.customers.models import Customer
from zhangfa.orders.catalogue import OFFERS, Offer
from zhangfa.orders.models import Order, Product
from zhangfa.organisation.models import Holding, Unit

COUNTS = {"small": 12_000, "medium": 196_000, "large": 1_000_000}
BATCH = 2_000
DAYS = 365
MONTH_INDEX = (1.55, 0.75, 0.90, 1.00, 1.00, 0.98, 0.95, 0.97, 1.02, 0.95, 0.95, 0.98)
WEEKDAY_INDEX = (0.85, 1, 1, 1, 1, 1.25, 1.25)
# Morning, afternoon, evening with their share; a long job fills morning and afternoon.
SLOTS = ((dt.time(8, 30), 48), (dt.time(13, 30), 44), (dt.time(17, 30), 8))
RATINGS, RATING_SHARES = (5, 4, 3, 2, 1), (62, 27, 7, 2.5, 1.5)
FACILITY = {"FS01": 60, "FS03": 25, "FS04": 15}


@dataclass
class _Place:
    """Who serves and who is served at an outlet or site."""

    unit: Unit
    customers: list[int]
    workers: list[int]


def install_products() -> None:
    """Write the price list; prices that a company changed stay."""
    rows = [
        Product(code=o.code, name=o.name, name_en=o.name_en, category=o.category, unit=o.unit, unit_price=yuan(o.price))
        for o in OFFERS
    ]
    Product.objects.bulk_create(rows, ignore_conflicts=True)


def contract_of(worker_id: int) -> str:
    """The worker's contract model in the demo: 60 : 20 : 20."""
    kinds = Order.Contract
    return (kinds.EMPLOYEE, kinds.EMPLOYEE, kinds.EMPLOYEE, kinds.DISPATCH, kinds.INTERMEDIARY)[worker_id % 5]


def build(seed: int, scale: str, at: dt.datetime) -> int:
    """Write the orders of the year before `at`, oldest first; returns how many."""
    install_products()
    rng = random.Random(f"{seed}:orders")
    places = _places(at)
    batch: list[Order] = []
    for order in _invented(rng, COUNTS[scale], places, at):
        batch.append(order)
        if len(batch) == BATCH:
            Order.objects.bulk_create(batch)
            batch = []
    Order.objects.bulk_create(batch)
    return COUNTS[scale]


def _places(at: dt.datetime) -> list[_Place]:
    places = {
        unit.pk: _Place(unit, [], [])
        for unit in Unit.objects.filter(kind__in=(Unit.Kind.OUTLET, Unit.Kind.SITE), is_active=True).order_by("pk")
    }
    active = Customer.objects.filter(status=Customer.Status.ACTIVE).order_by("pk").values_list("pk", "outlet_id")
    for pk, unit_id in active.iterator(chunk_size=10_000):
        places[unit_id].customers.append(pk)
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__post_id="sw").order_by("pk")
    for unit_id, person_id in held.values_list("seat__unit_id", "person_id"):
        places[unit_id].workers.append(person_id)
    return [place for place in places.values() if place.customers and place.workers]


def _invented(rng: random.Random, count: int, places: list[_Place], at: dt.datetime) -> Iterator[Order]:
    first = clock.local_date(at) - dt.timedelta(days=DAYS)
    days = [first + dt.timedelta(days=n) for n in range(DAYS)]
    weights = [MONTH_INDEX[day.month - 1] * WEEKDAY_INDEX[day.weekday()] for day in days]
    chosen = sorted(rng.choices(range(DAYS), weights, k=count))
    sold = [offer for offer in OFFERS if offer.share]
    home = [offer.share for offer in sold]
    facility = [next(offer for offer in OFFERS if offer.code == code) for code in FACILITY]
    place_weights = [len(place.customers) for place in places]
    busy: set[tuple[int, int]] = set()
    today = -1
    for n, day in enumerate(chosen, 1):
        if day != today:
            today, busy = day, set()
        place = rng.choices(places, place_weights)[0]
        is_site = place.unit.kind == Unit.Kind.SITE
        offer = rng.choices(facility, list(FACILITY.values()))[0] if is_site else rng.choices(sold, home)[0]
        slot = 0 if offer.hours > 5 else rng.choices(range(3), [share for _start, share in SLOTS])[0]
        worker = _free_worker(rng, place, slot, offer, busy)
        start = dt.datetime.combine(days[day], SLOTS[slot][0], clock.TZ).astimezone(dt.UTC)
        # A household comes back: three in ten customers place seven in ten orders.
        crowd = place.customers if rng.random() < 0.3 else place.customers[: max(1, len(place.customers) * 3 // 10)]
        yield Order(
            number=f"D{n:08d}", customer_id=rng.choice(crowd), outlet_id=place.unit.pk, department_id=place.unit.department_id,
            product_id=offer.code, worker_id=worker, served_from=start, served_to=start + dt.timedelta(hours=offer.hours),
            amount=_amount(rng, offer), contract_model=contract_of(worker), status=Order.Status.SERVED,
            satisfaction=rng.choices(RATINGS, RATING_SHARES)[0] if rng.random() < 0.35 else None,
        )  # fmt: skip


def _free_worker(rng: random.Random, place: _Place, slot: int, offer: Offer, busy: set[tuple[int, int]]) -> int:
    """A worker of the place who is not elsewhere at that time; on a full day the first asked goes twice."""
    needed = (0, 1) if offer.hours > 5 else (slot,)
    asked = rng.sample(place.workers, min(6, len(place.workers)))
    worker = next((w for w in asked if all((w, part) not in busy for part in needed)), asked[0])
    busy.update((worker, part) for part in needed)
    return worker


def _amount(rng: random.Random, offer: Offer) -> Decimal:
    quantity = offer.quantity if offer.quantity < 3 else max(2, round(offer.quantity * rng.uniform(0.7, 1.35)))
    discount = Decimal(rng.choice(("1", "1", "1", "0.95", "0.88", "0.8")))
    return yuan(Decimal(offer.price) * quantity * discount)
