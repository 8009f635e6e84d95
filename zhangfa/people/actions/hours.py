"""RPT-05 of a month: drawn, frozen with its figures, and sent to the department managers and administration (AM-D3)."""

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
from zhangfa.organisation.models import Grade, Seat, Unit
from zhangfa.organisation.queries import holders
from zhangfa.people import hours
from zhangfa.people import permissions as may
from zhangfa.people.training_rules import CLAUSE
from zhangfa.policy import queries as policy
from zhangfa.records.actions import copy_to, publish
from zhangfa.records.models import Publication

KIND, FORM = "RPT-05", "XS"


def publish_hours(month: dt.date, *, by: Any, at: dt.datetime) -> Publication:
    """Freeze the ledger of a month that is over; other figures later make a numbered revision. Raises `Refused`."""
    demand(may.publish_hours(by=by, at=at))
    demand(refuse_month(month, at))
    name = f"{month:%Y-%m}"
    with work(), policy.one_reading():
        paper = publish(
            KIND, period=name, figures=hours.draw(month), policy=hours.policy_of(month), form_code=FORM,
            unit=Unit.objects.get(kind=Unit.Kind.COMPANY), by=by, at=at, title=f"{_('培训学时月报')} {name}", url=f"/training/reports/{name}/",
        )  # fmt: skip
        copy_to(paper.record, _readers(at), by=by, at=at)
        announce(
            "people.hours.published", paper.record, by=by, at=at, label=_("发布培训学时月报"), record_id=paper.record_id,
            codes={"period": name, "revision": paper.revision}, clause=CLAUSE,
        )  # fmt: skip
        return paper


def refuse_month(month: dt.date, at: dt.datetime) -> Iterator[Refusal]:
    if clock.local_date(at) < month_after(month):
        yield Refusal("hours.early", _("这个月还没有结束。"), {}, CLAUSE)


def _readers(at: dt.datetime) -> set[int]:
    seats = Seat.objects.filter(post__grade=Grade.DEPARTMENT_MANAGER, is_active=True).values_list("pk", flat=True)
    return {person.pk for people in holders(seats, at).values() for person in people}
