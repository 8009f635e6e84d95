"""Counting tries together over all processes: one row per key and slot of time."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils.crypto import salted_hmac

from zhangfa.runtime.models import Tally


def count(key: str, *, at: dt.datetime, seconds: int = 60) -> int:
    """One more under the key in the slot of `at`; how many that makes. Kept as a digest, for a key may name somebody's address."""
    slot = dt.datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, dt.UTC)
    digest = salted_hmac("zhangfa.tally", key, algorithm="sha256").hexdigest()[:40]
    row, is_new = Tally.objects.get_or_create(key=digest, slot=slot, defaults={"count": 1})
    if not is_new:
        Tally.objects.filter(pk=row.pk).update(count=F("count") + 1)
        row.refresh_from_db(fields=["count"])
    return row.count
