"""A year of invented orders with what is planned for the next days, the same for the same seed (domain.md 5.1, 5.2, 5.6)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from zhangfa.core import clock
from zhangfa.core.money import yuan
from zhangfa.customers.models import Customer
from zhangfa.finance.models import Receipt
from zhangfa.orders.catalogue import AT_HEIGHT, OFFERS, Offer
from zhangfa.orders.demo import crews, plans
from zhangfa.orders.demo.prices import city_factors, install_products
from zhangfa.orders.models import CrewMember, Order, Revisit
from zhangfa.organisation.models import Holding, Person, Unit
from zhangfa.people.queries import papers_of
from zhangfa.people.rules import BACKGROUND, HEALTH, HEIGHT, NO_CODE, RED, Paper, has_valid, trust_code

COUNTS = {"small": 12_000, "medium": 196_000, "large": 1_000_000}
# So many customers were first served more than three years ago and still come: the long-term ones (RPT-09).
STAYED = {"small": 240, "medium": 9_000, "large": 20_000}
STAYED_DAYS, STAYED_OFFER = 1_125, "HC01"
BATCH = 2_000
DAYS, AHEAD = 365, 10
MONTH_INDEX = (1.55, 0.75, 0.90, 1.00, 1.00, 0.98, 0.95, 0.97, 1.02, 0.95, 0.95, 0.98)
WEEKDAY_INDEX = (0.85, 1, 1, 1, 1, 1.25, 1.25)
# Morning, afternoon, evening with their share; a long job fills two of them.
SLOTS = ((dt.time(8, 30), 48), (dt.time(13, 30), 44), (dt.time(17, 30), 8))
RATINGS, RATING_SHARES = (5, 4, 3, 2, 1), (62, 27, 7, 2.5, 1.5)
FACILITY = {"FS01": 60, "FS03": 25, "FS04": 15}
METHODS, METHOD_SHARES = ("wechat", "alipay", "cash", "transfer"), (62, 22, 10, 6)
# Revisits before this many days are history; those of the last days are still due.
REVISITED_DAYS, DUE_DAYS = 60, 2
P, S = Order.Payment, Order.Status


@dataclass
class _Place:
    """Who serves and who is served at an outlet or site."""

    unit: Unit
    customers: list[int]
    workers: list[int]
    fit: dict[str, set[int]] = field(default_factory=dict)


def contract_of(worker_id: int) -> str:
    """The worker's contract model in the demo: 60 : 20 : 20."""
    kinds = Order.Contract
    return (kinds.EMPLOYEE, kinds.EMPLOYEE, kinds.EMPLOYEE, kinds.DISPATCH, kinds.INTERMEDIARY)[worker_id % 5]


def build(seed: int, scale: str, at: dt.datetime) -> int:
    """Write the orders of the year before `at` and of the days after, oldest first; returns how many."""
    install_products(at)
    rng = random.Random(f"{seed}:orders")
    places = _places(at)
    written = _write(rng, batch, at) if (batch := _stayed(seed, STAYED.get(scale, 0), places, at)) else 0
    first, batch = written + 1, []
    for order in _invented(rng, COUNTS[scale], places, at, first):
        batch.append(order)
        if len(batch) == BATCH:
            written += _write(rng, batch, at)
            batch = []
    written += _write(rng, batch, at)
    plans.build(seed, scale, at)
    return written


def _write(rng: random.Random, orders: list[Order], at: dt.datetime) -> int:
    """Orders with the money that came in for them and the calls that followed."""
    Order.objects.bulk_create(orders)
    CrewMember.objects.bulk_create([row for order in orders for row in crews.rows(order)])
    receipts = [
        Receipt(
            subject=order.subject, unit_id=order.outlet_id, amount=order.paid, method=rng.choices(METHODS, METHOD_SHARES)[0],
            received_by_id=order.worker_id, received_at=order.finished_at or order.booked_at or at,
        )
        for order in orders
        if order.paid
    ]  # fmt: skip
    Receipt.objects.bulk_create(receipts)
    Revisit.objects.bulk_create([row for order in orders if (row := _revisit(order, at)) is not None])
    return len(orders)


