"""What cases lend to the weekly look at forms and to spot checks (HS-W1.9, HS-W1.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q

from zhangfa.claims.models import Case, Survey
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.inspections.plausibility import Filled
from zhangfa.inspections.registry import FormSource

DAY = dt.timedelta(days=1)
TEXTS = ("narrative", "worker_statement", "customer_statement", "judgement")


def surveys(since: dt.date, until: dt.date) -> Iterator[Filled]:
    """Each survey finished on these days, as its surveyor wrote it."""
    rows = Survey.objects.filter(surveyed_at__gte=clock.day_start(since), surveyed_at__lt=clock.day_start(until + DAY))
    for row in rows.select_related("record", "case").order_by("pk").iterator(chunk_size=500):
        texts = tuple(getattr(row, name) for name in TEXTS)
        yield Filled(
            number=row.record.number or str(row.case_id), url=row.case.get_absolute_url(), person_id=row.surveyor_id, unit_id=row.case.unit_id,
            department_id=row.case.department_id, filled_at=row.surveyed_at or row.record.created_at, texts=texts, filled=sum(map(bool, texts)),
            wanted=len(texts), happened_from=row.case.arrived_at, happened_to=row.returned_at, place=str(row.case_id),
        )  # fmt: skip


def measures(person: Any, unit: Any, since: dt.date, until: dt.date) -> list[tuple[str, str]]:
    """Complaints and accidents of the unit in the days before a spot check (F24)."""
    place = Q(unit=unit) if unit.kind in ("outlet", "site") else Q(department_id=unit.department_id)
    rows = Case.objects.filter(
        place, reported_at__gte=clock.day_start(since), reported_at__lt=clock.day_start(until + DAY)
    ).exclude(status="void")
    counted = rows.aggregate(
        complaints=Count("pk", filter=Q(kind="complaint")), accidents=Count("pk", filter=Q(kind="accident"))
    )
    return [(_("投诉数"), str(counted["complaints"])), (_("事故数"), str(counted["accidents"]))]


SOURCE = FormSource("surveys", _("勘察记录"), surveys)
