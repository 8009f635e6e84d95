"""Duties open and close by what happens to a case, go up when overdue, and stay late."""

import datetime as dt
from functools import partial

import pytest

from tests.duties.switched import lent
from tests.houses import MONDAY, START
from zhangfa.claims import actions as claims
from zhangfa.core import clock
from zhangfa.core.transitions import Happened, announce
from zhangfa.duties import actions, due, engine, queries
from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Duty, Occurrence
from zhangfa.notices.models import Notice
from zhangfa.organisation.actor import system_actor
from zhangfa.organisation.models import Holding, Person
from zhangfa.policy import queries as policy
from zhangfa.runtime import alarms, worker
from zhangfa.runtime.models import Alarm

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-1")]


def happen(house, event, obj=None, at=MONDAY, record=None, **codes):
    announce(
        event,
        obj or house.people["cc"],
        by=house.actor("cc", at),
        at=at,
        record_id=record,
        codes=codes,
        clause="CC-W1.1",
    )


def states(code=""):
    rows = Occurrence.objects.filter(duty__code__startswith=code).order_by("pk")
    return [(row.duty.stage, row.state) for row in rows]


def rings_for_nobody():
    """The alarms of what is done find nothing open, tell nobody, and are gone."""
    before = Notice.objects.count()
    alarms.fire_due(MONDAY + 30 * DAY)
    return Notice.objects.count() == before and not Alarm.objects.filter(kind=due.OVERDUE).exists()


def told(house, name):
    codes = Notice.objects.filter(person=house.people[name], code__startswith="duties").exclude(code="duties.digest")
    return list(codes.order_by("pk").values_list("code", flat=True))


def test_the_catalogue_stands_in_its_table(db):
    assert set(Duty.objects.values_list("key", flat=True)) == {row.key for row in catalogue().rows}
    Duty.objects.create(
        key="gone",
        code="D-X",
        stage="s",
        post="cc",
        clause="X-1",
        rhythm="event",
        name="n",
        name_en="n",
        evidence="",
        evidence_en="",
    )
    actions.load_catalogue()
    assert not Duty.objects.get(key="gone").is_active


def test_an_event_that_nobody_listens_to_costs_nothing(house, django_assert_num_queries):
    happened = Happened("claims.case.assessed", "", house.people["cc"], house.actor("cc"), MONDAY, None, "c")
    with django_assert_num_queries(0):
        engine.receive(happened)


@pytest.mark.clause("CC-W1.1")
def test_a_case_from_alert_to_registration(house):
    case = house.report()
    name = house.handler_of(case)
    assert states() == [("acknowledge", "open"), ("arrive", "open")]
    ack, arrive = Occurrence.objects.order_by("pk")
    assert (ack.due_at, arrive.due_at) == (MONDAY + 15 * MINUTE, MONDAY + 4 * HOUR)
    assert (ack.seat, ack.person, ack.record_id) == (house.seats[name], house.people[name], case.pk)
    assert ack.policy[0]["key"] == "claims.alert_ack_minutes"
    assert [row.pk for row in queries.my_duties(house.actor(name), MONDAY)] == [ack.pk, arrive.pk]
    case = house.to_assessed(case, at=MONDAY + HOUR)
    assert states() == [("acknowledge", "late"), ("arrive", "done"), ("register", "done")]
    assert rings_for_nobody()
    assert set(Occurrence.objects.values_list("record_id", flat=True)) == {case.pk}


@pytest.mark.clause("CC-W1.1")
def test_an_hour_that_the_customer_chooses_moves_the_arrival(house):
    case = house.report()
    by = house.actor(house.handler_of(case))
    hour = MONDAY + 26 * HOUR
    claims.log_call(case, by=by, at=MONDAY + 5 * MINUTE, content="客户约明天中午", customer_hour=hour)
    arrive = Occurrence.objects.get(duty__stage="arrive")
    assert arrive.due_at == hour
    assert Alarm.objects.get(subject=due.subject(arrive.due_at)).next_alarm_at == hour


