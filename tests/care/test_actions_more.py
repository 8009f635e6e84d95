"""Gifts, key accounts, re-visits and alliances: what is written, refused, counted."""

import datetime as dt
from decimal import Decimal as D

import pytest

from tests.care import stages
from tests.care.stages import DAY, HOUR
from tests.houses import MONDAY, House
from zhangfa.approvals.actions import decide
from zhangfa.approvals.models import Step
from zhangfa.audit.models import Event
from zhangfa.care import account_table, actions, queries
from zhangfa.care.actions.accounts import _recount
from zhangfa.care.models import Feedback, GiftItem, Giving, KeyAccount, Recheck
from zhangfa.care.originals import original_lines
from zhangfa.care.totals import Amount
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.notices.models import Notice
from zhangfa.records.models import Copy
from zhangfa.runtime import worker

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def house():
    made = House()
    load_catalogue()
    return made


def codes(refused):
    return [refusal.code for refusal in refused.value.refusals]


@pytest.mark.clause("CS-W3.2")
def test_gifts_come_from_stock_and_above_the_limit_wait_for_the_manager(house):
    item = stages.gift(house, count=10, value="40")
    visit = stages.returned(house)
    cm = house.actor("cm", visit.returned_at)
    visit = actions.give(visit, by=cm, at=visit.returned_at, item=item, count=2)
    item.refresh_from_db()
    assert item.on_hand == 8 and Giving.objects.get().status == "given"
    actions.give(visit, by=cm, at=visit.returned_at, item=item, count=1)
    item.refresh_from_db()
    assert item.on_hand == 8, "above the limit nothing leaves stock before it is approved"
    step = Step.objects.get(kind="care.gift")
    assert step.amount == D(120) and step.seat == house.seats["cs"]
    decide(step, by=house.actor("cs", visit.returned_at), at=visit.returned_at, result="agree", opinion="老客户")
    item.refresh_from_db()
    assert item.on_hand == 7 and set(Giving.objects.values_list("status", flat=True)) == {"given"}
    assert [move.after for move in item.moves.order_by("pk")] == [10, 8, 7]


@pytest.mark.clause("CS-W3.2")
def test_nothing_is_given_that_is_not_there_and_a_refused_gift_stays(house):
    item = stages.gift(house, count=3, value="60")
    visit = stages.returned(house)
    at = visit.returned_at
    with pytest.raises(Refused) as refused:
        actions.give(visit, by=house.actor("cm", at), at=at, item=item, count=4)
    assert codes(refused) == ["gift.stock"]
    actions.give(visit, by=house.actor("cm", at), at=at, item=item, count=2)
    decide(
        Step.objects.get(kind="care.gift"), by=house.actor("cs", at), at=at, result="refuse", opinion="超出标准，不同意"
    )
    item.refresh_from_db()
    assert item.on_hand == 3 and Giving.objects.get().status == "refused"
    with pytest.raises(Refused) as refused:
        actions.stock(item, kind="lost", count=4, note="受潮报废", by=house.actor("cs"), at=at)
    assert codes(refused) == ["gift.stock"]
    assert GiftItem.objects.lock(item.pk).on_hand == 3


@pytest.mark.clause("CS-W3.2")
def test_what_a_customer_gives_back_lies_in_stock_again_and_counts_no_more(house):
    item = stages.gift(house, count=5, value="40")
    visit = stages.returned(house)
    at, cm = visit.returned_at, house.actor("cm", visit.returned_at)
    assert any(actions.take_back.refuse_now(visit, by=cm, at=at)), "nothing given, nothing to take back"
    visit = actions.give(visit, by=cm, at=at, item=item, count=2)
    row = Giving.objects.get()
    with pytest.raises(Refused) as refused:
        actions.take_back(visit, by=cm, at=at, giving=row, count=3, reason="错")
    assert codes(refused) == ["gift.back", "care.text"]
    with pytest.raises(Refused):
        actions.take_back(visit, by=house.actor("cs", at), at=at, giving=row, count=1, reason="客户不收礼品")
    actions.take_back(visit, by=cm, at=at, giving=row, count=1, reason="客户只收了一件")
    row.refresh_from_db()
    assert (row.count, row.returned, row.amount, row.status) == (1, 1, D(40), "given")
    actions.give(visit, by=cm, at=at, item=item, count=1)
    assert not Step.objects.filter(kind="care.gift").exists(), "80 of 100 yuan: what came back no longer counts"
    actions.take_back(visit, by=cm, at=at, giving=row, count=1, reason="客户都不收")
    row.refresh_from_db()
    assert (row.count, row.status) == (0, "back")
    with pytest.raises(Refused) as refused:
        actions.take_back(visit, by=cm, at=at, giving=row, count=1, reason="客户都不收")
    assert codes(refused) == ["gift.not_given"]
    moves = item.moves.order_by("pk").values_list("kind", "count", "after")
    assert list(moves) == [("received", 5, 5), ("given", -2, 3), ("back", 1, 4), ("given", -1, 3), ("back", 1, 4)]