def _revisit(order: Order, at: dt.datetime) -> Revisit | None:
    """The call after a service: made where there is a score, due where the days are not over."""
    if order.finished_at is None or (at - order.finished_at).days > REVISITED_DAYS:
        return None
    due_at = clock.day_end(order.finished_at + dt.timedelta(days=DUE_DAYS))
    row = Revisit(order=order, outlet_id=order.outlet_id, department_id=order.department_id, due_at=due_at)
    if order.satisfaction is None:
        return row if order.pk % 3 == 0 and due_at > at - dt.timedelta(days=1) else None
    row.status, row.satisfaction = Revisit.Status.DONE, order.satisfaction
    row.done_at = min(at, order.finished_at + dt.timedelta(hours=20))
    return row


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
    until = clock.local_date(at) + dt.timedelta(days=AHEAD)
    for place in places.values():
        papers = papers_of(place.workers)
        place.fit = {kind: _fit(kind, place.workers, papers, until) for kind in ("", "height", "care")}
    return [place for place in places.values() if place.customers and place.workers]


def _fit(kind: str, workers: list[int], papers: dict[int, list[Paper]], day: dt.date) -> set[int]:
    """Who may be sent in the days to come; who has no papers at all (no people in the demo) may."""
    needed = {"": HEALTH, "height": HEIGHT, "care": BACKGROUND}[kind]
    found = set()
    for worker in workers:
        own = papers.get(worker, [])
        if has_valid(own, HEALTH, day) and has_valid(own, needed, day) and trust_code(own, day) not in (NO_CODE, RED):
            found.add(worker)
    return found


def _stayed(seed: int, count: int, places: list[_Place], at: dt.datetime) -> list[Order]:
    """The first orders of those who have been served for years, oldest first, each by somebody who was there already."""
    rng, by_unit = random.Random(f"{seed}:stayed"), {place.unit.pk: place for place in places}
    offer = next(offer for offer in OFFERS if offer.code == STAYED_OFFER)
    until = clock.local_date(at) - dt.timedelta(days=STAYED_DAYS)
    rows = Customer.objects.filter(kind=Customer.Kind.HOUSEHOLD, status=Customer.Status.ACTIVE, joined_on__lte=until)
    hired = dict(Person.objects.filter(kind="worker", joined_on__lte=until).values_list("pk", "joined_on"))
    orders: list[Order] = []
    for pk, unit, joined in rows.order_by("joined_on", "pk").values_list("pk", "outlet_id", "joined_on")[:count]:
        place = by_unit.get(unit)
        there = [worker for worker in place.workers if (hired.get(worker) or at.date()) <= joined] if place else []
        if place is None or not there:
            continue
        worker = rng.choice(there)
        start = dt.datetime.combine(joined, SLOTS[0][0], clock.TZ).astimezone(dt.UTC) + dt.timedelta(days=1)
        quantity, amount = _amount(rng, offer, Decimal(1))
        order = Order(
            number=f"D{len(orders) + 1:08d}", customer_id=pk, outlet_id=unit, department_id=place.unit.department_id, product_id=offer.code,
            worker_id=worker, served_from=start, served_to=start + dt.timedelta(hours=offer.hours), quantity=quantity, amount=amount,
            contract_model=contract_of(worker), booked_at=start - dt.timedelta(hours=20),
        )  # fmt: skip
        orders.append(_lived(rng, order, at))
    return orders


