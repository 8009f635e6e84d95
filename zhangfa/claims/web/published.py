"""What the pages of published tables share: who reads them, revisions, receipts, spreadsheet (CC-D1, CC-D5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count, Min
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from zhangfa.claims.actions.bundle import PUBLISHERS
from zhangfa.claims.forms_of_record import TABLE_READERS
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.records import exports
from zhangfa.records.models import Copy, Publication
from zhangfa.records.queries import published_digest
from zhangfa.records.web.parts import copies_part, signatures_part
from zhangfa.ui.exports import XLSX

PER_PAGE = 26
EARLIEST, LATEST = 2000, 2100


def read_tables(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """The bundle and the totals go to department managers, finance and administration (CC-D5)."""
    if not by.holds(*TABLE_READERS):
        yield Refusal(
            "totals.read", _("改正意见和理赔总额表只对部门经理、财务和行政开放。"), {}, "CC-D5", "", TABLE_READERS
        )


def may_publish(actor: Any) -> bool:
    return bool(actor.holds(*PUBLISHERS))


def day_in(text: str) -> dt.date:
    """The day of an address, or 404."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not EARLIEST <= day.year <= LATEST:
        raise Http404
    return day


def first_day(at: dt.datetime) -> dt.date:
    """The day of the company's first case: nothing is owed before it."""
    first = Case.objects.aggregate(first=Min("reported_at"))["first"]
    return clock.local_date(first or at)


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