@pytest.mark.clause("CS-W4")
@pytest.mark.parametrize(("amount", "found"), [("99999.99", 0), ("100000", 1)])
def test_accounts_are_found_from_what_was_paid(house, amount, found):
    customer = stages.company(house)
    stages.paid(house, customer, amount)
    assert actions.count_accounts(by=house.actor("cs"), at=MONDAY) == found
    assert KeyAccount.objects.count() == found


@pytest.mark.clause("CS-W4")
def test_companies_of_a_group_count_together_and_only_linked_ones(house):
    row = stages.account(house, "100000")
    other = stages.company(house, "甬江物业")
    stages.paid(house, other, "30000")
    row = actions.link_member(row, by=house.actor("cm"), at=MONDAY, customer=other)
    assert row.amount == D(130000)
    actions.count_accounts(by=house.actor("cs"), at=MONDAY)
    row.refresh_from_db()
    assert row.amount == D(130000) and KeyAccount.objects.count() == 1
    with pytest.raises(Refused) as refused:
        actions.link_member(row, by=house.actor("cm"), at=MONDAY, customer=other)
    assert codes(refused) == ["account.member"]


@pytest.mark.clause("CS-W4")
def test_an_account_drops_after_two_quarters_below(house):
    row = stages.account(house, "100000")
    later = MONDAY + 400 * DAY
    actions.count_accounts(by=house.actor("cs", later), at=later)
    row.refresh_from_db()
    assert (row.status, row.quarters_below, row.amount) == ("active", 1, D(0))
    actions.count_accounts(by=house.actor("cs", later), at=later)
    row.refresh_from_db()
    assert row.quarters_below == 1, "a quarter counts once"
    again = later + 92 * DAY
    actions.count_accounts(by=house.actor("cs", again), at=again)
    row.refresh_from_db()
    assert (row.status, row.quarters_below) == ("dropped", 2)
    # Back above the line it needs an owner again: those who name one hear of it, and the trail says when.
    Notice.objects.all().delete()
    KeyAccount.objects.filter(pk=row.pk).update(quarter_on=None)
    _recount(row, Amount(D(900_000), D(0)), D(50_000), by=house.actor("cs", again), at=again)
    row.refresh_from_db()
    assert (row.status, row.quarters_below) == ("found", 0)
    assert house.people["cs"].pk in Notice.objects.values_list("person_id", flat=True)
    assert Event.objects.filter(name="care.keyaccount.found", record_id=row.pk).count() == 2


@pytest.mark.clause("CS-W4")
def test_leader_buyer_and_handler_are_met_each_month_and_the_form_goes_out(house):
    row = stages.account(house)
    duty = Occurrence.objects.get(duty__key__startswith="D-CM-03")
    assert duty.person == house.people["cm"] and duty.state == "open"
    stages.feedback(house, row, ["leader", "handler"])
    duty.refresh_from_db()
    assert duty.state == "open"
    paper = stages.feedback(house, row, ["purchaser"])
    duty.refresh_from_db()
    assert duty.state == "done"
    people = set(Copy.objects.filter(record=paper.record).values_list("person_id", flat=True))
    assert people == {house.people[name].pk for name in ("hs", "mk", "am")}
    actions.owe_visits(MONDAY + DAY)
    assert Occurrence.objects.filter(duty__key__startswith="D-CM-03").count() == 1


