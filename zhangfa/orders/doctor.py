"""Invariants of the orders that `zhangfa doctor --data` checks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from zhangfa.orders.models import Order


def data_problems() -> Iterator[str]:
    """Orders lie in their outlet's department, were served by workers, and cost something."""
    if count := Order.objects.exclude(department_id=F("outlet__department_id")).count():
        yield f"{count} orders lie outside their outlet's department"
    if count := Order.objects.filter(worker__isnull=False).exclude(worker__kind="worker").count():
        yield f"{count} orders were served by somebody who is no worker"
    if count := Order.objects.filter(status=Order.Status.SERVED, amount__lte=0).count():
        yield f"{count} served orders cost nothing"
