"""What a line says of a case: the deadline that runs and what is awaited, on list, sheet, interface and the case itself."""

import datetime as dt
import io
import zipfile
from decimal import Decimal as D

import pytest
from django.test import Client

from tests.claims import stages
from tests.claims.pages import IN_PLACE, NEXT, Desk
from tests.houses import MONDAY
from zhangfa.claims import actions
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.runtime import tokens, worker

MIDNIGHT = dt.datetime(2026, 3, 3, tzinfo=clock.TZ)
AS_LIST = {"HX-Request": "true", "HX-Target": "list"}


def line(house, name="cs"):
    """The only case as the interface lists it."""
    headers = {"Authorization": f"Bearer {tokens.issue(house.user(name), at=MONDAY)}"}
    with clock.at(NEXT):
        return Client().get("/api/v1/cases", headers=headers).json()["items"][0]


@pytest.mark.clause("CC-W1.7")
def test_a_settled_case_is_due_at_the_end_of_the_day_of_acceptance(house):
    stages.settlement(house, "accepted")
    assert Case.objects.get().promised_on > MIDNIGHT.date()
    assert dt.datetime.fromisoformat(line(house)["due_at"]) == MIDNIGHT
    assert "今天 24:00" in Desk(house, "cs").text("/cases/", **AS_LIST)


@pytest.mark.clause("CC-W1.6")
def test_only_what_is_owed_is_awaited(house):
    signed = stages.settlement(house, "signed")
    desk = Desk(house, "cs")
    awaited = [line(house)["status_label"]]
    actions.pay(signed, by=house.actor("fin"), at=MONDAY, **stages.payment("600"))
    awaited.append(line(house)["status_label"])
    case = actions.rate(Case.objects.get(), by=house.actor("op"), at=MONDAY, score=5)
    awaited.append(line(house)["status_label"])
    assert awaited == ["待付款评价", "待评价", "待结案"]
    assert "待结案" in desk.text("/cases/", **AS_LIST)
    assert "待结案" in desk.text(case.get_absolute_url())


@pytest.mark.clause("CC-D1")
def test_an_answered_complaint_awaits_the_customer_and_no_payment(house):
    case = stages.complaint(house, "signed")
    for who in ("cs", house.handler_of(case)):
        desk = Desk(house, who)
        pages = [
            desk.text("/cases/", **AS_LIST),
            desk.text(case.get_absolute_url()),
            desk.text(f"/search/?q={case.record.number}"),
        ]
        assert all("待评价" in page and "待付款" not in page for page in pages)
    sheet = zipfile.ZipFile(io.BytesIO(Desk(house, "cs").get("/cases/?export=xlsx").content))
    assert "待评价" in sheet.read("xl/worksheets/sheet1.xml").decode()
    assert "等客户评价" in Desk(house, house.handler_of(case)).text("/")


def test_a_rated_case_that_is_still_to_be_paid_says_so(house):
    case = Case.objects.get(pk=stages.settlement(house, "signed").case_id)
    actions.rate(case, by=house.actor("op"), at=MONDAY, score=5)
    assert line(house)["status_label"] == "待付款"


def test_what_is_given_in_kind_is_not_waited_for(house):
    """Finance pays no goods: the handler closes."""
    case = house.to_assessed(house.report("600"), price="600")
    made = house.propose(case, "0", methods=["replace"], in_kind_amount=D(600))
    house.photo(case, "agreement")
    by = house.actor(house.handler_of(case))
    made = actions.accept(made, by=by, at=MONDAY, amount=D(600), content="客户同意", payee="林知夏")
    made = stages.signed(house, actions.fill_form(made, by=by, at=MONDAY, **stages.form()))
    actions.rate(Case.objects.get(), by=house.actor("op"), at=MONDAY, score=5)
    assert line(house)["status_label"] == "待结案"
    assert "结案" in Desk(house, house.handler_of(case)).text("/")
    cashier = Desk(house, "fin")
    assert made.get_absolute_url() not in cashier.text("/")
    assert case.record.number not in cashier.text("/settlements/?work=pay", **AS_LIST)


