"""In whatever order and steps time, people and evidence come, the engine says what the plain reference says."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.duties import reference
from tests.duties.counted import agrees
from tests.duties.switched import DONE, lent
from tests.houses import MONDAY, START
from zhangfa.core import clock
from zhangfa.core.transitions import announce
from zhangfa.duties import rules
from zhangfa.duties.models import Occurrence
from zhangfa.organisation.calendar import DayOff, is_working, renew
from zhangfa.organisation.models import Holding
from zhangfa.runtime import worker

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-1")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
FIRST = MONDAY.date()
LENGTH = 50
# Each example lives through seven weeks: a failure is shown as it is found, for making it smaller would take long.
FEW = settings(
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# duty: its rhythms, the seats that owe it, how much it takes, whether evidence counts for its own period
DUTIES = {
    "D-OA-01": ("daily", ("oa", "oa2", "sl"), 1, False),
    "D-HS-04": ("weekly", ("hs", "sup", "oa", "oa2"), 2, True),
    "D-OA-03": ("monthly", ("oa", "oa2"), 1, False),
    "D-OA-04": ("days 3", ("hs", "ls"), 1, False),
    "D-HS-13": ("monthly,quarterly,half-yearly,yearly", ("hs",), 1, False),
}
days = st.integers(0, LENGTH)
hours = st.integers(1, 24 * LENGTH - 1)
# Things that were done: which duty, by which seat, which thing, and at which hour.
deeds = st.lists(
    st.tuples(st.sampled_from(sorted(DUTIES)), st.integers(0, 3), st.sampled_from(["cc", "cs", "op", "net"]), hours),
    max_size=25,
)  # fmt: skip
# The worker comes at some hours only; it may stand still for weeks.
ticks = st.lists(hours, max_size=8)
# Somebody leaves a seat and somebody else comes, perhaps some days later.
changes = st.lists(st.tuples(st.sampled_from(["oa", "oa2", "sup", "hs"]), days, st.integers(1, 9)), max_size=3)
off = st.sets(days, max_size=6)


def play(house, deeds, ticks, changes, off, *, jump=0, shuffled=None):
    """Live through it in the engine and in the reference; returns both as {(duty, seat, period): (state, person)}."""
    company = _company(house, changes, off)
    script = sorted(
        [(MONDAY + hour * HOUR, "deed", n) for n, (*_what, hour) in enumerate(deeds)]
        + [(MONDAY + hour * HOUR, "tick", 0) for hour in ticks],
    )  # fmt: skip
    end = MONDAY + LENGTH * DAY
    last = end if not jump else max(end, MONDAY + jump * DAY)
    with lent(*DUTIES):
        worker.tick(MONDAY)
        if jump:
            # Somebody set the clock ahead for a minute.
            _twice(MONDAY + jump * DAY)
        for at, kind, number in shuffled(script) if shuffled else script:
            if kind == "tick":
                worker.tick(at)
            else:
                _do(house, deeds[number], at)
        agrees(house, MONDAY + LENGTH * DAY / 2 + 13 * HOUR, ["sup"], [0])
        _twice(end)
        agrees(house, last, ["gm"], [0])
        found = {
            (row.duty.code, row.seat_id, row.period): (row.state, row.person_id)
            for row in Occurrence.objects.select_related("duty").filter(duty__code__in=DUTIES)
        }
    return found, _reference(house, company, deeds, script, last)


def _twice(at):
    """What one tick opens with a due instant of the past is passed up by the next."""
    worker.tick(at)
    worker.tick(at)


def _company(house, changes, off):
    seats = {name: [(house.people[name].pk, START, None)] for name in ("oa", "oa2", "sl", "hs", "sup", "ls")}
    newcomers = iter(("cm", "cc2", "fin2", "mk"))
    for name, after, gap in {change[0]: change for change in changes}.values():
        person, first, _last = seats[name][-1]
        out, come, successor = FIRST + after * DAY, FIRST + (after + gap) * DAY, house.people[next(newcomers)]
        seats[name] = [(person, first, out), (successor.pk, come, None)]
        Holding.objects.filter(seat=house.seats[name]).update(to_on=out)
        Holding.objects.create(person=successor, seat=house.seats[name], from_on=come)
    holidays = {FIRST + number * DAY for number in off}
    working = {day for day in holidays if day.weekday() >= 5}
    for day in holidays:
        DayOff.objects.create(day=day, kind="workday" if day in working else "holiday")
    renew(MONDAY)
    return reference.Company(seats, holidays - working, working)


def _seat(duty, number):
    names = DUTIES[duty][1]
    return names[number % len(names)]


def _do(house, deed, at):
    duty, number, thing, _hour = deed
    seat = house.seats[_seat(duty, number)]
    announce(
        DONE, house.people[thing], by=house.actor("gm", at), at=at, codes={"duty": duty, "seat": seat.pk}
    )  # fmt: skip


def _reference(house, company, deeds, script, last):
    found = {}
    for code, rhythm in [(code, rhythm) for code, row in DUTIES.items() for rhythm in row[0].split(",")]:
        _rhythms, names, needed, is_counted = DUTIES[code]
        rows = reference.owed(company, rhythm, names, MONDAY, last, needed)
        for at, kind, number in script:
            if kind == "deed" and deeds[number][0] == code:
                reference.prove(rows, _seat(code, deeds[number][1]), at, deeds[number][2], is_counted=is_counted)
        for (name, period), row in rows.items():
            found[code, house.seats[name].pk, period] = (row.state(last, is_counted), row)
    return found


def compare(house, found, expected):
    assert sorted(found) == sorted(expected)
    assert {key: state for key, (state, _person) in found.items()} == {
        key: state for key, (state, _row) in expected.items()
    }


@settings(FEW, max_examples=12)
@given(deeds=deeds, ticks=ticks, changes=changes, off=off)
# Nobody is head of a department on the day on which the quarter begins.
@example(deeds=[("D-HS-13", 0, "cc", 900)], ticks=[], changes=[("hs", 27, 6)], off=set())
@example(deeds=[("D-HS-13", 0, "cc", 760)], ticks=[100, 720, 780, 800, 1000], changes=[("hs", 27, 9)], off=set())
def test_downtime_holders_and_holidays(house, deeds, ticks, changes, off):
    """The worker comes when it likes, seats stand empty and are filled, holidays are set: the same rows in the same states."""
    with transaction.atomic():
        found, expected = play(house, deeds, ticks, changes, off)
        compare(house, found, expected)
        _open_ones_lie_with_who_sits_there(house, found)
        transaction.set_rollback(True)


def _open_ones_lie_with_who_sits_there(house, found):
    today = FIRST + LENGTH * DAY
    for (_duty, seat, _period), (state, person) in found.items():
        sitting = Holding.objects.filter(Holding.valid_q(today), seat=seat).values_list("person_id", flat=True)
        assert state != "open" or not sitting or person in sitting


@settings(FEW, max_examples=6)
@given(deeds=deeds, ticks=ticks, jump=st.integers(1, 80))
def test_a_clock_that_jumped_ahead_for_a_minute(house, deeds, ticks, jump):
    with transaction.atomic():
        found, expected = play(house, deeds, ticks, [], set(), jump=jump)
        compare(house, found, expected)
        transaction.set_rollback(True)


@settings(FEW, max_examples=6)
@given(deeds=deeds, ticks=ticks, dice=st.randoms(use_true_random=False))
def test_what_counts_may_be_told_in_any_order_and_more_than_once(house, deeds, ticks, dice):
    """Visits of a week, told late, told twice, told backwards: each counts once and for its own week."""
    visits = [deed for deed in deeds if deed[0] == "D-HS-04"]

    def shuffled(script):
        again = script + [step for step in script if step[1] == "deed"]
        dice.shuffle(again)
        return again

    with transaction.atomic():
        found, expected = play(house, visits, ticks, [], set(), shuffled=shuffled)
        compare(house, found, expected)
        transaction.set_rollback(True)


@settings(FEW, max_examples=3)
@given(deeds=deeds, ticks=ticks, changes=changes, dice=st.randoms(use_true_random=False))
def test_the_roll_up_agrees_in_whatever_order_everything_is_told(house, deeds, ticks, changes, dice):
    """What settles the oldest that is open depends on the order; that the roll-up counts what came of it does not."""

    def shuffled(script):
        again = script + script
        dice.shuffle(again)
        return again

    with transaction.atomic():
        play(house, deeds, ticks, changes, set(), shuffled=shuffled)
        transaction.set_rollback(True)


@settings(FEW, max_examples=6)
@given(
    deeds=deeds, ticks=ticks, changes=changes, off=off, jump=st.integers(1, 80), gone=st.integers(1, 15),
    dice=st.randoms(use_true_random=False),
)  # fmt: skip
def test_everything_at_once(house, deeds, ticks, changes, off, jump, gone, dice):
    """A month without the worker, a clock set ahead and back, holders and holidays changing, each visit told twice and out of order."""
    visits = [deed for deed in deeds if deed[0] == "D-HS-04"]
    kept = [hour for hour in ticks if not gone * 24 <= hour <= (gone + 30) * 24]

    def shuffled(script):
        again = script + [step for step in script if step[1] == "deed"]
        dice.shuffle(again)
        return again

    with transaction.atomic():
        found, expected = play(house, visits, kept, changes, off, jump=jump, shuffled=shuffled)
        compare(house, found, expected)
        _open_ones_lie_with_who_sits_there(house, found)
        transaction.set_rollback(True)


# What happens to things that are owed by an event: which thing, what, and at which quarter of an hour.
happenings = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["claims.contact.logged", "claims.contact.archived"]), st.integers(0, 300)), max_size=14
)  # fmt: skip
QUARTER = dt.timedelta(minutes=15)


def _told(happenings):
    """The plain reference: opened once a day and while nothing is open, closed by what comes after, late stays late."""
    rows = {}
    for thing, what, quarter in happenings:
        at = MONDAY + quarter * QUARTER
        mine = {key: row for key, row in rows.items() if key[0] == thing}
        if what.endswith("archived"):
            for row in mine.values():
                if row["state"] == "open":
                    row["state"] = "done" if at <= row["due"] else "late"
        elif not any(row["state"] == "open" for row in mine.values()):
            day = clock.local_date(at)
            rows.setdefault((thing, day.isoformat()), {"state": "open", "due": min(at + 2 * HOUR, clock.day_end(at))})
    return {key: row["state"] for key, row in rows.items()}


@settings(FEW, max_examples=25)
@given(happenings=happenings)
def test_events_in_any_order_twice_and_late(house, happenings):
    things = [house.people[name] for name in ("op", "net", "ops")]
    with transaction.atomic():
        for thing, what, quarter in happenings:
            at = MONDAY + quarter * QUARTER
            announce(what, things[thing], by=house.actor("cc", at), at=at, codes={"handler": house.people["cc"].pk})
        worker.tick(MONDAY + 30 * DAY)
        found = {
            (
                next(n for n, thing in enumerate(things) if row.subject_key.endswith(f":{thing.pk}")),
                row.period,
            ): row.state
            for row in Occurrence.objects.filter(duty__code="D-CC-12")
        }
        assert found == _told(happenings)
        agrees(house, MONDAY + 2 * DAY, ["gm"], [0])
        transaction.set_rollback(True)


# What an outlet lives through: a service is finished (that customer's entry owed or not), all entries are written; at which hour.
served = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 24 * 9)), max_size=16)


def _days(served, off):
    """The plain reference of the archive's day: owed from the first service on, again by a later one on the same day, late stays late."""
    rows = {}
    for is_written, owes, hour in served:
        at = MONDAY + hour * HOUR
        day = clock.local_date(at)
        if is_written:
            row = rows.get(day)
            if row and row["state"] == "open":
                row["state"] = "done" if at <= row["due"] else "late"
        elif owes:
            row = rows.get(day)
            if row is None:
                last = day
                while last in off or last.weekday() >= 5:
                    last += DAY
                rows[day] = {"state": "open", "due": clock.day_start(last + DAY)}
            elif row["state"] == "done" and at < row["due"]:
                row["state"] = "open"
    return {day.isoformat(): (row["state"], row["due"]) for day, row in rows.items()}


