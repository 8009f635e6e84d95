"""What nobody gets round: limits after a link, a hand-over or another handler, and signatures that say no."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.claims import stages
from tests.claims.pages import Desk
from tests.claims.test_actions import HOUR, refusal_codes
from tests.houses import MONDAY
from zhangfa.claims import actions
from zhangfa.claims.actions.paying import sign_off
from zhangfa.claims.models import Case, Settlement
from zhangfa.claims.queries import late_cases
from zhangfa.claims.web import page_forms
from zhangfa.core import clock
from zhangfa.core.transitions import available
from zhangfa.duties.models import Occurrence
from zhangfa.notices.models import Notice
from zhangfa.records.actions import sign

ITEM = {
    "name": "台面",
    "brand_model": "无",
    "count": 1,
    "damaged_part": "边角",
    "level": "total",
    "location": "厨房",
    "rough_value": Decimal(1800),
}


@pytest.mark.clause("CC-W1.5")
def test_linking_takes_back_plans_that_were_decided_too_low(house):
    neighbour = house.make_customer("邻居周先生")
    first = house.to_assessed(house.report("900"), price="900")
    second = house.to_assessed(
        house.report("700", customer=neighbour, order=None, worker=house.people["sw"]), price="700"
    )
    plans = [house.propose(first, "900"), house.propose(second, "700")]
    assert [plan.authority for plan in plans] == ["cc", "cc"]
    actions.link_event(Case.objects.get(pk=second.pk), first, by=house.actor("cs"), at=MONDAY)
    assert set(Settlement.objects.values_list("status", flat=True)) == {"withdrawn"}
    assert set(Case.objects.values_list("status", flat=True)) == {"assessed"}
    assert Notice.objects.filter(code="claims.linked").count() == 2


@pytest.mark.clause("CC-W1.5")
def test_linking_leaves_alone_what_stays_within_its_authority(house):
    neighbour = house.make_customer("邻居周先生")
    first = house.to_assessed(house.report("600"), price="300")
    second = house.to_assessed(
        house.report("600", customer=neighbour, order=None, worker=house.people["sw"]), price="300"
    )
    house.propose(first, "300")
    actions.link_event(second, Case.objects.get(pk=first.pk), by=house.actor("cs"), at=MONDAY)
    assert Settlement.objects.get().status == "approved"


@pytest.mark.clause("CC-W1.5")
def test_an_outlets_case_handed_over_before_anybody_went_is_an_alert(house):
    case = actions.hand_over(house.report("400"), by=house.actor("oa"), at=MONDAY + HOUR)
    assert (case.status, case.handled_by) == ("alerted", "specialist")
    assert case.acknowledge_due_at == MONDAY + HOUR + dt.timedelta(minutes=15)
    assert case.arrive_due_at == MONDAY + 5 * HOUR


@pytest.mark.clause("CC-W1.5")
def test_a_specialists_case_is_given_to_nobody_with_a_lower_limit(house):
    case, manager = house.report(), house.actor("cs")
    given = {"at": MONDAY, "reason": "原经办人休假"}
    assert refusal_codes(actions.reassign, case, by=manager, person=house.people["oa"], **given) == {
        "case.reassign_post"
    }
    outlet = house.report("300")
    outlet = actions.reassign(outlet, by=manager, person=house.people["cc2"], **given)
    assert outlet.handled_by == "specialist"


@pytest.mark.clause("CC-D7")
def test_who_made_the_survey_does_not_confirm_it_after_handing_the_case_over(house):
    case = house.to_assessed(house.report("400"), price="1200", until="registered")
    case = actions.hand_over(case, by=house.actor("oa"), at=MONDAY)
    assert refusal_codes(actions.confirm_survey, case, by=house.actor("oa"), at=MONDAY) == {"case.second_person"}
    assert actions.confirm_survey(case, by=house.actor("sup"), at=MONDAY).survey.confirmed_by_id


@pytest.mark.clause("CC-W1.6")
def test_a_second_plan_on_top_of_the_loss_needs_a_ground(house):
    made = stages.settlement(house, "paid")
    case = actions.rate(Case.objects.get(pk=made.case_id), by=house.actor("op"), at=MONDAY, score=2)
    assert refusal_codes(house.propose, case, "50") == {"settlement.over"}
    assert house.propose(case, "50", at=MONDAY + HOUR, over_ground="再次上门给客户造成不便").total == 50


def signed_by_all(house, made, against):
    """The form with its four signatures, some of them against it."""
    for row in made.record.signatures.filter(state="waiting").order_by("order"):
        name = next(name for name, person in house.people.items() if person.pk == row.signer_id)
        no = {"result": "disagree", "opinion": "金额与认定不符"} if row.role in against else {}
        sign(made.record, role=row.role, by=house.actor(name), at=MONDAY, is_verified=True, **no)
    return Settlement.objects.get(pk=made.pk)


@pytest.mark.clause("CC-W1.7")
def test_a_form_that_a_manager_signs_against_is_not_paid(house):
    made = stages.settlement(house, "accepted")
    made = actions.fill_form(made, by=house.actor(house.handler_of(made.case)), at=MONDAY, **stages.form())
    made = signed_by_all(house, made, against=("manager", "worker"))
    assert (made.status, made.case.status) == ("accepted", "settled")
    assert Notice.objects.filter(code="claims.disagreed").count() == 1
    assert refusal_codes(sign_off, made, by=house.actor("cs"), at=MONDAY) == {"form.disagreed"}
    filled = actions.fill_form(made, by=house.actor(house.handler_of(made.case)), at=MONDAY, **stages.form())
    assert signed_by_all(house, filled, against=("worker",)).status == "signed"


@pytest.mark.clause("CC-W1.2")
def test_the_form_of_a_plan_offers_what_is_left_and_whom_the_promise_names(house):
    made = stages.settlement(house, "paid")
    actions.rate(Case.objects.get(pk=made.case_id), by=house.actor("op"), at=MONDAY, score=2)
    desk = Desk(house, house.handler_of(made.case))
    page = desk.text(f"/cases/{made.case_id}/do/propose/")
    assert 'name="cash_amount" value="0' in page


@pytest.mark.clause("CC-W1.5")
def test_the_page_of_a_plan_names_each_part_once(house):
    made = stages.settlement(house, "proposed")
    page = Desk(house, "cs").text(made.get_absolute_url())
    assert page.count("副本与签收") == 1


@pytest.mark.clause("CC-W1.5")
def test_report_and_review_are_offered_only_while_they_are_owed(house):
    def offered(made, name):
        return {step.name for step, _refusals in available(made, by=house.actor(name), at=MONDAY)}

    own = stages.settlement(house, "accepted")
    assert "acknowledge_report" in offered(own, "cs")
    assert "acknowledge_report" not in offered(actions.acknowledge_report(own, by=house.actor("cs"), at=MONDAY), "cs")
    house.customer = house.make_customer("邻居")
    house.order = house.make_order(house.customer)
    large = stages.outlet_settlement(house, "approved")
    assert "review" in offered(large, "cc")
    assert "review" not in offered(actions.review(large, by=house.actor("cc"), at=MONDAY), "cc")
    house.customer = house.make_customer("对门")
    house.order = house.make_order(house.customer)
    small = house.propose(house.to_assessed(house.report("199"), price="199"), "199")
    assert "review" not in offered(small, "cc")


@pytest.mark.clause("CC-W1.2")
@pytest.mark.parametrize(
    ("guarantee", "claimant", "asked"),
    [("worker_injury", "worker", "injury"), ("third_party", "third_party", "third_party_name")],
)
def test_who_was_hurt_is_asked_for_and_paid(house, guarantee, claimant, asked):
    case = house.report(guarantee=guarantee)
    name = house.handler_of(case)
    by, desk = house.actor(name), Desk(house, name)
    actions.acknowledge(case, by=by, at=MONDAY)
    actions.arrive(Case.objects.get(), by=by, at=MONDAY, place="门口", no_photo_reason="手机没电")
    page = desk.text(f"/cases/{case.pk}/do/finish_survey/")
    # A field that the end of the survey asks for has no 选填 beside it, and there are no damaged things to jump to.
    assert "选填" not in page.split(f'for="id_{asked}"')[1].split("</label>")[0]
    assert "#s-things" not in page
    assert page_forms.FIRST_VALUES["propose"](Case.objects.get(), None, MONDAY)["claimant"] == claimant


@pytest.mark.clause("CC-W1.3")
def test_a_form_is_late_after_the_day_of_the_visit_whenever_the_survey_is_finished(house):
    case = house.to_assessed(house.report(), until="arrived")
    midnight = clock.day_end(MONDAY)
    late = midnight + HOUR
    assert not late_cases(Case.objects.all(), midnight).exists()
    assert [row.pk for row in late_cases(Case.objects.all(), late)] == [case.pk]
    told = "服务员擦洗吊柜时工具滑落，砸在台面边缘，造成一处明显开裂，无法修补，需要整块更换。"
    survey = {"narrative": told, "worker_statement": "手滑", "customer_statement": "要求更换", "cause": "operation"}
    survey |= {"judgement": "服务造成，无法修复", "remedies": ["replace"]}
    by = house.actor(house.handler_of(case), late)
    case = actions.add_item(case, by=by, at=late, **ITEM)
    case = actions.finish_survey(case, by=by, at=late, promised_days=3, **survey)
    actions.register(case, by=by, at=late, insurer_note="未投保该险种")
    owed = Occurrence.objects.get(duty__stage="register")
    assert (owed.state, owed.due_at, case.survey.record.due_at) == ("late", midnight, midnight)


@pytest.mark.clause("CC-W1.5")
def test_the_newest_plan_is_the_one_handed_in_last_whatever_the_clock_said(house):
    case = house.to_assessed(house.report("600"), price="600")
    plans = []
    # The clock is set back between the first and the second; the third is of the same millisecond as the second.
    for claimant, at in (("customer", MONDAY + 2 * HOUR), ("worker", MONDAY + HOUR), ("third_party", MONDAY + HOUR)):
        plans.append(house.propose(case, "100", claimant=claimant, at=at))
        case = Case.objects.get(pk=case.pk)
    assert [plan.pk for plan in case.settlements.order_by("seq")] == [plan.pk for plan in plans]
    assert len({plan.seq for plan in plans}) == 3
    by = house.actor(house.handler_of(case), MONDAY + 3 * HOUR)
    actions.log_talk(
        case, by=by, at=MONDAY + 3 * HOUR, kind="offer", mode="phone", amount=Decimal(100), content="按方案报价"
    )
    assert case.talks.get(kind="offer").settlement == plans[-1]
