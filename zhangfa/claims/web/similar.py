"""Cases that may be the one that is being reported: said beside the form before it is sent, forbidding nothing (CC-W1.1, CC-D1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q

from zhangfa.claims.models import Case
from zhangfa.claims.web.state import OWED, PLANS
from zhangfa.customers.models import Customer
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Unit

# The next day somebody else may report the same thing (domain.md 5.3); later it is another one.
WITHIN = dt.timedelta(hours=72)
LOOKED_AT, MOST = 40, 3


def similar(form: Any, actor: Actor, at: dt.datetime) -> list[Case]:
    """The last cases of the chosen customer; without one, or beside them, those of the same outlet by the same caller.

    Whoever may report for the customer reads number, time and who has it; the case itself only who may see it (CC-D3).
    """
    customer = _key(Customer.objects.visible_to(actor), form["customer"].value())
    unit = _key(Unit.objects.visible_to(actor), form["unit"].value())
    return looked_up(customer, unit, form["reporter"].value(), form["reporter_phone"].value(), actor, at)


def similar_to(case: Case, actor: Actor, at: dt.datetime) -> list[Case]:
    """The same of a case that has been reported just now, for whoever reports without a form."""
    return looked_up(case.customer_id, case.unit_id, case.reporter, case.reporter_phone, actor, at, but=case)


def looked_up(
    customer: int | None, unit: int | None, name: Any, phone: Any, actor: Actor, at: dt.datetime, *, but: Case | None = None
) -> list[Case]:  # fmt: skip
    """Cases of the last days of this customer or by this caller, newest first."""
    caller = _plain(name), _digits(phone)
    ways = Q()
    if customer:
        ways |= Q(customer_id=customer)
    if unit and any(caller):
        ways |= Q(customer=None, unit_id=unit)
    if not ways:
        return []
    rows = Case.objects.filter(ways, reported_at__gt=at - WITHIN, reported_at__lte=at).exclude(status=Case.Status.VOID)
    rows = rows.exclude(pk=but.pk) if but else rows
    rows = rows.select_related("record", "handler").prefetch_related(PLANS).annotate(owed=OWED)
    rows = rows.annotate(is_visible=Exists(Case.objects.visible_to(actor).filter(pk=OuterRef("pk"))))
    found = [row for row in rows.order_by("-pk")[:LOOKED_AT] if row.customer_id or _is_by(row, *caller)]
    return found[:MOST]


def _is_by(case: Case, name: str, phone: str) -> bool:
    """Name and number are kept encrypted: they are compared here and not in the database."""
    if phone and _digits(case.reporter_phone):
        return _digits(case.reporter_phone) == phone
    return bool(name) and _plain(case.reporter) == name


def _key(rows: Any, value: Any) -> int | None:
    text = str(value or "")
    is_key = text.isascii() and text.isdigit() and len(text) < 18
    return int(text) if is_key and rows.filter(pk=int(text)).exists() else None


def _plain(value: Any) -> str:
    return "".join(str(value or "").split()).casefold()


def _digits(value: Any) -> str:
    return "".join(sign for sign in str(value or "") if sign.isascii() and sign.isdigit())