@settings(FEW, max_examples=25)
@given(served=served, off=st.sets(st.integers(0, 9), max_size=4), twice=st.booleans())
def test_a_served_day_in_any_order_with_days_off_and_told_twice(house, served, off, twice):
    """Services and entries as they come, hours forward and back, each perhaps told twice: the day's duty stands as the reference says."""
    off = {FIRST + number * DAY for number in off}
    with transaction.atomic():
        for day in off:
            DayOff.objects.create(day=day, kind="holiday")
        renew(MONDAY)
        told = [step for step in served for _time in range(1 + twice)]
        for is_written, owes, hour in told:
            at = MONDAY + hour * HOUR
            codes = {"outlet": house.units["east"].pk, "served_on": clock.local_date(at).isoformat()}
            if is_written:
                announce(
                    "customers.archiveday.written", house.people["op"], by=house.actor("oa", at), at=at, codes=codes
                )
            else:
                due = rules.end_after("daily", at, is_working) if owes else None
                announce(
                    "orders.order.finished",
                    house.people["op"],
                    by=house.actor("sw", at),
                    at=at,
                    codes={**codes, "entry_due_at": due},
                )
        worker.tick(MONDAY + 40 * DAY)
        found = {
            row.subject_key.rpartition(":")[2]: (row.state, row.due_at)
            for row in Occurrence.objects.filter(duty__code="D-OA-01")
        }
        assert found == _days(told, off)
        transaction.set_rollback(True)