@pytest.mark.clause("CS-W4")
def test_an_opinion_is_answered_and_closed_when_the_customer_accepts(house):
    row = stages.feedback(house, stages.account(house))
    hs = house.actor("hs")
    with pytest.raises(Refused) as refused:
        actions.answer_feedback(row, by=house.actor("op"), at=MONDAY, answer="已排周末班，请放心", reply="letter")
    assert "feedback.own" in codes(refused)
    row = actions.answer_feedback(row, by=hs, at=MONDAY, answer="已排周末班，请放心", reply="letter")
    with pytest.raises(Refused) as refused:
        actions.close_feedback(row, by=hs, at=MONDAY, is_accepted=False, result="不满意")
    assert codes(refused) == ["feedback.accepted"]
    row = actions.reopen_feedback(row, by=hs, at=MONDAY, reason="客户要两人来")
    assert [str(item.title) for item in queries.todo(hs, MONDAY)] == ["答复大客户意见"]
    row = actions.answer_feedback(row, by=hs, at=MONDAY, answer="周末派两人，已排好", reply="visit")
    # Whether the customer accepts it is asked by the account's owner.
    asked = {str(item.title): item.due_at for item in queries.todo(house.actor("cm"), MONDAY)}
    assert asked["请大客户确认答复"] is None
    assert not queries.todo(hs, MONDAY)
    row = actions.close_feedback(row, by=hs, at=MONDAY, is_accepted=True, result="客户认可")
    assert row.status == "closed"


@pytest.mark.clause("CS-W4", "X-1")
def test_an_opinion_that_nobody_answers_goes_up_and_is_owed_again_when_not_accepted(house):
    row = stages.feedback(house, stages.account(house))
    owed = Occurrence.objects.filter(duty__code="D-X-13", subject_key=f"record:{row.pk}").order_by("pk")
    first = owed.get()
    assert (first.person, first.seat, first.due_at) == (
        house.people["hs"], house.seats["hs"], (MONDAY + 6 * DAY).replace(hour=0),
    )  # fmt: skip
    late = MONDAY + 6 * DAY
    worker.tick(late)
    assert owed.get().rung == 1
    above = Notice.objects.filter(code="duties.escalated", url=row.get_absolute_url())
    assert [one.person for one in above] == [house.people["dgm"]]
    row = actions.answer_feedback(row, by=house.actor("hs", late), at=late, answer="已排周末班，请放心", reply="letter")
    assert [one.state for one in owed.all()] == ["late"]
    later = late + 2 * DAY
    actions.reopen_feedback(row, by=house.actor("cm", later), at=later, reason="客户要两人来")
    assert [one.state for one in owed.all()] == ["late", "open"] and owed.last().due_at > later
    assert Notice.objects.filter(person=house.people["hs"], code="care.feedback_again").count() == 1
    row = actions.answer_feedback(
        row, by=house.actor("hs", later), at=later, answer="周末派两人，已排好", reply="visit"
    )
    assert [one.state for one in owed.all()] == ["late", "done"]


@pytest.mark.clause("CS-W4", "X-1")
def test_an_opinion_that_waits_and_that_nobody_owes_is_owed_by_the_next_night_once(house):
    row = stages.feedback(house, stages.account(house))
    Occurrence.objects.filter(duty__code="D-X-13").delete()
    night = MONDAY + 10 * DAY
    assert actions.owe_answers(night) == 1 and actions.owe_answers(night) == 0
    owed = Occurrence.objects.get(duty__code="D-X-13")
    assert owed.person == house.people["hs"] and owed.due_at < night, "late stays late"
    actions.answer_feedback(row, by=house.actor("hs", night), at=night, answer="已排周末班，请放心", reply="letter")
    assert actions.owe_answers(night + DAY) == 0


@pytest.mark.clause("CS-W4")
def test_the_file_leaves_nothing_out(house):
    row = stages.account(house)
    cm = house.actor("cm")
    facts = {
        "drivers": "就近、稳定",
        "potential": "无",
        "risks": "无",
        "purchase_mode": "tender",
        "is_gift_rule_read": True,
        "renews_on": None,
        "competitors": "无",
        "purchase_months": "12 月",
        "target": D(120_000),
    }
    with pytest.raises(Refused) as refused:
        actions.save_file(row, by=cm, at=MONDAY, **{**facts, "is_gift_rule_read": False})
    assert codes(refused) == ["account.roles", "account.gift_rule"]
    for role in ("leader", "purchaser", "handler"):
        row = actions.add_decider(row, by=cm, at=MONDAY, name="王一", title="科长", role=role, phone="15400001111")
    row = actions.save_file(row, by=cm, at=MONDAY, **facts)
    assert row.is_filed
    with pytest.raises(Refused) as refused:
        actions.assign_owner(row, by=house.actor("cs"), at=MONDAY, owner=house.people["op"])
    assert codes(refused) == ["account.owner"]


