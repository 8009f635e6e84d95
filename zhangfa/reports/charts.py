"""Geometry of the charts: pure numbers in, points of an SVG out; the table beside each says the same in figures (ADR 26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhangfa.reports.rules import month_back

WIDTH, HEIGHT = 640, 276
LEFT, RIGHT, TOP, BOTTOM = 64, 36, 18, 34


@dataclass(frozen=True)
class Chart:
    """Polylines and marks in the units of the picture."""

    lines: Sequence[tuple[str, str]]
    marks: Sequence[dict[str, Any]] = ()
    x_ticks: Sequence[dict[str, Any]] = ()
    y_ticks: Sequence[dict[str, Any]] = ()
    areas: Sequence[tuple[str, str]] = ()
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    @property
    def left(self) -> int:
        return LEFT

    @property
    def right(self) -> int:
        return self.width - RIGHT

    @property
    def bottom(self) -> int:
        return self.height - BOTTOM

    @property
    def ticks_at(self) -> int:
        return self.height - 8

    @property
    def labels_at(self) -> int:
        return LEFT - 8


def _x(part: float) -> float:
    return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1)


def _y(part: float) -> float:
    return round(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM), 1)


def _points(parts: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_x(a)},{_y(b)}" for a, b in parts)


def concentration(
    curve: Sequence[Sequence[int]], active: int, amount: int, *, top: int = 0, pareto: int = 0
) -> Chart | None:
    """Share of customers, largest first, against their share of the revenue, with the top set and the Pareto point."""
    if not active or amount <= 0:
        return None
    parts = [(0.0, 0.0), *((place / active, running / amount) for place, running in curve)]
    marks = []
    if pareto:
        at = next((running for place, running in curve if place == pareto), amount * 80 // 100)
        words = f"{pareto * 100 / active:.1f}% → {at * 100 / amount:.0f}%"
        marks.append(
            {"x": _x(pareto / active), "y": _y(at / amount), "kind": "pareto", "bottom": HEIGHT - BOTTOM, "label": words, "beside": _x(pareto / active) + 12, "below": _y(at / amount) + 24}
        )  # fmt: skip
    if top:
        marks.append({"x": _x(top / active), "y": _y(1), "kind": "top", "bottom": HEIGHT - BOTTOM})
    ticks = (0, 20, 40, 60, 80, 100)
    return Chart(
        [("even", _points([(0, 0), (1, 1)])), ("main", _points(parts))], marks,
        [{"x": _x(n / 100), "label": f"{n}%"} for n in ticks], [{"y": _y(n / 100), "label": f"{n}%"} for n in ticks],
    )  # fmt: skip


def trend(rows: Sequence[Sequence[int]], ahead: Sequence[Any] | None) -> Chart | None:
    """The amounts of the months in a line, with the next month and its interval."""
    if not rows:
        return None
    values = [row[2] for row in rows]
    most = max([*values, ahead[2] if ahead else 0, 1])
    count = len(rows) + (1 if ahead else 0)
    step = 1 / max(1, count - 1)
    line = [(n * step, value / most) for n, value in enumerate(values)]
    areas, marks, lines = [], [], [("main", _points(line))]
    if ahead:
        last, here = line[-1], 1.0
        areas.append(("interval", _points([last, (here, ahead[2] / most), (here, ahead[1] / most)])))
        lines.append(("ahead", _points([last, (here, ahead[0] / most)])))
        marks.append({"x": _x(here), "y": _y(ahead[0] / most), "kind": "ahead", "bottom": HEIGHT - BOTTOM})
    every = max(1, len(rows) // 6)
    months = [row[0] for row in rows] + ([month_back(rows[-1][0], -1)] if ahead else [])
    # Counted from the end, so that the month ahead always has its name.
    named = range((len(months) - 1) % every, len(months), every)
    return Chart(
        lines, marks, [{"x": _x(n * step), "label": f"{months[n] // 100 % 100:02d}-{months[n] % 100:02d}"} for n in named],
        [{"y": _y(part), "label": _short(int(most * part))} for part in (0, 0.5, 1)], areas,
    )  # fmt: skip


def _short(fen: int) -> str:
    """An axis needs no cents: thousands of yuan."""
    return f"{fen / 100_000:,.0f}k" if fen >= 1_000_000 else f"{fen / 100:,.0f}"


def bars(rows: Sequence[dict[str, Any]], most: int = 12) -> list[dict[str, Any]]:
    """Products by index: the bar ends at the index, the mark stands at 1."""
    known = [row for row in rows if row.get("index") is not None and row["amount"]][:most]
    top = max([2.0, *(float(row["index"]) for row in known)])
    return [
        {"row": row, "width": round(float(row["index"]) * 100 / top, 1), "one": round(100 / top, 1), "tone": "more" if float(row["index"]) >= 1 else "less"}
        for row in known
    ]  # fmt: skip


def cohorts(rows: Sequence[Sequence[int]], months: Sequence[int]) -> list[dict[str, Any]]:
    """Who came first in each month and which part of them was served so many months later."""
    counts = {(cohort, month): count for cohort, month, count in rows}
    found = []
    for start in months:
        size = counts.get((start, start), 0)
        if size:
            later = [counts.get((start, month), 0) for month in months if month > start]
            cells = [
                {"count": count, "pct": count * 100 // size, "heat": min(5, (count * 100 // size + 9) // 10)}
                for count in later
            ]
            found.append({"month": f"{start // 100}-{start % 100:02d}", "size": size, "cells": cells})
    return found
