"""Leave as it is asked about: whose days count, what is left, what goes together, who decides (AM-W4.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Q, Sum

from zhangfa.core import clock
from zhangfa.organisation.calendar import is_working
from zhangfa.organisation.models import Grade, Holding, Person, Seat, Unit
from zhangfa.organisation.queries import executive_seat_for
from zhangfa.people import leave_kinds, leave_rules
from zhangfa.people.leave_kinds import Kind
from zhangfa.people.models import Leave, LeaveEntry, Roster, ServiceBasis
from zhangfa.policy import queries as policy
from zhangfa.policy.rules import HEAD, LEAVE_KEYS, SECOND_DECIDER, Answer, leave_authority, leave_level

AGGREGATE, NOTE_DAYS = "leave.aggregate_days", "leave.note_days"
EVENT_FIGURES = ("leave.marriage_days", "leave.bereavement_days")
MINIMUM_WAGE = "wage.minimum"
READS = (*LEAVE_KEYS, AGGREGATE, NOTE_DAYS, *EVENT_FIGURES, MINIMUM_WAGE)
LADDER = 12


def seat_of(person_id: int, at: dt.datetime) -> Seat | None:
    """The highest seat somebody holds on that day: two posts held count as the higher one."""
    rows = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person_id=person_id, seat__is_active=True)
    row = rows.select_related("seat__post", "seat__unit").order_by("-seat__post__grade", "pk").first()
    return row.seat if row else None


def working_days_of(person_id: int, unit: Unit) -> Callable[[dt.date], bool]:
    """Whether somebody works on a day: by their own roster, else their unit's, else the company's calendar."""
    rows = list(Roster.objects.filter(person_id=person_id)) + list(Roster.objects.filter(unit_id=unit.pk))

    @cache
    def works(day: dt.date) -> bool:
        roster = next((r for r in rows if r.from_on <= day and (r.to_on is None or day <= r.to_on)), None)
        if roster is None:
            return is_working(day)
        is_due = str(day.isoweekday()) in roster.weekdays
        # A weekday on which the company rests is a statutory holiday.
        is_holiday = day.weekday() < 5 and not is_working(day)
        return is_due and (roster.works_holidays or not is_holiday)

    return works


def _every_day(_day: dt.date) -> bool:
    return True


def counting(kind: Kind, person_id: int, unit: Unit) -> Callable[[dt.date], bool]:
    """Which days count for a kind: the person's working days, or every day of the calendar."""
    return _every_day if kind.counts == leave_kinds.CALENDAR else working_days_of(person_id, unit)


@dataclass(frozen=True)
class Balance:
    """A year of one kind, in half days."""

    kind: Kind
    year: int
    given: int
    corrected: int
    used: int
    asked: int
    accrued: Decimal | None = None

    @property
    def left(self) -> int:
        return self.given + self.corrected - self.used - self.asked

    def words(self, name: str) -> str:
        return leave_rules.in_days(getattr(self, name))


