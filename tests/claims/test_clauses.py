"""Clauses that no single step carries: approval before the deed, one standard for all, and surveys that two people stand behind."""

from decimal import Decimal as D

import pytest

from tests.claims import stages
from tests.claims.pages import Desk
from tests.claims.test_actions import refusal_codes
from tests.houses import MONDAY
from zhangfa.approvals.models import Step
from zhangfa.claims import actions
from zhangfa.claims.models import Case, LearningTask
from zhangfa.core.transitions import available
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence


def names(obj, by):
    return {step.name for step, _refusals in available(obj, by=by, at=MONDAY)}


@pytest.mark.clause("CC-D2")
def test_nothing_beyond_the_limit_is_carried_out_before_the_manager_has_approved_in_writing(house):
    case = house.to_assessed(house.report("1200"), price="1200")
    actions.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
    made = house.propose(case, "1200")
    handler = house.actor(house.handler_of(case))
    offer = {"kind": "offer", "content": "赔付 1,200 元", "amount": D(1200)}
    yes = {"amount": D(1200), "content": "客户同意", "payee": "林知夏"}
    assert refusal_codes(actions.log_talk, Case.objects.get(), by=handler, at=MONDAY, **offer) == {"talk.unapproved"}
    assert refusal_codes(actions.accept, made, by=handler, at=MONDAY, **yes) == {"status"}
    assert refusal_codes(actions.pay, made, by=house.actor("fin"), at=MONDAY, **stages.payment("1200")) == {"status"}
    assert refusal_codes(actions.agree, made, by=handler, at=MONDAY)
    made = actions.agree(made, by=house.actor("cs"), at=MONDAY)
    step = Step.objects.get(record_id=made.pk)
    assert (step.state, step.decided_by, step.amount) == ("agreed", house.people["cs"], D(1200))
    actions.log_talk(Case.objects.get(), by=handler, at=MONDAY, **offer)
    house.photo(case, "agreement")
    assert actions.accept(made, by=handler, at=MONDAY, **yes).status == "accepted"


@pytest.mark.clause("CS-W1")
@pytest.mark.parametrize(("estimate", "handled_by"), [("300", "outlet"), ("600", "specialist")])
def test_a_claim_goes_its_whole_way_whoever_handles_it(house, estimate, handled_by):
    case = house.to_assessed(house.report(estimate), price=estimate)
    made = stages._own(house, case, estimate, "paid")
    case = actions.rate(Case.objects.get(), by=house.actor("op"), at=MONDAY, score=5)
    case = actions.close(case, by=house.actor(house.handler_of(case)), at=MONDAY, nature="systemic")
    assert (case.status, case.handled_by) == ("closed", handled_by)
    assert made.record.signatures.filter(state="signed").count() == 4
    assert LearningTask.objects.get().case == case
    marks = Desk(house, "cs").text(case.get_absolute_url()).split('class="marks')[1].split("</ol>")[0]
    assert "is-ahead" not in marks and "is-current" not in marks


@pytest.mark.clause("CS-D2")
def test_no_claim_ends_before_its_customer_is_content_and_the_manager_sees_how_content_they_are(house):
    first = Case.objects.get(pk=stages.settlement(house, "paid").case_id)
    by = house.actor(house.handler_of(first))
    assert "closing.score" in refusal_codes(actions.close, first, by=by, at=MONDAY, nature="isolated")
    first = actions.rate(first, by=house.actor("op"), at=MONDAY, score=4)
    actions.close(first, by=by, at=MONDAY, nature="isolated")
    house.customer = house.make_customer("邻居")
    house.order = house.make_order(house.customer)
    second = stages.complaint(house, "signed")
    actions.close(
        actions.rate(second, by=house.actor("op"), at=MONDAY, score=5), by=house.actor(house.handler_of(second)), at=MONDAY,
        nature="isolated",
    )  # fmt: skip
    assert ">4.5<" in Desk(house, "cs").text("/").split("客户满意度")[1][:120]


@pytest.mark.clause("CC-D7")
def test_a_survey_is_confirmed_once_and_again_after_it_has_changed(house):
    case = house.to_assessed(house.report(), until="surveyed")
    handler, second = house.actor(house.handler_of(case)), house.actor("oa")
    assert "confirm_survey" in names(case, second)
    case = actions.confirm_survey(case, by=second, at=MONDAY)
    assert "confirm_survey" not in names(Case.objects.get(), second)
    assert refusal_codes(actions.confirm_survey, case, by=second, at=MONDAY) == {"status"}
    for change in (
        lambda: actions.save_survey(Case.objects.get(), by=handler, at=MONDAY, judgement="台面另有一处旧裂纹"),
        lambda: actions.add_item(Case.objects.get(), by=handler, at=MONDAY, **stages.answers(house, "add_item", case)),
    ):
        change()
        assert Case.objects.get().survey.confirmed_by is None
        assert "confirm_survey" in names(Case.objects.get(), second)
        actions.confirm_survey(Case.objects.get(), by=second, at=MONDAY)


@pytest.mark.clause("CC-D1")
def test_a_complaint_owes_its_own_answers_and_no_arrival(house):
    load_catalogue()
    stages.complaint(house, "alerted")
    assert set(Occurrence.objects.values_list("duty__code", "duty__stage")) == {
        ("D-CC-09", "take"),
        ("D-CC-09", "answer"),
    }
