"""Invariants of the customer archive that `zhangfa doctor --data` checks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q

from zhangfa.customers.models import Customer


def data_problems() -> Iterator[str]:
    """Customers lie in their outlet's scope and can be found."""
    moved = Q(department_id=F("outlet__department_id")) | Q(department_id=None, outlet__department_id=None)
    if count := Customer.objects.exclude(moved).count():
        yield f"{count} customers lie outside their outlet's department"
    if count := Customer.objects.filter(search_key="").count():
        yield f"{count} customers can't be found: their search key is empty"
    if count := Customer.objects.filter(phone_hash="").exclude(phone_last4="").count():
        yield f"{count} customers can't be found by their number"
