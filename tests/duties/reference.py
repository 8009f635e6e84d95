"""A plain reference: day after day, seat after seat, what is owed and how it stands; no database, no memory, no shortcuts."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from zhangfa.core import clock

DAY = dt.timedelta(days=1)


@dataclass
class Owed:
    opens: dt.date
    due: dt.date  # owed until the beginning of this day
    person: object
    needed: Decimal = Decimal(1)
    proofs: dict = field(default_factory=dict)  # thing: (instant, amount)
    closed_at: dt.datetime | None = None

    def state(self, last_tick, is_counted):
        due_at = clock.day_start(self.due)
        total, done_at = Decimal(0), self.closed_at
        for at, amount in sorted(self.proofs.values()):
            total += amount
            if done_at is None and total >= self.needed:
                done_at = at
        if done_at is not None:
            return "done" if done_at <= due_at else "late"
        return "missed" if is_counted and due_at <= last_tick else "open"


@dataclass
class Company:
    """Who sits where (seat: list of (person, first day, last day)), which days are off, and what was done."""

    seats: dict
    holidays: set
    workdays: set

    def works(self, day):
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def holder(self, seat, day):
        for person, first, last in sorted(self.seats[seat], key=lambda row: row[1]):
            if first <= day and (last is None or day <= last):
                return person
        return None

    def begins(self, rhythm, day):
        """The name and the end of the period that begins on the day, if one does."""
        month_after = (day.replace(day=1) + 32 * DAY).replace(day=1)
        if rhythm == "daily" and self.works(day):
            return day.isoformat(), day + DAY
        if rhythm == "weekly" and day.weekday() == 0:
            return day.isoformat(), day + 7 * DAY
        if rhythm == "monthly" and day.day == 1:
            return f"{day.year}-{day.month:02}", month_after
        for long, months, letter in (("quarterly", 3, "Q"), ("half-yearly", 6, "H"), ("yearly", 12, "")):
            if rhythm == long and day.day == 1 and day.month % months == 1:
                after = (day + (months * 31 + 2) * DAY).replace(day=1)
                return f"{day.year}{letter}{day.month // months + 1 if letter else ''}", after
        if rhythm == "days 3" and (day.day - 1) % 3 == 0:
            return day.isoformat(), min(day + 3 * DAY, month_after)
        return None


def owed(company, rhythm, seats, first_tick, last_tick, needed):
    """Everything that seats owe of one rhythm: the period that runs at the first tick, and all that begin until the last."""
    found = {}
    newest = None
    day = clock.local_date(first_tick) - 100 * DAY
    while clock.day_start(day) <= last_tick:
        period = company.begins(rhythm, day)
        if period and clock.day_start(day) <= first_tick:
            newest = (day, *period)
        elif period:
            _add(found, company, seats, day, *period, needed, last_tick)
        day += DAY
    # What had run out before anybody looked for the first time is owed by nobody.
    if newest and clock.day_start(newest[2]) > first_tick:
        _add(found, company, seats, *newest, needed, last_tick)
    return found


def _add(found, company, seats, day, name, end, needed, last_tick):
    for seat in seats:
        begun = day
        # What is longer than a month is owed from the day on which somebody comes into an empty seat.
        while end - day > 31 * DAY and company.holder(seat, begun) is None and begun < end:
            begun += DAY
        person = company.holder(seat, begun)
        if person is not None and begun < end and clock.day_start(begun) <= last_tick:
            found[seat, name] = Owed(begun, end, person, needed)


def prove(found, seat, at, thing, *, is_counted):
    """One thing that was done by a seat: it counts for its own period, or settles the oldest that is open."""
    mine = sorted((row for (owner, _name), row in found.items() if owner == seat), key=lambda row: row.opens)
    begun = [row for row in mine if clock.day_start(row.opens) <= at]
    if is_counted:
        for row in begun:
            if at < clock.day_start(row.due):
                row.proofs.setdefault(thing, (at, Decimal(1)))
        return
    for row in begun:
        if row.closed_at is None:
            # The same thing told twice settles nothing more.
            if thing not in {known for other in mine for known in other.proofs}:
                row.closed_at, row.proofs[thing] = at, (at, Decimal(1))
            return


def owed_by_company(rhythm, begun, last):
    """What a company that began on a day owes of one rhythm until the last day, day by day: {name: how much of a quota of twelve}."""
    found = {}
    day = dt.date(begun.year, 1, 1)
    while day <= last:
        yesterday, month_before = day - DAY, (day.replace(day=1) - DAY).replace(day=1)
        if rhythm == "weekly" and day.weekday() == 0 and day >= begun:
            found[day.isoformat()] = 12
        if rhythm == "weekly wed" and day.weekday() == 0 and yesterday >= begun:
            found[(day - 7 * DAY).isoformat()] = 12
        if rhythm == "monthly" and day.day == 1 and day >= begun:
            found[f"{day.year}-{day.month:02}"] = 12
        if rhythm == "monthly 3" and day.day == 1 and yesterday >= begun:
            found[f"{month_before.year}-{month_before.month:02}"] = 12
        if rhythm == "yearly" and day >= begun:
            # A month that was begun counts.
            found.setdefault(str(day.year), 13 - day.month)
        if rhythm == "quarterly" and day >= begun:
            found.setdefault(f"{day.year}Q{(day.month + 2) // 3}", 12)
        if rhythm == "half-yearly" and day >= begun:
            found.setdefault(f"{day.year}H{(day.month + 5) // 6}", 12)
        day += DAY
    return found


def quotas(held, posts, needed, first_tick, last):
    """What people owe of a yearly quota, day by day: {(person, year): (how much, from which day)}; held: person, post, first and last day."""
    found = {}
    day = dt.date(first_tick.year, 1, 1)
    while clock.day_start(day) <= last:
        for person, post, from_on, to_on in held:
            if (posts is None or post in posts) and from_on <= day and (to_on is None or day <= to_on):
                # A month that was begun counts; up to the half hour.
                part = needed * (13 - day.month) / 12
                found.setdefault((person, str(day.year)), ((part * 2).to_integral_value(ROUND_CEILING) / 2, day))
        day += DAY
    return found
