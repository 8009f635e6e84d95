"""What orders put on the workbench: who is still to be sent, one's own orders of today, calls and refunds that fall due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.finance.models import Refund
from zhangfa.orders.models import Order, Revisit
from zhangfa.organisation.actor import Actor
from zhangfa.ui.registry import LIMIT, Item

DAY = dt.timedelta(days=1)


def todo(actor: Actor, at: dt.datetime) -> list[Item]:
    """One read for a worker, an outlet and finance, none for others."""
    units = [seat.unit_id for seat in actor.seats if seat.post in ("oa", "sl")]
    items: list[Item] = []
    if actor.holds("sw"):
        items += _jobs(actor, at)
    if units:
        items += _waiting(units, at)
    if actor.holds("fin"):
        items += _refunds()
    return items


def _jobs(actor: Actor, at: dt.datetime) -> Iterator[Item]:
    own = Order.objects.filter(
        worker_id=actor.person_id, status__in=(Order.Status.ASSIGNED, Order.Status.STARTED), served_from__lt=clock.day_end(at),
        served_from__gte=at - DAY,
    )  # fmt: skip
    for order in own.select_related("product", "customer").order_by("served_from", "pk")[:LIMIT]:
        yield Item(
            order.product.shown_name, reverse("orders:mine"), order.number, order.served_from, order.customer.compound
        )


def _waiting(units: list[int], at: dt.datetime) -> Iterator[Item]:
    rows = Order.objects.filter(
        outlet_id__in=units, status=Order.Status.PLANNED, served_from__gte=at - DAY, served_from__lt=at + DAY
    )
    for order in rows.select_related("product", "customer").order_by("served_from", "pk")[:LIMIT]:
        yield Item(
            _("派工：%(product)s") % {"product": order.product.shown_name}, f"{reverse('orders:do', args=[order.pk, 'assign'])}?back=board",
            order.number, order.served_from, order.customer.compound,
        )  # fmt: skip


def calls_due(actor: Actor, at: dt.datetime) -> int:
    """How many revisits of one's own outlet fall due today; asked for after the page."""
    units = [seat.unit_id for seat in actor.seats if seat.post in ("oa", "sl")]
    if not units:
        return 0
    rows = Revisit.objects.filter(outlet_id__in=units, status=Revisit.Status.DUE, due_at__lte=clock.day_end(at))
    return rows.order_by()[:99].count()


def _refunds() -> Iterator[Item]:
    for row in Refund.objects.filter(status=Refund.Status.ASKED).order_by("due_at", "pk")[:LIMIT]:
        yield Item(_("退款：%(title)s") % {"title": row.title}, row.url, row.title, row.due_at, row.reason)
