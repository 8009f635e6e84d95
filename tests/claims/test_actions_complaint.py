"""Complaints on the same case record: agreed date, answers, compensation, the week's bundle and the totals table."""

import datetime as dt
from decimal import Decimal as D

import pytest

from tests.claims import stages
from tests.claims.test_actions import refusal_codes, settled, sign_all
from tests.houses import MONDAY
from zhangfa.claims import actions, totals
from zhangfa.claims.complaint_rules import fortnight_of
from zhangfa.claims.doctor import data_problems
from zhangfa.claims.models import Case, ComplaintForm, Improvement, Settlement, Survey
from zhangfa.claims.prints.complaint import complaint as complaint_print
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.core.periods import week_of
from zhangfa.duties.models import Occurrence
from zhangfa.records.models import Copy, Publication

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
BLANK = ("investigation", "cause", "root_cause", "avoidable")
SOLVED = {
    "investigation": "已向双方核实",
    "cause": "operation",
    "root_cause": "没有按清单自检",
    "avoidable": "完工逐项自检并拍照",
    "resolutions": ["redo"],
    "resolution": "已返工",
    "is_accepted": True,
}


def complain(house, **more):
    return house.report("0", kind="complaint", category="quality", **more)


@pytest.fixture
def answered(house):
    case = complain(house)
    by = house.actor(house.handler_of(case))
    case = actions.take_up(case, by=by, at=MONDAY)
    return actions.first_answer(case, by=by, at=MONDAY + HOUR, content="将在七天内答复")


@pytest.mark.clause("CC-D1")
def test_a_complaint_has_its_own_number_form_and_day(house):
    case = complain(house)
    form = ComplaintForm.objects.get(case=case)
    assert (case.record.number, form.record.number) == ("TS-20260302-001", "F12-20260302-001")
    assert form.agreed_on == dt.date(2026, 3, 9)
    assert case.status == "alerted"


@pytest.mark.clause("CC-D1")
@pytest.mark.parametrize(
    ("agreed_on", "consent", "codes"),
    [
        (dt.date(2026, 3, 9), "", None),
        (dt.date(2026, 3, 10), "", {"complaint.consent"}),
        (dt.date(2026, 3, 10), "客户出差，同意顺延", None),
        (dt.date(2026, 3, 1), "", {"complaint.past"}),
    ],
)
def test_a_later_day_needs_the_customers_consent(house, agreed_on, consent, codes):
    case = complain(house)
    by = house.actor(house.handler_of(case))
    facts = {"by": by, "at": MONDAY, "agreed_on": agreed_on, "agreed_consent": consent}
    if codes:
        assert refusal_codes(actions.take_up, case, **facts) == codes
        assert Case.objects.get(pk=case.pk).status == "alerted"
    else:
        assert actions.take_up(case, **facts).promised_on == agreed_on


@pytest.mark.clause("CC-D1")
@pytest.mark.parametrize(
    ("today", "day", "consent", "codes"),
    [
        (dt.date(2026, 3, 3), dt.date(2026, 3, 12), "客户出差，同意顺延", set()),
        (dt.date(2026, 3, 3), dt.date(2026, 3, 4), "客户要求提前一些", set()),
        (dt.date(2026, 3, 3), dt.date(2026, 3, 12), "同意", {"complaint.moved"}),
        (dt.date(2026, 3, 3), dt.date(2026, 3, 9), "客户说照旧即可", {"complaint.same_day"}),
        (dt.date(2026, 3, 3), dt.date(2026, 3, 2), "客户出差，同意顺延", {"complaint.past"}),
        (dt.date(2026, 3, 9), dt.date(2026, 3, 12), "客户出差，同意顺延", set()),
        (dt.date(2026, 3, 10), dt.date(2026, 3, 12), "客户出差，同意顺延", {"complaint.overdue"}),
    ],
)
def test_the_agreed_day_moves_with_the_customers_word_until_it_has_passed(house, answered, today, day, consent, codes):
    at = clock.day_start(today) + 9 * HOUR
    by = house.actor(house.handler_of(answered), at)
    step = {"by": by, "at": at, "agreed_on": day, "agreed_consent": consent, "archive_note": "无"}
    if codes:
        assert refusal_codes(actions.move_day, answered, **step) == codes
        return
    case = actions.move_day(answered, **step)
    assert (case.promised_on, case.complaint_form.agreed_on, case.complaint_form.agreed_consent) == (day, day, consent)
    assert Occurrence.objects.get(duty__stage="solve").due_at == clock.day_start(day + DAY)
    assert case.talks.get(content=consent).archived_at == at


