"""What the call centre lends to the weekly look at forms: each call as its operator wrote it up (HS-W1.9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhangfa.calls.models import Call
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.inspections.plausibility import Filled
from zhangfa.inspections.registry import FormSource

DAY = dt.timedelta(days=1)
ASKED = ("kind", "result", "content")


def entries(since: dt.date, until: dt.date) -> Iterator[Filled]:
    """Each call of these days that was written up; two calls at once are two customers at once."""
    rows = Call.objects.filter(
        started_at__gte=clock.day_start(since), started_at__lt=clock.day_start(until + DAY), status=Call.Status.DONE,
        operator__isnull=False,
    )  # fmt: skip
    for row in rows.order_by("pk").iterator(chunk_size=1000):
        yield Filled(
            number=str(row), url=row.get_absolute_url(), person_id=row.operator_id or 0, unit_id=row.unit_id, department_id=row.department_id,
            filled_at=row.ended_at or row.started_at, texts=(row.content,) if row.content else (),
            values=(f"kind={row.kind}", f"result={row.result}", f"content={row.content}"), filled=sum(bool(getattr(row, name)) for name in ASKED),
            wanted=len(ASKED), happened_from=row.answered_at, happened_to=row.ended_at, place=str(row.pk),
        )  # fmt: skip


SOURCE = FormSource("calls", _("通话记录"), entries)
