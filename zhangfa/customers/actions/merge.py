"""Merging two files of one customer, and taking it back."""

from __future__ import annotations

import datetime as dt

from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.customers.models import Customer, Merge
from zhangfa.customers.permissions import merge_customers
from zhangfa.customers.registry import followers
from zhangfa.customers.rules import CLAUSE, refuse_merge, refuse_undo
from zhangfa.organisation.actor import Actor


def merge(kept: Customer, *, merged: Customer, reason: str, by: Actor, at: dt.datetime) -> Customer:
    """Let every row that points to `merged` point to `kept`; what moved is written down (CS-W2.1)."""
    with work():
        kept, merged = _lock_both(kept, merged)
        demand(merge_customers(kept, by=by, at=at))
        demand(
            refuse_merge(
                is_same=kept.pk == merged.pk, kept_status=kept.status, merged_status=merged.status, is_same_kind=kept.kind == merged.kind,
                is_held=bool(merged.held_reason), reason=reason,
            )
        )  # fmt: skip
        moved = {label: keys for label, mover in followers() if (keys := list(mover.out(merged, kept)))}
        row = Merge.objects.create(
            kept=kept, merged=merged, reason=reason, former_status=merged.status, moved=moved, at=at, by_id=by.person_id
        )
        merged.status, merged.merged_into = Customer.Status.MERGED, kept
        merged.save(update_fields=["status", "merged_into"])
        codes = {
            "merge": row.pk,
            "kept": kept.pk,
            "merged": merged.pk,
            "rows": {name: len(keys) for name, keys in moved.items()},
        }
        for customer in (kept, merged):
            announce(
                "customers.customer.merged", customer, by=by, at=at, label=_("合并档案"), codes=codes,
                values={"reason": reason}, clause=CLAUSE,
            )  # fmt: skip
        return kept


def undo_merge(row: Merge, *, by: Actor, at: dt.datetime) -> Customer:
    """Give back what moved; what came since stays with the file that was kept."""
    with work():
        kept, merged = _lock_both(row.kept, row.merged)
        row = Merge.objects.select_for_update(of=("self",)).get(pk=row.pk)
        demand(merge_customers(kept, by=by, at=at))
        demand(refuse_undo(is_undone=row.undone_at is not None, kept_status=kept.status))
        known = dict(followers())
        for label, keys in row.moved.items():
            known[label].back(keys, merged, kept)
        merged.status, merged.merged_into = row.former_status, None
        merged.save(update_fields=["status", "merged_into"])
        row.undone_at, row.undone_by_id = at, by.person_id
        row.save(update_fields=["undone_at", "undone_by"])
        for customer in (kept, merged):
            announce(
                "customers.customer.unmerged", customer, by=by, at=at, label=_("撤销合并"), clause=CLAUSE,
                codes={"merge": row.pk, "kept": kept.pk, "merged": merged.pk},
            )  # fmt: skip
        return merged


def _lock_both(one: Customer, other: Customer) -> tuple[Customer, Customer]:
    """Both files in the order of their keys, so that two mergings never wait for each other."""
    rows = {
        row.pk: row for row in Customer.objects.select_for_update().filter(pk__in={one.pk, other.pk}).order_by("pk")
    }
    return rows[one.pk], rows[other.pk]
