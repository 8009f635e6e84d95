"""Invented papers of the demo's workers: nine in ten green, some expired (domain.md 5.7)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from zhangfa.core import clock
from zhangfa.organisation.models import Holding, Unit
from zhangfa.people.models import Certificate

YEAR = dt.timedelta(days=365)
BATCH = 2_000
K = Certificate.Kind
# Of a hundred workers: without identity check, with a failed one, with an expired health check, without insurance.
NO_IDENTITY, FAILED, NO_HEALTH, NO_INSURANCE = 1, 1, 4, 4
AT_HEIGHT, SKILLED = 12, 45


def build(seed: int, scale: str, at: dt.datetime) -> int:
    """Write the papers of every worker; returns how many."""
    rng = random.Random(f"{seed}:papers")
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__post_id="sw").select_related(
        "seat__unit"
    )
    rows = [
        paper for holding in held.order_by("pk") for paper in _papers(rng, holding.person_id, holding.seat.unit, at)
    ]
    Certificate.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _papers(rng: random.Random, person: int, unit: Unit, at: dt.datetime) -> Iterator[Certificate]:
    today = clock.local_date(at)

    def paper(
        kind: str, days: int, *, term: dt.timedelta | None = YEAR, category: str = "", is_passed: bool = True
    ) -> Certificate:
        begins = today - dt.timedelta(days=days)
        return Certificate(
            person_id=person, unit=unit, department_id=unit.department_id, kind=kind, number=f"{kind[:2].upper()}{person:06d}",
            category=category, is_passed=is_passed, valid_from=begins, valid_to=begins + term if term else None, made_at=at,
        )  # fmt: skip

    draw = rng.randrange(100)
    if draw >= NO_IDENTITY:
        yield paper(K.IDENTITY, rng.randint(30, 700), term=None, is_passed=draw >= NO_IDENTITY + FAILED)
    late = NO_IDENTITY + FAILED <= draw < NO_IDENTITY + FAILED + NO_HEALTH
    yield paper(K.HEALTH, rng.randint(366, 420) if late else rng.randint(1, 355))
    if not NO_IDENTITY + FAILED + NO_HEALTH <= draw < NO_IDENTITY + FAILED + NO_HEALTH + NO_INSURANCE:
        yield paper(K.INSURANCE, rng.randint(1, 355))
    yield paper(K.BACKGROUND, rng.randint(1, 355))
    if rng.randrange(100) < AT_HEIGHT:
        yield paper(K.HEIGHT, rng.randint(1, 700), term=3 * YEAR)
    if rng.randrange(100) < SKILLED:
        category = rng.choice(("cleaning", "cleaning", "appliance", "things", "care"))
        yield paper(K.SKILL, rng.randint(100, 1500), term=None, category=category)
