"""How duties were kept, read from the roll-up: the same figures as counting the occurrences, at the cost of a few rows (RPT-03)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, DateField, F, QuerySet, Sum, Value, When

from zhangfa.core import clock, compiled
from zhangfa.core.periods import month_after, month_of
from zhangfa.duties import compliance, rules
from zhangfa.duties.compliance import DAY, Tally
from zhangfa.duties.models import NONE, DayCount, Occurrence, PersonCount, Scope

# By what a table is split, as an occurrence and as the roll-up name it.
COLUMNS = {
    "due_on": "due_on",
    "department": "department_id",
    "post": "seat__post_id",
    "duty": "duty_id",
    "person": "person_id",
}
ALL = Scope(is_all=True)
LONGEST_MONTH = 31
Counts = Counter[tuple[Any, ...]]
# What was counted, and how much of it there is.
Line = tuple[dict[str, Any], int]


class Live:
    """Counted from the occurrences themselves: right for what one person owes."""

    def __init__(self, rows: QuerySet[Occurrence], at: dt.datetime, names: Iterable[str]):
        self.rows, self.at, self.names = rows, at, tuple(names)

    def days(self, first: dt.date, last: dt.date) -> dict[dt.date, Tally]:
        return compliance.tallies(compliance.due_in(self.rows, first, last), "due_on", self.at)

    def split(self, first: dt.date, last: dt.date) -> dict[str, dict[Any, Tally]]:
        rows = compliance.due_in(self.rows, first, last)
        return {name: compliance.tallies(rows, COLUMNS[name], self.at) for name in self.names}


class Kept:
    """The part of the company that somebody may see, narrowed to a department or a post; `names`: by what it will be split."""

    def __init__(
        self, scope: Scope, at: dt.datetime, names: Iterable[str], *, department: int | None = None, post: str | None = None
    ):  # fmt: skip
        self.scope, self.at, self.department, self.post = scope, at, department, post
        self.names = tuple(names)
        self._read: dict[tuple[dt.date, dt.date], tuple[list[Line], list[Line]]] = {}

    def days(self, first: dt.date, last: dt.date) -> dict[dt.date, Tally]:
        """Each day on which something is due, with how it stands."""
        return {key[0]: tally for key, tally in self._tallies(DayCount, first, last, ("due_on",)).items()}

    def split(self, first: dt.date, last: dt.date) -> dict[str, dict[Any, Tally]]:
        """What is due on the days given (whole months, where people are asked for) by each of the names."""
        shared = tuple(name for name in self.names if name != "person")
        cells = self._tallies(DayCount, first, last, shared) if shared else {}
        found: dict[str, dict[Any, Tally]] = {}
        for name in self.names:
            if name == "person":
                people = self._tallies(PersonCount, first, last, ("person",))
                found[name] = {key[0]: tally for key, tally in people.items()}
                continue
            lines: dict[Any, list[Tally]] = defaultdict(list)
            for key, tally in cells.items():
                lines[key[shared.index(name)]].append(tally)
            found[name] = {key: compliance.sum_of(tallies) for key, tallies in lines.items()}
        return found

    def _tallies(
        self, model: Any, first: dt.date, last: dt.date, names: tuple[str, ...]
    ) -> dict[tuple[Any, ...], Tally]:
        """What the roll-up has, what it can't tell of the span that runs now, and the seats seen without their department."""
        counts: Counts = Counter()
        today = compliance.last_day(self.at)
        now = today if model is DayCount else month_of(today)
        if self.scope.is_all or self.scope.departments:
            for *key, state, n in self._counted(model, first, last, now, names):
                counts[(*map(_key, names, key), state)] += n
        late, beside = self._beside(first, last)
        for line, n in late:
            if line["due_on"] >= now:
                key = tuple(line[name] for name in names)
                counts[(*key, rules.PENDING)] -= n
                counts[(*key, rules.MISSED)] += n
        for line, n in beside:
            counts[(*(line[name] for name in names), line["stands"])] += n
        cells: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
        for (*key, state), n in counts.items():
            if n:
                cells[tuple(key)][state] = n
        return {key: Tally(**states) for key, states in cells.items()}

    def _counted(self, model: Any, first: dt.date, last: dt.date, now: dt.date, names: tuple[str, ...]) -> Any:
        return compiled.rows(_sums, model, names, first=first, last=last, now=now, **self._places())

    def _places(self) -> dict[str, Any]:
        """What narrows the rows, of that which is given."""
        given = {"departments": None if self.scope.is_all else self.scope.departments, "department": self.department}
        return {name: value for name, value in {**given, "post": self.post}.items() if value is not None}

    def _beside(self, first: dt.date, last: dt.date) -> tuple[list[Line], list[Line]]:
        """Of the occurrences themselves: what is overdue already today or, for people, this month; what the few seats owe
        that one sees without their department. Read once for a page."""
        if (first, last) not in self._read:
            today = compliance.last_day(self.at)
            # A year is drawn by its days only.
            names = self.names if (last - first).days < LONGEST_MONTH else ()
            late: list[Line] = []
            if first <= today <= last and (self.scope.is_all or self.scope.departments):
                month = month_of(today)
                start = clock.day_start(month if "person" in self.names else today)
                late = _as_lines(
                    names,
                    compiled.rows(_run_out, names, since=start, at=self.at, today=today, month=month, **self._places()),
                )
            beside: list[Line] = []
            if not self.scope.is_all and self.scope.seats:
                seats = Occurrence.objects.filter(seat_id__in=self.scope.seats)
                if self.scope.departments:
                    seats = seats.exclude(department_id__in=self.scope.departments)
                seats = compliance.due_in(seats, first, last).annotate(stands=compliance.standing(self.at))
                places = {name: value for name, value in self._places().items() if name != "departments"}
                counted = (*names, "stands")
                beside = _as_lines(counted, _grouped(_narrowed(seats, *OCCURRENCE, **places), "due_on", counted))
            self._read[first, last] = late, beside
        return self._read[first, last]


