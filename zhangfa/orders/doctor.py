"""Invariants of the orders that `zhangfa doctor --data` checks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from zhangfa.orders.models import Card, CrewMember, Order


def data_problems() -> Iterator[str]:
    """Orders lie in their outlet's department, were served by workers, and cost something."""
    if count := Order.objects.exclude(department_id=F("outlet__department_id")).count():
        yield f"{count} orders lie outside their outlet's department"
    if count := Order.objects.filter(worker__isnull=False).exclude(worker__kind="worker").count():
        yield f"{count} orders were served by somebody who is no worker"
    if count := Order.objects.filter(status=Order.Status.FINISHED, amount__lte=0).count():
        yield f"{count} served orders cost nothing"
    if count := _differing_money():
        yield f"{count} orders say another sum was paid than the receipts"
    yield from _crew_problems()
    moved = Card.objects.annotate(moved=Coalesce(Sum("entries__amount"), 0))
    if count := moved.exclude(balance=F("moved")).count():
        yield f"{count} cards hold another balance than their movements"


def _crew_problems() -> Iterator[str]:
    """Crews are of workers, go with somebody in charge who is none of them, and on the order's own day."""
    crew = CrewMember.objects
    if count := crew.exclude(worker__kind="worker").count():
        yield f"{count} members of crews are no workers"
    if count := crew.filter(Q(order__worker=None) | Q(order__worker_id=F("worker_id"))).count():
        yield f"{count} members of crews go with nobody, or with themselves"
    if count := crew.exclude(served_from=F("order__served_from")).count():
        yield f"{count} members of crews stand on another hour than their order"


def _differing_money() -> int:
    """Orders whose paid sum differs from the receipts for them; counted by the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM orders_order o LEFT JOIN (SELECT subject, sum(amount) AS total FROM finance_receipt"
            " WHERE subject LIKE 'order:%%' GROUP BY subject) r ON r.subject = 'order:' || o.id"
            " WHERE o.paid <> coalesce(r.total, 0)",
            [],
        )
        return int(cursor.fetchone()[0])
