"""Old rows of the runtime go: they protect against repeats that no longer come."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from zhangfa.runtime.models import Beat, Once, Slot, Tally
from zhangfa.runtime.schedule import every

KEPT = dt.timedelta(days=7)
JOBS_KEPT = dt.timedelta(days=30)
BATCH = 2_000


@every("runtime.prune", daily_at=dt.time(3, 30))
def prune(at: dt.datetime) -> None:
    """Remove slots, tallies, once-keys and beats after a week, finished jobs after a month, sessions when they are over, a bounded number a day."""
    # The library keeps its own clock: a session is over by the wall, whatever instant is worked off here.
    for rows in (
        Slot.objects.filter(slot__lt=at - KEPT), Tally.objects.filter(slot__lt=at - KEPT), Once.objects.filter(created_at__lt=at - KEPT), Beat.objects.filter(seen_at__lt=at - KEPT),
        Session.objects.filter(expire_date__lt=timezone.now()),
        DBTaskResult.objects.filter(status="SUCCESSFUL", finished_at__lt=at - JOBS_KEPT).order_by(),
    ):  # fmt: skip
        rows.model.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:BATCH])).delete()
