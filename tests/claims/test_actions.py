"""An accident from the call to its closing, and what stops it."""

import datetime as dt
from decimal import Decimal as D

import pytest

from tests.houses import MONDAY, House
from zhangfa.approvals.models import Step
from zhangfa.audit.models import Event
from zhangfa.audit.seals import seal, verify
from zhangfa.claims import actions
from zhangfa.claims.models import Case, Settlement
from zhangfa.core.decisions import Refused
from zhangfa.notices.models import Notice
from zhangfa.policy.actions import enact
from zhangfa.records.actions import sign

HOUR = dt.timedelta(hours=1)


def refusal_codes(call, *args, **params):
    with pytest.raises(Refused) as caught:
        call(*args, **params)
    return {refusal.code for refusal in caught.value.refusals}


def settled(house: House, amount: str = "900", estimate: str = "900") -> tuple[Case, Settlement]:
    """A case whose settlement the customer has accepted."""
    case = house.to_assessed(house.report(estimate), price=amount)
    house.photo(case, "agreement")
    settlement = house.propose(case, amount)
    by = house.actor(house.handler_of(case))
    actions.accept(settlement, by=by, at=MONDAY + HOUR, amount=D(amount), content="客户同意", payee="林知夏")
    settlement.refresh_from_db()
    return Case.objects.get(pk=case.pk), settlement


def sign_all(house: House, settlement: Settlement, at: dt.datetime = MONDAY + 2 * HOUR) -> Settlement:
    case = Case.objects.get(pk=settlement.case_id)
    actions.fill_form(
        settlement, by=house.actor(house.handler_of(case)), at=at, root_cause="操作不当", customer_opinion="同意", handling="现金赔付",
        prevention="加强培训",
    )  # fmt: skip
    for row in settlement.record.signatures.order_by("order"):
        name = next(name for name, person in house.people.items() if person.pk == row.signer_id)
        sign(settlement.record, role=row.role, by=house.actor(name, at), at=at, is_verified=True)
    return Settlement.objects.get(pk=settlement.pk)


@pytest.mark.clause("CC-W1.1")
@pytest.mark.parametrize(
    ("estimate", "handled_by", "status"), [("499.99", "outlet", "accepted"), ("500", "specialist", "alerted")]
)
def test_a_report_routes_by_its_estimate(house, estimate, handled_by, status):
    case = house.report(estimate)
    assert (case.handled_by, case.status) == (handled_by, status)
    assert case.record.number == "SG-20260302-001"
    assert case.route["policy"][0]["key"] == "claims.outlet_max_estimate"


@pytest.mark.clause("CC-W1.1")
def test_an_outlet_reports_only_for_itself(house):
    assert refusal_codes(house.report, "100", by="oa2") == {"case.unit"}
    assert refusal_codes(house.report, "100", by="fin") == {"case.post"}
    assert not Case.objects.exists()


@pytest.mark.clause("CC-W1.1")
def test_only_the_handler_acknowledges_and_arrives_with_a_photo(house):
    case = house.report()
    assert refusal_codes(actions.acknowledge, case, by=house.actor("oa"), at=MONDAY) == {"case.handler"}
    by = house.actor(house.handler_of(case))
    actions.acknowledge(case, by=by, at=MONDAY + dt.timedelta(minutes=16))
    event = Event.objects.filter(name="claims.case.acknowledged").get()
    assert '"is_late":true' in event.text
    assert refusal_codes(actions.arrive, case, by=by, at=MONDAY, place="门口") == {"case.arrival_photo"}


@pytest.mark.clause("CC-W1.3")
def test_a_survey_without_pictures_is_not_done(house):
    case = house.report()
    by = house.actor(house.handler_of(case))
    actions.acknowledge(case, by=by, at=MONDAY)
    actions.arrive(case, by=by, at=MONDAY, place="门口", no_photo_reason="手机没电")
    found = refusal_codes(actions.finish_survey, case, by=by, at=MONDAY, promised_days=3)
    assert {"survey.photo_reason", "survey.narrative", "survey.items", "survey.worker_statement"} <= found


@pytest.mark.clause("CC-W1.3")
def test_the_accident_form_is_due_two_hours_after_the_return_or_at_days_end(house):
    case = house.to_assessed(house.report())
    assert case.survey.record.number == "F10-20260302-001"
    assert case.survey.record.due_at == MONDAY + 2 * HOUR
    assert case.promised_on == dt.date(2026, 3, 5)


@pytest.mark.clause("CC-W1.5")
@pytest.mark.parametrize(
    ("amount", "authority", "status"),
    [("1000", "cc", "approved"), ("1000.01", "cs", "proposed"), ("1500.01", "dgm", "proposed")],
)
def test_the_amount_decides_who_decides(house, amount, authority, status):
    case = house.to_assessed(house.report())
    actions.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
    settlement = house.propose(case, amount)
    assert (settlement.authority, settlement.status) == (authority, status)
    if status == "proposed":
        step = Step.objects.get(record_id=settlement.pk)
        assert step.seat == house.seats[authority]


