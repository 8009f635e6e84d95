"""RPT-15: per key account its yearly amount, visits done, opinions open, renewal date."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q

from zhangfa.care.account_rules import VISITED
from zhangfa.care.models import Feedback, KeyAccount
from zhangfa.core.periods import month_after


def draw(month_on: dt.date) -> list[dict[str, Any]]:
    """The rows of the month, largest amount first; three statements whatever the number."""
    after = month_after(month_on)
    accounts = list(
        KeyAccount.objects.exclude(status=KeyAccount.Status.DROPPED)
        .select_related("customer", "owner", "outlet", "record")
        .order_by("-amount", "pk")
    )
    counted = Feedback.objects.filter(account__in=accounts, visited_on__lt=after).order_by().values("account_id")
    sums = counted.annotate(
        visits=Count("pk", filter=Q(visited_on__gte=month_on)),
        open=Count("pk", filter=~Q(status=Feedback.Status.CLOSED)),
        all=Count("pk"),
    )
    by_account = {row["account_id"]: row for row in sums}
    met: dict[Any, set[str]] = {}
    for pk, roles in Feedback.objects.filter(
        account__in=accounts, visited_on__gte=month_on, visited_on__lt=after
    ).values_list("account_id", "roles"):
        met.setdefault(pk, set()).update(roles)
    return [
        {
            "account": row.pk, "number": row.record.number, "customer": row.customer.name, "no": row.customer.no, "outlet": row.outlet_id,
            "outlet_name": row.outlet.shown_name, "owner": row.owner_id, "owner_name": row.owner.shown_name if row.owner else "", "status": row.status,
            "amount": row.amount, "paid": row.paid, "contracted": row.contracted, "visits": by_account.get(row.pk, {}).get("visits", 0),
            "met": [role for role in VISITED if role in met.get(row.pk, set())], "open": by_account.get(row.pk, {}).get("open", 0),
            "renews_on": row.renews_on.isoformat() if row.renews_on else "", "quarters_below": row.quarters_below,
        }
        for row in accounts
    ]  # fmt: skip
