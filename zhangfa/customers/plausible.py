"""What the archive lends to the weekly look at forms: each entry as its writer filled it in (HS-W1.9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.customers.models import ArchiveEntry
from zhangfa.inspections.plausibility import Filled
from zhangfa.inspections.registry import FormSource

TEXT = "observation"
DAY = dt.timedelta(days=1)


def entries(since: dt.date, until: dt.date) -> Iterator[Filled]:
    """The entries written on these days, two reads for all of them."""
    rows = ArchiveEntry.objects.filter(
        written_at__gte=clock.day_start(since), written_at__lt=clock.day_start(until + DAY), written_by__isnull=False
    )
    offered: set[str] = set()
    found = []
    for row in rows.select_related("record").prefetch_related("learnt").order_by("pk").iterator(chunk_size=500):
        learnt = {one.field: str(one.value) for one in row.learnt.all() if one.value}
        offered |= learnt.keys()
        found.append((row, learnt))
    for row, learnt in found:
        yield Filled(
            number=row.record.number or str(row.pk), url=row.get_absolute_url(), person_id=row.written_by_id or 0, unit_id=row.outlet_id,
            department_id=row.department_id, filled_at=row.written_at, texts=tuple(value for name, value in sorted(learnt.items()) if name == TEXT),
            values=tuple(f"{name}={value}" for name, value in sorted(learnt.items()) if name != TEXT), filled=len(learnt), wanted=len(offered),
            happened_from=clock.day_start(row.served_on), due_at=clock.day_start(row.served_on + DAY),
        )  # fmt: skip


SOURCE = FormSource("entries", _("客户档案登记表"), entries)
