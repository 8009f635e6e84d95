"""RPT-04: what each person was asked in a month and how they answered, by class of rule, with what was found (AM-W3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from zhangfa.core import clock
from zhangfa.core.periods import month_after
from zhangfa.inspections import queries
from zhangfa.inspections.models import Answer, Problem

MARKS = ("correct", "partly", "wrong")


@dataclass
class Line:
    """One person's month."""

    person: int
    name: str
    unit: str
    department: int | None
    sheets: int = 0
    asked: int = 0
    correct: int = 0
    partly: int = 0
    wrong: int = 0
    scores: list[int] = field(default_factory=list)
    classes: dict[str, list[int]] = field(default_factory=dict)
    opened: int = 0
    closed: int = 0

    @property
    def score(self) -> int | None:
        """The mean of the sheets that count, in tenths."""
        return (sum(self.scores) * 20 + len(self.scores)) // (2 * len(self.scores)) if self.scores else None

    def as_figures(self) -> dict[str, Any]:
        return {
            "person": self.person, "name": self.name, "unit": self.unit, "department": self.department, "sheets": self.sheets, "asked": self.asked,
            "correct": self.correct, "partly": self.partly, "wrong": self.wrong, "score": self.score, "classes": self.classes,
            "opened": self.opened, "closed": self.closed,
        }  # fmt: skip


def lines(month: dt.date, sheets: Any = None) -> list[Line]:
    """Everybody who was asked in the month, among the sheets given; three reads whatever the size."""
    rows = sheets if sheets is not None else queries.counted_sheets(month)
    found: dict[int, Line] = {}
    for sheet in rows.select_related("person", "unit").order_by("person_id", "pk"):
        line = found.setdefault(
            sheet.person_id, Line(sheet.person_id, sheet.person.shown_name, sheet.unit.shown_name, sheet.department_id)
        )
        line.sheets += 1
        line.asked += sheet.asked
        for mark in MARKS:
            setattr(line, mark, getattr(line, mark) + getattr(sheet, mark))
        if sheet.score is not None:
            line.scores.append(sheet.score)
    _classes(rows, found)
    _problems(month, found)
    return sorted(found.values(), key=lambda line: (line.unit, line.name, line.person))


def _classes(rows: Any, found: dict[int, Line]) -> None:
    counted = Answer.objects.filter(sheet__in=rows.order_by().values("pk")).exclude(verdict="").order_by()
    for row in counted.values("sheet__person_id", "category", "verdict").annotate(n=Count("pk")):
        marks = found[row["sheet__person_id"]].classes.setdefault(row["category"], [0, 0, 0])
        marks[MARKS.index(row["verdict"])] += row["n"]


def _problems(month: dt.date, found: dict[int, Line]) -> None:
    since, until = clock.day_start(month), clock.day_start(month_after(month))
    rows = Problem.objects.filter(owner_id__in=found, ordered_at__gte=since, ordered_at__lt=until).order_by()
    for row in rows.values("owner_id").annotate(n=Count("pk"), closed=Count("pk", filter=Q(status="closed"))):
        line = found[row["owner_id"]]
        line.opened, line.closed = row["n"] - row["closed"], row["closed"]


def draw(month: dt.date) -> dict[str, Any]:
    """The figures as they are frozen."""
    return {"month": f"{month:%Y-%m}", "rows": [line.as_figures() for line in lines(month)]}
