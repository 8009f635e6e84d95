"""What the reports hear of the others: orders that change the figures, and trouble of customers who are on the list."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from zhangfa.claims.models import Case
from zhangfa.core.transitions import Happened
from zhangfa.core.work import owe
from zhangfa.customers.models import Customer
from zhangfa.customers.segments import classes_of
from zhangfa.notices.actions import notify
from zhangfa.orders.models import Order, Revisit
from zhangfa.organisation.queries import seated_in
from zhangfa.reports.models import Touched

ORDER = 48  # before the trail
REPORTED = "claims.case.reported"


def receive(happened: Happened) -> None:
    """Note whose figures are no longer as the roll-up has them; tell of trouble with a customer on the list."""
    customer = _customer(happened)
    if customer is not None:
        owe(ORDER, _touch, customer)
    if happened.event == REPORTED and isinstance(happened.obj, Case):
        _alarm(happened.obj, happened)


def _customer(happened: Happened) -> int | None:
    """Only what was finished or paid counts in the figures."""
    obj = happened.obj
    if isinstance(obj, Revisit):
        obj = obj.order
    if isinstance(obj, Order) and (obj.status == Order.Status.FINISHED or obj.paid):
        return int(obj.customer_id)
    if isinstance(obj, Customer) and happened.event in ("customers.customer.merged", "customers.customer.unmerged"):
        return int(obj.pk)
    return None


def in_bulk(orders: Sequence[Order], came: bool) -> None:
    """Orders of earlier years that are taken over, or taken back, count as if each had been told."""
    counted = [order.customer_id for order in orders if order.status == Order.Status.FINISHED or order.paid]
    owe(ORDER, _touch, *counted)


def _touch(customers: Sequence[int]) -> None:
    Touched.objects.bulk_create(Touched(customer_id=key) for key in dict.fromkeys(customers))


def _alarm(case: Case, happened: Happened) -> None:
    """A complaint or an accident of a listed customer reaches the manager and the account manager at once (CS-W2.2)."""
    if case.customer_id is None or not classes_of([case.customer_id]):
        return
    managers = [person.pk for people in seated_in(Q(post_id="cs"), happened.at).values() for person in people]
    owner = Customer.objects.filter(pk=case.customer_id).values_list("account_manager_id", flat=True).first()
    number = case.record.number or ""
    notify(
        [*managers, owner],
        "reports.listed_case",
        {"number": number},
        record_id=case.pk,
        url=case.get_absolute_url(),
        at=happened.at,
    )
