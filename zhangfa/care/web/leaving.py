"""What somebody who leaves has promised to customers and which key accounts they keep (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.care import queries
from zhangfa.care.actions import handing
from zhangfa.care.models import KeyAccount
from zhangfa.core.text import _
from zhangfa.duties.desks import desks_of
from zhangfa.duties.registry import HandoverSource, Open, hands_over

# Who looks after customers, those first whose only business it is.
CARERS = ("cm", "sup", "oa", "sl", "ls", "hs", "cs")


def promises(person: int, seat: Any, at: dt.datetime) -> Iterator[Open]:
    """Promises that are still to be kept, each with its deadline."""
    desks = desks_of(person, seat, at)
    for row in queries.open_promises_of(person):
        if not desks.is_here(unit=row.outlet_id, posts=CARERS):
            continue
        yield Open(str(row.pk), row.text[:200], row.customer.no, row.get_absolute_url(), row.due_at, row.customer.name)


def accounts(person: int, seat: Any, at: dt.datetime) -> Iterator[Open]:
    rows = (
        KeyAccount.objects.filter(owner_id=person)
        .exclude(status=KeyAccount.Status.DROPPED)
        .select_related("customer", "record")
    )
    desks = desks_of(person, seat, at)
    for row in rows.order_by("pk") if desks.is_here(posts=CARERS) else ():
        yield Open(str(row.pk), row.customer.name, row.record.number or row.customer.no, row.get_absolute_url())


def offer_customers() -> None:
    hands_over(HandoverSource("care-promises", _("答应客户的事"), promises, handing.give_promises, order=47))
    hands_over(HandoverSource("accounts", _("大客户"), accounts, handing.give_accounts, order=48))
