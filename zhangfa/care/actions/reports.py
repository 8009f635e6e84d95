"""RPT-15: the month's table of key accounts, frozen and sent (CS-W4)."""

from __future__ import annotations

import datetime as dt

from zhangfa.care import account_table, permissions
from zhangfa.care.account_rules import CLAUSE
from zhangfa.care.actions.accounts import MINIMUM
from zhangfa.care.actions.plans import centre
from zhangfa.care.models import KeyAccount
from zhangfa.claims.queries import person_in
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.periods import month_after, month_of
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.organisation.actor import Actor
from zhangfa.policy.queries import figure
from zhangfa.records.actions import copy_to, publish
from zhangfa.records.models import Publication

KIND, FORM = "RPT-15", "DK"


def publish_accounts(month_on: dt.date, *, note: str = "", by: Actor, at: dt.datetime) -> Publication:
    """Freeze the table of a month that is over and send it to owners, marketing and the general manager."""
    month_on = month_of(month_on)
    with work():
        demand(permissions.publish_accounts(by=by, at=at))
        if clock.local_date(at) < month_after(month_on):
            demand([Refusal("account.month", _("这个月还没有结束。"), {}, CLAUSE)])
        figures = {"month": month_on.isoformat(), "note": note, "rows": account_table.draw(month_on)}
        name = f"{month_on:%Y-%m}"
        paper = publish(
            KIND, period=name, figures=figures, policy={MINIMUM: figure(MINIMUM, at).as_json()}, form_code=FORM, unit=centre(), by=by, at=at, title=name,
            url=f"/care/account-reports/{name}/",
        )  # fmt: skip
        owners = (
            KeyAccount.objects.exclude(owner=None)
            .exclude(status=KeyAccount.Status.DROPPED)
            .values_list("owner_id", flat=True)
        )
        readers = {*owners, *(one.pk for post in ("mk", "gm") if (one := person_in(post, at)))}
        copy_to(paper.record, readers, by=by, at=at)
        announce(
            "care.accounts.published", paper.record, by=by, at=at, label=_("发布大客户月报"), record_id=paper.record_id, clause=CLAUSE,
            codes={"period": name, "revision": paper.revision},
        )  # fmt: skip
    return paper
