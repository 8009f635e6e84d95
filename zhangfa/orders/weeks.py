"""One worker's week: what they have on which day, where they are away, and what waits at their outlet; six reads at any number of orders."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import QuerySet

from zhangfa.core import clock
from zhangfa.orders.board import DAY, GOING, of_day, outlets_for
from zhangfa.orders.crews import served_by
from zhangfa.orders.models import Order
from zhangfa.orders.rules import LONGEST
from zhangfa.orders.workers import WORKER_POST
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Absence, Holding, Person, Unit
from zhangfa.people.queries import papers_of
from zhangfa.people.rules import HEALTH, has_valid, trust_code

DAYS = 7
HOUR = 3600
MOST = 200


@dataclass
class WorkerDay:
    """A day: its orders in their order, with whether the reader may open each; what waits at the outlet; what stands against sending."""

    day: dt.date
    code: str
    has_health: bool
    is_away: bool = False
    orders: list[tuple[Order, bool, bool]] = field(
        default_factory=list
    )  # order, is it the reader's to open, is it late
    waiting: list[Order] = field(default_factory=list)

    @property
    def hours(self) -> float:
        """Hours of service planned on this day, one decimal; of a job of many days its part."""
        start = clock.day_start(self.day)
        spans = (
            min(order.served_to, start + DAY) - max(order.served_from, start) for order, _own, _late in self.orders
        )
        return round(sum(span.total_seconds() for span in spans) / HOUR, 1)


def outlet_of(worker: Person, actor: Actor, at: dt.datetime, monday: dt.date) -> Unit | None:
    """Where the actor may look at this worker's week: the worker's own outlet, else one that they help out at in that week."""
    mine = outlets_for(actor)
    held = Holding.objects.filter(
        Holding.valid_q(clock.local_date(at)), person=worker, seat__post_id=WORKER_POST, seat__is_active=True, seat__unit__in=mine
    )  # fmt: skip
    home = held.select_related("seat__unit").first()
    if home is not None:
        return home.seat.unit
    begins = clock.day_start(monday)
    helped = Order.objects.filter(served_by([worker.pk], begins, begins + DAYS * DAY), outlet__in=mine)
    order = helped.select_related("outlet").first()
    return order.outlet if order else None


def _served(worker: Person, begins: dt.datetime) -> QuerySet[Order]:
    """What they serve, in charge or along, jobs of many days included that began before."""
    return Order.objects.filter(served_by([worker.pk], begins - LONGEST, begins + DAYS * DAY))


def week_for(worker: Person, outlet: Unit, monday: dt.date, actor: Actor, at: dt.datetime) -> list[WorkerDay]:
    """Monday to Sunday of one worker, with the orders of the outlet that nobody has yet."""
    begins = clock.day_start(monday)
    within = {"served_from__gte": begins, "served_from__lt": begins + DAYS * DAY}
    joined = ("customer", "product", "outlet")
    orders = list(of_day(_served(worker, begins), begins, DAYS).select_related(*joined)[:MOST])
    own = set(
        Order.objects.visible_to(actor)
        .filter(pk__in=[order.pk for order in orders])
        .order_by()
        .values_list("pk", flat=True)
    )
    open_rows = Order.objects.filter(outlet=outlet, worker=None, status=Order.Status.PLANNED, **within)
    waiting: dict[dt.date, list[Order]] = defaultdict(list)
    for order in open_rows.select_related(*joined).order_by("served_from", "pk")[:MOST]:
        waiting[clock.local_date(order.served_from)].append(order)
    away = list(
        Absence.objects.filter(person=worker, cancelled_at=None, from_at__lt=begins + DAYS * DAY, to_at__gt=begins).values_list("from_at", "to_at")
    )  # fmt: skip
    papers = papers_of([worker.pk]).get(worker.pk, [])
    days = []
    for n in range(DAYS):
        day = monday + n * DAY
        start = clock.day_start(day)
        found = WorkerDay(day, trust_code(papers, day), has_valid(papers, HEALTH, day), waiting=waiting[day])
        found.is_away = any(since < start + DAY and until > start for since, until in away)
        found.orders = [
            (order, order.pk in own, order.is_late(at))
            for order in orders
            if clock.local_date(order.served_from) == day
            or (order.served_from < start < order.served_to and order.status in GOING)
        ]
        days.append(found)
    return days
