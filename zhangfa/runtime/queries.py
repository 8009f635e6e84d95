"""Is anybody working? For `zhangfa doctor` and the pages that wait for a job."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max

from zhangfa.runtime.models import Beat


def worker_seen(at: dt.datetime) -> dt.datetime | None:
    """When a worker last gave a sign of life; None where none ever did."""
    seen: dt.datetime | None = Beat.objects.filter(seen_at__lte=at + dt.timedelta(minutes=5)).aggregate(
        seen=Max("seen_at")
    )["seen"]
    return seen
