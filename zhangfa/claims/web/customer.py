"""What the pages of a customer and of an order show of cases: those that the reader may see, what contacts added, and a new one (CC-D8)."""

from __future__ import annotations

from typing import Any

from zhangfa.claims.models import Case, Talk
from zhangfa.claims.web import access
from zhangfa.claims.web.state import PLANS
from zhangfa.customers.models import Customer
from zhangfa.orders.models import Order
from zhangfa.ui.access import is_open

MOST = 20
NOTHING = ("", "无", "没有变化", "none")


def of_customer(page: Any, customer: Customer) -> tuple[str, dict[str, Any]]:
    """The newest cases, the notes that contacts left, and whether this person may open a new case."""
    mine = Case.objects.visible_to(page.actor).filter(customer_id=customer.pk)
    cases = list(mine.select_related("record").prefetch_related(PLANS).order_by("-pk")[:MOST])
    talks = Talk.objects.filter(case_id__in=mine.values("pk"), archived_at__isnull=False).exclude(
        archive_note__in=NOTHING
    )
    return "claims/parts/of_customer.html", {
        "cases": cases, "notes": talks.select_related("case__record", "by").order_by("-archived_at")[:MOST],
        "may_report": is_open(access.report_cases, by=page.actor, at=page.at), "customer": customer,
    }  # fmt: skip


def of_order(page: Any, order: Order) -> tuple[str, dict[str, Any]]:
    """What happened on this order, and the way to report what just happened, with the order already chosen (CC-W1.1)."""
    mine = Case.objects.visible_to(page.actor).filter(order_id=order.pk)
    return "claims/parts/of_customer.html", {
        "cases": list(mine.select_related("record").prefetch_related(PLANS).order_by("-pk")[:MOST]),
        "may_report": is_open(access.report_cases, by=page.actor, at=page.at), "customer": order.customer, "order": order,
    }  # fmt: skip
