"""What a leaver keeps for customers goes to the successor with the signed list: promises, key accounts (X-1, CS-W4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from zhangfa.care.models import KeyAccount, Promise
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.records.actions import concern_many

CLAUSE = "X-1"


def give_promises(keys: Sequence[str], *, to: Any, seat: Any, by: Any, at: dt.datetime) -> list[str]:
    """What has been kept or broken meanwhile stays with who kept or broke it."""
    moved = []
    with work():
        rows = Promise.objects.select_for_update(of=("self",)).filter(
            pk__in=[int(key) for key in keys], status=Promise.Status.OPEN
        )
        for row in rows.order_by("pk"):
            row.owner, row.version = to, row.version + 1
            row.save(update_fields=["owner", "version"])
            announce(
                "care.promise.taken_over",
                row,
                by=by,
                at=at,
                label=_("随交接单移交"),
                codes={"owner": to.pk},
                clause=CLAUSE,
            )
            moved.append(str(row.pk))
    return moved


def give_accounts(keys: Sequence[str], *, to: Any, seat: Any, by: Any, at: dt.datetime) -> list[str]:
    """The successor owns the key accounts from now on."""
    moved = []
    with work():
        rows = KeyAccount.objects.select_for_update(of=("self",)).filter(pk__in=list(keys)).select_related("record")
        for row in rows.order_by("pk"):
            row.owner, row.owned_from, row.version = to, at, row.version + 1
            row.save(update_fields=["owner", "owned_from", "version"])
            concern_many(row.record, [(to.pk, "owner")])
            announce(
                "care.keyaccount.taken_over", row, by=by, at=at, label=_("随交接单移交"), record_id=row.record_id, codes={"owner": to.pk},
                clause=CLAUSE,
            )  # fmt: skip
            moved.append(str(row.pk))
    return moved
