"""RPT-20 of a week for other programs: as published, else as drawn, else as it stands (CS-D1)."""

from __future__ import annotations

import datetime as dt

from django.http import Http404
from ninja import Router

from zhangfa.calls.queries import frozen_report
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.reports import actions
from zhangfa.reports import permissions as may
from zhangfa.reports.frozen import ReportOut, as_published
from zhangfa.ui.addresses import monday_in
from zhangfa.ui.api import Call, Missing, creates, plain, reads
from zhangfa.ui.api.operations import Input

KIND = "RPT-20"


def _monday(call: Call) -> dt.date:
    call.check(may.read_calls)
    try:
        return monday_in(str(call.path["day"]), until=clock.local_date(call.at))
    except Http404:
        raise Missing from None


def _show(call: Call, monday: dt.date) -> ReportOut:
    try:
        return as_published(KIND, monday.isoformat())
    except Missing:
        figures, policy = frozen_report(monday, monday + dt.timedelta(days=6), call.at)
    return ReportOut(
        kind=KIND, period=monday.isoformat(), is_published=False, number="", revision=0, digest="", figures=plain(figures), policy=plain(policy)
    )  # fmt: skip


def _publish(given: Input) -> dt.date:
    actions.publish_calls(given.target, by=given.call.actor, at=given.call.at)
    monday: dt.date = given.target
    return monday


def register(router: Router) -> None:
    reads(
        router, "/reports/calls/{day}", id="report_calls", summary=_("话务周报"), give=lambda call: _show(call, _monday(call)), out=ReportOut,
        about="CS-D1",
    )  # fmt: skip
    creates(
        router, "/reports/calls/{day}", id="report_calls_publish", summary=_("发布话务周报"), find=_monday, act=_publish, show=_show, out=ReportOut,
        permission=may.publish_calls, about="CS-D1",
    )  # fmt: skip