OCCURRENCE = ("department_id", "seat__post_id")


def _narrowed(
    rows: Any, by_department: str, by_post: str, *, departments: Any = None, department: int | None = None, post: str | None = None
) -> Any:  # fmt: skip
    if departments is not None:
        rows = rows.filter(**{f"{by_department}__in": departments})
    if department is not None:
        rows = rows.filter(**{by_department: department})
    return rows if post is None else rows.filter(**{by_post: post})


def _sums(model: Any, names: tuple[str, ...], *, first: dt.date, last: dt.date, now: dt.date, **places: Any) -> Any:
    """The roll-up of a span by these names and by how they stand."""
    rows = model.objects.filter(**{f"{model.SPAN}__gte": first, f"{model.SPAN}__lte": last})
    over = When(state=rules.PENDING, **{f"{model.SPAN}__lt": now}, then=Value(rules.MISSED))
    stands = Case(over, default=F("state"))
    rows = _narrowed(rows, "department", "post", **places).order_by().annotate(stands=stands)
    return rows.values_list(*names, "stands").annotate(sum=Sum("n"))


def _run_out(
    names: tuple[str, ...], *, since: dt.datetime, at: dt.datetime, today: dt.date, month: dt.date, **places: Any
) -> Any:
    """What is overdue already today; people are counted by month: of what ran out on an earlier day only the month is told."""
    rows = Occurrence.objects.open().filter(due_at__gt=since, due_at__lt=at)
    day = Case(When(due_on__gte=today, then=F("due_on")), default=Value(month, DateField()))
    return _grouped(_narrowed(rows, *OCCURRENCE, **places).annotate(day=day), "day", names)


def _grouped(rows: QuerySet[Occurrence], day: str, names: Iterable[str]) -> Any:
    columns = (day, *(COLUMNS.get(name, name) for name in names))
    return rows.order_by().values_list(*columns).annotate(n=Count("pk"))


def _as_lines(names: Iterable[str], found: Iterable[Any]) -> list[Line]:
    return [(dict(zip(("due_on", *names), key, strict=True)), n) for *key, n in found]


def _key(name: str, value: Any) -> Any:
    """As an occurrence says it: none is nothing."""
    return None if name in ("department", "person") and value == NONE else value


def draw(month: dt.date, at: dt.datetime, splits: Iterable[str] = compliance.SPLITS) -> dict[str, Any]:
    """RPT-03 of one month: the company, and by each of the splits (department, post, clause, duty, person; the departments
    always). The same month gives the same figures."""
    wanted = {"department", *splits}
    counted = {"duty" if by == "clause" else by for by in wanted}
    names = [by for by in compliance.SPLITS if by in counted]
    found = Kept(ALL, at, names).split(month, month_after(month) - DAY)
    lines = {by: compliance.lines(found[by], by) for by in names}
    if "clause" in wanted:
        lines["clause"] = compliance.by_clause(lines["duty"])
    figures: dict[str, Any] = {"month": month.isoformat()}
    for by in compliance.SPLITS:
        if by in wanted:
            figures[by] = [
                {"key": key, **compliance.names_of(shown), **tally.plain()} for key, shown, tally in lines[by]
            ]
    return figures | {"total": compliance.sum_of(found["department"].values()).plain()}
