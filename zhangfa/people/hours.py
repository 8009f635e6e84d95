"""RPT-05 of a month: the training ledger as it stood on the month's last day, by quota, department and person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from zhangfa.core import clock
from zhangfa.core.periods import month_after
from zhangfa.organisation.models import Holding, Person
from zhangfa.people import training as ledger
from zhangfa.policy import queries as policy

DAY = dt.timedelta(days=1)
TENTH = Decimal("0.1")


def draw(month: dt.date) -> dict[str, Any]:
    """Everybody who held a post on the month's last day; hours as text. The same month gives the same figures."""
    last = month_after(month) - DAY
    at = clock.day_start(last)
    rows = Holding.objects.filter(Holding.valid_q(last), seat__is_active=True).select_related("seat__unit__department")
    places: dict[int, Any] = {}
    for row in rows.order_by("seat__post__grade", "pk"):
        # The highest post says where somebody belongs.
        places[row.person_id] = row.seat.unit.department or row.seat.unit
    people = Person.objects.filter(pk__in=places).order_by("no")
    lines = []
    for line in ledger.ledger(list(people), month.year, at):
        unit = places[line.person.pk]
        lines.append(
            {
                "person": line.person.pk, "no": line.person.no, "name": line.person.name, "department": unit.pk, "department_name": unit.name,
                "department_name_en": unit.name_en, "quota": line.quota.key, "owed": _hours(line.owed), "expected": _hours(line.expected),
                "done": _hours(line.done), "elearned": _hours(line.elearned), "forecast": None if line.forecast is None else _hours(line.forecast),
                "tone": line.tone,
            }
        )  # fmt: skip
    given = [
        {
            "quota": quota.key, "post": quota.given_by, "owed": _hours(Decimal(policy.value(quota.key, at))),
            "done": _hours(ledger.delivered(quota.given_by, month.year, last)),
        }
        for quota in ledger.quotas() if quota.is_delivered
    ]  # fmt: skip
    return {"month": f"{month:%Y-%m}", "until": last.isoformat(), "rows": lines, "given": given}


def _hours(hours: Decimal) -> str:
    """One decimal everywhere: a column of figures is read at a glance."""
    return str(hours.quantize(TENTH))


def policy_of(month: dt.date) -> dict[str, Any]:
    """The policy values that the month's figures stand on."""
    at = clock.day_start(month_after(month) - DAY)
    return {figure.key: figure.as_json() for figure in policy.figures(ledger.READS, at).values()}


def within(figures: dict[str, Any], departments: Sequence[int] | None) -> list[dict[str, Any]]:
    """A reader's own part of the rows; none given is all of them."""
    rows: list[dict[str, Any]] = figures["rows"]
    return rows if departments is None else [row for row in rows if row["department"] in departments]


def summed(rows: Iterable[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    """Rows put together by the names given: people, how many are behind, and the hours owed, expected and done."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row[name] for name in names)
        sums = found.setdefault(key, {**row, "people": 0, "behind": 0, **dict.fromkeys(HOURS, Decimal(0))})
        sums["people"] += 1
        sums["behind"] += row["tone"] == "red"
        for name in HOURS:
            sums[name] += Decimal(row[name])
    return list(found.values())


HOURS = ("owed", "expected", "done")
