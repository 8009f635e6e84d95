"""Rhythms of every kind: opened once, counted by what came in, moved by holidays, owed by whoever holds the seat."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.duties.switched import done, lent
from tests.houses import MONDAY
from zhangfa.core import clock
from zhangfa.core.transitions import announce
from zhangfa.duties import actions
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Evidence, Occurrence, Rhythm
from zhangfa.notices.models import Notice
from zhangfa.organisation.actions import holdings
from zhangfa.organisation.calendar import DayOff, renew
from zhangfa.organisation.models import Holding, Person, Seat, Unit
from zhangfa.runtime import worker

HOUR, DAY, WEEK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=7)
pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-1")]


def day(text):
    return clock.day_start(dt.date.fromisoformat(text))


def rows(code, **which):
    return list(Occurrence.objects.filter(duty__code=code, **which).order_by("opened_at", "pk"))


def test_a_switched_off_duty_is_owed_by_nobody(house):
    actions.generate(MONDAY)
    assert not Occurrence.objects.exclude(duty__off="").exists()
    assert not rows("D-LS-01")


def test_a_daily_duty_is_owed_by_every_seat_on_working_days(house):
    DayOff.objects.create(day=dt.date(2026, 3, 4), kind="holiday")
    DayOff.objects.create(day=dt.date(2026, 3, 7), kind="workday")
    renew(MONDAY)
    with lent("D-OA-01"):
        actions.generate(MONDAY)
        actions.generate(MONDAY + 7 * DAY)
    east = rows("D-OA-01", seat=house.seats["oa"])
    assert [row.period for row in east] == [
        "2026-03-02", "2026-03-03", "2026-03-05", "2026-03-06", "2026-03-07", "2026-03-09",
    ]  # fmt: skip
    assert {row.seat_id for row in rows("D-OA-01")} == {house.seats[name].pk for name in ("oa", "oa2", "sl")}
    assert (east[0].due_at, east[0].unit, east[0].department) == (
        day("2026-03-03"), house.units["east"], house.units["home"],
    )  # fmt: skip


def test_two_visits_a_week_settle_the_week_and_late_ones_count_for_their_own(house):
    with lent("D-HS-04"):
        actions.generate(MONDAY)
        first, second, third = (house.people[name] for name in ("cc", "cs", "op"))
        done(house, "oa", "D-HS-04", MONDAY + HOUR, thing=first)
        done(house, "oa", "D-HS-04", MONDAY + 2 * HOUR, thing=first)
        (row,) = rows("D-HS-04", seat=house.seats["oa"])
        assert (row.state, row.needed, row.counted) == ("open", 2, 1)
        done(house, "oa", "D-HS-04", MONDAY + DAY, thing=second)
        (row,) = rows("D-HS-04", seat=house.seats["oa"])
        assert (row.state, row.counted, row.done_at) == ("done", 2, MONDAY + DAY)
        # The supervisor lets the week pass: nothing makes up for it.
        worker.tick(MONDAY + WEEK)
        done(house, "sup", "D-HS-04", MONDAY + WEEK + HOUR, thing=first)
        done(house, "sup", "D-HS-04", MONDAY + WEEK + HOUR, thing=second)
        done(house, "sup", "D-HS-04", MONDAY + WEEK + HOUR, thing=third)
        assert [(row.state, row.counted) for row in rows("D-HS-04", seat=house.seats["sup"])] == [
            ("missed", 0), ("done", 3),
        ]  # fmt: skip


def test_what_comes_in_while_the_clock_stands_still_finds_its_period(house):
    with lent("D-OA-03", "D-HS-04"):
        worker.tick(MONDAY)
        # A month without a worker: the pages work, nobody opens periods.
        for week in range(1, 4):
            done(house, "oa", "D-HS-04", MONDAY + week * WEEK, thing=house.people["cc"])
            done(house, "oa", "D-HS-04", MONDAY + week * WEEK, thing=house.people["cs"])
        worker.tick(MONDAY + 30 * DAY)
        assert [row.state for row in rows("D-HS-04", seat=house.seats["oa"])] == [
            "missed", "done", "done", "done", "open",
        ]  # fmt: skip
        assert [row.period for row in rows("D-OA-03", seat=house.seats["oa"])] == ["2026-03", "2026-04"]


def test_a_yearly_quota_is_owed_for_every_person_and_in_part_for_those_who_join(house):
    with lent("D-AM-09"):
        actions.generate(MONDAY)
        people = Person.objects.filter(holdings__isnull=False).distinct().count()
        assert len(rows("D-AM-09")) == people
        assert {row.needed for row in rows("D-AM-09")} == {Decimal(72)}
        newcomer = Person.objects.create(no="NEW", name="新人")
        Holding.objects.create(person=newcomer, seat=house.seats["oa2"], from_on=dt.date(2026, 9, 15))
        actions.generate(day("2026-09-15") + HOUR)
        actions.generate(day("2026-09-15") + 2 * HOUR)
        (owed,) = rows("D-AM-09", subject_key=f"person:{newcomer.pk}")
        assert (owed.needed, owed.opened_at, owed.due_at) == (Decimal(24), day("2026-09-15"), day("2027-01-01"))
        done(house, "am", "D-AM-09", day("2026-10-10"), people=[newcomer.pk, house.people["cc"].pk], hours="24.0")
        assert [row.state for row in rows("D-AM-09", subject_key=f"person:{newcomer.pk}")] == ["done"]
        (other,) = rows("D-AM-09", subject_key=f"person:{house.people['cc'].pk}")
        assert (other.state, other.counted) == ("open", Decimal(24))


def test_a_seat_that_nobody_holds_owes_nothing_and_the_next_holder_owes_the_next_period(house):
    Holding.objects.filter(seat=house.seats["oa2"]).update(to_on=dt.date(2026, 3, 1))
    with lent("D-OA-01"):
        actions.generate(MONDAY)
        assert not rows("D-OA-01", seat=house.seats["oa2"])
        Holding.objects.create(person=house.people["cm"], seat=house.seats["oa2"], from_on=dt.date(2026, 3, 3))
        actions.generate(MONDAY + DAY)
        (row,) = rows("D-OA-01", seat=house.seats["oa2"])
        assert (row.period, row.person) == ("2026-03-03", house.people["cm"])


def test_what_a_seat_owes_goes_to_its_new_holder_at_once(house):
    with lent("D-OA-03"):
        actions.generate(MONDAY)
        by = house.actor("am")
        holding = Holding.objects.get(seat=house.seats["oa"])
        holdings.end(holding, to_on=dt.date(2026, 3, 1), by=by, at=MONDAY)
        holdings.hold(person=house.people["cm"], seat=house.seats["oa"], from_on=dt.date(2026, 3, 2), by=by, at=MONDAY)
        assert [row.person for row in rows("D-OA-03", seat=house.seats["oa"])] == [house.people["cm"]]


def test_many_that_fall_due_together_are_told_as_one(house):
    with lent("D-OA-01"):
        actions.generate(MONDAY)
        worker.tick(day("2026-03-03"))
        assert {row.rung for row in rows("D-OA-01", period="2026-03-02")} == {1}
        told = (
            Notice.objects.filter(code__startswith="duties").exclude(code="duties.digest").values_list("person", "code")
        )
        assert sorted(told) == sorted(
            (house.people[name].pk, code)
            for name, code in (
                ("oa", "duties.overdue"), ("oa2", "duties.overdue"), ("sl", "duties.overdue"), ("sup", "duties.escalated_many"),
                ("ls", "duties.escalated"),
            )
        )  # fmt: skip


def statements(run):
    with CaptureQueriesContext(connection) as seen:
        run()
    return len([q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]])


def test_a_tick_costs_the_same_however_much_history_and_however_many_seats_there_are(house):
    """One more day: the same statements with two outlets and a week behind them as with thirty and a year."""

    def one_day(at):
        return statements(lambda: (actions.generate(at), actions.move_holders(at)))

    with lent("D-OA-01"):
        for number in range(8):
            one_day(MONDAY + number * DAY)
        before = one_day(MONDAY + 8 * DAY)
        for number in range(30):
            person = Person.objects.create(no=f"X{number}", name=f"人{number}")
            seat = Seat.objects.create(post_id="oa", unit=house.units["west"], reports_to=house.seats["sup"])
            Holding.objects.create(person=person, seat=seat, from_on=dt.date(2026, 1, 1))
        actions.generate(MONDAY + 120 * DAY)
        one_day(MONDAY + 121 * DAY)
        assert one_day(MONDAY + 122 * DAY) == before
        assert Occurrence.objects.count() > 2_000
        assert statements(lambda: actions.generate(MONDAY + 122 * DAY + HOUR)) <= 4


def test_the_same_evidence_counts_once(house):
    with lent("D-HS-01"):
        actions.generate(MONDAY)
        for _ in range(3):
            done(house, "hs", "D-HS-01", MONDAY + HOUR)
        assert Evidence.objects.count() == 1
        assert [row.state for row in rows("D-HS-01")] == ["done"]


def test_evidence_of_another_kind_settles_nothing(house):
    with lent("D-HS-01"):
        actions.generate(MONDAY)
        done(house, "hs", "D-HS-02", MONDAY + HOUR)
    assert [row.state for row in rows("D-HS-01")] == ["open"]
    assert Rhythm.objects.filter(stem="D-HS-01.do.").exists()


@pytest.mark.clause("HS-W1.6")
def test_every_head_of_a_department_owes_what_heads_owe_and_settles_only_their_own(house):
    """Two household centres: each meets, checks and plans for itself."""
    second = Unit(code="home2", name="第二家政", kind="department", parent=house.units["company"])
    second.save()
    second.place()
    second.save()
    seat = Seat.objects.create(post_id="hs", unit=second, reports_to=house.seats["dgm"])
    Holding.objects.create(person=house.people["cm"], seat=seat, from_on=dt.date(2026, 1, 1))
    load_catalogue()
    actions.generate(MONDAY)
    for code in ("D-HS-01", "D-HS-02", "D-HS-05", "D-HS-13"):
        assert {row.seat_id for row in rows(code)} == {house.seats["hs"].pk, seat.pk}, code
    # What is done in a department is told with the department, whoever did it; a head's own check with the seat.
    facts = {"kind": "department", "post": "hs", "department": second.pk}
    announce("meetings.meeting.published", house.people["cs"], by=house.actor("am"), at=MONDAY + HOUR, codes=facts)
    facts = {"kind": "spot_check", "seat": house.seats["hs"].pk}
    announce("inspections.inspection.done", house.people["cs"], by=house.actor("hs"), at=MONDAY + HOUR, codes=facts)
    assert {row.seat_id: row.state for row in rows("D-HS-01")} == {house.seats["hs"].pk: "open", seat.pk: "done"}
    assert {row.seat_id: row.state for row in rows("D-HS-02")} == {house.seats["hs"].pk: "done", seat.pk: "open"}
    # Administration's own check settles no head's.
    announce(
        "inspections.inspection.done",
        house.people["cc"],
        by=house.actor("am"),
        at=MONDAY + HOUR,
        codes={"kind": "spot_check"},
    )
    assert {row.state for row in rows("D-HS-02", seat=seat)} == {"open"}
