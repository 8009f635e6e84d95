"""The clock's part: each period of each rhythm is opened once, in whatever steps time comes (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from zhangfa.core import clock
from zhangfa.duties import due, rules, seats
from zhangfa.duties.catalogue import DutyRow, catalogue
from zhangfa.duties.models import Occurrence, Rhythm
from zhangfa.duties.seats import Place
from zhangfa.organisation.calendar import is_working
from zhangfa.policy import queries as policy

Maker = Callable[[Place, str], Occurrence]
# An installation that stood still fills at most this much; what is older tells nobody anything.
LONGEST_GAP = dt.timedelta(days=400)


def turn(at: dt.datetime, duties: Sequence[DutyRow]) -> int:
    """Open what the rhythms of these duties owe by now, filled in after a standstill; part of the caller's transaction.

    Costs one statement where nothing opens, else in proportion to what does. Returns how many were opened.
    """
    stems: dict[str, list[DutyRow]] = {}
    for duty in duties:
        if duty.is_on and not duty.is_eventful:
            stems.setdefault(duty.stem, []).append(duty)
    reached = dict(Rhythm.objects.filter(stem__in=stems).values_list("stem", "until"))
    behind = {stem: found for stem, found in stems.items() if reached.get(stem, at - LONGEST_GAP) < at}
    owed = any(_periods(versions, reached.get(stem), at) for stem, versions in behind.items())
    joined = {stem for stem, versions in behind.items() if any(_is_joined(duty, at) for duty in versions)}
    if not owed and not _newcomers_due(joined, reached, at):
        return 0
    # From here on one process works on a duty: the row stays locked until the transaction ends.
    Rhythm.objects.bulk_create(
        [Rhythm(stem=stem, until=at - LONGEST_GAP) for stem in behind if stem not in reached], ignore_conflicts=True
    )
    locked = {row.stem: row for row in Rhythm.objects.select_for_update().filter(stem__in=behind).order_by("stem")}
    rows: list[Occurrence] = []
    begun_on = seats.begun_on()
    for stem, versions in behind.items():
        since = locked[stem].until if stem in reached or locked[stem].until > at - LONGEST_GAP else None
        rows += _opened(versions, since, at, begun_on)
        locked[stem].until = max(locked[stem].until, at)
    due.insert(rows, is_repeatable=True)
    Rhythm.objects.bulk_update(locked.values(), ["until"])
    return len(rows)


def _is_joined(duty: DutyRow, at: dt.datetime) -> bool:
    """Whether somebody may come to owe it while its period is running."""
    if duty.subject == "seat":
        return duty.rhythm == "rhythm" and rhythm_of(duty, at) in rules.LONG
    return duty.subject == "person"


def _newcomers_due(joined: set[str], reached: dict[str, dt.datetime], at: dt.datetime) -> bool:
    """Whether a day has begun on which somebody may have joined those who owe a period that is running."""
    today = clock.local_date(at)
    return any(clock.local_date(reached.get(stem, at - LONGEST_GAP)) < today for stem in joined)


Turn = tuple[DutyRow, rules.Period]


def _periods(versions: Sequence[DutyRow], since: dt.datetime | None, at: dt.datetime) -> list[Turn]:
    """The periods since the clock came by last, each by the version in which it began; of a duty that is new here only the newest."""
    start = at - LONGEST_GAP if since is None else max(since, at - LONGEST_GAP)
    found = [(duty, period) for duty in versions for period in periods_between(duty, start, at)]
    found.sort(key=lambda turn: turn[1].opens_at)
    if since is not None:
        return found
    # A company that begins today owes nothing whose time had run out before.
    return [turn for turn in found[-1:] if turn[1].due_at > at]


def periods_between(duty: DutyRow, since: dt.datetime, at: dt.datetime) -> Iterator[rules.Period]:
    """The periods of a duty's version that open after one instant and not after the other."""
    return (period for period in _turns(duty, since, at) if duty.covers(period.opens_at))


