"""A step from the request to its decision, its escalation, and its end when the paper changes."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.approvals import papers
from tests.approvals.papers import ask, paper
from tests.houses import MONDAY, START
from zhangfa.approvals import actions, queries
from zhangfa.approvals.models import Step
from zhangfa.audit.models import Event
from zhangfa.core.decisions import Refused
from zhangfa.notices.models import Notice
from zhangfa.organisation.models import Absence, Holding
from zhangfa.runtime import alarms, worker
from zhangfa.runtime.models import Alarm

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-5")]


def rings_for_nobody():
    """The alarm of what is decided finds nothing waiting, tells nobody, and is gone."""
    before = Notice.objects.count()
    alarms.fire_due(MONDAY + 30 * DAY)
    return Notice.objects.count() == before and not Alarm.objects.filter(kind=actions.ESCALATE).exists()


def away(house, name, delegate=None, at=MONDAY):
    Absence.objects.create(
        person=house.people[name],
        delegate=house.people[delegate] if delegate else None,
        from_at=at - HOUR,
        to_at=at + 30 * DAY,
    )


def told(house, name):
    return list(
        Notice.objects.filter(person=house.people[name], code__startswith="approvals")
        .order_by("pk")
        .values_list("code", flat=True)
    )


def codes(refused):
    return [refusal.code for refusal in refused.value.refusals]


def test_the_route_is_kept_with_its_facts_figures_and_chain(house):
    step = ask(house)
    assert (step.seat, step.state, step.amount, step.seq) == (house.seats["cs"], "waiting", Decimal(1800), 1)
    assert step.due_at == MONDAY + 24 * HOUR
    assert step.facts == {"total": "1800.00"}
    assert [(row["key"], row["value"], row["version"]) for row in step.policy] == [("claims.manager_max", "1500.00", 1)]
    assert step.chain == [
        {"seat": house.seats["cs"].pk, "post": "cs", "person": house.people["cs"].pk, "why": "decides"}
    ]
    assert told(house, "cs") == ["approvals.requested"]
    assert [s.pk for s in queries.inbox(house.actor("cs"), MONDAY)] == [step.pk]
    assert queries.inbox(house.actor("cc"), MONDAY) == []
    assert [item.holder for item in queries.requested_items(house.actor("cc"), MONDAY)] == [str(house.seats["cs"])]
    shown = queries.explanation(step)
    assert shown.clause == "CC-W1.5"
    assert shown.why == ("1800.00 元",)
    assert "1,500" in shown.values[0][1]


def test_agreeing_once(house):
    step = ask(house)
    done = actions.decide(step, by=house.actor("cs"), at=MONDAY + HOUR, result="agree", amount=Decimal(1800))
    assert (done.state, done.decided_by, done.decided_at) == ("agreed", house.people["cs"], MONDAY + HOUR)
    assert papers.decided[-1] == (step.pk, "agreed")
    assert told(house, "cc") == ["approvals.agreed"]
    assert queries.approval_of(step.record).amount == Decimal(1800)
    assert rings_for_nobody()
    events = Event.objects.filter(record_id=step.record_id, name__startswith="approvals").order_by("n")
    assert list(events.values_list("name", flat=True)) == ["approvals.step.requested", "approvals.step.agreed"]
    with pytest.raises(Refused) as refused:
        actions.decide(step, by=house.actor("cs"), at=MONDAY + HOUR, result="refuse", opinion="改变主意了")
    assert codes(refused) == ["approvals.decided"]


@pytest.mark.parametrize(("result", "state"), [("refuse", "refused"), ("return", "returned")])
def test_a_no_needs_a_reason(house, result, state):
    step = ask(house)
    with pytest.raises(Refused) as refused:
        actions.decide(step, by=house.actor("cs"), at=MONDAY, result=result, opinion=" 不行 ")
    assert (codes(refused), refused.value.refusals[0].field) == (["approvals.opinion"], "opinion")
    assert actions.decide(step, by=house.actor("cs"), at=MONDAY, result=result, opinion="单价没有凭据").state == state
    assert queries.approval_of(step.record) is None


def test_an_amount_that_changed_on_the_way_is_noticed(house):
    with pytest.raises(Refused) as refused:
        actions.decide(ask(house), by=house.actor("cs"), at=MONDAY, result="agree", amount=Decimal(1500))
    assert codes(refused) == ["approvals.amount"]


@pytest.mark.parametrize("name", ["cc", "dgm", "gm", "cc2", "sw"])
def test_nobody_else_decides(house, name):
    with pytest.raises(Refused) as refused:
        actions.decide(ask(house), by=house.actor(name), at=MONDAY, result="agree")
    assert codes(refused) == ["approvals.own" if name == "cc" else "approvals.seat"]


def test_an_applicant_with_two_posts_does_not_decide(house):
    Holding.objects.create(person=house.people["cs"], seat=house.seats["cc"], from_on=START)
    step = ask(house, by="cs")
    assert step.seat == house.seats["dgm"]
    with pytest.raises(Refused):
        actions.decide(step, by=house.actor("cs"), at=MONDAY, result="agree")


def test_an_applicant_who_moves_into_the_seat_does_not_decide(house):
    step = ask(house)
    Holding.objects.filter(seat=house.seats["cs"]).update(to_on=MONDAY.date())
    Holding.objects.create(person=house.people["cc"], seat=house.seats["cs"], from_on=MONDAY.date() + DAY)
    later = MONDAY + 20 * HOUR
    assert queries.inbox(house.actor("cc", later), later) == []
    with pytest.raises(Refused) as refused:
        actions.decide(step, by=house.actor("cc", later), at=later, result="agree")
    assert codes(refused) == ["approvals.own"]
    worker.tick(MONDAY + 24 * HOUR)
    step.refresh_from_db()
    assert step.seat == house.seats["dgm"]


def test_a_successor_decides_what_waits_at_the_seat(house):
    step = ask(house)
    Holding.objects.filter(seat=house.seats["cs"]).update(to_on=MONDAY.date())
    Holding.objects.create(person=house.people["mk"], seat=house.seats["cs"], from_on=MONDAY.date() + DAY)
    later = MONDAY + 20 * HOUR
    with pytest.raises(Refused):
        actions.decide(step, by=house.actor("cs", later), at=later, result="agree")
    assert actions.decide(step, by=house.actor("mk", later), at=later, result="agree").decided_by == house.people["mk"]


def test_a_delegate_decides_for_an_absent_principal_and_both_are_named(house):
    away(house, "cs", delegate="mk")
    step = ask(house)
    assert (step.seat, step.chain[-1]["why"]) == (house.seats["cs"], "delegate")
    assert told(house, "mk") == ["approvals.requested"]
    done = actions.decide(step, by=house.actor("mk"), at=MONDAY, result="agree")
    assert (done.decided_by, done.principal) == (house.people["mk"], house.people["cs"])


def test_a_delegate_outside_the_dates_does_not(house):
    step = ask(house)
    away(house, "cs", delegate="mk", at=MONDAY + 60 * DAY)
    with pytest.raises(Refused):
        actions.decide(step, by=house.actor("mk"), at=MONDAY, result="agree")


def test_a_delegate_never_decides_the_principal_s_own_paper(house):
    away(house, "cs", delegate="mk")
    step = ask(house, by="cc", involved_person_ids=[house.people["cs"].pk])
    assert step.seat == house.seats["dgm"]
    # Even where the paper already lay at the seat when the matter became the principal's own.
    Step.objects.filter(pk=step.pk).update(seat=house.seats["cs"])
    with pytest.raises(Refused) as refused:
        actions.decide(step, by=house.actor("mk"), at=MONDAY, result="agree")
    assert codes(refused) == ["approvals.own_principal"]


def test_an_applicant_standing_in_for_the_decider_does_not_decide(house):
    away(house, "cs", delegate="cc")
    step = ask(house)
    assert (step.seat, [link["why"] for link in step.chain]) == (house.seats["dgm"], ["own_delegate", "decides"])


def test_absent_without_delegate_and_vacant_go_to_the_superior(house):
    away(house, "cs")
    assert ask(house).seat == house.seats["dgm"]
    Holding.objects.filter(seat=house.seats["dgm"]).delete()
    assert ask(house).seat == house.seats["gm"]


def test_a_delegate_who_is_away_too_is_passed_over(house):
    away(house, "cs", delegate="mk")
    away(house, "mk")
    assert ask(house).seat == house.seats["dgm"]


def test_the_gm_s_own_paper_goes_to_the_second_decider(house):
    house.name_second_decider("fin")
    step = ask(house, authority="gm", by="gm")
    assert (step.seat, step.person) == (None, house.people["fin"])
    with pytest.raises(Refused):
        actions.decide(step, by=house.actor("fin2"), at=MONDAY, result="agree")
    assert actions.decide(step, by=house.actor("fin"), at=MONDAY, result="agree").state == "agreed"


def test_without_a_second_decider_it_waits_says_so_and_goes_on_when_there_is_one(house):
    step = ask(house, authority="gm", by="gm")
    assert step.is_stuck
    assert told(house, "gm") == ["approvals.stuck"]
    worker.tick(MONDAY + 24 * HOUR)
    assert Step.objects.get().is_stuck
    house.name_second_decider("fin")
    worker.tick(MONDAY + 48 * HOUR)
    assert Step.objects.get().person == house.people["fin"]
    assert told(house, "fin") == ["approvals.requested"]


def test_a_post_without_a_seat_is_covered_from_above(house):
    house.seats["cs"].is_active = False
    house.seats["cs"].save()
    step = ask(house)
    assert (step.seat, [link["why"] for link in step.chain]) == (house.seats["dgm"], ["no_seat", "decides"])
    assert all(queries.route(step))


def test_time_moves_it_one_level_up_and_only_one_at_a_time(house):
    step = ask(house)
    worker.tick(MONDAY + 23 * HOUR)
    assert Step.objects.get().level == 0
    worker.tick(MONDAY + 24 * HOUR)
    step.refresh_from_db()
    assert (step.level, step.seat, step.escalated_from, step.state) == (
        1,
        house.seats["dgm"],
        house.seats["cs"],
        "waiting",
    )
    assert step.due_at == MONDAY + 48 * HOUR
    assert told(house, "dgm") == ["approvals.escalated"]
    assert told(house, "cs") == ["approvals.requested", "approvals.gone_up"]
    assert [s.pk for s in queries.gone_up(house.actor("cs"))] == [step.pk]
    with pytest.raises(Refused):
        actions.decide(step, by=house.actor("cs"), at=MONDAY + 25 * HOUR, result="agree")
    worker.tick(MONDAY + 30 * DAY)  # a month without a worker: one level, once
    step.refresh_from_db()
    assert (step.level, step.seat) == (2, house.seats["gm"])
    worker.tick(MONDAY + 60 * DAY)
    worker.tick(MONDAY + 90 * DAY)
    step.refresh_from_db()
    assert (step.level, step.seat) == (2, house.seats["gm"])
    assert told(house, "gm") == ["approvals.escalated", "approvals.overdue"]
    assert [line.rpartition("：")[2] for line in queries.route(step)] == ["到期没有审批，已转给上级"] * 2 + ["由其审批"]
    assert actions.decide(step, by=house.actor("gm"), at=MONDAY + 90 * DAY, result="agree").state == "agreed"


def test_escalation_skips_the_applicant_and_the_same_person(house):
    Holding.objects.filter(seat=house.seats["dgm"]).update(person=house.people["cs"])
    ask(house)
    worker.tick(MONDAY + DAY)
    assert Step.objects.get().seat == house.seats["gm"]


def test_a_changed_paper_goes_back(house):
    step = ask(house)
    actions.decide(step, by=house.actor("cs"), at=MONDAY, result="agree")
    assert actions.void_steps(step.record, by=house.actor("cc"), at=MONDAY, reason="changed") == 1
    assert queries.approval_of(step.record) is None
    assert told(house, "cs") == ["approvals.requested", "approvals.voided"]
    again = ask(house, record=step.record, amount=Decimal("1800.01"))
    assert (again.seq, again.state) == (2, "waiting")


def test_a_withdrawn_paper_waits_for_nobody(house):
    step = ask(house)
    assert actions.void_steps(step.record, by=house.actor("cc"), at=MONDAY, reason="withdrawn") == 1
    assert queries.waiting_for(step.record) == []
    assert rings_for_nobody()
    with pytest.raises(Refused):
        actions.decide(step, by=house.actor("cs"), at=MONDAY, result="agree")


def test_the_same_decision_is_asked_once(house):
    record = paper(house)
    ask(house, record=record)
    with pytest.raises(Refused) as refused:
        ask(house, record=record)
    assert codes(refused) == ["approvals.waiting"]


def test_a_running_deadline_keeps_its_figure(house):
    step = ask(house)
    Step.objects.filter(pk=step.pk).update(escalation_hours=2)
    worker.tick(MONDAY + DAY)
    assert Step.objects.get().due_at == MONDAY + DAY + 2 * HOUR


def test_the_inbox_is_bounded_in_queries(house, django_assert_max_num_queries):
    for _ in range(12):
        ask(house)
    actor = house.actor("cs")
    with django_assert_max_num_queries(2):
        assert len(queries.inbox(actor, MONDAY)) == 12
