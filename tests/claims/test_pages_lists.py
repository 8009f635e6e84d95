"""The list of cases and the workbenches: who finds what waits for them."""

import datetime as dt
from decimal import Decimal as D

import pytest

from tests.claims import stages
from tests.claims.pages import IN_PLACE, Desk
from tests.houses import MONDAY
from zhangfa.claims import actions
from zhangfa.claims.models import Case
from zhangfa.organisation.actor import actor_for_person
from zhangfa.records.actions import sign

RARE = "欧阳䶮㛃😀"


def test_the_list_narrows_by_what_people_ask(house):
    case = house.report()
    outlet = house.report("300")
    desk = Desk(house, "cs")
    both = {case.record.number, outlet.record.number}

    def shown(query):
        said = desk.text(f"/cases/?{query}", **{"HX-Request": "true", "HX-Target": "list"})
        return {number for number in both if number in said}

    assert shown("") == both
    assert shown("status=alerted") == {case.record.number}
    assert shown("handled_by=outlet") == {outlet.record.number}
    assert shown("q=" + case.record.number) == {case.record.number}
    assert shown("q=linzhixia") == both
    assert shown("q=9999") == both
    assert shown("q=nobody") == set()
    assert shown(f"unit={house.units['west'].pk}") == set()
    assert shown("to_on=2026-03-01") == set()
    assert shown("mine=on") == set()
    desk.at = MONDAY + dt.timedelta(minutes=30)
    assert shown("late=on") == {case.record.number}


def test_the_workbench_leads_each_post_to_its_work(house):
    settlement = stages.settlement(house, "proposed")
    case = settlement.case
    assert settlement.get_absolute_url() in Desk(house, "dgm").text("/")
    actions.agree(settlement, by=house.actor("dgm"), at=MONDAY)
    handler = house.handler_of(case)
    assert settlement.get_absolute_url() in Desk(house, handler).text("/")
    house.photo(case, "agreement")
    settlement = actions.accept(
        settlement, by=house.actor(handler), at=MONDAY, amount=D("1800"), content="同意", payee="林知夏"
    )
    settlement = actions.fill_form(settlement, by=house.actor(handler), at=MONDAY, **stages.form())
    assert f"/records/{settlement.pk}/sign/outlet/" in Desk(house, "oa").text("/")
    assert f"/records/{settlement.pk}/sign/worker/" in Desk(house, "sw").text("/")


def test_an_alert_that_nobody_has_taken_waits_on_the_operators_bench(house):
    case = house.report()
    assert "等专员确认受理" in Desk(house, "op").text("/")
    assert case.get_absolute_url() in Desk(house, house.handler_of(case)).text("/")


@pytest.mark.clause("CC-W1.6")
def test_the_operator_is_asked_to_call_the_customer_back(house):
    settlement = stages.settlement(house, "signed")
    assert "回访客户" in Desk(house, "op").text("/")
    address = f"/cases/{settlement.case_id}/do/rate/"
    assert Desk(house, house.handler_of(settlement.case)).post(address, {"score": "5"}, **IN_PLACE).status_code == 422
    assert Desk(house, "op").post(address, {"score": "3", "words": RARE}, **IN_PLACE).status_code == 200
    assert Case.objects.get(pk=settlement.case_id).status == "assessed"


@pytest.mark.clause("CC-W1.6")
def test_finance_finds_what_is_signed_and_nothing_before(house):
    desk = Desk(house, "fin2")
    settlement = stages.settlement(house, "accepted")
    assert desk.get(settlement.get_absolute_url()).status_code == 404
    handler = house.actor(house.handler_of(settlement.case))
    settlement = actions.fill_form(settlement, by=handler, at=MONDAY, **stages.form())
    for row in settlement.record.signatures.select_related("signer"):
        sign(settlement.record, role=row.role, by=actor_for_person(row.signer, MONDAY), at=MONDAY, is_verified=True)
    assert "付款" in desk.text("/")
    assert settlement.get_absolute_url() in desk.text("/settlements/?work=pay")
