"""What orders put on the workbench: who is still to be sent, one's own orders of today, calls and refunds that fall due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.finance.models import Refund
from zhangfa.orders.crews import served_by
from zhangfa.orders.models import CrewMember, Order, Revisit
from zhangfa.organisation.actor import Actor
from zhangfa.ui.registry import LIMIT, Item

DAY = dt.timedelta(days=1)
S = Order.Status


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
    mine = served_by([actor.person_id or 0], at - DAY, clock.day_end(at))
    own = Order.objects.filter(mine, status__in=(Order.Status.ASSIGNED, Order.Status.STARTED))
    for order in own.select_related("product", "customer").order_by("served_from", "pk")[:LIMIT]:
        yield Item(
            order.product.shown_name, reverse("orders:mine"), order.number, order.served_from, order.customer.compound
        )


def _waiting(units: list[int], at: dt.datetime) -> Iterator[Item]:
    """Whom nobody has been sent to yet, or too few; one read."""
    along = CrewMember.objects.filter(order_id=OuterRef("pk")).order_by().values("order_id").annotate(n=Count("pk"))
    going = Coalesce(Subquery(along.values("n")), 0) + 1
    rows = Order.objects.filter(
        Q(status=S.PLANNED) | Q(status=S.ASSIGNED, product__crew__gt=going), outlet_id__in=units, served_from__gte=at - DAY, served_from__lt=at + DAY,
    )  # fmt: skip
    for order in rows.select_related("product", "customer").order_by("served_from", "pk")[:LIMIT]:
        step, words = (
            ("assign", _("派工：%(product)s"))
            if order.status == S.PLANNED
            else ("add_member", _("人没派齐：%(product)s"))
        )
        yield Item(
            words % {"product": order.product.shown_name}, f"{reverse('orders:do', args=[order.pk, step])}?back=board",
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
