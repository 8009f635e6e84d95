"""Services that come again: agreed once, their orders made ahead, ended with what is still to come (HS-W3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db.models import F, Q

from zhangfa.core import clock
from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.customers import entries
from zhangfa.customers.models import Customer
from zhangfa.customers.rules import refuse_use
from zhangfa.notices.actions import notify
from zhangfa.orders import prices
from zhangfa.orders.models import CrewMember, Order, Product, Series
from zhangfa.orders.permissions import BOOKERS_EVERYWHERE, book_orders, change_order
from zhangfa.orders.price_rules import PriceRow, price_on, quote_for
from zhangfa.orders.rules import span
from zhangfa.orders.series_rules import CLAUSE, days_between, refuse_series
from zhangfa.organisation.actor import Actor, system_actor
from zhangfa.organisation.models import Person
from zhangfa.policy.queries import value

AHEAD = "orders.ahead_days"
DAY = dt.timedelta(days=1)
CHUNK = 50
PREFIX = {Series.Kind.RECURRING: "Z", Series.Kind.CONTRACT: "H"}


def agree_series(
    *, customer: Customer, product: Product, kind: str = Series.Kind.RECURRING, quantity: Decimal, weekdays: Sequence[int], every_weeks: int = 1,
    starts: dt.time, hours: Decimal | None = None, from_on: dt.date, to_on: dt.date | None = None, wished_worker: Person | None = None,
    contract_model: str = Order.Contract.EMPLOYEE, scope: str = "", fee: Decimal | None = None, pay_mode: str = Series.PayMode.VISIT,
    trial_days: int = 0, replacements: int = 0, note: str = "", by: Actor, at: dt.datetime,
) -> Series:  # fmt: skip
    """Agree on a service that comes again; the first orders are made at once. Raises `Refused`."""
    outlet, rows = customer.outlet, prices.rows_of(product)
    demand(
        [
            *book_orders(by=by, at=at),
            *refuse_use(status=customer.status),
            *refuse_series(
                is_contract=kind == Series.Kind.CONTRACT, weekdays=weekdays, every_weeks=every_weeks, from_on=from_on, to_on=to_on,
                today=clock.local_date(at), fee=fee, scope=scope, is_on_sale=product.is_active,
                is_closed=customer.status == Customer.Status.CLOSED,
                has_price=price_on(rows, region=outlet.region_id, kind=customer.kind, day=from_on) is not None,
                is_own=by.is_system or by.holds(*BOOKERS_EVERYWHERE) or by.holds("oa", "sl", unit_id=outlet.pk),
            ),
        ]
    )  # fmt: skip
    with work():
        # Asked again under the lock: a file that becomes "only kept" at this moment gets no service (PIPL 47).
        demand(refuse_use(status=Customer.objects.lock(customer.pk).status))
        series = Series(
            number=uuid4().hex[:20], kind=kind, customer=customer, outlet=outlet, department_id=outlet.department_id, product=product,
            quantity=quantity, weekdays="".join(str(day) for day in sorted(weekdays)), every_weeks=every_weeks, starts=starts,
            hours=hours or product.hours, from_on=from_on, to_on=to_on, wished_worker=wished_worker, contract_model=contract_model, scope=scope,
            fee=fee, pay_mode=pay_mode, trial_days=trial_days, replacements=replacements, note=note, booked_at=at, booked_by_id=by.person_id,
        )  # fmt: skip
        series.save(force_insert=True)
        series.number = f"{PREFIX[Series.Kind(kind)]}{series.pk:07d}"
        series.save(update_fields=["number"])
        announce(
            "orders.series.agreed", series, by=by, at=at, label=_("约定长期服务"), clause=CLAUSE, is_new=True,
            codes={"kind": kind, "customer": customer.pk, "product": product.pk, "weekdays": series.weekdays, "from_on": from_on, "to_on": to_on},
        )  # fmt: skip
        extend(series, by=by, at=at)
    return series


def extend(series: Series, *, by: Actor, at: dt.datetime) -> int:
    """Make the orders of a series up to the horizon; what exists already stays, days that were missed are filled in."""
    with work():
        # The file first, as whoever answers its requests does; a series that was just merged into another file waits a night.
        customer = Customer.objects.lock(series.customer_id)
        series = Series.objects.lock(series.pk)
        horizon = clock.local_date(at) + int(value(AHEAD, at)) * DAY
        first = series.from_on if series.generated_to is None else series.generated_to + DAY
        if series.status != Series.Status.ACTIVE or first > horizon or series.customer_id != customer.pk:
            return 0
        if customer.status in entries.CLOSED:
            return 0
        rows = prices.rows_of(series.product)
        days = days_between(
            weekdays=series.days, every_weeks=series.every_weeks, from_on=series.from_on, to_on=series.to_on, first=first, last=horizon
        )  # fmt: skip
        orders, until = [], horizon
        for day in days:
            row = price_on(rows, region=series.outlet.region_id, kind=series.customer.kind, day=day)
            if row is None:
                # Nobody knows what it costs: the day waits until the list says so.
                until = day - DAY
                break
            orders.append(_order(series, day, row, at))
        Order.objects.bulk_create(orders, ignore_conflicts=True)
        series.generated_to = until
        series.save(update_fields=["generated_to"])
        if orders:
            announce(
                "orders.series.extended", series, by=by, at=at, label=_("生成订单"), clause=CLAUSE,
                codes={"orders": len(orders), "until": until},
            )  # fmt: skip
    return len(orders)


def _order(series: Series, day: dt.date, row: PriceRow, at: dt.datetime) -> Order:
    found = quote_for(row, series.quantity, ())
    served_from = series.starts_on(day, clock.TZ).astimezone(dt.UTC)
    return Order(
        number=f"{series.number}-{day:%y%m%d}", customer_id=series.customer_id, outlet_id=series.outlet_id, department_id=series.department_id,
        product_id=series.product_id, series=series, series_day=day, served_from=served_from, served_to=served_from + span(series.hours),
        quantity=series.quantity, amount=found.total, price=prices.as_json(found), note=series.note, wished_worker_id=series.wished_worker_id,
        contract_model=series.contract_model, booked_at=at,
    )  # fmt: skip


def extend_due(at: dt.datetime, after: int = 0, limit: int = CHUNK) -> int:
    """The next series that lack orders, one short transaction each. Returns the last one's key, 0 where there are no more."""
    horizon = clock.local_date(at) + int(value(AHEAD, at)) * DAY
    # A series that was agreed far ahead has no orders yet: its days come when it is near.
    lacks = Q(generated_to__lt=horizon) | Q(generated_to=None, from_on__lte=horizon)
    due = Series.objects.filter(lacks, status=Series.Status.ACTIVE, pk__gt=after).exclude(
        customer__status__in=entries.CLOSED
    )
    rows = list(due.exclude(to_on__lte=F("generated_to")).order_by("pk")[:limit])
    for series in rows:
        extend(series, by=system_actor("orders", at), at=at)
    return rows[-1].pk if rows else 0


