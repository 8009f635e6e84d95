"""At every limit of an accident, a cent below and at it: page, interface and `zhangfa explain` give one answer."""

import json

import pytest

from tests.claims.pages import IN_PLACE, Desk
from tests.houses import MONDAY
from zhangfa.claims.models import Case, Settlement
from zhangfa.core.transitions import available
from zhangfa.policy.explain import explain_command

POSTS = {"oa": "网点管理员", "cc": "投诉与客户维护专员", "cs": "客服中心经理", "dgm": "分管副总经理"}


def explained(capsys, caller, *words):
    """What the command says, and that the interface's explanation is the same."""
    assert explain_command(["case", *words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    asked = caller("op").get(f"/policy/explain/case?{'&'.join(words)}").json()
    assert {**asked, "why": told["why"]} == told
    return told["authority"], told["clause"]


def at_the_next_door(house):
    """Another household, so that no sum of one customer comes in between."""
    house.customer = house.make_customer(f"邻居{Case.objects.count()}")
    house.order = house.make_order(house.customer)


def offered(house, case, amount):
    """What stands beside the form of the plan while it is typed, and what handing it in leads to."""
    desk, address = Desk(house, house.handler_of(case)), f"/cases/{case.pk}/do/propose/"
    fields = {"methods": ["cash"], "cash_amount": amount, "claimant": "customer", "fault": "none"}
    said = desk.post(address, fields | {"_why": "1"}).content.decode()
    answer = desk.post(address, fields, **IN_PLACE)
    return said.split("<b>")[1].split("</b>")[0], answer


def sent(caller, house, case, amount):
    path = f"/cases/{case.pk}/transitions/propose"
    return caller(house.handler_of(case)).post(path, {"methods": ["cash"], "cash_amount": amount})


@pytest.mark.clause("CC-W1.1")
@pytest.mark.parametrize(("estimate", "post"), [("499.99", "oa"), ("500", "cc"), ("500.01", "cc")])
def test_the_estimate_sends_an_accident_to_outlet_or_specialist(caller, house, reported, capsys, estimate, post):
    typed = reported(estimate, occurred_at="2026-03-02T09:00", severity="minor")
    said = Desk(house, "op").post("/cases/new/", typed | {"_why": "1"}).content.decode()
    assert POSTS[post] in said.split("<b>")[1].split("</b>")[0]
    assert Desk(house, "op").post("/cases/new/", typed).status_code == 303
    by_page = Case.objects.get()
    by_program = caller("op").post("/cases", reported(estimate)).json()
    assert by_page.route["post"] == by_program["route"]["post"] == post
    assert by_page.handled_by == by_program["handled_by"] == ("outlet" if post == "oa" else "specialist")
    assert explained(capsys, caller, f"estimate={estimate}") == (post, "CC-W1.1")


@pytest.mark.clause("CC-W1.5")
@pytest.mark.parametrize(
    ("amount", "is_reviewed"), [("199.99", False), ("200", True), ("499.99", True), ("500", None), ("500.01", None)]
)
def test_an_outlet_settles_below_five_hundred_and_hands_over_from_there(caller, house, capsys, amount, is_reviewed):
    """`is_reviewed`: whether the specialist looks at what the outlet decided; None where the outlet decides nothing."""
    post = "cc" if is_reviewed is None else "oa"
    assert explained(capsys, caller, "handled_by=outlet", f"settlement={amount}") == (post, "CC-W1.5")
    cases = [house.to_assessed(house.report("300"), price="600")]
    at_the_next_door(house)
    cases.append(house.to_assessed(house.report("300"), price="600"))
    said, by_page = offered(house, cases[0], amount)
    by_program = sent(caller, house, cases[1], amount)
    assert POSTS[post] in said
    if post == "oa":
        assert (by_page.status_code, by_program.status_code) == (200, 200)
        for plan in Settlement.objects.all():
            assert (plan.authority, plan.status) == ("oa", "approved")
            steps = {step.name for step, _refusals in available(plan, by=house.actor("cc"), at=MONDAY)}
            assert ("review" in steps) is is_reviewed
        return
    assert (by_page.status_code, by_program.status_code) == (422, 409)
    assert "网点不能自行处理" in by_page.content.decode()
    refused = by_program.json()["refusals"][0]
    assert (refused["code"], refused["clause"], refused["who"]) == ("settlement.hand_over", "CC-W1.5", ["cc"])
    assert not Settlement.objects.exists()
    # Handed over by either door, the specialist decides it alone.
    assert Desk(house, "oa").post(f"/cases/{cases[0].pk}/do/hand_over/", {}).status_code == 303
    assert caller("oa").post(f"/cases/{cases[1].pk}/transitions/hand_over").status_code == 200
    cases = [Case.objects.get(pk=case.pk) for case in cases]
    assert offered(house, cases[0], amount)[1].status_code == 200
    assert sent(caller, house, cases[1], amount).status_code == 200
    assert {(plan.authority, plan.status) for plan in Settlement.objects.all()} == {("cc", "approved")}


@pytest.mark.clause("CC-W1.5")
@pytest.mark.parametrize(
    ("amount", "post"),
    [("150", "cc"), ("1000.00", "cc"), ("1000.01", "cs"), ("1500.00", "cs"), ("1500.01", "dgm")],
)
def test_a_specialists_settlement_goes_to_whom_its_amount_names(caller, house, capsys, amount, post):
    assert explained(capsys, caller, "handled_by=specialist", f"settlement={amount}") == (post, "CC-W1.5")
    cases = [house.to_assessed(house.report())]
    at_the_next_door(house)
    cases.append(house.to_assessed(house.report()))
    for case in cases:
        assert caller("oa").post(f"/cases/{case.pk}/transitions/confirm_survey").status_code == 200
    said, by_page = offered(house, cases[0], amount)
    by_program = sent(caller, house, cases[1], amount)
    assert POSTS[post] in said
    assert (by_page.status_code, by_program.status_code) == (200, 200)
    status = "approved" if post == "cc" else "proposed"
    assert {(plan.authority, plan.status) for plan in Settlement.objects.all()} == {(post, status)}


@pytest.mark.clause("CC-W1.5")
def test_nine_hundred_and_seven_hundred_on_one_accident_are_the_deputys_by_every_door(caller, house, capsys):
    told = explained(capsys, caller, "settlement=700", "event_total=1600")
    assert told == ("dgm", "CC-W1.5")
    for door in ("page", "program"):
        at_the_next_door(house)
        first = house.to_assessed(house.report("900"), price="900")
        house.propose(first, "900")
        # The other damaged party of the same accident: another household, so only the event adds them up.
        at_the_next_door(house)
        other = house.to_assessed(house.report("700"), price="700")
        assert Desk(house, "cs").post(f"/cases/{other.pk}/event/", {"other": str(first.pk)}).status_code == 303
        other = Case.objects.get(pk=other.pk)
        caller("oa").post(f"/cases/{other.pk}/transitions/confirm_survey")
        other = Case.objects.get(pk=other.pk)
        if door == "page":
            said, answer = offered(house, other, "700")
            assert POSTS["dgm"] in said
            assert "¥1,600" in Desk(house, "dgm").text(other.settlements.get().get_absolute_url())
        else:
            answer = sent(caller, house, other, "700")
        assert answer.status_code == 200
        plan = other.settlements.get()
        assert (plan.authority, plan.status, plan.facts["reason"]) == ("dgm", "proposed", "event"), door
