"""The training ledger: each person's hours against the yearly quotas, expected to date and forecast (RPT-05)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from zhangfa.core import clock
from zhangfa.duties.catalogue import DutyRow, catalogue
from zhangfa.organisation.models import Grade, Holding, Person
from zhangfa.people import training_rules as rules
from zhangfa.people.models import Learner, Training
from zhangfa.policy import queries as policy

ELEARNING = "training.elearning_share"
DEPARTMENT = "training.department_service_hours_per_year"
MANAGER_SUBJECTS = ("safety", "ethics", "handbook")
READS = (
    ELEARNING, DEPARTMENT, "training.ethics_hours_per_year", "training.cs_manager_hours_per_year", "training.claims_prevention_hours_per_year",
    "training.worker_safety_hours_per_year", "training.facility_standard_hours_per_year", "training.facility_safety_hours_per_year",
)  # fmt: skip


@dataclass(frozen=True)
class Quota:
    """A yearly quota of hours: whose, in which subject, delivered by a post or received by each person."""

    key: str
    subject: str
    posts: tuple[str, ...]
    given_by: str = ""
    duty: str = ""

    @property
    def is_delivered(self) -> bool:
        return bool(self.given_by)

    def holds_for(self, posts: Iterable[str]) -> bool:
        return "all" in self.posts or bool(set(posts) & set(self.posts))


def quotas() -> list[Quota]:
    """Those of the duties' catalogue, and the departments' service training, which no duty watches yet (CS-D6)."""
    found = [_of(row) for row in catalogue().rows if str(row.need.get("key", "")).startswith("training.")]
    return [*found, Quota(DEPARTMENT, "communication", ("sup", "oa", "sl", "ops", "op", "cm"))]


def _of(row: DutyRow) -> Quota:
    audience = tuple(row.audience) or (row.post,)
    return Quota(
        str(row.need["key"]), str(row.match.get("subject", "")), audience, str(row.match.get("given_by", "")), row.code
    )


def quota_of(subject: str, posts: Iterable[str]) -> Quota | None:
    """The largest quota that hours of the subject count for."""
    mine = list(posts)
    found = [q for q in quotas() if q.subject == subject and not q.is_delivered and q.holds_for(mine)]
    return found[0] if found else None


@dataclass(frozen=True)
class Line:
    """One person and one quota of a year."""

    person: Person
    quota: Quota
    owed: Decimal
    expected: Decimal
    done: Decimal
    elearned: Decimal
    forecast: Decimal | None

    @property
    def tone(self) -> str:
        if self.done >= self.owed:
            return "green"
        return "amber" if self.done >= self.expected else "red"


def posts_held(people: Iterable[int], day: dt.date) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = Holding.objects.filter(Holding.valid_q(day), person_id__in=list(people), seat__is_active=True)
    for person, post in rows.values_list("person_id", "seat__post_id"):
        found.setdefault(person, set()).add(post)
    return found


def span_of(year: int, until: dt.date | None) -> tuple[dt.date, dt.date]:
    """The days of the year, up to a day if one is given, both included."""
    last = dt.date(year, 12, 31)
    return dt.date(year, 1, 1), min(until or last, last)


def hours_of(people: Sequence[int], year: int, until: dt.date | None = None) -> dict[tuple[int, str, str], int]:
    """Counted half hours by person, subject and manner up to a day; one query."""
    rows = Learner.objects.filter(
        person_id__in=people,
        training__status=Training.Status.CLOSED,
        training__held_on__range=span_of(year, until),
    )
    sums = rows.order_by().values_list("person_id", "training__subject", "training__manner").annotate(Sum("counted"))
    return {(person, subject, manner): total for person, subject, manner, total in sums}


def delivered(given_by: str, year: int, until: dt.date | None = None) -> Decimal:
    """Hours that a post has given up to a day."""
    rows = Training.objects.filter(
        given_by=given_by, status=Training.Status.CLOSED, held_on__range=span_of(year, until)
    )
    return Decimal(rows.aggregate(total=Sum("halves"))["total"] or 0) / 2


def ledger(people: Sequence[Person], year: int, at: dt.datetime, *, only: str = "") -> list[Line]:
    """Each person against each quota that is theirs, in a bounded number of queries."""
    today = clock.local_date(at)
    day = min(max(today, dt.date(year, 1, 1)), dt.date(year, 12, 31))
    keys = [person.pk for person in people]
    posts, hours = posts_held(keys, day), hours_of(keys, year, today)
    known = [quota for quota in quotas() if only in ("", quota.key)]
    figures = {quota.key: Decimal(policy.value(quota.key, at)) for quota in known}
    found = []
    for person in people:
        for quota in known:
            if quota.is_delivered or not quota.holds_for(posts.get(person.pk, ())):
                continue
            found.append(_line(person, quota, figures[quota.key], hours, year, today))
    return found


def _line(
    person: Person, quota: Quota, figure: Decimal, hours: dict[tuple[int, str, str], int], year: int, today: dt.date
) -> Line:
    by_manner = {manner: hours.get((person.pk, quota.subject, manner), 0) for manner in Training.Manner.values}
    done, elearned = Decimal(sum(by_manner.values())) / 2, Decimal(by_manner["elearning"]) / 2
    begins, ends = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if person.joined_on and person.joined_on > begins:
        begins = min(person.joined_on, ends)
    if person.left_on and person.left_on < ends:
        ends = max(person.left_on, begins)
    owed = rules.owed_hours(figure, year=year, joined_on=person.joined_on, left_on=person.left_on)
    span = {"begins_on": begins, "ends_on": ends, "today": today}
    return Line(
        person, quota, owed, rules.expected_hours(owed, **span), done, elearned, rules.forecast_hours(done, **span)
    )


def managers_lacking(year: int, day: dt.date) -> int:
    """Managers who still lack one of the three subjects of the year (D-HR-09)."""
    held = Holding.objects.filter(Holding.valid_q(day), seat__post__grade__gte=Grade.LINE_MANAGER, seat__is_active=True)
    people = set(held.values_list("person_id", flat=True))
    had: dict[int, set[str]] = {}
    rows = Learner.objects.filter(
        person_id__in=people, training__status=Training.Status.CLOSED, training__held_on__year=year, counted__gt=0,
        training__subject__in=MANAGER_SUBJECTS,
    )  # fmt: skip
    for person, subject in rows.values_list("person_id", "training__subject"):
        had.setdefault(person, set()).add(subject)
    return sum(1 for person in people if len(had.get(person, ())) < len(MANAGER_SUBJECTS))