@pytest.mark.parametrize("limit", [1, 20])
def test_what_is_overdue_below_is_the_same_from_either_end(house, limit):
    for _ in range(3):
        house.report()
    worker.tick(MONDAY + 3 * DAY)
    late, seen = MONDAY + 3 * DAY, 0
    for own in [[seat.pk] for seat in house.seats.values()] + [sorted(seat.pk for seat in house.seats.values())[:3]]:
        found = {
            is_wide: [row.pk for row in queries._overdue(limit, is_wide, own=own, at=late)] for is_wide in (True, False)
        }
        assert found[True] == found[False]
        seen += len(found[True])
    assert seen > limit


def noted(asked, name, build, limit, is_wide, **facts):
    asked[name] = is_wide
    return []


def test_who_has_nearly_everybody_below_is_asked_from_the_duties(house, monkeypatch):
    """A small department asks its seats, however much is overdue elsewhere."""
    asked = {}
    for name in ("gm", "hs", "dgm", "am", "oa"):
        monkeypatch.setattr(queries.compiled, "rows", partial(noted, asked, name))
        queries.overdue_below(house.actor(name), MONDAY)
    assert asked == {"gm": True, "hs": True, "dgm": False, "am": False, "oa": False}


def test_late_stays_late_and_overdue_goes_up_twice_each_once(house):
    case = house.report()
    name = house.handler_of(case)
    worker.tick(MONDAY + 14 * MINUTE)
    assert told(house, "cs") == []
    worker.tick(MONDAY + 15 * MINUTE)
    ack = Occurrence.objects.get(duty__stage="acknowledge")
    assert (ack.rung, ack.escalated_to, ack.state) == (1, house.seats["cs"], "open")
    assert (told(house, name), told(house, "cs"), told(house, "dgm")) == (["duties.overdue"], ["duties.escalated"], [])
    assert [row.pk for row in queries.overdue_below(house.actor("cs"), MONDAY + HOUR)] == [ack.pk]
    assert [row.pk for row in queries.overdue_below(house.actor("gm"), MONDAY + HOUR)] == [ack.pk]
    assert queries.overdue_below(house.actor("am"), MONDAY + HOUR) == []
    claims.acknowledge(case, by=house.actor(name), at=MONDAY + 20 * MINUTE)
    worker.tick(MONDAY + 3 * HOUR)
    ack.refresh_from_db()
    assert (ack.state, ack.evidence_event, ack.rung) == ("late", "claims.case.acknowledged", 1)
    worker.tick(MONDAY + 4 * HOUR)
    worker.tick(MONDAY + 3 * DAY + 4 * HOUR)
    arrive = Occurrence.objects.get(duty__stage="arrive")
    assert (arrive.rung, arrive.escalated_to) == (2, house.seats["dgm"])
    worker.tick(MONDAY + 60 * DAY)
    assert Notice.objects.filter(person=house.people["dgm"], params__duty=arrive.duty_id).count() == 1
    assert not Alarm.objects.filter(subject=due.subject(arrive.due_at)).exists()


@pytest.fixture
def fortnight_and_week():
    """Of all rhythms only the two of the specialist, with what a settlement of their own asks for."""
    with lent("D-CC-04", "D-CC-05", "D-CC-11"):
        yield


def test_a_month_without_a_worker_fills_the_periods_and_escalates_once(house, fortnight_and_week):
    worker.tick(MONDAY + 10 * MINUTE)
    assert Occurrence.objects.count() == 2  # the newest fortnight and the newest week, nothing of the past
    late = MONDAY + 30 * DAY
    worker.tick(late)
    bundles = Occurrence.objects.filter(duty__code="D-CC-05").order_by("opened_at")
    assert [row.period for row in bundles] == ["2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"]
    assert [row.period for row in Occurrence.objects.filter(duty__code="D-CC-04").order_by("opened_at")] == [
        "2026-02-16", "2026-03-02", "2026-03-16",
    ]  # fmt: skip
    worker.tick(late + MINUTE)
    worker.tick(late + 2 * MINUTE)
    overdue = Occurrence.objects.open().filter(due_at__lt=late)
    assert set(overdue.values_list("rung", flat=True)) == {1}
    # What fell due at different instants is told in different notices, each once.
    assert len(told(house, "cs")) == len(set(overdue.values_list("due_at", flat=True)))
    count = Occurrence.objects.count()
    worker.tick(late + 20 * MINUTE)
    assert Occurrence.objects.count() == count


