"""What a visit brings for the customer's file; the visit keeps which answers they were (CC-D8, domain.md F20)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhangfa.care.models import Visit
from zhangfa.customers.actions import learnt
from zhangfa.customers.actions.learnt import OFFERED, ROOM, given_in, refuse_learnt
from zhangfa.organisation.actor import Actor


def write_learnt(visit: Visit, sheet: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> None:
    """Put the answers into the customer's file."""
    if given := learnt.write_learnt(visit.customer_id, sheet, by=by, at=at):
        visit.profile_updates = given


__all__ = ["OFFERED", "ROOM", "given_in", "refuse_learnt", "write_learnt"]
