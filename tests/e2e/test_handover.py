"""A manager leaves: one list, three names, and the successor's first day is complete, in a real browser on desk and phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import shots
from tests.e2e.test_accident import Office
from tests.houses import PASSWORD, House
from zhangfa.approvals.models import Step
from zhangfa.claims import actions as claims
from zhangfa.core import clock
from zhangfa.duties.models import Handover
from zhangfa.organisation.actions import holdings
from zhangfa.organisation.models import Holding, Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("X-1"), pytest.mark.clause("X-4")]
DAY = dt.timedelta(days=1)


@pytest.fixture(params=["zh", "en"])
def office(
    request: Any, browser: Browser, live_server: Any, house: House, browser_context_args: dict[str, Any]
) -> Iterator[Office]:
    shots.dress(house)
    made = Office(browser, live_server.url, request.param, house, browser_context_args)
    yield made
    for page in made.pages.values():
        page.context.close()


def left(house: House) -> Handover:
    """The manager of customer service has a case and a decision before them; today somebody else has the seat."""
    now = clock.now()
    today = clock.local_date(now)
    waiting = house.to_assessed(house.report("1300", at=now), price="1300", at=now)
    claims.confirm_survey(waiting, by=house.actor("oa", now), at=now)
    house.propose(waiting, "1300", at=now)
    own = house.report("1800", at=now)
    claims.reassign(own, by=house.actor("cs", now), at=now, person=house.people["cs"], reason="客户点名要经理办")
    successor = Person(no="N001", name="沈新任", name_en="Shen Xinren", kind="staff")
    successor.prepare()
    successor.save()
    house.people["new"] = successor
    house.user("cs")
    by = house.actor("am", now)
    holdings.end(Holding.objects.get(seat=house.seats["cs"]), to_on=today - DAY, by=by, at=now)
    holdings.hold(person=successor, seat=house.seats["cs"], from_on=today, by=by, at=now)
    return Handover.objects.get(seat=house.seats["cs"])


def sign(page: Page, base: str, handover: Handover, role: str) -> None:
    page.goto(f"{base}/records/{handover.pk}/sign/{role}/")
    page.check("[name=result][value=agree]")
    page.fill("[name=signature_password]", PASSWORD)
    page.click("main form button.btn-primary")
    page.wait_for_url(lambda address: "/sign/" not in address)


def test_a_manager_leaves_and_the_successors_first_day_is_complete(office: Office) -> None:
    house = office.house
    handover = left(house)
    assert handover.successor == house.people["new"]
    leaver = office.at("cs")
    leaver.goto(office.base + handover.get_absolute_url())
    expect(leaver.locator("main")).to_contain_text(handover.record.number)
    office.shoot(leaver, "handover")
    leaver.goto(f"{office.base}/duties/handovers/{handover.pk}/do/send_for_signing/")
    leaver.fill("#id_note", "办公室钥匙在行政部；周四与物业见面")
    leaver.click("main form button.btn-primary")
    leaver.wait_for_url(office.base + handover.get_absolute_url())
    sign(leaver, office.base, handover, "leaver")
    newcomer = office.at("new", phone=True)
    expect(newcomer.locator("main")).to_contain_text(handover.record.number)
    sign(newcomer, office.base, handover, "successor")
    sign(office.at("dgm"), office.base, handover, "superior")
    handover.refresh_from_db()
    assert (handover.status, handover.record.status) == ("done", "signed")
    assert handover.items.exclude(moved_at=None).filter(source="cases").count() == 1
    # The first day: the case and the decision stand on the successor's phone, the decision is taken with two taps.
    newcomer.goto(f"{office.base}/")
    own = handover.items.get(source="cases")
    expect(newcomer.locator("#todo-h")).to_be_visible()
    assert newcomer.locator(f"a[href='{own.url}']").count()
    assert newcomer.evaluate("document.documentElement.scrollWidth") <= 390
    answer = newcomer.locator(".item-answer").filter(has=newcomer.locator("input[name=result]")).first
    answer.locator("summary").click()
    answer.locator("button").click()
    newcomer.wait_for_url(f"{office.base}/")
    step = Step.objects.get(kind="claims.settlement")
    assert (step.state, step.decided_by) == ("agreed", house.people["new"])
    assert not office.problems
