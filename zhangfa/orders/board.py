"""The day of an outlet: who has what when, what nobody has yet; seven reads at any number of orders."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import F, Q, QuerySet

from zhangfa.core import clock
from zhangfa.orders.crews import served_by, with_members
from zhangfa.orders.models import Order
from zhangfa.orders.models.order import RARE_STATUSES
from zhangfa.orders.rules import LONGEST
from zhangfa.orders.workers import WORKER_POST
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Absence, Holding, Person, Seat, Unit
from zhangfa.people.queries import papers_of
from zhangfa.people.rules import HEALTH, Paper, has_valid, trust_code

EVERYWHERE = ("op", "ops", "cs", "gm", "dgm", "cm", "cc")
FIRST, LAST, SLOT = 7, 21, 30  # hours of the lanes, minutes of one step
SLOTS = (LAST - FIRST) * 60 // SLOT
DAY = dt.timedelta(days=1)
GOING = (Order.Status.ASSIGNED, Order.Status.STARTED)
AWAY_SHOWN = 50


@dataclass(frozen=True)
class Chip:
    """One order in its lane: where it begins and how long it is, in steps of half an hour."""

    order: Order
    start: int
    length: int
    is_late: bool
    since: dt.date | None = None  # a day before this one
    is_elsewhere: bool = False  # of another outlet: only that the worker is busy
    is_along: bool = False  # the lane's worker goes along; who is in charge has the order in their own lane


@dataclass
class Lane:
    """One worker's day."""

    person: Person
    code: str = ""
    has_health: bool = True
    is_away: bool = False
    is_guest: bool = False
    chips: list[Chip] = field(default_factory=list)

    @property
    def is_free(self) -> bool:
        return not self.chips and not self.is_away


@dataclass(frozen=True)
class Board:
    outlet: Unit
    day: dt.date
    lanes: list[Lane]
    waiting: list[Chip]
    counts: dict[str, int]


def outlets_for(actor: Actor) -> QuerySet[Unit]:
    """The outlets and sites whose day the actor may look at."""
    found = Unit.objects.filter(kind__in=(Unit.Kind.OUTLET, Unit.Kind.SITE), is_active=True)
    if actor.is_system or actor.holds(*EVERYWHERE):
        return found
    departments = [seat.department_id or seat.unit_id for seat in actor.seats if seat.post in ("hs", "ls")]
    units = [seat.unit_id for seat in actor.seats if seat.post in ("oa", "sl")]
    supervised = [seat.id for seat in actor.seats if seat.post == "sup"]
    below = Seat.objects.filter(reports_to_id__in=supervised, is_active=True).values("unit_id")
    own = Q(pk__in=units) | Q(pk__in=below) if supervised else Q(pk__in=units)
    return found.filter(department_id__in=departments) if departments else found.filter(own)


def first_outlet(actor: Actor) -> Unit | None:
    """One's own outlet, else the first that may be looked at."""
    own = actor.seat_for("oa", "sl")
    rows = outlets_for(actor)
    return rows.filter(pk=own.unit_id).first() if own else rows.order_by("kind", "code").first()


def board_for(outlet: Unit, day: dt.date, at: dt.datetime) -> Board:
    """Every worker of the outlet with their orders of the day, and the orders without a worker."""
    begins = clock.day_start(day)
    orders = list(
        of_day(Order.objects.filter(outlet=outlet), begins).select_related("customer", "product", "worker")[:600]
    )
    held = Holding.objects.filter(
        Holding.valid_q(day), seat__unit=outlet, seat__post_id=WORKER_POST, seat__is_active=True, person__left_on=None
    )  # fmt: skip
    lanes = {row.person_id: Lane(row.person) for row in held.select_related("person").order_by("person__no")}
    with_members(orders)
    waiting = []
    for order in orders:
        chip = _chip(order, begins, at)
        if order.worker is None:
            waiting.append(chip)
        for n, person in enumerate([order.worker, *order.members] if order.worker else []):
            lane = lanes.setdefault(person.pk, Lane(person, is_guest=True))
            lane.chips.append(replace(chip, is_late=False, is_along=True) if n else chip)
    for order in sorted(elsewhere(list(lanes), outlet, begins), key=lambda order: (order.served_from, order.pk)):
        lanes[order.sent].chips.append(replace(_chip(order, begins, at), is_late=False, is_elsewhere=True))
    away = Absence.objects.filter(
        person_id__in=list(lanes), cancelled_at=None, from_at__lt=begins + DAY, to_at__gt=begins
    ).values_list("person_id", flat=True)
    papers = papers_of(lanes)
    for person_id, lane in lanes.items():
        _judge(lane, papers.get(person_id, []), day, person_id in set(away))
    counts = {
        "orders": len(orders), "waiting": len(waiting), "incomplete": sum(order.missing > 0 for order in orders), "late": sum(order.is_late(at) for order in orders),
        "done": sum(order.status == Order.Status.FINISHED for order in orders), "free": sum(lane.is_free for lane in lanes.values()),
    }  # fmt: skip
    return Board(outlet, day, list(lanes.values()), waiting, counts)


