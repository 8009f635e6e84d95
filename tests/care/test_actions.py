"""Plans, visits, sheets, bundles and threads from the first step to the last."""

import datetime as dt
from decimal import Decimal as D

import pytest

from tests.care import stages
from tests.care.stages import DAY, HOUR, MARCH
from tests.houses import MONDAY, House
from tests.meetings import stages as meetings
from tests.orders import stages as orders
from tests.regulations import stages as rules
from zhangfa.care import actions, queries
from zhangfa.care.actions.promises import day_of
from zhangfa.care.chain import SOURCE
from zhangfa.care.models import CarePlan, Promise, Thread, Visit
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.meetings import actions as actions_of_meetings
from zhangfa.notices.models import Notice
from zhangfa.orders import actions as order_actions
from zhangfa.orders.registry import job_notes
from zhangfa.records.models import Copy
from zhangfa.regulations.threads import thread as chain_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def house():
    made = House()
    load_catalogue()
    return made


def codes(refused):
    return [refusal.code for refusal in refused.value.refusals]


def duty(code):
    return Occurrence.objects.filter(duty__key__startswith=code).order_by("-pk").first()


@pytest.mark.clause("CS-W3.1")
def test_the_month_is_drawn_issued_and_confirmed_with_the_booked_order(house):
    order = orders.booked(house)
    month = stages.drawn(house)
    plan = CarePlan.objects.get(month=month)
    assert (plan.customer, plan.order, plan.planned_on) == (house.customer, order, order.served_from.date())
    assert plan.classes == ["premium"] and plan.manager == house.people["cm"]
    assert plan.offer_id and plan.offer_id != house.product.pk and plan.reasons
    month = actions.issue(month, by=house.actor("cs"), at=MONDAY)
    month.record.refresh_from_db()
    assert month.record.number.startswith("GH-2026") and month.record.status == "approved"
    assert Notice.objects.filter(person=house.people["cm"], code="care.issued").exists()
    with pytest.raises(Refused) as refused:
        actions.confirm(
            CarePlan.objects.get(),
            by=house.actor("cm"),
            at=MONDAY,
            found="了解过",
            planned_on=MONDAY.date(),
            offer=house.product,
        )
    assert codes(refused) == ["care.text", "plan.used"]
    with pytest.raises(Refused) as refused:
        actions.draw(MARCH, by=house.actor("cs"), at=MONDAY)
    assert codes(refused) == ["month.issued"]


@pytest.mark.clause("CS-W3.1")
def test_a_month_is_not_issued_while_somebody_on_the_list_has_no_plan(house):
    month = stages.drawn(house)
    CarePlan.objects.all().delete()
    with pytest.raises(Refused) as refused:
        actions.issue(month, by=house.actor("cs"), at=MONDAY)
    assert codes(refused) == ["month.left_out", "month.empty"]
    with pytest.raises(Refused) as refused:
        actions.draw(MARCH, by=house.actor("cm"), at=MONDAY)
    assert codes(refused) == ["care.draw"]


@pytest.mark.clause("CS-W3.2")
@pytest.mark.parametrize(("minutes", "is_on_time"), [(0, True), (60, True), (61, False)])
def test_arrival_is_measured_against_the_real_start(house, minutes, is_on_time):
    visit = stages.under_way(house, minutes)
    assert (visit.delay_minutes, visit.is_on_time) == (minutes, is_on_time)
    assert Notice.objects.filter(person=house.people["cm"], code="care.started").count() == 1
    row = duty("D-CM-01.do")
    assert row.person == house.people["cm"]
    assert row.state == ("done" if is_on_time else "late")
    assert CarePlan.objects.get().status == "visited"


@pytest.mark.clause("CS-W3.2")
def test_who_is_there_before_the_work_begins_is_in_time(house):
    order = orders.assigned(house)
    plan = stages.confirmed(house)
    at = order.served_from - dt.timedelta(minutes=10)
    visit = stages.leave(house, plan, at)
    visit = actions.arrive(visit, by=house.actor("cm", at), at=at)
    assert visit.is_on_time is None
    stages.actions_start(house, order)
    visit.refresh_from_db()
    assert (visit.is_on_time, visit.delay_minutes) == (True, -10)