@transition(
    Series, sources=[Series.Status.ACTIVE], target=Series.Status.ENDED, label=_("终止"), event="ended", permit=change_order, clause=CLAUSE,
    hint=_("还没开始的订单一起取消。"),
)  # fmt: skip
def end_series(series: Series, *, by: Actor, at: dt.datetime, reason: str) -> dict[str, Any]:
    """No more orders; those to come are cancelled and their workers told."""
    open_ones = Order.objects.filter(
        series=series, status__in=(Order.Status.PLANNED, Order.Status.ASSIGNED), served_from__gte=at
    )
    orders = list(open_ones.select_for_update(of=("self",)).order_by("pk"))
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(
        status=Order.Status.CANCELLED, cancelled_for=Order.Cancelled.CUSTOMER, version=F("version") + 1
    )
    for order in orders:
        # Each order's own trail says why nobody came.
        announce(
            "orders.order.cancelled", order, by=by, at=at, label=_("取消订单"), clause=CLAUSE,
            codes={"for": Order.Cancelled.CUSTOMER, "series": series.pk}, values={"reason": reason},
        )  # fmt: skip
    workers = {order.worker_id for order in orders if order.worker_id}
    workers |= set(CrewMember.objects.filter(order__in=orders).values_list("worker_id", flat=True))
    notify(workers, "orders.series_ended", {"number": series.number}, at=at, url="/orders/mine/", clause=CLAUSE)
    series.to_on = max(series.from_on, clock.local_date(at))
    return {"codes": {"orders": [order.pk for order in orders]}, "values": {"reason": reason}}
