"""The customer's file as it stood when 《事故理赔处理表》 was filled: the form printed years later shows what was true then.

Phone and door are kept masked, the whole rests encrypted, and it is emptied when the customer is made anonymous.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from zhangfa.audit.actions import erase_detail
from zhangfa.audit.models import Event
from zhangfa.claims.models import LIVE, Case, Settlement
from zhangfa.core import clock
from zhangfa.core.fields import MoneyField
from zhangfa.core.money import ZERO
from zhangfa.customers.actions.privacy import NOBODY
from zhangfa.customers.models import AdverseRecord, Customer
from zhangfa.orders.models import Order

YEAR = dt.timedelta(days=365)
# What tells who it was; the rest are figures.
IDENTITY = ("name", "phone", "address")
BATCH = 200


@dataclass(frozen=True)
class CustomerFile:
    """Who the customer was, and their history before this case (domain.md F11 profile_snapshot). Sums in CNY."""

    no: str
    name: str
    kind: str
    phone: str
    address: str
    outlet: int
    since: dt.date
    orders: int
    spent: Decimal
    accidents: int
    complaints: int
    settled: int
    paid: Decimal
    adverse: int

    def text(self) -> str:
        return json.dumps(asdict(self), default=str, ensure_ascii=False)

    def figures(self) -> dict[str, Any]:
        """What stands under the signatures; a name that has to go later voids none of them."""
        return {name: value for name, value in asdict(self).items() if name not in IDENTITY}


def taken(case: Case, at: dt.datetime) -> CustomerFile | None:
    """The file as it is at `at`, in one statement; none where the case has no registered customer."""
    who = case.customer
    if who is None:
        return None
    found = _history(case, who.pk, at).get()
    return CustomerFile(
        no=who.no, name=who.name, kind=who.kind, phone=who.masked_phone, address=who.masked_address, outlet=who.outlet_id, since=who.joined_on,
        orders=found["orders_n"] or 0, spent=found["spent"] or ZERO, accidents=found["accidents"] or 0, complaints=found["complaints"] or 0,
        settled=found["settled"] or 0, paid=found["paid"] or ZERO, adverse=found["adverse_n"] or 0,
    )  # fmt: skip


def kept(settlement: Settlement) -> CustomerFile | None:
    """The file as it was when the form was filled; none on papers from before it was kept."""
    if not settlement.customer_file:
        return None
    known = json.loads(settlement.customer_file)
    return CustomerFile(**known | {
        "since": dt.date.fromisoformat(known["since"]), "spent": Decimal(known["spent"]), "paid": Decimal(known["paid"]),
    })  # fmt: skip


def forget(customers: Sequence[int], at: dt.datetime) -> None:
    """The customer is made anonymous: the forms keep the figures and lose who it was, and so does their trail."""
    rows = Settlement.objects.filter(customer_id_copy__in=customers).exclude(customer_file="").order_by("pk")
    keys = []
    for row in rows.only("customer_file"):
        if file := kept(row):
            bare = replace(file, name=NOBODY, phone="", address="")
            Settlement.objects.filter(pk=row.pk).update(customer_file=bare.text())
            keys.append(row.pk)
    for start in range(0, len(keys), BATCH):
        told = Event.objects.filter(record_id__in=keys[start : start + BATCH], name="claims.settlement.form_filled")
        erase_detail(list(told.values_list("pk", flat=True)), at=at)


def _history(case: Case, customer: int, at: dt.datetime) -> QuerySet[Customer, dict[str, Any]]:
    orders = Order.objects.filter(customer_id=OuterRef("pk"), served_from__gte=at - YEAR, served_from__lte=at)
    orders = orders.exclude(status=Order.Status.CANCELLED)
    cases = Case.objects.filter(customer_id=OuterRef("pk"), reported_at__lte=at).exclude(pk=case.pk)
    cases = cases.exclude(status=Case.Status.VOID)
    plans = Settlement.objects.filter(customer_id_copy=OuterRef("pk"), status__in=LIVE, accepted_at__lte=at)
    plans = plans.exclude(case_id=case.pk)
    adverse = AdverseRecord.objects.filter(
        customer_id=OuterRef("pk"), status=AdverseRecord.Status.CHECKED, expires_on__gt=clock.local_date(at)
    )
    return Customer.objects.filter(pk=customer).values(
        orders_n=_count(orders, "customer_id"), spent=_sum(orders, "customer_id", "amount"),
        accidents=_count(cases.filter(kind=Case.Kind.ACCIDENT), "customer_id"), complaints=_count(cases.filter(kind=Case.Kind.COMPLAINT), "customer_id"),
        settled=_count(plans, "customer_id_copy"), paid=_sum(plans, "customer_id_copy", "approved_total"), adverse_n=_count(adverse, "customer_id"),
    )  # fmt: skip


def _count(rows: Any, by: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n"))


def _sum(rows: Any, by: str, what: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(n=Sum(what)).values("n"), output_field=MoneyField())
