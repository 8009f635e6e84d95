"""Reads of the trail."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

from zhangfa.audit.models import Event


def went_back(record_id: UUID) -> bool:
    """Whether the events of a paper, in the order of their chain, go back in time: the clock was set back between them."""
    times = Event.objects.filter(chain=f"record:{record_id}").order_by("n").values_list("at", flat=True)
    return any(later < earlier for earlier, later in pairwise(times))
