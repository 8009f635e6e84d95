"""Invariants of the chart that `zhangfa doctor --data` checks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q

from zhangfa.organisation.models import Holding, Person, Seat, Unit, User


def data_problems() -> Iterator[str]:
    """What no action would have written: scopes that don't fit, double holders, reversed dates."""
    for unit in Unit.objects.select_related("parent"):
        expected = (unit.department_id, unit.region_id)
        unit.place()
        if (unit.department_id, unit.region_id) != expected:
            yield f"unit {unit.code}: department or region differ from where it hangs"
    reversed_dates = Holding.objects.filter(to_on__lt=F("from_on")).count()
    if reversed_dates:
        yield f"{reversed_dates} holdings end before they begin"
    wrong_kind = Holding.objects.filter(
        Q(seat__post__grade=10) & ~Q(person__kind="worker") | ~Q(seat__post__grade=10) & Q(person__kind="worker")
    )
    if count := wrong_kind.count():
        yield f"{count} holdings put staff into workers' seats or workers into the staff's"
    yield from _double_holders()
    if count := Person.objects.filter(search_key="").count():
        yield f"{count} people can't be found: their search key is empty"
    if count := User.objects.filter(person=None, is_technical=False, is_active=True).count():
        yield f"{count} logins belong to nobody and aren't the technical administrator's"


def _double_holders() -> Iterator[str]:
    single = Seat.objects.filter(post__grade__gt=10).values("pk")
    before: Holding | None = None
    for row in Holding.objects.filter(seat__in=single).order_by("seat_id", "from_on", "pk").iterator(chunk_size=2000):
        if before and before.seat_id == row.seat_id and (before.to_on is None or before.to_on >= row.from_on):
            yield f"seat {row.seat_id} has two holders on {row.from_on}"
        before = row