@pytest.mark.clause("CC-W1.5")
def test_splitting_one_accident_is_summed(house):
    first = house.to_assessed(house.report("900"), price="900")
    house.propose(first, "900")
    second = house.to_assessed(house.report("700", at=MONDAY + HOUR), price="700", at=MONDAY + HOUR)
    actions.confirm_survey(second, by=house.actor("oa"), at=MONDAY + HOUR)
    settlement = house.propose(second, "700", at=MONDAY + HOUR)
    assert settlement.authority == "dgm"
    assert settlement.facts["customer"] == "1600.00"
    assert settlement.facts["reason"] == "customer"


@pytest.mark.clause("CC-W1.5")
def test_two_cases_of_one_event_are_linked_and_summed(house):
    neighbour = house.make_customer("邻居周先生")
    first = house.to_assessed(house.report("900"), price="900")
    house.propose(first, "900")
    second = house.to_assessed(
        house.report("700", customer=neighbour, order=None, worker=house.people["sw"]), price="700"
    )
    actions.confirm_survey(second, by=house.actor("oa"), at=MONDAY)
    actions.link_event(second, first, by=house.actor("cs"), at=MONDAY)
    settlement = house.propose(Case.objects.get(pk=second.pk), "700")
    assert (settlement.authority, settlement.facts["reason"]) == ("dgm", "event")


@pytest.mark.clause("CC-W1.5")
def test_an_outlet_hands_over_at_five_hundred(house):
    case = house.to_assessed(house.report("400"), price="600")
    assert refusal_codes(house.propose, case, "500") == {"settlement.hand_over"}
    case = actions.hand_over(case, by=house.actor("oa"), at=MONDAY)
    assert case.handled_by == "specialist"
    assert house.propose(case, "500").authority == "cc"


@pytest.mark.clause("X-2")
def test_a_policy_changed_since_does_not_move_a_paper_handed_in_before(house):
    case = house.to_assessed(house.report())
    actions.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
    settlement = house.propose(case, "1400")
    enact("claims.manager_max", "1200", effective_from=dt.date(2026, 3, 4), by=house.actor("gm"), at=MONDAY)
    later = MONDAY + dt.timedelta(days=3)
    actions.agree(settlement, by=house.actor("cs", later), at=later)
    settlement.refresh_from_db()
    assert settlement.status == "approved"
    figures = {row["key"]: row["value"] for row in settlement.facts["policy"]}
    assert figures["claims.manager_max"] == "1500.00"
    actions.withdraw(settlement, by=house.actor(house.handler_of(case), later), at=later)
    assert house.propose(Case.objects.get(pk=case.pk), "1400", at=later).authority == "dgm"


@pytest.mark.clause("CC-W1.5")
def test_nobody_but_the_decider_decides(house):
    case = house.to_assessed(house.report())
    actions.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
    settlement = house.propose(case, "1800")
    for name in ("cs", "hs", "fin", house.handler_of(case)):
        assert refusal_codes(actions.agree, settlement, by=house.actor(name), at=MONDAY)
    actions.agree(settlement, by=house.actor("dgm"), at=MONDAY)
    settlement.refresh_from_db()
    assert settlement.approved_total == D("1800.00")
    assert refusal_codes(actions.agree, settlement, by=house.actor("dgm"), at=MONDAY) == {"status"}


@pytest.mark.clause("CC-W1.6")
def test_no_offer_above_what_was_approved(house):
    case = house.to_assessed(house.report("900"), price="900")
    house.propose(case, "800")
    by = house.actor(house.handler_of(case))
    talk = {"kind": "offer", "content": "报价"}
    assert refusal_codes(actions.log_talk, case, by=by, at=MONDAY, amount=D("800.01"), **talk) == {"talk.over"}
    actions.log_talk(case, by=by, at=MONDAY, amount=D("800.00"), **talk)
    settlement = case.settlements.get()
    taken = {"content": "客户同意", "payee": "林知夏"}
    assert "settlement.over_approved" in refusal_codes(
        actions.accept, settlement, by=by, at=MONDAY, amount=D("800.01"), **taken
    )


