"""Accidents, complaints and what was paid for them, for the computed part of a customer's file (F15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, F, Q, Sum

from zhangfa.claims.models import Case, Settlement
from zhangfa.core.money import ZERO
from zhangfa.core.text import _
from zhangfa.customers.models import Customer
from zhangfa.customers.segments import may_see_amounts
from zhangfa.organisation.actor import Actor
from zhangfa.ui.display import money

AGREED = (Settlement.Status.ACCEPTED, Settlement.Status.SIGNED, Settlement.Status.PAID)


def lines(customer: Customer, actor: Actor, at: dt.datetime) -> Iterator[tuple[str, str]]:
    """How many, and what the customer accepted; two statements."""
    cases = Case.objects.filter(customer=customer).order_by()
    found = cases.aggregate(
        accidents=Count("pk", filter=Q(kind=Case.Kind.ACCIDENT)),
        complaints=Count("pk", filter=Q(kind=Case.Kind.COMPLAINT)),
    )
    agreed = Settlement.objects.filter(case__customer=customer, status__in=AGREED).aggregate(
        sum=Sum(F("cash_amount") + F("in_kind_amount"))
    )["sum"]
    yield _("投诉次数"), str(found["complaints"])
    yield _("事故次数"), str(found["accidents"])
    yield _("理赔金额"), str(money(agreed or ZERO)) if may_see_amounts(actor) else "****"
