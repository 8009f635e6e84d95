"""What care lends to the weekly look at forms and to spot checks: visit sheets, key-account files and opinions (HS-W1.9, HS-W1.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Avg, Count, Q

from zhangfa.care import queries
from zhangfa.care.models import Feedback, KeyAccount, Visit
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.inspections.plausibility import Filled
from zhangfa.inspections.registry import FormSource

DAY = dt.timedelta(days=1)
TEXTS = ("opinion", "suggestion", "wish", "problem_text", "profile_note")
CHOSEN = ("satisfaction", "recommend", "level", "problem", "severity")
FILE = ("drivers", "potential", "risks", "competitors", "purchase_mode", "purchase_months", "parent_org", "procedure")


def sheets(since: dt.date, until: dt.date) -> Iterator[Filled]:
    """Each visit sheet written on these days, F19, F20 and F21 alike, for whoever went."""
    rows = Visit.objects.filter(written_at__gte=clock.day_start(since), written_at__lt=clock.day_start(until + DAY))
    for row in rows.select_related("record").order_by("pk").iterator(chunk_size=500):
        texts = tuple(text for name in TEXTS if (text := getattr(row, name)))
        scores = tuple(f"{name}={score}" for name, score in sorted(row.checks.items()))
        chosen = tuple(f"{name}={getattr(row, name)}" for name in CHOSEN if getattr(row, name) not in (None, ""))
        yield Filled(
            number=row.record.number or str(row.pk), url=row.get_absolute_url(), person_id=row.visitor_id, unit_id=row.outlet_id,
            department_id=row.department_id, filled_at=row.written_at or row.record.created_at, texts=texts, values=(*chosen, *scores),
            filled=len(texts) + len(chosen), wanted=len(TEXTS) + len(CHOSEN), happened_from=row.arrived_at, happened_to=row.left_at,
            place=str(row.customer_id) if row.mode == Visit.Mode.ONSITE else "", due_at=row.sheet_due_at,
        )  # fmt: skip


def files(since: dt.date, until: dt.date) -> Iterator[Filled]:
    """Each key-account file that was written or gone over on these days, for its owner (F22)."""
    rows = KeyAccount.objects.filter(
        reviewed_at__gte=clock.day_start(since), reviewed_at__lt=clock.day_start(until + DAY), owner__isnull=False
    )
    for row in rows.select_related("record").order_by("pk").iterator(chunk_size=500):
        texts = tuple(text for name in FILE if (text := getattr(row, name)))
        yield Filled(
            number=row.record.number or str(row.pk), url=row.get_absolute_url(), person_id=row.owner_id or 0, unit_id=row.outlet_id,
            department_id=row.department_id, filled_at=row.reviewed_at or row.found_at, texts=texts, filled=len(texts), wanted=len(FILE),
        )  # fmt: skip


def opinions(since: dt.date, until: dt.date) -> Iterator[Filled]:
    """Each 《公司大客户意见建议反映表》 written on these days, for whoever went (F23)."""
    begins, ends = clock.day_start(since), clock.day_start(until + DAY)
    rows = Feedback.objects.filter(record__submitted_at__gte=begins, record__submitted_at__lt=ends)
    names = ("opinion", "suggestion", "competitor", "solution")
    for row in rows.select_related("record").order_by("pk").iterator(chunk_size=500):
        texts = tuple(text for name in names if (text := getattr(row, name)))
        yield Filled(
            number=row.record.number or str(row.pk), url=row.get_absolute_url(), person_id=row.visitor_id, unit_id=row.outlet_id,
            department_id=row.department_id, filled_at=row.record.submitted_at or row.record.created_at, texts=texts,
            values=(f"satisfaction={row.satisfaction}", f"priority={row.priority}", f"roles={','.join(row.roles)}"), filled=len(texts),
            wanted=len(names),
        )  # fmt: skip


def measures(person: Any, unit: Any, since: dt.date, until: dt.date) -> list[tuple[str, str]]:
    """Visits of the unit before a spot check, what was said, and records of this person that turned out untrue (F24, HS-W1.7)."""
    begins, ends = clock.day_start(since), clock.day_start(until + DAY)
    place = Q(outlet=unit) if unit.kind in ("outlet", "site") else Q(department_id=unit.department_id)
    counted = Visit.objects.filter(place, written_at__gte=begins, written_at__lt=ends).aggregate(
        all=Count("pk"), mine=Count("pk", filter=Q(visitor=person)), score=Avg("satisfaction")
    )
    found = [(_("客户访问次数"), str(counted["all"])), (_("其中本人访问"), str(counted["mine"]))]
    if counted["score"] is not None:
        found.append((_("访问满意度"), f"{counted['score']:.2f}"))
    untrue = queries.findings_of(person.pk, since, until + DAY).count()
    return [*found, (_("核查不属实的记录"), str(untrue))]


SOURCES = (
    FormSource("visits", _("访问客户登记表"), sheets), FormSource("accounts", _("大客户档案"), files),
    FormSource("opinions", _("大客户意见建议反映表"), opinions),
)  # fmt: skip

__all__ = ["SOURCES", "files", "measures", "opinions", "sheets"]
