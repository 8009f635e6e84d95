"""The week ahead as one notice to each person who owes something."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.core.work import work
from zhangfa.duties import queries
from zhangfa.duties.models import Rhythm
from zhangfa.notices.actions import notify

# The row that says which week was told last: a clock that is set back tells nobody twice.
DIGEST = "digest"


def send_digest(at: dt.datetime) -> int:
    """Tell everybody how much is due this week and how much is overdue, once a week. Returns how many were told."""
    today = clock.local_date(at)
    monday = clock.day_start(today - dt.timedelta(days=today.weekday()))
    with work():
        row = Rhythm.objects.select_for_update().filter(stem=DIGEST).first()
        if row is not None and row.until >= monday:
            return 0
        Rhythm.objects.update_or_create(stem=DIGEST, defaults={"until": monday})
        groups: dict[tuple[int, int], list[int]] = {}
        for person, counts in queries.due_this_week(at).items():
            groups.setdefault(counts, []).append(person)
        return sum(
            notify(people, "duties.digest", {"due": due, "overdue": overdue}, at=at, url="/duties/", clause="X-1")
            for (due, overdue), people in groups.items()
        )
