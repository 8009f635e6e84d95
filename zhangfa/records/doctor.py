"""What must always hold of papers (domain.md 5.8): numbers without gaps, files where rows say, sums of signatures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from django.db.models import Count, Q

from zhangfa.records import vault
from zhangfa.records.models import Attachment, NumberSeries, Print, Publication, Record, Signature
from zhangfa.records.queries import published_digest
from zhangfa.records.rules import number_for

LIMIT = 20


def data_problems() -> Iterator[str]:
    """Every broken invariant in words; nothing yielded = sound."""
    yield from _numbers()
    yield from _files()
    yield from _signatures()
    for publication in Publication.objects.iterator(chunk_size=200):
        if published_digest(publication) != publication.digest:
            yield f"publication {publication.pk}: the frozen figures were changed"


def _numbers() -> Iterator[str]:
    # All numbers once: a search for each day's would go through the whole table each time.
    numbers = Record.objects.exclude(number=None).values_list("number", flat=True)
    papers = Counter(number.rpartition("-")[0] for number in numbers.iterator(chunk_size=10_000))
    for series in NumberSeries.objects.order_by("form_code", "day").iterator():
        prefix = number_for(series.form_code, series.day, 0).rpartition("-")[0]
        if (count := papers.pop(prefix, 0)) != series.last:
            yield f"numbers {prefix}-*: the counter stands at {series.last}, there are {count} papers"
    for prefix, count in islice(sorted(papers.items()), LIMIT):
        yield f"numbers {prefix}-*: {count} papers carry one, but no counter gave it"
    handed_in = Record.objects.exclude(status__in=["draft", "void"]).filter(number=None)[:LIMIT]
    for record in handed_in:
        yield f"record {record.pk}: handed in without a number"


def _files() -> Iterator[str]:
    for row in (
        Attachment.objects.filter(forgotten_at=None).values("pk", "sha256", "view_sha256", "thumb_sha256").iterator()
    ):
        for name in ("sha256", "view_sha256", "thumb_sha256"):
            if row[name] and not vault.path_of(row[name]).exists():
                yield f"attachment {row['pk']}: the file {row[name][:12]} is missing"
    for pk, sha in Print.objects.values_list("pk", "sha256").iterator():
        if not vault.path_of(sha).exists():
            yield f"print {pk}: the file {sha[:12]} is missing"


def _signatures() -> Iterator[str]:
    state = Signature.State
    broken = Signature.objects.filter(
        Q(state=state.SIGNED) & (Q(digest="") | Q(at=None) | Q(acted_by=None) | Q(signer=None))
        | Q(state=state.REFUSED) & (Q(witness=None) | Q(reason=""))
    )
    for row in broken[:LIMIT]:
        yield f"signature {row.pk}: {row.state} without what belongs to it"
    newer = Signature.objects.exclude(state=state.VOID).values("record", "role").annotate(n=Count("pk")).filter(n__gt=1)
    for double in newer[:LIMIT]:
        yield f"record {double['record']}: the role {double['role']} is open twice"
