"""The customers that go with a seat: an outlet's households, named once with the way to their list (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from zhangfa.core.text import _
from zhangfa.customers.models import Customer
from zhangfa.duties.registry import HandoverSource, Open, hands_over
from zhangfa.ui.words import text

OUTLET_POSTS = ("oa", "sl")


def customers(person: int, seat: Any, at: dt.datetime) -> Iterator[Open]:
    """They stay with the outlet; the successor answers for them from the first day."""
    if seat.post_id in OUTLET_POSTS:
        count = Customer.objects.filter(outlet=seat.unit_id).count()
        if count:
            title = text(_("本网点的客户 %(count)s 户")) % {"count": count}
            yield Open(f"unit:{seat.unit_id}", title, "", f"{reverse('customers:list')}?outlet={seat.unit_id}")


def offer_customers() -> None:
    hands_over(HandoverSource("customers", _("客户"), customers, order=50))