@pytest.mark.clause("CC-D5")
@pytest.mark.clause("CC-D1")
def test_a_published_table_settles_its_own_period(house):
    at = clock.day_start(dt.date(2026, 3, 16)) + HOUR
    actions.generate(at - 14 * DAY)
    actions.generate(at)
    happen(house, "claims.totals.published", at=at, period="2026-03-02")
    happen(house, "claims.bundle.sent", at=at)
    assert [(r.period, r.state) for r in Occurrence.objects.filter(duty__code="D-CC-04").order_by("period")] == [
        ("2026-02-16", "open"), ("2026-03-02", "done"),
    ]  # fmt: skip
    oldest = Occurrence.objects.filter(duty__code="D-CC-05").earliest("opened_at")
    assert oldest.state == "late"


def test_a_rhythm_is_owed_once_by_the_company_whoever_holds_the_seat(house, fortnight_and_week):
    actions.generate(MONDAY)
    assert set(Occurrence.objects.values_list("seat", flat=True)) == {house.seats["cc"].pk}
    Holding.objects.filter(seat=house.seats["cc"]).update(to_on=MONDAY.date() - DAY)
    actions.generate(MONDAY + HOUR)
    assert Occurrence.objects.count() == 2


def test_open_duties_follow_the_seat(house, fortnight_and_week):
    actions.generate(MONDAY)
    newcomer = Person.objects.create(no="NEW", name="新人")
    Holding.objects.filter(seat=house.seats["cc"]).update(to_on=MONDAY.date())
    Holding.objects.create(person=newcomer, seat=house.seats["cc"], from_on=MONDAY.date() + DAY)
    assert actions.move_holders(MONDAY) == 0
    assert actions.move_holders(MONDAY + DAY) == 2
    assert set(Occurrence.objects.values_list("person", flat=True)) == {newcomer.pk}


def test_a_case_given_to_another_handler_takes_its_duties_along(house):
    case = house.report()
    other = "cc2" if house.handler_of(case) == "cc" else "cc"
    claims.reassign(case, by=house.actor("cs"), at=MONDAY, person=house.people[other], reason="原经办人回避")
    assert set(Occurrence.objects.values_list("seat", "person")) == {(house.seats[other].pk, house.people[other].pk)}


def test_a_void_case_owes_nothing(house):
    case = house.report()
    claims.void_case(case, by=house.actor("cs"), at=MONDAY + HOUR, reason="重复登记的案件")
    assert states() == [("acknowledge", "void"), ("arrive", "void")]
    assert rings_for_nobody()


def test_the_same_event_twice_opens_once(house):
    codes = {"handler": house.people["cc"].pk, "subject": "s"}
    for _ in range(2):
        happen(house, "claims.settlement.self_decided", **codes)
    assert Occurrence.objects.count() == 1
    happen(house, "claims.settlement.report_acknowledged", at=MONDAY + 24 * HOUR, **codes)
    happen(house, "claims.settlement.self_decided", at=MONDAY + 25 * HOUR, **codes)
    assert states() == [("report", "done"), ("report", "open")]


@pytest.mark.clause("CC-D8")
def test_each_contact_owes_its_own_sheet(house):
    first, second = house.people["cc"], house.people["cs"]  # any rows do as contacts
    for contact in (first, second):
        happen(house, "claims.contact.logged", contact, handler=house.people["cc"].pk)
    happen(house, "claims.contact.archived", second, at=MONDAY + HOUR)
    assert [state for _stage, state in states("D-CC-12")] == ["open", "done"]


