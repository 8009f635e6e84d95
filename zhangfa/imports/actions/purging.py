"""Staged rows hold personal data: they are emptied when their time is over, or their customer is made anonymous."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Max

from zhangfa.core.text import _
from zhangfa.core.transitions import Happened, announce
from zhangfa.core.work import work
from zhangfa.imports.models import Import, Result, Row
from zhangfa.imports.rules import CLAUSE, KEEP_DAYS
from zhangfa.orders.models import Order
from zhangfa.organisation.actor import system_actor
from zhangfa.policy.queries import value

BATCH = 2_000
# Numbers in one statement.
MOST = 500
UNDER_WAY = (
    Import.Status.READING,
    Import.Status.CHECKING,
    Import.Status.APPLYING,
    Import.Status.PLANNING,
    Import.Status.UNDOING,
)


def purge_due(at: dt.datetime, *, limit: int = 50) -> int:
    """Empty imports whose days are over: the file, the cells, what stood in filled fields. Numbers and the trail stay."""
    before = at - dt.timedelta(days=value(KEEP_DAYS, at))
    due = Import.objects.filter(is_purged=False, made_at__lt=before).exclude(applied_at__gte=before).order_by("pk")
    # What is being worked on is emptied when it is over; what got stuck is not waited for.
    due = due.exclude(status__in=UNDER_WAY, trouble="")
    done = 0
    for batch in due[:limit]:
        _empty(batch)
        with work():
            locked = Import.objects.lock(batch.pk)
            locked.is_purged, locked.pieces, locked.outline, locked.options = True, [], "", {}
            locked.version += 1
            locked.save(update_fields=["is_purged", "pieces", "outline", "options", "version"])
            by = system_actor("imports", at)
            announce("imports.import.purged", locked, by=by, at=at, label=_("清除导入明细"), clause=CLAUSE)
        done += 1
    return done


def _empty(batch: Import) -> None:
    """In short transactions from row to row, for there may be a million."""
    last = Row.objects.filter(batch=batch).aggregate(last=Max("n"))["last"] or 0
    for start in range(0, last, BATCH):
        part = {"batch": batch, "n__gt": start, "n__lte": start + BATCH}
        Row.objects.filter(**part).exclude(cells="").update(cells="", issues=[])
        Result.objects.filter(**part).exclude(before="", after="").update(before="", after="")


def forget_person(happened: Happened) -> None:
    """A customer who is made anonymous is forgotten here, too (PIPL 47)."""
    if happened.event != "customers.customer.erased":
        return
    customer = happened.obj.pk
    _forget("customers.customer", [customer])
    orders = list(Order.objects.filter(customer_id=customer).values_list("pk", flat=True))
    for start in range(0, len(orders), MOST):
        _forget("orders.order", orders[start : start + MOST])


def _forget(label: str, keys: Sequence[int]) -> None:
    """The cells that these rows were made of, and what stood in them before."""
    results = Result.objects.filter(label=label, key__in=keys)
    lines: dict[int, list[int]] = {}
    for batch_id, n in results.order_by().values_list("batch_id", "n"):
        lines.setdefault(batch_id, []).append(n)
    for batch_id, numbers in lines.items():
        for start in range(0, len(numbers), MOST):
            part = Row.objects.filter(batch_id=batch_id, n__in=numbers[start : start + MOST])
            part.update(cells="", issues=[], known="")
    results.exclude(before="", after="").update(before="", after="")
