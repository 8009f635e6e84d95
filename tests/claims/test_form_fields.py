"""The three forms carry every field that paper asks for (domain.md 4.2: F10, F11, F12)."""

import datetime as dt

import pytest

from tests.claims import stages
from tests.houses import MONDAY, House
from zhangfa.audit.models import EventDetail
from zhangfa.claims import actions, customer_file
from zhangfa.claims.models import Case, ComplaintForm, Settlement
from zhangfa.claims.prints import complaint, registration
from zhangfa.claims.prints.settlement import settlement as settlement_print
from zhangfa.core.decisions import Refused
from zhangfa.customers.models import Customer
from zhangfa.records.queries import is_intact

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DAY = dt.timedelta(days=1)


@pytest.fixture
def house():
    return House()


def codes(refused):
    return [refusal.code for refusal in refused.value.refusals]


def fields(form):
    grids = [field for section in form.sections for field in getattr(section, "fields", ())]
    return {field.label: field.value for field in [*form.head, *grids]}


@pytest.mark.clause("CC-W1.3")
def test_a_survey_says_the_judgement_the_wish_and_a_rough_value(house):
    case = stages.accident(house, "arrived")
    by = house.actor(house.handler_of(case))
    case.items.update(rough_value=None)
    told = stages.answers(house, "finish_survey", case) | {"judgement": "", "remedies": []}
    with pytest.raises(Refused) as refused:
        actions.finish_survey(case, by=by, at=MONDAY, **told)
    assert codes(refused) == ["survey.judgement", "survey.remedies", "survey.rough_value"]


@pytest.mark.clause("CC-W1.3")
def test_witnesses_stand_on_the_copies_of_those_who_deal_with_the_case(house):
    case = stages.accident(house, "arrived")
    handler = house.actor(house.handler_of(case))
    told = stages.answers(house, "finish_survey", case) | {"witnesses": "邻居周先生 15400001111"}
    case = actions.finish_survey(case, by=handler, at=MONDAY, **told)
    seen = fields(registration(case.survey.record, actor=handler, at=MONDAY))
    hidden = fields(registration(case.survey.record, actor=house.actor("oa"), at=MONDAY))
    assert (seen["证人"], hidden["证人"]) == ("邻居周先生 15400001111", "••••")


@pytest.mark.clause("CC-W1.7")
def test_settled_after_the_promised_day_the_form_says_why(house):
    made = stages.settlement(house, "approved")
    by, late = house.actor(house.handler_of(made.case)), MONDAY + 9 * DAY
    made = actions.accept(made, by=by, at=late, amount=made.total, content="客户同意", payee="林知夏")
    with pytest.raises(Refused) as refused:
        actions.fill_form(made, by=by, at=late, **stages.form())
    assert codes(refused) == ["form.late_reason"]
    made = actions.fill_form(made, by=by, at=late, **stages.form(), late_reason="客户出差，约到本周")
    printed = fields(settlement_print(made.record, actor=by, at=late))
    assert printed["超过承诺日期的原因"] == "客户出差，约到本周"
    assert printed["截止"] == f"{late:%Y-%m-%d} 24:00"


@pytest.mark.clause("CC-W1.7")
def test_settled_in_time_no_reason_is_asked_or_kept(house):
    made = stages.settlement(house, "accepted")
    by = house.actor(house.handler_of(made.case))
    made = actions.fill_form(made, by=by, at=MONDAY, **stages.form(), late_reason="没有原因也要写")
    assert Settlement.objects.get(pk=made.pk).late_reason == ""


@pytest.mark.clause("CC-D1")
def test_a_complaint_is_judged_when_taken_and_names_the_outside_body(house):
    case = stages.complaint(house, "alerted")
    by = house.actor(house.handler_of(case))
    actions.take_up(case, by=by, at=MONDAY, complexity="high", impact="middle", is_safety_related=True)
    actions.first_answer(Case.objects.get(), by=by, at=MONDAY, content="已向客户说明", archive_note="无")
    answer = stages.resolution() | {"is_accepted": False, "is_external_route_told": True}
    outside = {"external_source": "consumers", "external_no": "XF-1", "external_due_on": (MONDAY + 5 * DAY).date()}
    actions.resolve(Case.objects.get(), by=by, at=MONDAY, **answer, **outside)
    form = ComplaintForm.objects.get()
    assert (form.complexity, form.impact, form.is_safety_related) == ("high", "middle", True)
    printed = fields(complaint(form.record, actor=by, at=MONDAY))
    assert [tick.is_on for tick in printed["复杂程度"]] == [False, False, True]
    assert (printed["外部案件编号"], printed["外部答复期限"]) == ("XF-1", "2026-03-07")


@pytest.mark.clause("CC-W1.7")
def test_the_form_keeps_the_customers_file_as_it_was_when_filled(house):
    stages.outlet_settlement(house, "accepted")
    made = stages.settlement(house, "accepted")
    by = house.actor(house.handler_of(made.case))
    made = actions.fill_form(made, by=by, at=MONDAY, **stages.form())
    then = fields(settlement_print(made.record, actor=None, at=MONDAY))
    assert all(isinstance(value, str | list) for value in then.values()), then
    assert then["此前的案件"] == "事故 1 件，投诉 0 件" and then["此前的理赔"].startswith("1 笔，")
    made = stages.signed(house, made)
    customer = Customer.objects.get(pk=made.case.customer_id)
    assert then["客户"] == f"{customer.name}  {customer.no}" and customer.phone not in str(then)
    customer.name, customer.phone, customer.address, customer.compound = "周望舒", "15400009999", "9 幢 901", "望湖苑"
    customer.prepare()
    customer.save()
    stages.accident(house, "alerted")
    for actor in (None, by):
        again = fields(settlement_print(Settlement.objects.get(pk=made.pk).record, actor=actor, at=MONDAY + 40 * DAY))
        assert {name: again[name] for name in then} == then
    assert not [row for row in made.record.signatures.all() if not is_intact(row)]


@pytest.mark.clause("CC-D3")
def test_the_history_of_a_customer_is_not_shown_to_the_worker_who_signs(house):
    made = stages.settlement(house, "accepted")
    made = actions.fill_form(made, by=house.actor(house.handler_of(made.case)), at=MONDAY, **stages.form())
    worker, outlet = (fields(settlement_print(made.record, actor=house.actor(who), at=MONDAY)) for who in ("sw", "oa"))
    assert "此前的案件" not in worker
    assert "此前的案件" in outlet and "不良消费记录" not in outlet


@pytest.mark.clause("X-3")
def test_an_anonymous_customer_leaves_the_forms_and_their_signatures_stand(house):
    made = stages.settlement(house, "signed")
    customer_file.forget([made.case.customer_id], MONDAY)
    again = Settlement.objects.get(pk=made.pk)
    printed = fields(settlement_print(again.record, actor=None, at=MONDAY))
    assert printed["客户"].startswith("***") and not printed["电话"] and not printed["地址"]
    assert all(is_intact(row) for row in again.record.signatures.all())
    told = EventDetail.objects.filter(event__record_id=made.pk, event__name="claims.settlement.form_filled")
    assert told and all(row.erased_at for row in told)
