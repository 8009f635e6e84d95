"""A call that can't say whose order it was or who was there: named later, before anybody has to sign (CC-W1.3, CC-W1.7)."""

import datetime as dt

import pytest

from tests.claims import stages
from tests.houses import MONDAY, House
from zhangfa.claims import actions
from zhangfa.claims.models import Case, Settlement
from zhangfa.core.decisions import Refused
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def house():
    made = House()
    load_catalogue()
    return made


def codes(refused):
    return [refusal.code for refusal in refused.value.refusals]


@pytest.mark.clause("CC-W1.3")
def test_a_survey_names_customer_and_worker_before_it_is_finished(house):
    case = house.report(order=None)
    with pytest.raises(Refused) as refused:
        house.to_assessed(case)
    assert codes(refused) == ["survey.worker", "survey.customer"]
    case, by = Case.objects.get(), house.actor(house.handler_of(case))
    case = actions.identify(case, by=by, at=MONDAY, order=house.order)
    assert (case.customer, case.order, case.worker) == (house.customer, house.order, house.people["sw"])
    assert case.record.concerns.filter(person=house.people["sw"], role="worker").exists()
    finished = actions.finish_survey(
        case, by=by, at=MONDAY, promised_days=3, narrative="服务员擦洗吊柜时工具滑落，砸在台面边缘，造成一处明显开裂，无法修补，需要整块更换。",
        worker_statement="手滑", customer_statement="要求更换", cause="operation",
        judgement="服务造成，无法修复", remedies=["replace"],
    )  # fmt: skip
    assert finished.status == "surveyed"


@pytest.mark.clause("CC-W1.7")
def test_a_form_that_nobody_could_sign_is_not_sent_round(house):
    made = stages.settlement(house, "accepted")
    Case.objects.filter(pk=made.case_id).update(worker=None)
    made = Settlement.objects.get(pk=made.pk)
    by = house.actor(house.handler_of(made.case))
    with pytest.raises(Refused) as refused:
        actions.fill_form(made, by=by, at=MONDAY, **stages.form())
    assert codes(refused) == ["form.worker"]
    actions.identify(Case.objects.get(), by=by, at=MONDAY, worker=house.people["sw"])
    made = stages.signed(
        house, actions.fill_form(Settlement.objects.get(pk=made.pk), by=by, at=MONDAY, **stages.form())
    )
    assert made.status == "signed"


@pytest.mark.clause("CC-W1.7")
def test_another_person_responsible_signs_anew(house):
    made = stages.settlement(house, "accepted")
    by = house.actor(house.handler_of(made.case))
    made = actions.fill_form(made, by=by, at=MONDAY, **stages.form())
    case = Case.objects.get()
    with pytest.raises(Refused) as refused:
        actions.identify(case, by=by, at=MONDAY, worker=house.people["sw2"])
    assert codes(refused) == ["case.rename_reason"]
    with pytest.raises(Refused) as refused:
        actions.identify(case, by=by, at=MONDAY, worker=by_person(house, by))
    assert codes(refused) == ["case.worker_handler", "case.rename_reason"]
    actions.identify(case, by=by, at=MONDAY, worker=house.people["sw2"], reason="当天换了服务员")
    signers = dict(made.record.signatures.filter(state="waiting").values_list("role", "signer_id"))
    assert signers["worker"] == house.people["sw2"].pk
    assert not case.record.concerns.filter(person=house.people["sw"], role="worker").exists()


def by_person(house, by):
    return next(person for person in house.people.values() if person.pk == by.person_id)


@pytest.mark.clause("CC-W1.5")
def test_the_customer_stays_once_the_sum_was_read(house):
    made = stages.settlement(house, "proposed")
    other = house.make_customer("周小禾")
    by = house.actor(house.handler_of(made.case))
    with pytest.raises(Refused) as refused:
        actions.identify(
            made.case, by=by, at=MONDAY, customer=other, order=house.make_order(other), reason="登记错了客户"
        )
    assert codes(refused) == ["case.customer_fixed"]


@pytest.mark.clause("CC-W1.1")
def test_an_outlet_that_does_not_go_is_late_like_a_specialist(house):
    case = house.report("300")
    owed = Occurrence.objects.get(duty__key__startswith="D-CC-01.outlet")
    assert (owed.person, owed.due_at) == (house.people["oa"], case.arrive_due_at)
    actions.hand_over(case, by=house.actor("oa"), at=MONDAY + HOUR)
    owed.refresh_from_db()
    assert owed.state == "done"
    stages_open = set(Occurrence.objects.open().values_list("duty__key", flat=True))
    assert any(key.startswith("D-CC-01.arrive") for key in stages_open)


@pytest.mark.clause("CC-W1.1")
def test_an_hour_agreed_too_late_makes_nothing_punctual(house):
    case = actions.acknowledge(house.report(), by=house.actor("cc"), at=MONDAY)
    due, late = case.arrive_due_at, MONDAY + 5 * HOUR
    case = actions.log_call(
        case, by=house.actor("cc", late), at=late, content="改约明早", customer_hour=late + 20 * HOUR
    )
    assert (case.arrive_due_at, case.customer_hour) == (due, late + 20 * HOUR)