@pytest.mark.clause("CC-W1.7")
def test_four_signatures_the_same_day_then_finance_pays(house):
    _case, settlement = settled(house)
    assert settlement.form_due_at == dt.datetime(2026, 3, 3, tzinfo=MONDAY.tzinfo)
    paid = {"amount": D("900.00"), "method": "wechat", "voucher_no": "V1"}
    assert refusal_codes(actions.pay, settlement, by=house.actor("fin"), at=MONDAY, **paid) == {"status"}
    settlement = sign_all(house, settlement)
    assert (settlement.status, settlement.is_late) == ("signed", False)
    assert settlement.record.number == "F11-20260302-001"
    assert refusal_codes(actions.pay, settlement, by=house.actor("cs"), at=MONDAY, **paid) == {"case.post"}
    assert "payment.differs" in refusal_codes(
        actions.pay, settlement, by=house.actor("fin"), at=MONDAY, **(paid | {"amount": D("899.99")})
    )
    actions.pay(settlement, by=house.actor("fin"), at=MONDAY + 3 * HOUR, **paid)
    settlement.refresh_from_db()
    assert settlement.status == "paid"


@pytest.mark.clause("CC-W1.7")
def test_a_form_signed_the_next_day_stays_late(house):
    _case, settlement = settled(house)
    assert sign_all(house, settlement, at=MONDAY + dt.timedelta(days=1)).is_late


@pytest.mark.clause("CC-W1.7")
def test_changing_the_form_voids_what_was_signed(house):
    case, settlement = settled(house)
    by = house.actor(house.handler_of(case))
    words = {"root_cause": "操作不当", "customer_opinion": "同意", "handling": "现金", "prevention": "培训"}
    actions.fill_form(settlement, by=by, at=MONDAY + HOUR, **words)
    settlement.refresh_from_db()
    sign(settlement.record, role="handler", by=by, at=MONDAY + HOUR, is_verified=True)
    actions.fill_form(settlement, by=by, at=MONDAY + HOUR, **(words | {"handling": "更换"}))
    states = sorted(settlement.record.signatures.filter(role="handler").values_list("state", flat=True))
    assert states == ["void", "waiting"]


@pytest.mark.clause("CC-W1.6")
def test_a_dissatisfied_customer_reopens_and_the_handler_never_scores(house):
    case, settlement = settled(house)
    sign_all(house, settlement)
    case.refresh_from_db()
    handler = house.handler_of(case)
    assert refusal_codes(actions.rate, case, by=house.actor(handler), at=MONDAY, score=5)
    actions.rate(case, by=house.actor("op"), at=MONDAY + 3 * HOUR, score=3, words="太慢")
    case.refresh_from_db()
    assert (case.status, case.satisfaction) == ("assessed", 3)


@pytest.mark.clause("CC-W1.1")
@pytest.mark.parametrize(("estimate", "told"), [("150", 1), ("499.99", 1), ("500", 0)])
def test_a_specialist_knows_of_what_an_outlet_handles_by_itself(house, estimate, told):
    case = house.to_assessed(house.report(estimate), price="150", until="surveyed")
    assert not Notice.objects.filter(code="claims.informed").exists()
    actions.register(case, by=house.actor(house.handler_of(case)), at=MONDAY, insurer_note="未投保该险种")
    people = Notice.objects.filter(code="claims.informed").values_list("person", flat=True)
    assert len(people) == told
    for name in ("cc", "cc2"):
        is_concerned = house.people[name].pk in (*people, case.handler_id)
        assert Case.objects.visible_to(house.actor(name)).filter(pk=case.pk).exists() is is_concerned


@pytest.mark.clause("CC-W2.1")
def test_closing_asks_for_the_lesson_in_time(house):
    case, settlement = settled(house)
    settlement = sign_all(house, settlement)
    actions.pay(
        settlement, by=house.actor("fin"), at=MONDAY + 3 * HOUR, amount=D("900.00"), method="wechat", voucher_no="V1"
    )
    case.refresh_from_db()
    by = house.actor(house.handler_of(case))
    assert "closing.score" in refusal_codes(actions.close, case, by=by, at=MONDAY + 4 * HOUR, nature="systemic")
    actions.rate(case, by=house.actor("op"), at=MONDAY + 4 * HOUR, score=5)
    actions.close(case, by=by, at=MONDAY + 5 * HOUR, nature="systemic")
    case.refresh_from_db()
    assert case.status == "closed"
    assert case.learning.due_at == dt.datetime(2026, 3, 6, tzinfo=MONDAY.tzinfo)
    seal(MONDAY + 6 * HOUR)
    assert list(verify()) == []


@pytest.mark.clause("CC-D3")
@pytest.mark.parametrize(("name", "sees"), [("op", True), ("oa", True), ("hs", True), ("cs", True), ("dgm", True), ("gm", True), ("sw", True),
                                            ("oa2", False), ("ls", False), ("fin", False), ("am", False), ("mk", False), ("sw2", False)])  # fmt: skip
def test_a_case_is_seen_by_those_it_concerns(house, name, sees):
    case = house.report()
    assert Case.objects.visible_to(house.actor(name)).filter(pk=case.pk).exists() is sees
