"""RPT-15 of a month for other programs: as published, else as it stands; each caller their own accounts (CS-W4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404
from ninja import Router

from zhangfa.care import account_table, actions, permissions
from zhangfa.care.actions.reports import KIND
from zhangfa.care.models import KeyAccount
from zhangfa.care.web.forms.more import MonthForm
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.records.web import published
from zhangfa.ui.addresses import month_in
from zhangfa.ui.api import Call, Missing, Schema, creates, plain, reads
from zhangfa.ui.api.operations import Input


class AccountTableOut(Schema):
    """`rows` holds the accounts that the caller may see."""

    period: str
    is_published: bool
    number: str
    revision: int
    digest: str
    note: str
    rows: list[dict[str, Any]]


def _month(call: Call) -> dt.date:
    call.check(permissions.read_account_reports)
    try:
        return month_in(str(call.path["month"]), until=clock.local_date(call.at))
    except Http404:
        raise Missing from None


def _show(call: Call, month_on: dt.date) -> AccountTableOut:
    period = f"{month_on:%Y-%m}"
    paper = published.latest(KIND, [period]).get(period)
    rows = paper.figures["rows"] if paper else account_table.draw(month_on)
    seen = {str(pk) for pk in KeyAccount.objects.visible_to(call.actor).values_list("pk", flat=True)}
    return AccountTableOut(
        period=period, is_published=paper is not None, number=(paper.record.number or "") if paper else "", revision=paper.revision if paper else 0,
        digest=paper.digest if paper else "", note=paper.figures.get("note", "") if paper else "",
        rows=plain([row for row in rows if str(row["account"]) in seen]),
    )  # fmt: skip


def _publish(given: Input) -> dt.date:
    month_on: dt.date = given.target
    actions.publish_accounts(month_on, **given.params, by=given.call.actor, at=given.call.at)
    return month_on


def register(router: Router) -> None:
    reads(
        router, "/care/account-reports/{month}", id="report_accounts", summary=_("大客户月报"), give=lambda call: _show(call, _month(call)),
        out=AccountTableOut, about="CS-W4",
    )  # fmt: skip
    creates(
        router, "/care/account-reports/{month}", id="report_accounts_publish", summary=_("发布大客户月报"), find=_month, form=MonthForm, act=_publish,
        show=_show, out=AccountTableOut, permission=permissions.publish_accounts, about="CS-W4",
    )  # fmt: skip
