"""2:8 "what if" for other programs: asked, reckoned by the worker, its answer fetched (CS-D4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.core.text import _
from zhangfa.reports import actions
from zhangfa.reports import permissions as may
from zhangfa.reports.models import Trial
from zhangfa.reports.rules import named
from zhangfa.reports.web.common import month_in
from zhangfa.reports.web.trial import SHOWN, TrialForm, last_month, others, shown_result
from zhangfa.ui.api import Call, Missing, Schema, creates, reads
from zhangfa.ui.api.operations import Input, Number


class TrialOut(Schema):
    """`asked` and `result` as kept: money in fen, the share in percent as text; `result` is empty until the state is done."""

    id: int
    month: str
    asked: dict[str, Any]
    state: str
    percent: int
    asked_at: dt.datetime
    as_of: dt.datetime | None
    result: dict[str, Any]


class TrialsOut(Schema):
    items: list[TrialOut]


def shown(call: Call, row: Trial) -> TrialOut:
    return TrialOut(
        id=row.pk, month=named(row.month), asked=row.asked, state=row.state, percent=row.percent, asked_at=row.asked_at, as_of=row.as_of,
        result=shown_result(row, call.actor),
    )  # fmt: skip


def _mine(call: Call) -> TrialsOut:
    call.check(may.try_figures)
    rows = Trial.objects.filter(by_id=call.actor.person_id).order_by("-pk")[:SHOWN]
    return TrialsOut(items=[shown(call, row) for row in rows])


def _one(call: Call) -> TrialOut:
    call.check(may.try_figures)
    row = Trial.objects.filter(pk=call.path["id"]).first()
    if row is None:
        raise Missing
    return shown(call, row)


def _ask(given: Input) -> Trial:
    data, at = given.form.cleaned_data, given.call.at
    month = month_in(data["month"], at) if data["month"] else last_month(at)
    return actions.ask_trial(month, others(data), by=given.call.actor, at=at)


def register(router: Any) -> None:
    """Add the operations to the router of reports."""
    reads(router, "/trials", id="trials", summary=_("我的二八试算"), give=_mine, out=TrialsOut, about="CS-D4")
    creates(
        router, "/trials", id="trial_ask", summary=_("二八试算"), form=TrialForm, act=_ask, show=shown, out=TrialOut,
        permission=may.try_figures, about="CS-D4",
    )  # fmt: skip
    reads(
        router,
        "/trials/{id}",
        id="trial",
        summary=_("一次二八试算"),
        give=_one,
        out=TrialOut,
        about="CS-D4",
        ids={"id": Number},
    )
