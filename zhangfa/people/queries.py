"""Papers as those who send workers out ask for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from zhangfa.core import clock
from zhangfa.organisation.models import Holding, Unit
from zhangfa.people.models import Certificate
from zhangfa.people.rules import Paper


def papers_of(people: Iterable[int]) -> dict[int, list[Paper]]:
    """Every standing paper of these people, in one read."""
    found: dict[int, list[Paper]] = {}
    for row in Certificate.objects.standing().filter(person_id__in=list(people)).order_by("pk"):
        found.setdefault(row.person_id, []).append(row.as_paper())
    return found


def outlet_of(person_id: int, at: dt.datetime) -> Unit | None:
    """Where somebody works on that day, as a worker before anything else."""
    rows = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person_id=person_id, seat__is_active=True)
    row = rows.select_related("seat__unit").order_by("seat__post__grade", "pk").first()
    return row.seat.unit if row else None