def test_an_outlet_s_own_case_owes_at_the_outlet_s_seat(house):
    happen(house, "claims.case.arrived", handler=house.people["oa"].pk)
    assert Occurrence.objects.get().seat == house.seats["oa"]


@pytest.mark.clause("CC-W1.3")
def test_the_accident_form_is_owed_from_the_visit_and_goes_up_though_the_survey_is_never_finished(house):
    case = house.to_assessed(house.report(), until="arrived")
    midnight = clock.day_end(MONDAY)
    owed = Occurrence.objects.get(duty__stage="register")
    assert (owed.state, owed.due_at, case.survey.record.due_at) == ("open", midnight, midnight)
    worker.tick(midnight - MINUTE)
    assert not Notice.objects.filter(person=house.people["cs"], params__duty=owed.duty_id).exists()
    worker.tick(midnight)
    owed.refresh_from_db()
    assert (owed.rung, owed.escalated_to) == (1, house.seats["cs"])
    worker.tick(midnight + 3 * DAY)
    owed.refresh_from_db()
    assert (owed.rung, owed.escalated_to) == (2, house.seats["dgm"])
    assert Notice.objects.filter(person=house.people["cs"], params__duty=owed.duty_id).count() == 1


@pytest.mark.clause("CC-W1.3")
def test_the_return_brings_the_accident_form_nearer(house):
    case = house.to_assessed(house.report(), until="surveyed")
    owed = Occurrence.objects.get(duty__stage="register")
    two_hours = case.survey.returned_at + 2 * HOUR
    assert (owed.due_at, case.survey.record.due_at) == (two_hours, two_hours)
    assert Alarm.objects.get(subject=due.subject(owed.due_at)).next_alarm_at == two_hours


def test_a_company_without_the_post_owes_nothing(house, fortnight_and_week):
    house.seats["cc"].is_active = house.seats["cc2"].is_active = False
    house.seats["cc"].save()
    house.seats["cc2"].save()
    actions.generate(MONDAY)
    happen(house, "claims.settlement.self_decided", subject="s")
    assert not Occurrence.objects.exists()


def test_escalation_skips_an_empty_superior_and_the_same_person(house, fortnight_and_week):
    Holding.objects.filter(seat=house.seats["cs"]).delete()
    Holding.objects.create(person=house.people["cc"], seat=house.seats["dgm"], from_on=START)
    Holding.objects.filter(seat=house.seats["dgm"], person=house.people["dgm"]).delete()
    actions.generate(MONDAY)
    row = Occurrence.objects.first()
    assert actions.escalate_due(row.due_at, by=system_actor("t", MONDAY), at=MONDAY + 30 * DAY) == 1
    row.refresh_from_db()
    assert row.escalated_to == house.seats["gm"]


def test_figures_count_what_is_open_and_how_it_went(house):
    happen(house, "claims.settlement.self_decided", subject="a", handler=house.people["cc"].pk)
    happen(house, "claims.settlement.self_decided", subject="b", handler=house.people["cc"].pk)
    happen(house, "claims.settlement.report_acknowledged", at=MONDAY + 2 * DAY, subject="a")
    (figure,) = queries.figures(house.actor("cc"), MONDAY + 3 * DAY)
    assert (figure.value, figure.tone) == (1, "red")
    assert queries.figures(house.actor("am"), MONDAY) == []


def test_the_sink_is_cheap(house, django_assert_max_num_queries):
    happened = Happened(
        "claims.settlement.accepted",
        "",
        house.people["cc"],
        house.actor("cc"),
        MONDAY,
        None,
        "c",
        {"handler": house.people["cc"].pk},
    )
    policy.figure("claims.settlement_form", MONDAY)  # the process knows the figures of this company
    with django_assert_max_num_queries(7):
        engine.receive(happened)
