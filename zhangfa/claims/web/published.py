"""What the pages of published tables share: who reads them, revisions, receipts, spreadsheet (CC-D1, CC-D5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Min

from zhangfa.claims.actions.bundle import PUBLISHERS
from zhangfa.claims.forms_of_record import TABLE_READERS
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.records.web.published import latest, months, papers, receipts, revisions, spreadsheet

PER_PAGE = 26


def read_tables(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """The bundle and the totals go to department managers, finance and administration (CC-D5)."""
    if not by.holds(*TABLE_READERS):
        yield Refusal(
            "totals.read",
            _("改正意见、理赔总额表和事故制度效果只对部门经理、财务和行政开放。"),
            {},
            "CC-D5",
            "",
            TABLE_READERS,
        )


def may_publish(actor: Any) -> bool:
    return bool(actor.holds(*PUBLISHERS))


def first_day(at: dt.datetime) -> dt.date:
    """The day of the company's first case: nothing is owed before it."""
    first = Case.objects.aggregate(first=Min("reported_at"))["first"]
    return clock.local_date(first or at)


__all__ = [
    "first_day",
    "latest",
    "may_publish",
    "months",
    "papers",
    "read_tables",
    "receipts",
    "revisions",
    "spreadsheet",
]
