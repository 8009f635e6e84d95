"""What one line says of a case: the deadline that runs now, and what a signed case still waits for."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.actions.paying import cash_due
from zhangfa.claims.models import OWING, Case, Settlement
from zhangfa.core import clock
from zhangfa.ui.registry import Status

S, SS = Case.Status, Settlement.Status
# For lists: one more query for all lines, instead of one for each.
PLANS = Prefetch(
    "settlements",
    Settlement.objects.only("case_id", "status", "form_due_at", "approved_total", "in_kind_amount"),
)
# For queries whose number is counted: annotated as `owed`, it costs none.
OWED = Exists(Settlement.objects.filter(OWING, case_id=OuterRef("pk")))
# What is still awaited once all have signed: the money or not, the customer's answer or not.
AWAITED = {
    (True, True): _("待付款评价"), (True, False): _("待付款"), (False, True): _("待评价"), (False, False): _("待结案"),
}  # fmt: skip


def due_of(case: Case) -> dt.datetime | None:
    """The deadline that runs now: acknowledging, arriving, signing the same day, or the day promised to the customer."""
    if case.status == S.ALERTED:
        return case.acknowledge_due_at
    if case.status == S.ACCEPTED:
        return case.arrive_due_at
    if case.status == S.SETTLED:
        return min(
            (p.form_due_at for p in case.settlements.all() if p.status == SS.ACCEPTED and p.form_due_at), default=None
        )
    if case.status in (S.CLOSED, S.VOID, S.SIGNED) or case.promised_on is None:
        return None
    return clock.day_start(case.promised_on + dt.timedelta(days=1))


def is_owed(case: Case) -> bool:
    """Whether finance still has to pay something of this case."""
    if hasattr(case, "owed"):
        return bool(case.owed)
    return any(p.status == SS.SIGNED and cash_due(p) > 0 for p in case.settlements.all())


def signed(case: Case) -> Status:
    """Payment is awaited only where finance owes money: an answered complaint waits for the customer alone."""
    return Status(AWAITED[is_owed(case), case.satisfaction is None], "blue")
