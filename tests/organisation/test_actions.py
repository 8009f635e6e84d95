"""Changing the chart: who may, what is kept, and what the actor sees of it at once."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.houses import MONDAY, START, House
from zhangfa.audit.models import Event, EventDetail, Look
from zhangfa.audit.seals import verify
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.organisation import actions, calendar, queries
from zhangfa.organisation.actions import absences, days, holdings, people, seats, units, users
from zhangfa.organisation.actor import Actor, actor_for, actor_for_person, system_actor
from zhangfa.organisation.models import Absence, Charge, Company, Holding, Person, Post, Seat, Unit, UnitPlacement, User
from zhangfa.policy.actions import install_preset
from zhangfa.policy.models import Stamp
from zhangfa.policy.queries import one_reading
from zhangfa.policy.rules import SECOND_DECIDER_KEY
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-5")]
TODAY = clock.local_date(MONDAY)
DAY = dt.timedelta(days=1)


@pytest.fixture
def house():
    return House()


def refused(call, **facts):
    with pytest.raises(Refused) as caught:
        call(**facts)
    return [refusal.code for refusal in caught.value.refusals]


@pytest.mark.parametrize("post", ["oa", "cs", "op", "sw", "fin", "dgm"])
def test_only_those_who_keep_the_chart_change_it(house, post):
    by = house.actor(post)
    assert refused(
        lambda: units.create(kind="outlet", code="N1", name="新网点", parent=house.units["home"], by=by, at=MONDAY)
    ) == ["chart.edit"]
    assert refused(lambda: people.add(no="N1", name="某人", by=by, at=MONDAY)) == ["people.edit"]
    assert not Event.objects.exists()


def test_a_new_outlet_copies_its_scope_and_is_told(house):
    unit = units.create(
        kind="outlet", code="N1", name="新网点", parent=house.units["home"], by=house.actor("am"), at=MONDAY
    )
    assert unit.department == house.units["home"] and unit.region is None
    assert UnitPlacement.objects.get(unit=unit).from_on == TODAY
    event = Event.objects.get(name="organisation.unit.created")
    assert event.person_id == house.people["am"].pk and "新网点" not in event.text
    assert EventDetail.objects.get(event=event).values == {"name": "新网点"}
    assert list(verify()) == []
    assert Company.objects.get().stamp == 1


def test_a_moved_department_takes_everything_below_with_it(house):
    by = house.actor("am")
    region = units.create(kind="region", code="R1", name="东区", parent=house.units["company"], by=by, at=MONDAY)
    units.move(house.units["home"], parent=region, by=by, at=MONDAY + 3 * DAY)
    east = Unit.objects.get(code="east")
    assert east.region == region and east.department == house.units["home"]
    assert refused(lambda: units.move(region, parent=house.units["home"], by=by, at=MONDAY)) == [
        "unit.parent",
        "unit.loop",
    ]
    house.customer.refresh_from_db()
    assert house.customer.region == region


def test_a_moved_outlet_takes_its_customers_along(house):
    units.move(house.units["east"], parent=house.units["facility"], by=house.actor("am"), at=MONDAY)
    house.customer.refresh_from_db()
    assert house.customer.department == house.units["facility"]


def test_units_and_seats_close_only_when_nothing_stands_in_them(house):
    by = house.actor("am")
    assert refused(lambda: units.close(house.units["home"], by=by, at=MONDAY)) == ["unit.children", "unit.seats"]
    assert refused(lambda: seats.retire(house.seats["sup"], by=by, at=MONDAY)) == ["seat.held", "seat.subordinates"]
    empty = seats.add(
        post=Post.objects.get(pk="op"), unit=house.units["service"], reports_to=house.seats["ops"], by=by, at=MONDAY
    )
    assert not seats.retire(empty, by=by, at=MONDAY).is_active


def test_reporting_lines_never_go_round(house):
    by = house.actor("hr")
    assert refused(lambda: seats.set_superior(house.seats["hs"], reports_to=house.seats["oa"], by=by, at=MONDAY)) == [
        "seat.loop"
    ]
    assert refused(lambda: seats.set_superior(house.seats["oa"], reports_to=house.seats["oa2"], by=by, at=MONDAY)) == [
        "seat.grade"
    ]
    seats.set_superior(house.seats["oa"], reports_to=house.seats["hs"], by=by, at=MONDAY)
    assert Seat.objects.get(pk=house.seats["oa"].pk).reports_to == house.seats["hs"]


def test_a_successor_holds_the_seat_from_the_day_after(house):
    by = house.actor("am")
    new = people.add(no="N1", name="㛃敏", phone="15400001111", by=by, at=MONDAY)
    seat = house.seats["oa"]
    assert refused(lambda: holdings.hold(person=new, seat=seat, from_on=TODAY, by=by, at=MONDAY)) == ["holding.taken"]
    holdings.end(Holding.objects.get(seat=seat), to_on=TODAY, by=by, at=MONDAY)
    holdings.hold(person=new, seat=seat, from_on=TODAY + DAY, by=by, at=MONDAY)
    old = house.people["oa"]
    assert actor_for_person(old, MONDAY).holds("oa") and not actor_for_person(new, MONDAY).holds("oa")
    tomorrow = MONDAY + DAY
    assert (
        actor_for_person(new, tomorrow).holds("oa", unit_id=seat.unit_id) and not actor_for_person(old, tomorrow).seats
    )
    assert queries.holder_of(seat, tomorrow) == new


def test_nobody_seats_themselves(house):
    by = house.actor("hr")
    seat = seats.add(
        post=Post.objects.get(pk="dgm"), unit=house.units["company"], reports_to=house.seats["gm"], by=by, at=MONDAY
    )
    assert refused(lambda: holdings.hold(person=house.people["hr"], seat=seat, from_on=TODAY, by=by, at=MONDAY)) == [
        "holding.self"
    ]


@pytest.mark.clause("A-04")
def test_charge_is_by_assignment_and_passes_on(house):
    by = house.actor("gm")
    second = seats.add(
        post=Post.objects.get(pk="dgm"), unit=house.units["company"], reports_to=house.seats["gm"], by=by, at=MONDAY
    )
    assert refused(
        lambda: holdings.take_charge(seat=house.seats["cs"], unit=house.units["home"], from_on=TODAY, by=by, at=MONDAY)
    ) == ["charge.grade"]
    holdings.take_charge(seat=second, unit=house.units["home"], from_on=TODAY, by=by, at=MONDAY)
    assert queries.executive_seat_for(house.units["east"], MONDAY) == second
    assert queries.executive_seat_for(house.units["east"], MONDAY - DAY) == house.seats["dgm"]
    charge = Charge.objects.get(seat=second)
    holdings.end_charge(charge, by=by, at=MONDAY + DAY)
    assert Charge.objects.get(pk=charge.pk).to_on == TODAY


@pytest.mark.clause("A-41")
def test_a_delegate_acts_in_the_seat_between_the_instants_only(house):
    cs, cc = house.people["cs"], house.people["cc"]
    start, end = MONDAY + dt.timedelta(hours=2), MONDAY + dt.timedelta(hours=8)
    absences.enter(cs, from_at=start, to_at=end, delegate=cc, by=house.actor("cs"), at=MONDAY)
    for at, is_acting in (
        (start - dt.timedelta(seconds=1), False),
        (start, True),
        (end - dt.timedelta(seconds=1), True),
        (end, False),
    ):
        actor = actor_for_person(cc, at)
        assert actor.holds("cs") is is_acting and actor.holds("cc")
    seat = actor_for_person(cc, start).seat_for("cs")
    acting = actor_for_person(cc, start).from_seat(seat)
    assert acting.principal_id == cs.pk and acting.is_any_of([cs.pk]) and acting.post == "cs"


@pytest.mark.clause("A-41")
def test_delegations_never_go_round_and_cancelling_ends_them(house):
    span = {"from_at": MONDAY, "to_at": MONDAY + 2 * DAY}
    absence = absences.enter(house.people["cc"], delegate=house.people["cc2"], by=house.actor("cc"), at=MONDAY, **span)
    codes = refused(
        lambda: absences.enter(
            house.people["cc2"], delegate=house.people["cc"], by=house.actor("cc2"), at=MONDAY, **span
        )
    )
    assert codes == ["absence.loop"]
    codes = refused(
        lambda: absences.enter(house.people["cm"], delegate=house.people["sw"], by=house.actor("cm"), at=MONDAY, **span)
    )
    assert codes == ["absence.delegate_seat"]
    assert refused(lambda: absences.cancel(absence, by=house.actor("op"), at=MONDAY)) == ["absence.others"]
    absences.cancel(absence, by=house.actor("hr"), at=MONDAY)
    assert not actor_for_person(house.people["cc2"], MONDAY).principal_id
    assert len(actor_for_person(house.people["cc2"], MONDAY).seats) == 1
    assert refused(lambda: absences.cancel(absence, by=house.actor("hr"), at=MONDAY)) == ["absence.cancelled"]


def test_others_are_entered_by_administration_only(house):
    span = {"from_at": MONDAY, "to_at": MONDAY + DAY}
    assert refused(lambda: absences.enter(house.people["cs"], by=house.actor("op"), at=MONDAY, **span)) == [
        "absence.others"
    ]
    absences.enter(house.people["cs"], by=house.actor("hr"), at=MONDAY, **span)
    assert Absence.objects.count() == 1


def test_a_number_is_shown_with_a_reason_that_is_kept(house):
    person = house.people["oa"]
    assert people.reveal(person, reason="联系到岗", by=house.actor("op"), at=MONDAY) == person.phone
    look = Look.objects.get()
    assert look.reason == "联系到岗" and look.person_id == house.people["op"].pk and look.field == f"phone:{person.pk}"
    technical = Actor(None, "admin", MONDAY, is_technical=True)
    assert refused(lambda: people.reveal(person, reason="看看", by=technical, at=MONDAY)) == ["people.reveal"]
    assert refused(lambda: people.reveal(person, reason="看看", by=house.actor("sw2"), at=MONDAY)) == ["people.read"]


def test_logins_are_the_technical_administrators(house):
    technical = Actor(None, "admin", MONDAY, is_technical=True, user_id=99)
    assert refused(
        lambda: users.create(
            username="x", password="rice-field-42", person=house.people["op"], by=house.actor("gm"), at=MONDAY
        )
    ) == ["users.edit"]
    user = users.create(
        username="phone-1", password="rice-field-42", person=house.people["op"], by=technical, at=MONDAY
    )
    assert actor_for(user, MONDAY).holds("op")
    assert "user.twice" in refused(
        lambda: users.create(
            username="PHONE-1", password="rice-field-42", person=house.people["op"], by=technical, at=MONDAY
        )
    )
    assert refused(lambda: users.reset_password(user, password="123", by=technical, at=MONDAY)) == ["user.password"]
    users.reset_password(user, password="bamboo-gate-77", by=technical, at=MONDAY)
    assert User.objects.get(pk=user.pk).check_password("bamboo-gate-77")
    assert not users.set_active(user, is_active=False, by=technical, at=MONDAY).is_active
    assert "bamboo" not in str(list(EventDetail.objects.values_list("values", flat=True)))


def test_a_new_password_ends_tokens_and_on_request_the_second_factor(house):
    technical = Actor(None, "admin", MONDAY, is_technical=True, user_id=99)
    user = users.create(
        username="phone-2", password="rice-field-42", person=house.people["op"], by=technical, at=MONDAY
    )
    token = tokens.issue(user, at=MONDAY)
    TOTP.activate(user, generate_totp_secret())
    users.reset_password(user, password="bamboo-gate-77", by=technical, at=MONDAY)
    assert tokens.authenticate(token, MONDAY) is None
    assert Authenticator.objects.filter(user=user).exists()
    users.reset_password(user, password="bamboo-gate-78", is_phone_lost=True, by=technical, at=MONDAY)
    assert not Authenticator.objects.filter(user=user).exists()


def test_a_marked_day_counts_at_once(house):
    saturday = dt.date(2031, 3, 1)
    assert not calendar.is_working(saturday)
    marked = days.mark(day=saturday, kind="workday", name="调休", by=house.actor("am"), at=MONDAY)
    assert calendar.is_working(saturday)
    days.unmark(marked, by=house.actor("am"), at=MONDAY)
    assert not calendar.is_working(saturday)


def test_a_day_that_another_process_marked_counts_at_once(house, django_assert_num_queries):
    """Every process keeps the year until the stamp of the figures has changed, and asks no more than that."""
    sunday = dt.date(2031, 3, 2)
    assert not calendar.is_working(sunday)
    with django_assert_num_queries(1):
        assert not calendar.is_working(sunday)
    with one_reading(), django_assert_num_queries(0):
        calendar.is_working(sunday)
    calendar.DayOff.objects.create(day=sunday, kind="workday")
    # What another process leaves behind: a new stamp in the database, nothing in this memory.
    Stamp.objects.update(token="another process")
    assert calendar.is_working(sunday)


def test_an_empty_company_is_founded_once(db):
    found = actions.found(
        name="新家政",
        administrator="root",
        password="rice-field-42",
        manager_name="单小满",
        second_decider_name="宋禾",
        at=MONDAY,
    )
    assert found.administrator.is_technical and found.administrator.person is None
    assert found.second_decider.name == "宋禾"
    assert actor_for_person(found.manager, MONDAY).posts == {"am"}
    assert Person.objects.search("shan").get() == found.manager
    assert Post.objects.count() == 18
    assert {problem.code for problem in queries.chain_problems(MONDAY)} == {"empty_seat", "no_second_decider"}
    install_preset(at=MONDAY, own={SECOND_DECIDER_KEY: str(found.second_decider.pk)})
    assert {problem.code for problem in queries.chain_problems(MONDAY)} == {"empty_seat"}
    assert refused(lambda: actions.found(name="第二家", administrator="r2", password="rice-field-42", at=MONDAY)) == [
        "company.exists"
    ]
    assert list(verify()) == []


def test_jobs_may_keep_the_chart_under_their_name(house):
    units.create(
        kind="outlet",
        code="N9",
        name="夜间导入",
        parent=house.units["home"],
        by=system_actor("import", MONDAY),
        at=MONDAY,
    )
    event = Event.objects.get(name="organisation.unit.created")
    assert event.person_id is None and event.post == "system"
    assert START < TODAY
