"""What orders lend to the weekly look at forms: services as they were started and finished, and the calls afterwards (HS-W1.9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Avg, Count, Q

from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.inspections.plausibility import Filled
from zhangfa.inspections.registry import FormSource
from zhangfa.orders.models import Order, Revisit

DAY = dt.timedelta(days=1)


def services(since: dt.date, until: dt.date) -> Iterator[Filled]:
    """Each service that was written down as finished on these days, for the worker who served."""
    rows = Order.objects.filter(
        finished_at__gte=clock.day_start(since), finished_at__lt=clock.day_start(until + DAY), worker__isnull=False
    )
    names = ("pk", "number", "worker_id", "outlet_id", "department_id", "customer_id", "started_at", "finished_at")
    for pk, number, worker, outlet, department, customer, started, finished in (
        rows.order_by("pk").values_list(*names).iterator(chunk_size=1000)
    ):
        yield Filled(
            number=number, url=f"/orders/{pk}/", person_id=worker, unit_id=outlet, department_id=department, filled_at=finished,
            happened_from=started, happened_to=finished, place=str(customer),
        )  # fmt: skip


def revisits(since: dt.date, until: dt.date) -> Iterator[Filled]:
    """Each call after a service that was written up on these days."""
    rows = Revisit.objects.filter(
        done_at__gte=clock.day_start(since), done_at__lt=clock.day_start(until + DAY), done_by__isnull=False
    )
    for row in rows.select_related("order").order_by("pk").iterator(chunk_size=500):
        yield Filled(
            number=row.order.number, url=f"/orders/{row.order_id}/", person_id=row.done_by_id or 0, unit_id=row.outlet_id,
            department_id=row.department_id, filled_at=row.done_at or row.due_at, texts=(row.note,),
            values=(f"satisfaction={row.satisfaction}", f"note={row.note}"), filled=1 + bool(row.note) if row.satisfaction else bool(row.note), wanted=2,
            happened_from=row.order.finished_at, due_at=row.due_at,
        )  # fmt: skip


def measures(person: Any, unit: Any, since: dt.date, until: dt.date) -> list[tuple[str, str]]:
    """The unit's orders and calls in the days before a spot check (F24)."""
    begins, ends = clock.day_start(since), clock.day_start(until + DAY)
    place = Q(outlet=unit) if unit.kind in ("outlet", "site") else Q(department_id=unit.department_id)
    orders = Order.objects.filter(served_from__gte=begins, served_from__lt=ends)
    counted = orders.aggregate(mine=Count("pk", filter=place), all=Count("pk"), score=Avg("satisfaction", filter=place))
    calls = Revisit.objects.filter(place, due_at__gte=begins, due_at__lt=ends).aggregate(
        all=Count("pk"), done=Count("pk", filter=Q(status="done"))
    )
    found = [(_("订单数"), str(counted["mine"]))]
    if counted["all"]:
        found.append((_("出单占比"), f"{counted['mine'] * 1000 // counted['all'] / 10:.1f}%"))
    if calls["all"]:
        found.append((_("回访完成率"), f"{calls['done'] * 1000 // calls['all'] / 10:.1f}%"))
    return found


SOURCES = (FormSource("services", _("服务记录"), services), FormSource("revisits", _("服务后回访"), revisits))
