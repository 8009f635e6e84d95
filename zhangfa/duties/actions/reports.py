"""RPT-03 of a month: drawn, frozen with its figures, and sent to the department managers and the GM."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.periods import month_after
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.duties import kept, rules
from zhangfa.duties.permissions import CLAUSE, publish_report
from zhangfa.organisation.models import Seat, Unit
from zhangfa.organisation.queries import holders
from zhangfa.policy import queries as policy
from zhangfa.records.actions import copy_to, publish
from zhangfa.records.models import Publication

KIND, FORM = "RPT-03", "G04"


def publish_month(month: dt.date, *, by: Any, at: dt.datetime) -> Publication:
    """Freeze the compliance of a month that is over; other figures later make a numbered revision. Raises `Refused`."""
    demand(publish_report(by=by, at=at))
    demand(refuse_month(month, at))
    with work(), policy.one_reading():
        figures = kept.draw(month, at)
        paper = publish(
            KIND, period=f"{month:%Y-%m}", figures=figures, policy={}, form_code=FORM, unit=Unit.objects.get(kind=Unit.Kind.COMPANY),
            by=by, at=at, title=f"{_('职责办理情况')} {month:%Y-%m}", url=f"/duties/reports/{month:%Y-%m}/",
        )  # fmt: skip
        copy_to(paper.record, _readers(at), by=by, at=at)
        announce(
            "duties.report.published", paper.record, by=by, at=at, label=_("发布职责办理情况"), record_id=paper.record_id,
            codes={"period": f"{month:%Y-%m}", "revision": paper.revision}, clause=CLAUSE,
        )  # fmt: skip
        return paper


def refuse_month(month: dt.date, at: dt.datetime) -> Iterator[Refusal]:
    yield from rules.refuse_report(ends=month_after(month), today=clock.local_date(at))


def _readers(at: dt.datetime) -> set[int]:
    seats = Seat.objects.filter(post__grade__gte=50, is_active=True).values_list("pk", flat=True)
    return {person.pk for people in holders(seats, at).values() for person in people}
