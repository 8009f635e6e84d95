"""Invariants of the reports that `zhangfa doctor --data` checks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F

from zhangfa.orders.models import Order
from zhangfa.reports.models import Draw, Month


def data_problems() -> Iterator[str]:
    """A drawn list has every line that its figures count; nothing is paid back beyond what was paid; no month runs ahead of itself."""
    for draw in Draw.objects.filter(kind="RPT-09", state=Draw.State.DRAWN).annotate(lines=Count("listed")):
        if draw.lines != draw.figures.get("listed"):
            yield f"the list of {draw.period} holds {draw.lines} lines and counts {draw.figures.get('listed')}"
    if count := Order.objects.filter(refunded__gt=F("paid")).count():
        yield f"{count} orders gave back more than was paid"
    if count := Month.objects.filter(summed__gt=F("changes")).count():
        yield f"{count} months of the roll-up are ahead of their changes"