@pytest.mark.clause("CS-W4")
def test_the_month_s_table_is_frozen_and_sent(house):
    row = stages.account(house)
    stages.feedback(house, row, ["leader"])
    at = dt.datetime(2026, 4, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(Refused):
        actions.publish_accounts(dt.date(2026, 4, 1), by=house.actor("cs", at), at=at)
    paper = actions.publish_accounts(dt.date(2026, 3, 1), by=house.actor("cs", at), at=at)
    (line,) = paper.figures["rows"]
    assert (line["visits"], line["open"], line["met"]) == (1, 1, ["leader"])
    assert D(line["amount"]) == row.amount
    readers = set(Copy.objects.filter(record=paper.record).values_list("person_id", flat=True))
    assert readers == {house.people[name].pk for name in ("cm", "mk", "gm")}
    Feedback.objects.update(status="closed")
    assert account_table.draw(dt.date(2026, 3, 1))[0]["open"] == 0
    assert paper.figures["rows"][0]["open"] == 1


@pytest.mark.clause("HS-W1.7")
def test_the_program_draws_and_somebody_else_checks(house):
    visit = stages.division_visit(house)
    rows = actions.draw_sample(by=house.actor("hs"), at=MONDAY)
    assert [row.subject for row in rows] == [f"visit:{visit.pk}"] and rows[0].concerned == house.people["oa"]
    said = dict(original_lines(rows[0]))
    assert said["意见"] == visit.opinion and said["满意度"] == str(visit.satisfaction), (
        "what the customer is asked about"
    )
    assert rows[0].due_at == clock.day_end(MONDAY + 6 * DAY), "until the week is over"
    with pytest.raises(Refused) as refused:
        actions.draw_sample(by=house.actor("hs"), at=MONDAY)
    assert codes(refused) == ["recheck.none"]
    evidence = "客户说那天没有人来过，门禁记录里也没有登记"
    with pytest.raises(Refused):
        actions.note_false(rows[0], by=house.actor("oa"), at=MONDAY, evidence=evidence)
    row = actions.note_false(rows[0], by=house.actor("hs"), at=MONDAY, evidence=evidence, mode="phone")
    assert list(queries.findings_of(house.people["oa"].pk, MONDAY.date(), (MONDAY + DAY).date())) == [row]
    assert set(Recheck.objects.visible_to(house.actor("oa"))) == {row}
    row = actions.object_to(row, by=house.actor("oa"), at=MONDAY, objection="当时客户的母亲在家，可以再问")
    with pytest.raises(Refused):
        actions.lift(row, by=house.actor("hs"), at=MONDAY, decision="核对后确有其事，撤销")
    row = actions.lift(row, by=house.actor("am"), at=MONDAY, decision="核对后确有其事，撤销")
    assert row.status == "lifted"
    assert not queries.findings_of(house.people["oa"].pk, MONDAY.date(), (MONDAY + DAY).date()).exists()


@pytest.mark.clause("CS-D4")
def test_an_alliance_has_a_timetable_and_the_quarter_is_reviewed_once(house):
    cs = house.actor("cs")
    facts = {
        "aim": "互相介绍新客户",
        "offer": "持对方会员卡九折",
        "owner": house.people["mk"],
        "from_on": MONDAY.date(),
        "to_on": MONDAY.date() + 90 * DAY,
    }
    row = actions.plan_alliance(kind="alliance", partner="社区超市", by=cs, at=MONDAY, **facts)
    with pytest.raises(Refused) as refused:
        actions.add_step(row, by=cs, at=MONDAY, text="发放联名卡", due_on=MONDAY.date() + 91 * DAY)
    assert codes(refused) == ["alliance.step"]
    row = actions.add_step(row, by=cs, at=MONDAY, text="发放联名卡", due_on=MONDAY.date() + 10 * DAY)
    actions.finish_step(row, by=cs, at=MONDAY, step=row.steps.get(), result="发出两百张")
    text = {
        "alliances": "按计划发卡两百张",
        "top": "前部客户稳定，无流失",
        "base": "其余客户多为单次保洁",
        "next_steps": "向单次客户推周保洁",
    }
    review = actions.review(by=cs, at=MONDAY, **text)
    assert Copy.objects.get(record=review.record).person == house.people["gm"]
    with pytest.raises(Refused) as refused:
        actions.review(by=cs, at=MONDAY + HOUR, **text)
    assert codes(refused) == ["review.once"]