@pytest.mark.clause("CS-W3.2")
def test_nobody_leaves_without_the_check_and_only_the_manager_of_the_customer_goes(house):
    plan = stages.confirmed(house)
    with pytest.raises(Refused) as refused:
        actions.prepare(plan.customer, plan=plan, checklist=["gift"], by=house.actor("cm"), at=MONDAY)
    assert codes(refused) == ["visit.checklist", "visit.checklist"]
    with pytest.raises(Refused):
        actions.prepare(plan.customer, plan=plan, checklist=["appearance", "notebook"], by=house.actor("oa"), at=MONDAY)
    visit = stages.leave(house, plan, MONDAY)
    with pytest.raises(Refused) as refused:
        stages.leave(house, plan, MONDAY)
    assert codes(refused) == ["visit.twice"]
    visit = actions.cancel(visit, by=house.actor("cm"), at=MONDAY, reason="客户临时外出")
    assert stages.leave(house, plan, MONDAY).status == "prepared"


@pytest.mark.clause("CS-W3.3")
def test_the_sheet_is_due_two_hours_after_the_return(house):
    visit = stages.returned(house)
    assert visit.sheet_due_at == visit.returned_at + 2 * HOUR
    row = duty("D-CM-02")
    assert (row.due_at, row.state) == (visit.sheet_due_at, "open")
    late = visit.sheet_due_at + dt.timedelta(seconds=1)
    visit = actions.write_sheet(visit, by=house.actor("cm", late), at=late, **stages.SHEET)
    assert visit.is_late and visit.record.number.startswith("F19-")
    row.refresh_from_db()
    assert row.state == "late"


@pytest.mark.clause("CS-W3.2")
def test_in_service_the_quality_is_checked_and_the_customer_asked(house):
    visit = stages.returned(house)
    with pytest.raises(Refused) as refused:
        actions.write_sheet(
            visit,
            by=house.actor("cm"),
            at=visit.returned_at,
            **{**stages.SHEET, "scores": {"result": 5}, "satisfaction": None, "opinion": "好", "suggestion": " "},
        )
    assert codes(refused) == ["sheet.opinion", "sheet.suggestion", "sheet.satisfaction", *["sheet.score"] * 4]


@pytest.mark.clause("CS-W3.4")
def test_a_problem_runs_from_the_sheet_to_the_answer_each_step_with_its_deadline(house):
    visit = stages.written(house, **stages.PROBLEM)
    thread = Thread.objects.get(visit=visit)
    row = duty("D-CS-05")
    assert row.due_at == thread.meeting_due_at and (thread.meeting_due_at - thread.raised_at).days == 7
    old = rules.in_force(house, at=MONDAY - DAY, day=(MONDAY - DAY).date())
    with pytest.raises(Refused) as refused:
        actions.promulgate(thread, by=house.actor("am"), at=MONDAY, regulation=old)
    assert codes(refused) == ["status"]
    at = thread.raised_at + 2 * DAY
    lost = meetings.resolved(house, at=at, votes=("no", "no", "no"))
    weekly = actions_of_meetings.resolve(
        meetings.held(house, at=at, kind="department"), by=house.actor("cs", at), at=at, **meetings.WORDS
    )
    before = meetings.resolved(house, at=thread.raised_at - DAY)
    for meeting, code in ((lost, "thread.undecided"), (weekly, "thread.kind"), (before, "thread.before")):
        with pytest.raises(Refused) as refused:
            actions.hold_meeting(thread, by=house.actor("cs", at), at=at, meeting=meeting)
        assert codes(refused) == [code]
    meeting = meetings.resolved(house, at=at, needs_rule=True)
    thread = actions.hold_meeting(thread, by=house.actor("cs", at), at=at, meeting=meeting)
    assert duty("D-CS-05").state == "done" and duty("D-AM-05").due_at == thread.rule_due_at
    assert thread.decision == meeting.resolution and thread.meeting_url == meeting.get_absolute_url()
    draft = rules.drafted(house, at=at)
    for regulation, code in ((draft, "thread.draft"), (old, "thread.old_rule")):
        with pytest.raises(Refused) as refused:
            actions.promulgate(thread, by=house.actor("am", at), at=at + DAY, regulation=regulation)
        assert codes(refused) == [code]
    regulation = rules.in_force(house, at=at + DAY, day=(at + DAY).date())
    thread = actions.promulgate(thread, by=house.actor("am", at), at=at + DAY, regulation=regulation)
    assert duty("D-AM-05").state == "done" and duty("D-CS-12").due_at == thread.answer_due_at
    chain = chain_of(SOURCE, str(thread.pk), house.actor("am", at), at + DAY)
    assert chain is not None and (chain.meetings, chain.regulations) == ([meeting], [regulation])
    thread = actions.answer(thread, by=house.actor("cs", at), at=at + DAY, answer="以后每次检查油烟机上沿")
    assert thread.status == "answered" and duty("D-CS-12").state == "done"


