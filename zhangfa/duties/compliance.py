"""How duties are kept, counted: on time, late, missed, excused, still open; by day, department, post, person, duty (RPT-03)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Sum, Value, When

from zhangfa.core import clock, compiled
from zhangfa.duties import rules
from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Duty, Occurrence
from zhangfa.organisation.models import Person, Post, Unit

STATES = (rules.ON_TIME, rules.LATE, rules.MISSED, rules.EXCUSED, rules.PENDING)
DAY = dt.timedelta(days=1)
ALL = slice(None)
# By what a table is split, and whose name stands in the line.
SPLITS: Mapping[str, Any] = {"department": Unit, "post": Post, "person": Person, "duty": Duty, "clause": None}


@dataclass(frozen=True)
class Tally:
    """So many of each kind; the share of those that count which were done in time."""

    done: int = 0
    late: int = 0
    missed: int = 0
    excused: int = 0
    open: int = 0

    @property
    def total(self) -> int:
        return self.done + self.late + self.missed + self.excused + self.open

    @property
    def counted(self) -> int:
        return self.done + self.late + self.missed

    @property
    def share(self) -> Decimal | None:
        return rules.compliance(on_time=self.done, late=self.late, missed=self.missed)

    @property
    def percent(self) -> str:
        share = self.share
        return "—" if share is None else f"{share}%"

    @property
    def level(self) -> str:
        """How a square of the heat map is drawn, from nothing owed to nothing kept."""
        return rules.heat(share=self.share, is_empty=not self.total)

    @property
    def cells(self) -> tuple[str, ...]:
        """A line of a table in words: level, share, then so many of each kind."""
        return self.level, self.percent, *(str(getattr(self, name)) for name in STATES)

    def plain(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in STATES} | {
            "share": None if self.share is None else str(self.share)
        }


def tally_of(row: Mapping[str, Any]) -> Tally:
    """A tally as a publication keeps it."""
    return Tally(**{name: row[name] for name in STATES})


def last_day(due_at: dt.datetime) -> dt.date:
    """The day by which it is to be done: 24:00 belongs to the day that ends."""
    return clock.local_date(due_at - dt.timedelta(microseconds=1))


def due_in(rows: QuerySet[Occurrence], first: dt.date, last: dt.date) -> QuerySet[Occurrence]:
    """What is due on the days given, both included; what is no longer needed doesn't count."""
    start, end = clock.day_start(first), clock.day_start(last + DAY)
    return rows.filter(due_at__gt=start, due_at__lte=end).exclude(state=Occurrence.State.VOID)


def standing(at: dt.datetime) -> Case:
    """`rules.standing`, for rows that are not read."""
    return Case(When(state=rules.PENDING, due_at__lt=at, then=Value(rules.MISSED)), default=F("state"))


def tallies(rows: QuerySet[Occurrence], key: str, at: dt.datetime) -> dict[Any, Tally]:
    """One statement: the rows counted by the key and by how they stand."""
    counts: dict[Any, dict[str, int]] = defaultdict(dict)
    for value, state, count in (
        rows.order_by().annotate(stands=standing(at)).values_list(key, "stands").annotate(n=Count("pk"))
    ):
        counts[value][state] = count
    return {value: Tally(**found) for value, found in counts.items()}


def sum_of(found: Iterable[Tally]) -> Tally:
    rows = list(found)
    return Tally(**{name: sum(getattr(row, name) for row in rows) for name in STATES})


def lines(found: Mapping[Any, Tally], by: str, part: slice = ALL) -> list[tuple[Any, Any, Tally]]:
    """Key, name-bearing row and tally of each line, worst first; one statement, for the names of those in the part."""
    rows = sorted(found.items(), key=lambda line: worst_first(line[1], line[0]))
    model, shown = SPLITS[by], rows[part]
    named = model.objects.in_bulk([key for key, _tally in shown if key is not None]) if model else {}
    return [(key, named.get(key, key), tally) for key, tally in shown]


def by_clause(lines: Iterable[tuple[Any, Any, Tally]]) -> list[tuple[Any, Any, Tally]]:
    """The lines of the duties counted for each clause that a duty fulfils, its further ones included; no statement of its own."""
    known = catalogue().by_key
    found: dict[str, list[Tally]] = {}
    for key, shown, tally in lines:
        for clause in known[key].clauses if key in known else (shown.clause,):
            found.setdefault(clause, []).append(tally)
    rows = [(clause, clause, sum_of(tallies)) for clause, tallies in found.items()]
    return sorted(rows, key=lambda line: worst_first(line[2], line[0]))


def worst_first(tally: Tally, key: Any) -> tuple[Any, ...]:
    share = tally.share
    return share is None, share, -tally.counted, str(key)


@dataclass(frozen=True)
class Quota:
    """How a duty stands that takes a number: what there is, what should be by now, what there will be if it goes on so."""

    key: str
    period: str
    people: int
    needed: Decimal
    counted: Decimal
    expected: Decimal
    forecast: Decimal | None

    @property
    def level(self) -> str:
        """As on the heat map: enough by now, behind but within reach, out of reach if it goes on so."""
        if self.counted >= self.expected:
            return "full"
        return "low" if self.forecast is not None and self.forecast < self.needed else "half"


def quotas(which: Q, at: dt.datetime) -> list[Quota]:
    """Those of these duties that run now, a line for each duty and period; one statement."""
    keys = tuple(row.key for row in catalogue().rows if row.is_on and row.is_counted)
    found = compiled.rows(_running, keys, which=which, at=at)
    return [quota(dict(zip(RUNNING, row, strict=True)), at) for row in found]


RUNNING = ("duty_id", "period", "people", "needed_sum", "counted_sum", "opens", "due")


def _running(keys: tuple[str, ...], *, which: Q, at: dt.datetime) -> Any:
    rows = Occurrence.objects.filter(which, duty_id__in=keys, opened_at__lte=at, due_at__gt=at)
    rows = rows.exclude(state__in=[rules.VOID, rules.EXCUSED])
    sums = rows.order_by().values("duty_id", "period").annotate(
        people=Count("pk"), needed_sum=Sum("needed"), counted_sum=Sum("counted"), opens=Min("opened_at"), due=Max("due_at")
    )  # fmt: skip
    return sums.order_by("duty_id", "period").values_list(*RUNNING)


def quota(row: Mapping[str, Any], at: dt.datetime) -> Quota:
    span = {"opens_at": row["opens"], "due_at": row["due"], "at": at}
    needed, counted = row["needed_sum"], row["counted_sum"]
    return Quota(
        row["duty_id"], row["period"], row["people"], needed, counted, rules.expected_by(needed=needed, **span),
        rules.forecast(counted=counted, **span),
    )  # fmt: skip


def names_of(shown: Any) -> dict[str, str]:
    if shown is None or isinstance(shown, str):
        return {"name": shown or "", "name_en": ""}
    return {"name": shown.name, "name_en": shown.name_en}
