"""RPT-05 in the caller's scope: a month of training hours as published, else as it stands now (AM-D3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404

from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.people import actions, hours
from zhangfa.people.actions.hours import KIND
from zhangfa.people.api.papers import router
from zhangfa.people.permissions import read_hours
from zhangfa.people.training_rules import CLAUSE
from zhangfa.people.web.hours import HoursForm, months_over, rows_for
from zhangfa.records.web import published
from zhangfa.ui.addresses import month_in
from zhangfa.ui.api import Call, Missing, Schema, creates, plain, reads
from zhangfa.ui.api.operations import Input


class HoursMonthOut(Schema):
    """A month that is over: its newest revision, and how many of its copies were acknowledged."""

    month: str
    is_published: bool
    number: str
    revision: int
    published_at: dt.datetime | None
    copies: int
    received: int
    url: str


class HoursMonthsOut(Schema):
    items: list[HoursMonthOut]


class HoursLineOut(Schema):
    """One person and one quota; hours as text, no forecast in the first days of a year."""

    person: int
    no: str
    name: str
    department: int
    department_name: str
    quota: str
    owed: str
    expected: str
    done: str
    elearned: str
    forecast: str | None
    tone: str


class HoursGivenOut(Schema):
    """What a post has delivered against its quota."""

    quota: str
    post: str
    owed: str
    done: str


class HoursReportOut(Schema):
    """As published, else as it stands now; a department manager gets the department's people."""

    month: str
    until: dt.date
    is_published: bool
    number: str
    revision: int
    digest: str
    rows: list[HoursLineOut]
    given: list[HoursGivenOut]
    policy: dict[str, Any]


def _months(call: Call) -> HoursMonthsOut:
    call.check(read_hours)
    return HoursMonthsOut(
        items=[
            HoursMonthOut(
                month=month, is_published=paper is not None, number=(paper.record.number or "") if paper else "",
                revision=paper.revision if paper else 0, published_at=paper.published_at if paper else None, copies=sent, received=received,
                url=f"/training/reports/{month}/",
            )
            for month, paper, (sent, received) in months_over(call.at)
        ]
    )  # fmt: skip


def _month(call: Call) -> dt.date:
    call.check(read_hours)
    try:
        return month_in(str(call.path["month"]), until=clock.local_date(call.at))
    except Http404:
        raise Missing from None


def _report(call: Call, month: dt.date) -> HoursReportOut:
    revisions = published.revisions(KIND, f"{month:%Y-%m}")
    paper = revisions[-1] if revisions else None
    figures = paper.figures if paper else hours.draw(month)
    names = HoursLineOut.model_fields
    return HoursReportOut(
        month=figures["month"], until=figures["until"], is_published=paper is not None, number=(paper.record.number or "") if paper else "",
        revision=paper.revision if paper else 0, digest=paper.digest if paper else "", policy=plain(paper.policy if paper else hours.policy_of(month)),
        rows=[HoursLineOut(**{name: row[name] for name in names}) for row in rows_for(call.actor, figures)],
        given=[HoursGivenOut(**row) for row in figures["given"]],
    )  # fmt: skip


def _publish(given: Input) -> dt.date:
    month: dt.date = given.target
    actions.publish_hours(month, by=given.call.actor, at=given.call.at, **given.params)
    return month


MONTH = "/training-hours/months/{month}"
reads(
    router, "/training-hours/months", id="hours_months", summary=_("培训学时月报"), give=_months, out=HoursMonthsOut, about=CLAUSE
)  # fmt: skip
reads(
    router, MONTH, id="hours_month", summary=_("一个月的培训学时"), give=lambda call: _report(call, _month(call)), out=HoursReportOut,
    about=CLAUSE,
)  # fmt: skip
creates(
    router, MONTH, id="hours_month_publish", summary=_("发布培训学时月报"), find=_month, form=HoursForm, act=_publish, show=_report,
    out=HoursReportOut, about=CLAUSE,
)  # fmt: skip