def _invented(rng: random.Random, count: int, places: list[_Place], at: dt.datetime, number: int) -> Iterator[Order]:
    first = clock.local_date(at) - dt.timedelta(days=DAYS)
    days = [first + dt.timedelta(days=n) for n in range(DAYS + AHEAD)]
    weights = [MONTH_INDEX[day.month - 1] * WEEKDAY_INDEX[day.weekday()] for day in days]
    ahead = max(1, count * AHEAD // DAYS)
    chosen = sorted(rng.choices(range(DAYS), weights[:DAYS], k=count))
    chosen += sorted(rng.choices(range(DAYS, DAYS + AHEAD), weights[DAYS:], k=ahead))
    sold = [offer for offer in OFFERS if offer.share]
    home = [offer.share for offer in sold]
    facility = [next(offer for offer in OFFERS if offer.code == code) for code in FACILITY]
    place_weights = [len(place.customers) for place in places]
    factors = {region.pk: factor for region, factor in city_factors().items()}
    busy: set[tuple[int, int]] = set()
    today = -1
    asked: list[crews.Asked] = []
    for n, day in enumerate(chosen, number):
        if day != today:
            crews.fill(asked, busy)
            yield from (one.order for one in asked)
            today, busy, asked = day, set(), []
        place = rng.choices(places, place_weights)[0]
        is_site = place.unit.kind == Unit.Kind.SITE
        offer = rng.choices(facility, list(FACILITY.values()))[0] if is_site else rng.choices(sold, home)[0]
        slot = 0 if offer.hours > 5 else rng.choices(range(3), [share for _start, share in SLOTS])[0]
        is_ahead = day >= DAYS
        worker = None if is_ahead and rng.random() < 0.2 else _free_worker(rng, place, slot, offer, busy, is_ahead)
        start = dt.datetime.combine(days[day], SLOTS[slot][0], clock.TZ).astimezone(dt.UTC)
        # A household comes back: three in ten customers place seven in ten orders.
        crowd = place.customers if rng.random() < 0.3 else place.customers[: max(1, len(place.customers) * 3 // 10)]
        quantity, amount = _amount(rng, offer, factors.get(place.unit.region_id or 0, Decimal(1)))
        order = Order(
            number=f"D{n:08d}", customer_id=rng.choice(crowd), outlet_id=place.unit.pk, department_id=place.unit.department_id,
            product_id=offer.code, worker_id=worker, served_from=start, served_to=start + dt.timedelta(hours=offer.hours),
            quantity=quantity, amount=amount, contract_model=contract_of(worker or 0),
            booked_at=min(at, start) - dt.timedelta(hours=rng.randint(2, 120)),
        )  # fmt: skip
        fit = place.fit[_kind_of(offer)] if is_ahead else set(place.workers)
        asked.append(crews.Asked(_lived(rng, order, at), offer.crew, place.workers, fit, _parts(slot, offer)))
    crews.fill(asked, busy)
    yield from (one.order for one in asked)


def _lived(rng: random.Random, order: Order, at: dt.datetime) -> Order:
    """What has become of the order by now."""
    score = rng.choices(RATINGS, RATING_SHARES)[0] if rng.random() < 0.35 else None
    late = dt.timedelta(minutes=rng.choice((-5, -2, 0, 0, 3, 8, 15)))
    if order.worker_id is None:
        order.status = S.PLANNED if order.served_from > at else S.CANCELLED
        order.cancelled_for = "" if order.served_from > at else Order.Cancelled.WORKER
        return order
    if order.served_from + late > at:
        order.status = S.ASSIGNED
        return order
    order.started_at, order.status = order.served_from + late, S.STARTED
    if order.served_to + late > at:
        return order
    order.status, order.finished_at, order.satisfaction = S.FINISHED, order.served_to + late, score
    # One in fifty of the last weeks still owes.
    if (at - order.served_to).days > 20 or rng.random() > 0.02:
        order.payment, order.paid = P.PAID, order.amount
    return order


def _free_worker(
    rng: random.Random, place: _Place, slot: int, offer: Offer, busy: set[tuple[int, int]], is_ahead: bool
) -> int | None:
    """A worker of the place who is not elsewhere at that time, and for the days to come has the papers."""
    needed, kind = _parts(slot, offer), _kind_of(offer)
    asked = rng.sample(place.workers, len(place.workers))
    for worker in asked:
        if all((worker, part) not in busy for part in needed) and (not is_ahead or worker in place.fit[kind]):
            busy.update((worker, part) for part in needed)
            return worker
    return None


def _parts(slot: int, offer: Offer) -> tuple[int, ...]:
    """The parts of the day that a service fills."""
    return (0, 1) if offer.hours > 5 else (1, 2) if slot == 1 and offer.hours > 4 else (slot,)


def _kind_of(offer: Offer) -> str:
    """What the service asks of whoever is sent, besides a health check."""
    return "height" if offer.code in AT_HEIGHT else "care" if offer.category == "care" else ""


def _amount(rng: random.Random, offer: Offer, factor: Decimal) -> tuple[Decimal, Decimal]:
    """How much is sold and for what, at the prices of the city."""
    quantity = offer.quantity if offer.quantity < 3 else max(2, round(offer.quantity * rng.uniform(0.7, 1.35)))
    discount = Decimal(rng.choice(("1", "1", "1", "0.95", "0.88", "0.8")))
    return Decimal(quantity), yuan(yuan(Decimal(offer.price) * factor) * quantity * discount)
