"""The month-end list sets the classes of customers, and every change is written down with its cause (CS-W2.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from zhangfa.core.work import work
from zhangfa.customers.models import ClassChange, CustomerClass


@dataclass(frozen=True)
class Verdict:
    """What the list says about one customer: the facts by class (none = in no class), and why a class would end or begin."""

    customer_id: int
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    causes: dict[str, str] = field(default_factory=dict)


def classify(verdicts: Sequence[Verdict], *, period: str, as_of_on: dt.date, at: dt.datetime) -> list[ClassChange]:
    """Bring the classes of these customers to what the list of `period` says; said again it changes nothing.

    One short transaction for a chunk of customers: a run that is broken off goes on with the next chunk.
    Returns the changes written.
    """
    with work():
        keys = [verdict.customer_id for verdict in verdicts]
        standing = {
            (row.customer_id, row.code): row
            for row in CustomerClass.objects.select_for_update().filter(customer_id__in=keys).order_by("pk")
        }
        new, kept, gone, changes = [], [], [], []
        for verdict in verdicts:
            for code in CustomerClass.Code.values:
                row, facts = standing.get((verdict.customer_id, code)), verdict.facts.get(code)
                if row is not None and row.as_of_on > as_of_on:
                    continue  # a list of a later month has spoken already
                if row is None and facts is None:
                    continue
                if row is None:
                    new.append(
                        CustomerClass(
                            customer_id=verdict.customer_id,
                            code=code,
                            since_on=as_of_on,
                            as_of_on=as_of_on,
                            facts=facts,
                        )
                    )
                elif facts is None:
                    gone.append(row.pk)
                elif (row.facts, row.as_of_on) != (facts, as_of_on):
                    row.facts, row.as_of_on = facts, as_of_on
                    kept.append(row)
                if (row is None) != (facts is None):
                    changes.append(
                        ClassChange(
                            customer_id=verdict.customer_id, code=code, is_entered=row is None, period=period, at=at,
                            cause=verdict.causes.get(code, "rank"), facts=facts or (row.facts if row else {}),
                        )
                    )  # fmt: skip
        CustomerClass.objects.bulk_create(new)
        CustomerClass.objects.bulk_update(kept, ["facts", "as_of_on"])
        CustomerClass.objects.filter(pk__in=gone).delete()
        return ClassChange.objects.bulk_create(changes)