def elsewhere(people: list[int], outlet: Unit, begins: dt.datetime) -> Any:
    """What they have at other outlets, in charge or along; one read, each way on its index."""
    led = of_day(Order.objects.filter(worker_id__in=people), begins).annotate(sent=F("worker_id"))
    days = {"crew__served_from__gte": begins - LONGEST, "crew__served_from__lt": begins + DAY}
    along = of_day(Order.objects.filter(crew__worker_id__in=people, **days), begins).annotate(sent=F("crew__worker_id"))
    first, second = (rows.exclude(outlet=outlet).select_related("outlet").order_by() for rows in (led, along))
    return first.union(second, all=True)


def of_day(rows: Any, begins: dt.datetime, days: int = 1) -> Any:
    """What begins on the day (or so many days), and what began in the month before and still goes on: a live-in job is work on each of its days."""
    goes_on = Q(served_to__gt=begins, status__in=GOING)
    found = rows.filter(served_from__gte=begins - LONGEST, served_from__lt=begins + days * DAY).filter(
        Q(served_from__gte=begins) | goes_on
    )
    return found.exclude(status=Order.Status.CANCELLED).order_by("served_from", "pk")


def _judge(lane: Lane, papers: list[Paper], day: dt.date, is_away: bool) -> None:
    lane.code, lane.has_health, lane.is_away = trust_code(papers, day), has_valid(papers, HEALTH, day), is_away


def _chip(order: Order, begins: dt.datetime, at: dt.datetime) -> Chip:
    start = _step(order.served_from, begins)
    end = max(start + 1, _step(order.served_to, begins, up=True))
    since = clock.local_date(order.served_from) if order.served_from < begins else None
    return Chip(order, min(start, SLOTS - 1), min(end, SLOTS) - min(start, SLOTS - 1), order.is_late(at), since)


def _step(instant: dt.datetime, begins: dt.datetime, *, up: bool = False) -> int:
    minutes = int((instant - begins).total_seconds() // 60) - FIRST * 60
    return max(0, min(SLOTS, -(-minutes // SLOT) if up else minutes // SLOT))


def jobs_of(person_id: int, at: dt.datetime, days: int) -> list[Order]:
    """A worker's own orders, in charge or along, from today on, and what is still begun, however long ago."""
    begins = clock.day_start(clock.local_date(at))
    rows = Order.objects.filter(served_by([person_id], begins - LONGEST, begins + days * DAY))
    rows = rows.filter(Q(served_from__gte=begins - DAY) | Q(served_to__gt=begins) | Q(status=Order.Status.STARTED))
    found = rows.exclude(status=Order.Status.CANCELLED).select_related("customer", "product", "outlet", "worker")
    jobs = [
        order
        for order in found.order_by("served_from", "pk")[:100]
        if order.served_from >= begins or order.status in GOING
    ]
    with_members(jobs)
    return jobs


def still_away(at: dt.datetime, actor: Actor) -> list[Order]:
    """Who was sent out on an earlier day and is there today too: months of care, nights at a hospital."""
    begins = clock.day_start(clock.local_date(at))
    # Written out, so that the index of what few orders are is found; these were begun long ago and are few.
    going = Order.objects.visible_to(actor).filter(status__listed=RARE_STATUSES, status__in=GOING)
    rows = going.filter(served_from__gte=begins - LONGEST, served_from__lt=begins, served_to__gt=begins)
    found = list(
        rows.select_related("customer", "worker", "product", "outlet").order_by("served_from", "pk")[:AWAY_SHOWN]
    )
    with_members(found)
    return found


def whereabouts(rows: Any, at: dt.datetime) -> Any:
    """Orders of today that somebody was sent to."""
    begins = clock.day_start(clock.local_date(at))
    sent = (Order.Status.ASSIGNED, Order.Status.STARTED, Order.Status.FINISHED)
    return rows.filter(served_from__gte=begins, served_from__lt=begins + DAY, status__in=sent)
