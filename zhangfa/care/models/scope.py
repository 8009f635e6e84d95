"""Who sees what of care: the centre and the executives everything, departments and outlets their own customers."""

from __future__ import annotations

from typing import Any

from zhangfa.organisation.actor import Actor
from zhangfa.organisation.scope import by_place

# The service centre, marketing and the executives; administration consolidates what visits bring (CS-W3.3).
EVERYWHERE = ("gm", "dgm", "cs", "cc", "cm", "ops", "op", "mk", "am")


def branches(rows: Any, actor: Actor, own: str) -> list[Any]:
    """At most three querysets that each stand on an index: the actor's places, and what is the actor's own."""
    if actor.is_system or actor.holds(*EVERYWHERE):
        return [rows.all()]
    found = by_place(rows, actor)
    if actor.person_id is not None:
        found.append(rows.filter(**{own: actor.person_id}))
    return found or [rows.none()]