@pytest.mark.clause("CC-W1.6")
@pytest.mark.clause("CC-D3")
def test_any_operator_may_be_the_one_who_calls_back(house):
    """The case shows itself to operators while it waits for a call, and after that to the one who made it."""
    waiting = stages.settlement(house, "accepted")
    case, other = waiting.case, Desk(house, "ops")
    assert other.get(case.get_absolute_url()).status_code == 404
    by = house.actor(house.handler_of(case))
    stages.signed(house, actions.fill_form(waiting, by=by, at=MONDAY, **stages.form()))
    assert case.get_absolute_url() in other.text("/")
    said = other.text(case.get_absolute_url())
    assert house.people["sw"].name not in said.split('class="facts"')[1].split("</dl>")[0]
    assert other.post(f"/cases/{case.pk}/do/rate/", {"score": "5"}, **IN_PLACE).status_code == 200
    assert other.get(case.get_absolute_url()).status_code == 200
    assert case.get_absolute_url() not in other.text("/")
    house.people["cm"].holdings.update(seat=house.seats["op"])
    assert Desk(house, "cm").get(case.get_absolute_url()).status_code == 404


@pytest.mark.clause("CC-W1.6")
def test_a_dissatisfied_customer_is_asked_again_after_the_next_offer(house):
    """The low score opened the case; it does not stand for what the customer accepted after that."""
    case = Case.objects.get(pk=stages.settlement(house, "signed").case_id)
    case = actions.rate(case, by=house.actor("op"), at=MONDAY, score=2)
    made = house.propose(case, "100", over_ground="再次上门补偿客户误工")
    by = house.actor(house.handler_of(case))
    made = actions.accept(made, by=by, at=MONDAY, amount=D(100), content="客户同意", payee="林知夏")
    stages.signed(house, actions.fill_form(made, by=by, at=MONDAY, **stages.form()))
    case.refresh_from_db()
    assert (case.status, case.attempts, case.satisfaction) == ("signed", 2, None)
    assert case.get_absolute_url() in Desk(house, "op").text("/")


@pytest.mark.parametrize(("who", "told"), [("oa", "从“登记案件”开始"), ("fin", "与您有关的案件会出现在这里")])
def test_an_empty_list_tells_each_what_they_can_do(house, who, told):
    page = Desk(house, who).text("/cases/")
    assert told in page and ("登记案件" in page) == (who == "oa")


@pytest.mark.clause("CC-D7")
def test_a_refusal_names_sums_as_people_write_them(house):
    case = stages.accident(house, "assessed")
    given = {"methods": "cash", "cash_amount": "1800", "claimant": "customer", "fault": "none"}
    page = Desk(house, house.handler_of(case)).post(f"{case.get_absolute_url()}do/propose/", given).content.decode()
    assert "合计 1,800 元超过 1,000 元" in page


@pytest.mark.clause("X-5")
def test_a_plan_that_went_up_says_who_decides_it_now(house):
    plan = stages.settlement(house, "proposed")
    pages = (plan.get_absolute_url(), plan.case.get_absolute_url())
    assert all("等分管副总经理审批" in Desk(house, "dgm").text(page) for page in pages)
    worker.tick(MONDAY + dt.timedelta(hours=4))
    later = Desk(house, "gm", at=MONDAY + dt.timedelta(hours=5))
    assert all("等总经理审批" in later.text(page) for page in pages)


@pytest.mark.clause("X-4")
def test_the_lesson_of_a_case_is_one_line_of_the_workbench(house):
    case = stages.accident(house, "closed")
    desk = Desk(house, house.handler_of(case))
    page = desk.text("/")
    assert page.count("提交事故分析") == 1 and f"{case.get_absolute_url()}#learn-h" in page
    assert f"/cases/{case.pk}/learning/" in desk.text(case.get_absolute_url())
