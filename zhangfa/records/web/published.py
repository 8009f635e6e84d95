"""What the pages of published reports share: revisions, receipts, the paper's parts, frozen policy values, spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from zhangfa.core import clock
from zhangfa.policy.queries import definition_of
from zhangfa.policy.values import typed, words
from zhangfa.policy.wording import language
from zhangfa.policy.wording import title as policy_title
from zhangfa.records import exports
from zhangfa.records.models import Copy, Publication
from zhangfa.records.queries import published_digest
from zhangfa.records.web.parts import copies_part, signatures_part
from zhangfa.ui.exports import XLSX


def latest(kind: str, periods: Iterable[str]) -> dict[str, Publication]:
    """The newest revision of each period."""
    rows = Publication.objects.filter(kind=kind, period__in=list(periods)).select_related("record")
    return {row.period: row for row in rows.order_by("revision")}


def revisions(kind: str, period: str) -> list[Publication]:
    rows = Publication.objects.filter(kind=kind, period=period).select_related("record__created_by", "record__unit")
    return list(rows.order_by("revision"))


def receipts(publications: Iterable[Publication]) -> dict[Any, tuple[int, int]]:
    """Copies sent and copies acknowledged of each paper."""
    rows = Copy.objects.filter(record_id__in=[row.pk for row in publications]).order_by().values("record_id")
    return {
        row["record_id"]: (row["sent"], row["received"])
        for row in rows.annotate(sent=Count("pk"), received=Count("received_at"))
    }


def months(kind: str, at: dt.datetime, count: int) -> list[tuple[str, Publication | None, tuple[int, int]]]:
    """The months that are over, newest first: each with its newest revision and how many copies were sent and acknowledged."""
    day, names = clock.local_date(at).replace(day=1), []
    for _n in range(count):
        day = (day - dt.timedelta(days=1)).replace(day=1)
        names.append(f"{day:%Y-%m}")
    found = latest(kind, names)
    read = receipts(found.values())
    return [
        (name, paper, read.get(paper.pk, (0, 0)) if paper else (0, 0)) for name in names for paper in [found.get(name)]
    ]


def papers(page: Any, publication: Publication | None) -> Mapping[str, Any]:
    """Signatures, copies and digest of what was published, and the reader's own copy."""
    if publication is None:
        return {"publication": None}
    record = publication.record
    own = next((copy for copy in record.copies.filter(person_id=page.actor.person_id or 0)), None)
    return {
        **signatures_part(page, record)[1], **copies_part(page, record)[1], "publication": publication, "own_copy": own,
        "is_intact": published_digest(publication) == publication.digest, "is_late": record.is_late(page.at),
    }  # fmt: skip


def spreadsheet(page: Any, sheets: Sequence[exports.Sheet], *, subject: str, name: str) -> HttpResponse:
    """The table as xlsx, with watermark and log entry."""
    content = exports.write(sheets, subject=subject, by=page.actor, at=page.at)
    return HttpResponse(
        content, XLSX, headers={"Content-Disposition": content_disposition_header(True, f"{name}.xlsx")}
    )


def figures_of(policy: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
    """The policy values that a report stood on, as they were frozen."""
    found = []
    for key, row in sorted(policy.items()):
        known = definition_of(key)
        shown = words(known.kind, known.unit, typed(known.kind, row["value"]), language())
        found.append((policy_title(known), shown, row["effective_from"]))
    return found
