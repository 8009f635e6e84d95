"""Why a customer is in a class, on the customer's page: rule, figures, date, and every change with its cause (CS-W2.2)."""

from __future__ import annotations

from typing import Any

from zhangfa.customers import segments
from zhangfa.customers.models import Customer


def classes_part(page: Any, customer: Customer) -> tuple[str, dict[str, Any]]:
    shows = segments.may_see_amounts(page.actor)
    rows = segments.classes_of([customer.pk]).get(customer.pk, [])
    changes = segments.changes_of(customer.pk)
    return "customers/parts/classes.html", {
        "classes": [(row, segments.why(row.code, row.facts, with_amounts=shows)) for row in rows], "changes": changes,
    }  # fmt: skip