def _turns(duty: DutyRow, since: dt.datetime, at: dt.datetime) -> Iterator[rules.Period]:
    """By the figures in force at the second instant."""
    if duty.rhythm == "weeks":
        weeks, anchor = policy.value(duty.due["key"], at), policy.value(duty.due["anchor"], at)
        return rules.fortnight_periods(anchor, int(weeks), since, at)
    if duty.rhythm == "days":
        count = policy.value(duty.due["key"], at) if "key" in duty.due else duty.due["count"]
        return rules.day_periods(int(count), since, at, is_about_before=bool(duty.due.get("about_before")))
    return rules.periods(rhythm_of(duty, at), since, at, is_working)


def rhythm_of(duty: DutyRow, at: dt.datetime) -> str:
    return str(policy.value(duty.due["key"], at) if "key" in duty.due else duty.due["rhythm"])


def _opened(
    versions: Sequence[DutyRow], since: dt.datetime | None, at: dt.datetime, begun_on: dt.date | None
) -> Iterator[Occurrence]:
    for duty, period in _periods(versions, since, at):
        yield from _occurrences(duty, period, begun_on)
    for duty in versions:
        if duty.subject == "person":
            yield from _newcomers(duty, since, at)
        elif _is_joined(duty, at):
            yield from _filled(duty, since, at)


def _occurrences(duty: DutyRow, period: rules.Period, begun_on: dt.date | None) -> Iterator[Occurrence]:
    day = clock.local_date(period.opens_at)
    made = _maker(duty, period)
    # What is about days on which a seat did not exist yet is nobody's.
    new = seats.new_on(duty.posts, day) if period.is_about_before else set()
    if duty.subject == "seat":
        for place in seats.held_on(duty.posts, day):
            if place.seat not in new:
                yield made(place, "seat")
        return
    if duty.subject == "person":
        place = seats.of_post(duty.post, period.opens_at)
        if place is not None:
            yield from _quotas(made, place, period, dict.fromkeys(seats.joined(duty.audience, day), day))
        return
    owed_from = rules.owed_from(period, begun_on)
    place = seats.of_post(duty.post, clock.day_start(owed_from)) if owed_from else None
    if owed_from and place is not None and place.seat not in new:
        yield _in_part(made(place, "company"), period, owed_from)


def _in_part(row: Occurrence, period: rules.Period, from_on: dt.date) -> Occurrence:
    """Of a period that was running when it began to be owed: the rest, and of a quota the part."""
    row.opened_at = max(period.opens_at, clock.day_start(from_on))
    row.needed = max(rules.ONE, rules.share_owed(row.needed, period, from_on)) if row.needed > 1 else row.needed
    return row


def _newcomers(duty: DutyRow, since: dt.datetime | None, at: dt.datetime) -> Iterator[Occurrence]:
    """Who joined while a period was running owes their part of its quota, also if nobody looked for days, or if they are gone again."""
    running = list(periods_between(duty, at - LONGEST_GAP, at))
    # Of a duty that is new here only the newest period counts.
    for period in running[-1:] if since is None else running:
        if period.due_at <= (since or at):
            continue
        opens, ends = clock.local_date(period.opens_at), clock.local_date(period.due_at)
        after = max(opens, clock.local_date(since)) if since else opens
        until = min(clock.local_date(at), ends - rules.DAY)
        joined = seats.joined_between(duty.audience, after, until)
        if joined and (since is None or period.opens_at > since):
            # Who was there when it began owes it already.
            there = seats.joined(duty.audience, opens)
            joined = {person: day for person, day in joined.items() if person not in there}
        yield from _parts(duty, period, joined)


def _parts(duty: DutyRow, period: rules.Period, joined: dict[int, dt.date]) -> Iterator[Occurrence]:
    """What these people owe of a running period from their days on, where they owe nothing of it yet; with the seat that answers then."""
    if not joined:
        return
    subjects = [f"person:{person}" for person in joined]
    standing = Occurrence.objects.filter(duty__key__startswith=duty.stem, period=period.name, subject_key__in=subjects)
    known = set(standing.values_list("subject_key", flat=True))
    days: dict[dt.date, dict[int, dt.date]] = {}
    for person, day in joined.items():
        if f"person:{person}" not in known:
            days.setdefault(day, {})[person] = day
    made = _maker(duty, period)
    for day, people in sorted(days.items()):
        place = seats.of_post(duty.post, clock.day_start(day))
        if place is not None:
            yield from _quotas(made, place, period, people)


