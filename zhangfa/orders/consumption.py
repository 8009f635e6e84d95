"""What a customer bought, for the computed part of their file (F15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Avg, Count, Max, Min, Q, Sum

from zhangfa.core import clock
from zhangfa.core.money import ZERO
from zhangfa.core.periods import twelve_months_to
from zhangfa.core.text import _
from zhangfa.customers.models import Customer
from zhangfa.customers.segments import may_see_amounts
from zhangfa.orders.models import Card, Order, Product
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.ui.display import money
from zhangfa.ui.words import join

MOST = 5
HIDDEN = "****"


def lines(customer: Customer, actor: Actor, at: dt.datetime) -> Iterator[tuple[str, str]]:
    """First and last service, how often, how much, of what, how content; four statements. Amounts only for those who read them."""
    year = Q(served_from__gte=clock.day_start(twelve_months_to(clock.local_date(at))))
    done = Order.objects.filter(customer=customer, status=Order.Status.FINISHED).order_by()
    found = done.aggregate(
        first=Min("served_from"), last=Max("served_from"), all=Count("pk"), recent=Count("pk", filter=year), paid_in=Sum("paid"), paid_back=Sum("refunded"),
        recent_in=Sum("paid", filter=year), recent_back=Sum("refunded", filter=year), score=Avg("satisfaction"),
    )  # fmt: skip
    total = (found["paid_in"] or ZERO) - (found["paid_back"] or ZERO)
    recent = (found["recent_in"] or ZERO) - (found["recent_back"] or ZERO)

    def shown(amount: Any) -> str:
        return str(money(amount)) if may_see_amounts(actor) else HIDDEN

    yield _("首次服务"), f"{clock.local_date(found['first'])}" if found["first"] else ""
    yield _("最近服务"), f"{clock.local_date(found['last'])}" if found["last"] else ""
    yield _("完成订单"), str(found["all"])
    yield _("近十二个月订单"), str(found["recent"])
    yield _("累计实付"), shown(total)
    yield _("近十二个月实付"), shown(recent)
    yield _("单均金额"), shown(total / found["all"]) if found["all"] else ""
    yield _("平均满意度"), f"{found['score']:.1f}" if found["score"] is not None else ""
    yield _("常用产品"), _products(done)
    yield _("指定服务员"), _wished(customer)
    balance = Card.objects.filter(customer=customer, status=Card.Status.ACTIVE).aggregate(sum=Sum("balance"))["sum"]
    yield _("卡余额"), shown(balance or ZERO)


def _products(done: Any) -> str:
    counted = list(done.values_list("product_id").annotate(n=Count("pk")).order_by("-n", "product_id")[:MOST])
    names = Product.objects.in_bulk([code for code, _n in counted])
    return join(f"{names[code].shown_name} {n}" for code, n in counted)


def _wished(customer: Customer) -> str:
    """Whom the customer asked for by name."""
    rows = Order.objects.filter(customer=customer, wished_worker__isnull=False).order_by()
    people = Person.objects.filter(pk__in=rows.values("wished_worker_id"), left_on=None).order_by("no")
    return join(person.shown_name for person in people[:MOST])