@pytest.mark.clause("CS-W3.3")
def test_the_week_goes_to_administration_and_the_deputy_with_receipts(house):
    visit = stages.written(house)
    week = MONDAY.date()
    with pytest.raises(Refused) as refused:
        actions.send_bundle(week, by=house.actor("cs"), at=MONDAY + DAY)
    assert codes(refused) == ["bundle.running"]
    at = MONDAY + 7 * DAY
    bundle = actions.send_bundle(week, by=house.actor("cs", at), at=at)
    visit.refresh_from_db()
    assert visit.bundle == bundle and bundle.figures["all"] == 1 and bundle.figures["on_time"] == 1
    assert not bundle.record.is_late(at)
    with pytest.raises(Refused) as refused:
        actions.send_bundle(week, by=house.actor("cs", at), at=at)
    assert codes(refused) == ["bundle.sent"]
    bundle = actions.pass_on(bundle, by=house.actor("am", at), at=at + DAY, summary="客户总体满意，意见集中在厨房")
    bundle = actions.conclude(bundle, by=house.actor("dgm", at), at=at + 4 * DAY, conclusion="厨房清洁列入下月培训")
    assert bundle.status == "concluded"
    people = set(Copy.objects.filter(record=bundle.record).values_list("person_id", flat=True))
    assert people == {house.people[name].pk for name in ("am", "dgm", "cs")}


@pytest.mark.clause("HS-D6")
def test_departments_visit_and_administration_has_a_copy(house):
    visit = stages.division_visit(house)
    assert visit.record.number.startswith("F21-") and visit.status == "written"
    assert Copy.objects.get(record=visit.record).person == house.people["am"]
    with pytest.raises(Refused):
        stages.division_visit(house, "fin")
    assert set(Visit.objects.visible_to(house.actor("oa"))) == {visit}
    assert not Visit.objects.visible_to(house.actor("oa2")).exists()
    assert not Visit.objects.visible_to(house.actor("fin")).exists()


@pytest.mark.clause("CC-D8")
def test_a_specialist_s_visit_brings_the_archive_up_to_date(house):
    visit = stages.division_visit(house, "cc")
    assert visit.record.number.startswith("F20-")
    with pytest.raises(Refused) as refused:
        stages.division_visit(house, "cc", profile_note="")
    assert codes(refused) == ["sheet.profile"]


@pytest.mark.clause("CS-W3.2")
def test_a_promise_is_told_to_the_next_and_kept_or_broken(house):
    visit = stages.written(house, promise_text="下次带专用清洁剂", promise_due=MONDAY + 10 * DAY)
    row = Promise.objects.get()
    assert row.owner == house.people["cm"] and row.source == f"visit:{visit.pk}"
    with pytest.raises(Refused) as refused:
        actions.keep(row, by=house.actor("op"), at=MONDAY, result="已带去")
    assert "promise.own" in codes(refused)
    at = row.due_at + HOUR
    row = actions.keep(row, by=house.actor("cm", at), at=at, result="已带去用过")
    assert row.status == "kept" and row.is_late(at)


@pytest.mark.clause("CS-W3.2")
def test_the_day_of_a_promise_is_the_day_in_the_companys_calendar():
    early, end = (
        dt.datetime(2026, 3, 5, 6, 30, tzinfo=clock.TZ),
        clock.day_end(dt.datetime(2026, 3, 5, 9, tzinfo=clock.TZ)),
    )
    assert day_of(early.astimezone(dt.UTC)) == day_of(end) == day_of(end.astimezone(dt.UTC)) == "2026-03-05"


@pytest.mark.clause("CS-W2.2")
def test_the_worker_reads_the_care_instruction_without_amounts(house):
    order = orders.assigned(house)
    stages.confirmed(house)
    told = job_notes([order], MONDAY)[order.pk]
    assert any("优质客户" in line for line in told) and any("老人在家" in line for line in told)
    assert not any("150" in line for line in told)
    assert order_actions.finish.name == "finish"


@pytest.mark.clause("CS-W3.1")
def test_the_plan_follows_the_order_that_is_booked_later(house):
    stages.issued(house)
    order = orders.booked(house, served_from=MONDAY + 3 * DAY)
    assert actions.match_orders(MONDAY) == 1
    plan = CarePlan.objects.get()
    assert (plan.order, plan.planned_on) == (order, order.served_from.date())
    assert actions.match_orders(MONDAY) == 0


def test_what_waits_stands_on_the_workbench(house):
    stages.written(house, **stages.PROBLEM)
    assert any("开会" in str(item.title) for item in queries.todo(house.actor("cs"), MONDAY))
    assert D(1)