@pytest.mark.clause("CC-D1")
@pytest.mark.parametrize("late", [0, 1])
def test_a_customer_who_was_not_content_agrees_a_new_day_unless_the_first_answer_was_late(house, answered, late):
    by = house.actor(house.handler_of(answered))
    at = MONDAY + (7 + late) * DAY
    case = actions.resolve(answered, by=by, at=at, **SOLVED)
    assert case.complaint_form.is_late is bool(late)
    later = at + 3 * DAY
    case = actions.rate(case, by=house.actor("op"), at=later, score=2)
    step = {"by": by, "at": later, "agreed_on": later.date() + 2 * DAY, "agreed_consent": "客户同意下周再谈"}
    if late:
        assert refusal_codes(actions.move_day, case, **step) == {"complaint.overdue"}
        return
    case = actions.move_day(case, **step)
    case = actions.resolve(case, by=by, at=later + DAY, **SOLVED)
    assert not case.complaint_form.is_late


@pytest.mark.clause("CC-D1")
def test_a_complaint_is_not_solved_without_answer_cause_and_prevention(house):
    case = complain(house)
    by = house.actor(house.handler_of(case))
    case = actions.take_up(case, by=by, at=MONDAY)
    found = refusal_codes(
        actions.resolve, case, by=by, at=MONDAY, **(SOLVED | dict.fromkeys(BLANK, "") | {"is_accepted": False})
    )
    missing = {"complaint.investigation", "complaint.kind_of_cause", "complaint.cause", "complaint.avoidable"}
    assert found == {"complaint.unanswered", "complaint.external"} | missing


@pytest.mark.clause("CC-D1")
def test_what_the_investigation_wrote_down_is_not_asked_for_again(house, answered):
    by = house.actor(house.handler_of(answered))
    found = {"investigation": "服务员承认没有自检", "cause": "rush"}
    case = actions.investigate(answered, by=by, at=MONDAY + 2 * HOUR, **found)
    case = actions.resolve(case, by=by, at=MONDAY + 3 * HOUR, **(SOLVED | {"investigation": "", "cause": ""}))
    assert {name: getattr(case.complaint_form, name) for name in found} == found


@pytest.mark.clause("CC-D1")
def test_late_stays_late_and_closing_leaves_an_improvement(house, answered):
    late = MONDAY + 8 * DAY
    by = house.actor(house.handler_of(answered), late)
    case = actions.resolve(answered, by=by, at=late, **SOLVED)
    assert ComplaintForm.objects.get(case=case).is_late
    case = actions.rate(case, by=house.actor("op", late), at=late + HOUR, score=4)
    actions.close(case, by=by, at=late + 2 * HOUR, nature="isolated")
    improvement = Improvement.objects.get(case=case)
    assert (improvement.week_on, improvement.measure) == (dt.date(2026, 3, 9), "完工逐项自检并拍照")


@pytest.mark.clause("CC-W1.6")
def test_a_dissatisfied_complainant_reopens(house, answered):
    by = house.actor(house.handler_of(answered))
    case = actions.resolve(answered, by=by, at=MONDAY + 2 * HOUR, **SOLVED)
    case = actions.rate(case, by=house.actor("op"), at=MONDAY + 3 * HOUR, score=2)
    assert Case.objects.get(pk=case.pk).status == "answering"


@pytest.mark.clause("CC-W1.5")
def test_compensation_follows_the_same_limits(house, answered):
    by = house.actor(house.handler_of(answered))
    case = actions.compensate(answered, by=by, at=MONDAY, amount=D("1500.01"), ground="多项服务未达标")
    assert house.propose(case, "1500.01").authority == "dgm"


@pytest.mark.clause("CC-D1")
def test_the_weeks_improvements_go_to_administration_once(house):
    case, settlement = settled(house)
    settlement = sign_all(house, settlement)
    pay = {"amount": D("900.00"), "method": "wechat", "voucher_no": "V1"}
    actions.pay(settlement, by=house.actor("fin"), at=MONDAY + 3 * HOUR, **pay)
    actions.rate(Case.objects.get(pk=case.pk), by=house.actor("op"), at=MONDAY + 4 * HOUR, score=5)
    by = house.actor(house.handler_of(case))
    actions.close(Case.objects.get(pk=case.pk), by=by, at=MONDAY + 5 * HOUR, nature="isolated")
    assert ComplaintForm.objects.get(case_id=case.pk).avoidable == "加强培训"
    sent = MONDAY + 7 * DAY
    refused = refusal_codes(actions.send_bundle, MONDAY.date(), by=house.actor("hs", sent), at=sent)
    assert refused == {"totals.post"}
    paper = actions.send_bundle(MONDAY.date(), by=house.actor("cc", sent), at=sent)
    again = actions.send_bundle(MONDAY.date(), by=house.actor("cc2", sent), at=sent)
    assert paper.pk == again.pk
    assert [row["measure"] for row in paper.figures["rows"]] == ["加强培训"]
    assert "人sw" not in str(paper.figures)
    assert Copy.objects.filter(record=paper.record, person=house.people["am"]).exists()