def welcome(people: set[int], at: dt.datetime) -> int:
    """Who was put into a seat today or, as it is entered now, some time ago owes their part of what is running. Returns how many rows."""
    duties = [duty for duty in catalogue().rhythmic if duty.subject == "person" and duty.is_on]
    held = seats.held_by(people)
    posts = {post for spans in held.values() for post, _from_on, _to_on in spans}
    duties = [duty for duty in duties if seats.EVERYBODY in duty.audience or posts & set(duty.audience)]
    reached = dict(Rhythm.objects.filter(stem__in={duty.stem for duty in duties}).values_list("stem", "until"))
    rows: list[Occurrence] = []
    for duty in duties:
        since = reached.get(duty.stem, at - LONGEST_GAP)
        # What the clock has not opened yet it opens for them, too.
        running = [period for period in periods_between(duty, at - LONGEST_GAP, at) if period.opens_at <= since]
        for period in running:
            if period.due_at > at:
                rows += _parts(duty, period, _first_days(duty, period, held, clock.local_date(at)))
    due.insert(rows, is_repeatable=True)
    return len(rows)


def _first_days(
    duty: DutyRow, period: rules.Period, held: Mapping[int, Sequence[seats.Span]], today: dt.date
) -> dict[int, dt.date]:
    opens = clock.local_date(period.opens_at)
    found: dict[int, dt.date] = {}
    for person, spans in held.items():
        days = [
            max(from_on, opens) for post, from_on, to_on in spans
            if (seats.EVERYBODY in duty.audience or post in duty.audience)
            and from_on <= today and (to_on is None or to_on >= opens)
        ]  # fmt: skip
        if days:
            found[person] = min(days)
    return found


def _filled(duty: DutyRow, since: dt.datetime | None, at: dt.datetime) -> Iterator[Occurrence]:
    """A seat that stood empty when a quarter, half-year or year began owes the rest of it from the day on which somebody comes."""
    for period in periods_between(duty, at - LONGEST_GAP, at):
        if not rules.is_joined_late(period) or period.due_at <= (since or at):
            continue
        opens, ends = clock.local_date(period.opens_at), clock.local_date(period.due_at)
        found = seats.filled_in(duty.posts, opens, min(ends - rules.DAY, clock.local_date(at)))
        if since is None or period.opens_at > since:
            # Who sat there from the start owes it already.
            found = [(place, from_on) for place, from_on in found if from_on > opens]
        standing = Occurrence.objects.filter(duty__key__startswith=duty.stem, period=period.name, subject_key="seat")
        known = set(standing.values_list("seat_id", flat=True)) if found else set()
        made = _maker(duty, period)
        for place, from_on in found:
            if place.seat not in known:
                yield _in_part(made(place, "seat"), period, from_on)


def _quotas(made: Maker, place: Place, period: rules.Period, joined: dict[int, dt.date]) -> Iterator[Occurrence]:
    for person, from_on in sorted(joined.items()):
        row = made(place, f"person:{person}")
        row.opened_at = max(period.opens_at, clock.day_start(from_on))
        row.needed = rules.share_owed(row.needed, period, from_on)
        if row.needed > 0:
            yield row


def _maker(duty: DutyRow, period: rules.Period) -> Maker:
    """What makes the rows of a period: figures are read once for all of them."""
    figures = {key: policy.figure(key, period.opens_at) for key in duty.figures}
    needed = figures[duty.need["key"]].value if "key" in duty.need else duty.need.get("count", 1)
    facts = [figure.as_json() for figure in figures.values()]

    def made(place: Place, subject: str) -> Occurrence:
        return Occurrence(
            duty_id=duty.key, seat_id=place.seat, unit_id=place.unit, department_id=place.department, person_id=place.person,
            subject_key=subject, period=period.name, opened_at=period.opens_at, due_at=period.due_at, needed=Decimal(needed),
            policy=facts,
        )  # fmt: skip

    return made
