"""What companies bought in twelve months: paid and contracted, nothing counted twice (domain.md A-21)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet, Sum

from zhangfa.care.account_rules import KINDS, Contract, yearly_amount
from zhangfa.core import clock
from zhangfa.core.money import ZERO
from zhangfa.core.periods import twelve_months_to
from zhangfa.orders.models import Order, Series

if TYPE_CHECKING:
    from zhangfa.care.models import KeyAccount


@dataclass(frozen=True)
class Amount:
    """A year's sum: what was paid outside of contracts, and what contracts stand for."""

    paid: Decimal = ZERO
    contracted: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.paid + self.contracted

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.paid + other.paid, self.contracted + other.contracted)


NOTHING = Amount()


def amounts(at: dt.datetime, only: Collection[int] | None = None) -> dict[int, Amount]:
    """The sum of every enterprise and institution that bought something or has a contract; two statements."""
    on = clock.local_date(at)
    rows = Order.objects.filter(customer__kind__in=KINDS, served_from__gte=_since(on), served_from__lt=at)
    series = _contracts(on)
    if only is not None:
        rows, series = rows.filter(customer_id__in=only), series.filter(customer_id__in=only)
    contracts = {row.pk: row for row in series.exclude(status="ended", to_on__isnull=True)}
    free: dict[int, Decimal] = {}
    by_series: dict[int, Decimal] = {}
    sums = rows.order_by().values("customer_id", "series_id").annotate(paid_in=Sum("paid"), paid_back=Sum("refunded"))
    for row in sums:
        net = row["paid_in"] - row["paid_back"]
        if row["series_id"] in contracts:
            by_series[row["series_id"]] = by_series.get(row["series_id"], ZERO) + net
        else:
            free[row["customer_id"]] = free.get(row["customer_id"], ZERO) + net
    own: dict[int, list[Contract]] = {}
    for pk, one in contracts.items():
        own.setdefault(one.customer_id, []).append(_contract(one, by_series.get(pk, ZERO), on))
    found = {}
    for customer in free.keys() | own.keys():
        paid = free.get(customer, ZERO)
        total = yearly_amount(paid=paid, contracts=own.get(customer, []), on=on)
        found[customer] = Amount(paid, total - paid)
    return found


def _since(on: dt.date) -> dt.datetime:
    """The same twelve months as the list of top customers counts (RPT-09)."""
    return clock.day_start(twelve_months_to(on))


def _contracts(on: dt.date) -> QuerySet[Series]:
    """The contracts of companies that ran in the year before this day."""
    return Series.objects.filter(
        kind=Series.Kind.CONTRACT, customer__kind__in=KINDS, fee__isnull=False, to_on__gte=twelve_months_to(on), from_on__lte=on
    )  # fmt: skip


def _contract(one: Series, paid: Decimal, on: dt.date) -> Contract:
    ends = one.to_on if one.status == Series.Status.ACTIVE else min(one.to_on or on, on - dt.timedelta(days=1))
    return Contract(one.fee or ZERO, one.from_on, ends or on, paid)


def beyond_paid(at: dt.datetime) -> dict[int, Decimal]:
    """What contracts stand for beyond what was paid on them in the year: with all that was paid it makes the same sum as `amounts`."""
    on, found = clock.local_date(at), dict[int, Decimal]()
    contracts = {row.pk: row for row in _contracts(on)}
    rows = Order.objects.filter(
        series_id__in=_contracts(on).values("pk"), served_from__gte=_since(on), served_from__lt=at
    )
    sums = rows.order_by().values_list("series_id").annotate(paid_in=Sum("paid"), paid_back=Sum("refunded"))
    paid = {key: paid_in - paid_back for key, paid_in, paid_back in sums}
    for pk, one in contracts.items():
        contract = _contract(one, paid.get(pk, ZERO), on)
        found[one.customer_id] = found.get(one.customer_id, ZERO) + contract.yearly(on) - contract.paid
    return found


def of_group(account: KeyAccount, at: dt.datetime) -> Amount:
    """The account's own sum with those of the companies of its group."""
    keys = [account.customer_id, *account.members.values_list("customer_id", flat=True)]
    return sum(amounts(at, keys).values(), NOTHING)