@pytest.mark.clause("CC-D5")
def test_the_totals_are_the_ledgers(house):
    _case, settlement = settled(house)
    sign_all(house, settlement)
    outlet = house.to_assessed(house.report("300", order=house.make_order(house.make_customer("程先生"))), price="300")
    taken = house.propose(outlet, "300")
    actions.accept(taken, by=house.actor("oa"), at=MONDAY + HOUR, amount=D(300), content="同意", payee="程先生")
    figures = totals.draw(dt.date(2026, 3, 2), dt.date(2026, 3, 15))
    ledger = sum(s.approved_total for s in Settlement.objects.filter(accepted_at__isnull=False))
    assert figures["total"]["settled"] == str(ledger) == "1200.00"
    assert (figures["total"]["accidents"], figures["total"]["settlements"]) == (2, 2)
    assert sum(D(row["amount"]) for row in figures["by_cause"]) == ledger
    assert sum(D(row["amount"]) for row in figures["by_promise"]) == ledger
    assert totals.draw(dt.date(2026, 3, 2), dt.date(2026, 3, 15)) == figures
    empty = totals.draw(dt.date(2026, 1, 5), dt.date(2026, 1, 18))
    assert empty["total"]["settled"] == "0.00"


@pytest.mark.clause("CC-D5")
def test_a_published_table_is_frozen_and_a_correction_is_a_revision(house):
    settled(house)
    period = (dt.date(2026, 3, 2), dt.date(2026, 3, 15))
    words = {"comment": "正常", "suggestion": "无"}
    assert refusal_codes(actions.publish_totals, *period, by=house.actor("cc"), at=MONDAY, **words) == {
        "totals.running"
    }
    at = MONDAY + 14 * DAY
    first = actions.publish_totals(*period, by=house.actor("cc", at), at=at, **words)
    settlement = Settlement.objects.get()
    by = house.actor(house.handler_of(settlement.case), at)
    actions.log_insurer(
        stages.told(settlement), by=by, at=at, claimed=D(500), paid=D("310.50"), paid_on=dt.date(2026, 3, 14)
    )
    second = actions.publish_totals(*period, by=house.actor("cc", at), at=at, **words)
    first.refresh_from_db()
    assert (first.figures["total"]["recovered"], second.figures["total"]["recovered"]) == ("0.00", "310.50")
    assert (first.revision, second.revision) == (0, 1)
    assert Publication.objects.filter(kind="RPT-13").count() == 2


@pytest.mark.clause("CC-D5")
def test_fortnights_run_from_their_anchor():
    anchor = dt.date(2026, 1, 5)
    assert fortnight_of(dt.date(2026, 1, 18), anchor, 2) == (dt.date(2026, 1, 5), dt.date(2026, 1, 18))
    assert fortnight_of(dt.date(2026, 1, 19), anchor, 2) == (dt.date(2026, 1, 19), dt.date(2026, 2, 1))
    assert fortnight_of(dt.date(2026, 1, 4), anchor, 2) == (dt.date(2025, 12, 22), dt.date(2026, 1, 4))
    assert week_of(dt.date(2026, 3, 8)) == dt.date(2026, 3, 2)


def test_the_doctor_finds_what_does_not_agree(house):
    _case, settlement = settled(house)
    sign_all(house, settlement)
    assert list(data_problems()) == []
    Settlement.objects.filter(pk=settlement.pk).update(total=D("901.00"))
    assert any("differs from the sum" in problem for problem in data_problems())


@pytest.mark.clause("CC-D1")
def test_an_accidents_complaint_form_takes_everything_from_the_two_others(house):
    """Nothing is typed twice (domain.md A-51), and who was not content the first time was given something twice."""
    case = Case.objects.get(pk=stages.settlement(house, "paid").case_id)
    Survey.objects.filter(case=case).update(claimed_amount=D(900), judgement="一角开裂")
    case = actions.rate(case, by=house.actor("op"), at=MONDAY, score=2)
    by = house.actor(house.handler_of(case))
    again = house.propose(case, "0", methods=["redo"])
    again = actions.accept(again, by=by, at=MONDAY, amount=D(0), content="客户同意重做", payee="")
    stages.signed(house, actions.fill_form(again, by=by, at=MONDAY, **stages.form()))
    actions.rate(Case.objects.get(), by=house.actor("op"), at=MONDAY, score=5)
    actions.close(Case.objects.get(), by=by, at=MONDAY, nature="isolated")
    case = Case.objects.get()
    form = case.complaint_form
    assert form.agreed_on == case.promised_on
    assert form.remedies == case.survey.remedies and "一角开裂" in form.investigation
    assert (form.resolutions, form.is_safety_related) == (["cash", "redo"], False)
    assert form.acknowledged_at == case.acknowledged_at and form.first_answered_at
    printed = str(complaint_print(form.record, actor=by, at=MONDAY))
    assert "600.00" in printed and "900.00" in printed


@pytest.mark.clause("CC-W1.1")
def test_an_hour_that_is_over_is_no_hour_to_arrive(house):
    with pytest.raises(Refused) as refused:
        house.report(customer_hour=MONDAY - dt.timedelta(hours=1))
    assert [refusal.code for refusal in refused.value.refusals] == ["case.past_hour"]