def annual_halves(person: Person, year: int, at: dt.datetime) -> int:
    """What the law gives somebody for the year, in half days."""
    basis = ServiceBasis.objects.filter(person=person).first()
    first, last = leave_rules.slot_of(dt.date(year, 1, 1), "am"), leave_rules.slot_of(dt.date(year, 12, 31), "pm")
    sick = Leave.objects.filter(person=person, kind=leave_kinds.SICK, last_slot__gte=first, first_slot__lte=last)
    spans = sick.filter(status__in=(Leave.Status.APPROVED, Leave.Status.ENDED)).values_list("first_slot", "last_slot")
    sick_days = sum((min(end, last) - max(start, first) + 1) // 2 for start, end in spans)
    return 2 * leave_rules.annual_days(
        joined_on=person.joined_on, prior_months=basis.prior_months if basis else 0, is_continuous=bool(basis and basis.is_continuous),
        year=year, today=clock.local_date(at), left_on=person.left_on, sick_days=sick_days,
    )  # fmt: skip


def balance_of(person: Person, kind: Kind, year: int, at: dt.datetime, *, but: Leave | None = None) -> Balance:
    """What is left of a kind in a year; `but` leaves one request out of what is asked for."""
    lines = LeaveEntry.objects.filter(person=person, kind=kind.code, year=year).order_by()
    sums = dict(lines.values_list("why").annotate(Sum("halves")))
    waiting = Leave.objects.filter(person=person, kind=kind.code, status=Leave.Status.PROPOSED)
    asked = 0
    for row in waiting.select_related("unit"):
        if but is None or row.pk != but.pk:
            works = counting(kind, person.pk, row.unit)
            asked += leave_rules.counted_by_year(row.first_slot, row.last_slot, works).get(year, 0)
    given = annual_halves(person, year, at) if kind.per == leave_kinds.SERVICE else sums.get("grant", 0)
    today = clock.local_date(at)
    earned = leave_rules.accrued(given, year=year, today=today) if kind.per == leave_kinds.SERVICE else None
    used = -(sums.get("use", 0) + sums.get("release", 0))
    corrected = sum(sums.get(why, 0) for why in ("correction", leave_rules.CARRY, leave_rules.PAY, leave_rules.WAIVE))
    return Balance(kind, year, given, corrected, used, asked, earned)


def used_by(leave: Leave) -> int:
    """Half days of its kind that somebody had of the year with this one, of leave that begins no later (U07)."""
    earlier = Q(first_slot__lt=leave.first_slot, status__in=(Leave.Status.APPROVED, Leave.Status.ENDED))
    rows = Leave.objects.filter(earlier | Q(pk=leave.pk), person_id=leave.person_id, kind=leave.kind)
    return sum(rows.filter(from_on__year=leave.from_on.year).values_list("halves", flat=True))


def carried_into(person: Person, kind: Kind, year: int) -> int:
    """The half days that came from the year before."""
    rows = LeaveEntry.objects.filter(person=person, kind=kind.code, year=year, why=leave_rules.CARRY, halves__gt=0)
    return sum(rows.values_list("halves", flat=True))


@dataclass(frozen=True)
class Medical:
    """Somebody's medical period: its months, within how many they count, and what was used of it (E17, E18)."""

    months: int
    window: int
    since: dt.date
    used: Decimal
    floor: Decimal | None

    @property
    def days(self) -> int:
        return self.months * leave_rules.MONTH_DAYS

    @property
    def left(self) -> Decimal:
        return max(self.days - self.used, Decimal(0))


def medical_of(person: Person, at: dt.datetime) -> Medical:
    basis = ServiceBasis.objects.filter(person=person).first()
    today = clock.local_date(at)
    months, window = leave_rules.medical_period(
        joined_on=person.joined_on, prior_months=basis.prior_months if basis else 0, today=today
    )
    since = leave_rules.months_before(today, window)
    sick = Leave.objects.filter(
        person=person, kind=leave_kinds.SICK, status__in=(Leave.Status.APPROVED, Leave.Status.ENDED)
    )
    spans = sick.filter(last_slot__gte=leave_rules.slot_of(since, "am")).values_list("first_slot", "last_slot")
    wage = policy.value(MINIMUM_WAGE, at)
    return Medical(
        months,
        window,
        since,
        leave_rules.days_within(spans, since, today),
        leave_rules.sick_pay_floor(wage) if wage else None,
    )


def balances(person: Person, year: int, at: dt.datetime) -> list[Balance]:
    """The year's kinds that are kept in a balance, and what was used of the others."""
    found = [balance_of(person, kind, year, at) for kind in leave_kinds.kinds_on(dt.date(year, 12, 31))]
    return [
        one
        for one in found
        if one.kind.by in ("personal", "sick", "annual") or one.given or one.corrected or one.used or one.asked
    ]


def limit_of(kind: Kind, options: Sequence[str], at: dt.datetime) -> int | None:
    """The half days that one event of the kind gives at most."""
    if kind.per != leave_kinds.EVENT:
        return None
    days = int(policy.value(kind.figure, at)) if kind.figure else kind.limit
    return 2 * (days + sum(option.days for option in kind.options if option.code in options))


def others_of(person_id: int, *, but: Leave | None = None) -> list[Leave]:
    """What somebody has asked for or been given, newest first, as far as it can matter."""
    rows = Leave.objects.standing().filter(person_id=person_id).select_related("record").order_by("-last_slot")
    return [row for row in rows[:200] if but is None or row.pk != but.pk]


@dataclass(frozen=True)
class Plan:
    """A request reckoned through: what counts, what counts with it, and who decides by which figures."""

    kind: Kind
    level: str
    seat: Seat
    first: int
    last: int
    halves: int
    by_year: dict[int, int]
    together: tuple[leave_rules.Taken, ...]
    answer: Answer

    @property
    def total(self) -> int:
        return self.halves + sum(one.counted for one in self.together)

    @property
    def unit(self) -> Unit:
        return self.seat.unit


def plan(
    *, person_id: int, kind: Kind, from_on: dt.date, starts: str, to_on: dt.date, ends: str, at: dt.datetime, others: Iterable[Leave],
) -> Plan | None:  # fmt: skip
    """Reckon a request with the figures of the instant; None for somebody who holds no post."""
    seat = seat_of(person_id, at)
    if seat is None:
        return None
    first, last = leave_rules.slot_of(from_on, starts), leave_rules.slot_of(to_on, ends)
    works = counting(kind, person_id, seat.unit)
    within = 0 <= last - first <= 2 * leave_rules.LONGEST_DAYS
    by_year = leave_rules.counted_by_year(first, last, works) if within else {}
    halves = sum(by_year.values())
    same = [row.taken() for row in others if row.kind == kind.code]
    window = int(policy.value(AGGREGATE, at))
    this = leave_rules.Taken(first, last, halves)
    together = leave_rules.counted_together(this, same, window=window, is_working=works) if within else []
    level = leave_level(seat.post.grade)
    total = halves + sum(one.counted for one in together)
    figures = {key: policy.value(key, at) for key in LEAVE_KEYS}
    answer = leave_authority(level=level, kind=kind.by, days=Decimal(total) / 2, figures=figures)
    return Plan(kind, level, seat, first, last, halves, by_year, tuple(together), answer)


def deciding_seat(plan: Plan, at: dt.datetime) -> tuple[str, Seat | None]:
    """The authority as a step names it, and the seat where it begins: along the applicant's own line, never downwards.

    A department without a supervisor goes straight on to its head.
    """
    if plan.answer.authority == SECOND_DECIDER:
        return "gm", None
    grade = {"sup": Grade.SUPERVISOR, HEAD: Grade.DEPARTMENT_MANAGER}.get(plan.answer.authority)
    if grade is None:
        return plan.answer.authority, None
    return plan.answer.authority, above(plan.seat, grade) or executive_seat_for(plan.unit, at)


def above(seat: Seat, grade: int) -> Seat | None:
    """The nearest seat above that has at least this grade."""
    rows = Seat.objects.select_related("post", "unit")
    found, steps = seat.reports_to_id, 0
    while found is not None and steps < LADDER:
        one = rows.get(pk=found)
        if one.post.grade >= grade and one.is_active:
            return one
        found, steps = one.reports_to_id, steps + 1
    return None


def policy_of(answer: Answer) -> tuple[str, ...]:
    return (*answer.policy, AGGREGATE)


def team_of(leave: Leave, at: dt.datetime) -> list[tuple[Person, list[Leave]]]:
    """Colleagues of the unit who are away, or have asked to be, in the weeks around a request."""
    around = 2 * 7
    rows = Leave.objects.standing().filter(
        unit_id=leave.unit_id, last_slot__gte=leave.first_slot - around, first_slot__lte=leave.last_slot + around
    )
    found: dict[Person, list[Leave]] = {}
    for row in rows.exclude(pk=leave.pk).select_related("person").order_by("person__no", "first_slot")[:200]:
        found.setdefault(row.person, []).append(row)
    return list(found.items())


def headcount(unit_id: int, at: dt.datetime) -> int:
    """How many people work in a unit on that day."""
    rows: Any = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__unit_id=unit_id)
    return int(rows.values("person_id").distinct().count())
