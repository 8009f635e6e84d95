"""Workers as the rules of dispatch see them: papers, absences, what they have that week, what they did before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Q

from zhangfa.core import clock
from zhangfa.customers.models import WorkerWish
from zhangfa.orders.models import CrewMember, Order
from zhangfa.orders.rules import CARE, LONGEST, Busy, Suggestion, Task, Worker, suggest
from zhangfa.organisation.models import Absence, Holding, Person
from zhangfa.people.models import Certificate
from zhangfa.people.queries import papers_of
from zhangfa.people.rules import BACKGROUND, HEIGHT

PAST_DAYS = 180
# With so many of their own, an outlet's workers are proposed alone.
ENOUGH = 12
# So many of another outlet whom the customer asks for are proposed too.
ASKED = 5
WORKER_POST = "sw"
TAKING = (Order.Status.ASSIGNED, Order.Status.STARTED, Order.Status.FINISHED)
WEEK = dt.timedelta(days=7)


def task_of(order: Order, *, served_from: dt.datetime | None = None, served_to: dt.datetime | None = None) -> Task:
    """The order as the rules of dispatch see it, at its own time or another."""
    product = order.product
    return Task(
        served_from or order.served_from, served_to or order.served_to, product.category, order.outlet_id, order.department_id,
        order.customer.compound, product.is_home_visit, product.is_at_height, order.wished_worker_id,
        order.customer_id,
    )  # fmt: skip


def lock_workers(people: Iterable[int]) -> list[Person]:
    """The workers' rows: who is sent where is decided under them, so that two dispatchers never take the same hour.

    A crew is locked in the order of its ids, so that two crews never wait for each other.
    """
    # Rows that point to the person may be written meanwhile: only another dispatch waits.
    return list(Person.objects.select_for_update(no_key=True).filter(pk__in=list(people)).order_by("pk"))


def holders_of_papers(people: Sequence[Person]) -> list[Worker]:
    """Workers with nothing but their papers; one read."""
    papers = papers_of([person.pk for person in people])
    return [Worker(person.pk, person.shown_name, papers=tuple(papers.get(person.pk, ()))) for person in people]


def workers_for(people: Sequence[Person], task: Task, *, besides: int | None = None) -> list[Worker]:
    """Workers with all that could stand in the way; five reads."""
    return _workers(people, task, besides=besides)


def candidates(order: Order, task: Task, *, is_wider: bool = False) -> list[Worker]:
    """The workers of the order's department, those of its own outlet first, with what speaks for them; at most 120.

    `is_wider`: the other outlets also where the own one has many, first whoever holds the rare paper that the work asks for.
    """
    held = Holding.objects.filter(
        Holding.valid_q(task.day), seat__post_id=WORKER_POST, seat__is_active=True, seat__unit__department_id=order.department_id,
        person__left_on=None,
    )  # fmt: skip
    own = list(held.filter(seat__unit_id=order.outlet_id).select_related("person", "seat__unit").order_by("pk")[:80])
    others = held.exclude(seat__unit_id=order.outlet_id).select_related("person", "seat__unit")
    wishes = wishes_of(order.customer_id)
    asked = {order.wished_worker_id, *(key for key, kind in wishes.items() if kind == WorkerWish.Kind.PREFERRED)} - {
        None
    }
    if asked - {row.person_id for row in own}:
        own += others.filter(person_id__in=asked)[:ASKED]
    if is_wider and (needed := HEIGHT if task.is_at_height else BACKGROUND if task.category == CARE else ""):
        others = others.filter(
            person__certificates__in=Certificate.objects.filter(kind=needed, voided_at=None)
        ).distinct()
    rows = own if len(own) >= ENOUGH and not is_wider else [*own, *others.order_by("pk")[:40]]
    people = {row.person_id: row.person for row in rows}
    return _workers(
        list(people.values()), task, besides=order.pk, customer_id=order.customer_id, seats=rows, wishes=wishes
    )


def proposals(order: Order, *, blocks_yellow: bool, besides: Collection[int] = ()) -> list[Suggestion]:
    """Whom to send, best first; where nobody of the outlet may go, the department's other outlets are asked (HS-W3).

    `besides`: who is sent already, where somebody is to go along.
    """
    task = task_of(order)
    asked = [one for one in candidates(order, task) if one.id not in besides]
    found = suggest(asked, task, blocks_yellow=blocks_yellow)
    if all(one.refusals for one in found):
        asked = [one for one in candidates(order, task, is_wider=True) if one.id not in besides]
        found = suggest(asked, task, blocks_yellow=blocks_yellow)
    return found


def _workers(
    people: Sequence[Person], task: Task, *, besides: int | None, customer_id: int | None = None, seats: Iterable[Holding] | None = None,
    wishes: Mapping[int, str] | None = None,
) -> list[Worker]:  # fmt: skip
    ids = [person.pk for person in people]
    units = {row.person_id: row.seat.unit for row in (_seats(ids, task.day) if seats is None else seats)}
    papers, busy, away = papers_of(ids), _busy(ids, task, besides), _away(ids, task)
    past = _past(ids, task, customer_id) if customer_id else {}
    wishes = wishes_of(task.customer_id, ids) if wishes is None else wishes
    found = []
    for person in people:
        unit, taken, before = units.get(person.pk), busy.get(person.pk, []), past.get(person.pk, {})
        hours = sum((Decimal(int((b.served_to - b.served_from).total_seconds())) / 3600 for b in taken), Decimal(0))
        found.append(
            Worker(
                person.pk, person.shown_name, unit.pk if unit else None, unit.department_id if unit else None,
                unit.shown_name if unit else "", person.pk in away, wishes.get(person.pk) == WorkerWish.Kind.PREFERRED,
                wishes.get(person.pk) == WorkerWish.Kind.BLOCKED, tuple(taken), tuple(papers.get(person.pk, ())),
                before.get("done", 0), before.get("visits", 0), _rounded(before.get("rating")), before.get("ratings", 0),
                hours.quantize(Decimal("0.1")),
            )
        )  # fmt: skip
    return found


def wishes_of(customer_id: int | None, workers: Sequence[int] | None = None) -> dict[int, str]:
    """Whom the customer asks for and whom not, by worker (F15)."""
    if customer_id is None:
        return {}
    rows = WorkerWish.objects.filter(customer_id=customer_id, is_current=True)
    rows = rows if workers is None else rows.filter(worker_id__in=workers)
    return dict(rows.values_list("worker_id", "kind"))


def _seats(ids: list[int], day: dt.date) -> Any:
    rows = Holding.objects.filter(
        Holding.valid_q(day), person_id__in=ids, seat__post_id=WORKER_POST, seat__is_active=True
    )
    return rows.filter(person__left_on=None).select_related("seat__unit")


def _busy(ids: list[int], task: Task, besides: int | None) -> dict[int, list[Busy]]:
    """What they have in the seven days around the task, in charge or along, longer jobs that reach into it included."""
    begins = clock.day_start(task.day - dt.timedelta(days=task.day.weekday()))
    days = {
        "worker_id__in": ids, "served_from__lt": max(begins + WEEK, task.served_to), "served_from__gte": begins - LONGEST,
    }  # fmt: skip
    since = min(begins, task.served_from)
    led = Order.objects.filter(**days, status__in=TAKING, served_to__gt=since).order_by()
    along = CrewMember.objects.filter(**days, order__status__in=TAKING, order__served_to__gt=since)
    rows = led.values_list("pk", "worker_id", "number", "served_from", "served_to", "customer__compound").union(
        along.values_list("order_id", "worker_id", "order__number", "served_from", "order__served_to", "order__customer__compound"),
        all=True,
    )  # fmt: skip
    found: dict[int, list[Busy]] = {}
    for pk, worker_id, number, served_from, served_to, compound in sorted(rows, key=lambda row: (row[3], row[0])):
        if pk != besides:
            found.setdefault(worker_id, []).append(Busy(number, served_from, served_to, compound))
    return found


def _away(ids: list[int], task: Task) -> set[int]:
    rows = Absence.objects.filter(
        person_id__in=ids, cancelled_at=None, from_at__lt=task.served_to, to_at__gt=task.served_from
    )
    return set(rows.values_list("person_id", flat=True))


def _past(ids: list[int], task: Task, customer_id: int) -> dict[int, dict[str, Any]]:
    """What they did before, in charge or along; a score is of whoever was in charge."""
    since = task.served_from - dt.timedelta(days=PAST_DAYS)
    days = {"worker_id__in": ids, "served_from__gte": since, "served_from__lt": task.served_from}
    rows = Order.objects.filter(**days, status=Order.Status.FINISHED)
    counted: Any = rows.order_by().values("worker_id").annotate(
        done=Count("pk", filter=Q(product__category=task.category)), visits=Count("pk", filter=Q(customer_id=customer_id)),
        rating=Avg("satisfaction"), ratings=Count("satisfaction"),
    )  # fmt: skip
    along = CrewMember.objects.filter(**days, order__status=Order.Status.FINISHED).order_by().values("worker_id")
    helped: Any = along.annotate(
        done=Count("pk", filter=Q(order__product__category=task.category)), visits=Count("pk", filter=Q(order__customer_id=customer_id)),
    )  # fmt: skip
    found: dict[int, dict[str, Any]] = {line["worker_id"]: line for line in counted}
    for line in helped:
        known = found.setdefault(line["worker_id"], {"done": 0, "visits": 0})
        known["done"], known["visits"] = known["done"] + line["done"], known["visits"] + line["visits"]
    return found


def _rounded(rating: Any) -> Decimal | None:
    return None if rating is None else Decimal(str(rating)).quantize(Decimal("0.1"))
