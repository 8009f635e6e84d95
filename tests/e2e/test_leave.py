"""A leave on a phone: the form says who decides, the supervisor sees balance and team beside the decision, the applicant the result."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_accident import Office
from tests.houses import House
from zhangfa.core import clock
from zhangfa.people.models import Leave

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("AM-W4.1"), pytest.mark.e2e]
NAMES = {"zh": ("部门主管", "分管副总经理"), "en": ("Supervisor", "Deputy general manager in charge")}


@pytest.fixture(params=["zh", "en"])
def office(
    request: Any, browser: Browser, live_server: Any, house: House, browser_context_args: dict[str, Any]
) -> Iterator[Office]:
    made = Office(browser, live_server.url, request.param, house, browser_context_args)
    yield made
    for page in made.pages.values():
        page.context.close()
    assert made.problems == []


def fill(page: Page, first: dt.date, last: dt.date) -> None:
    page.fill("#id_from_on", first.isoformat())
    page.fill("#id_to_on", last.isoformat())
    page.fill("#id_reason", "回老家办事")


def test_leave_from_the_phone_to_the_decision(office: Office) -> None:
    monday = clock.local_date(clock.now()) + dt.timedelta(days=14)
    monday -= dt.timedelta(days=monday.weekday())
    low, high = NAMES[office.language]
    page = office.at("oa", phone=True)
    page.goto(f"{office.base}/leave/new/")
    # What concerns a birth is asked only where the leave is one.
    expect(page.locator("#id_options")).to_be_hidden()
    page.select_option("#id_kind", "maternity")
    expect(page.locator("#id_options")).to_be_visible()
    page.select_option("#id_kind", "personal")
    fill(page, monday, monday + dt.timedelta(days=3))
    page.locator("#id_reason").blur()
    expect(page.locator("#why .why-who b")).to_have_text(high)
    page.fill("#id_to_on", monday.isoformat())
    page.locator("#id_to_on").blur()
    expect(page.locator("#why .why-who b")).to_have_text(low)
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(re.compile(r"/leave/[0-9a-f-]{36}/$"))
    leave = Leave.objects.select_related("record").get()
    boss = office.at("sup")
    boss.goto(f"{office.base}/inbox/")
    boss.click(f"a[href*='/leave/decide/{leave.record.steps.get().pk}/']")
    expect(boss.locator("#part-balance-body")).to_be_visible()
    expect(boss.locator("#part-team-body")).to_be_visible()
    boss.check("input[name=result][value=agree]")
    boss.click("main form .form-foot button.btn-primary")
    boss.wait_for_url(re.compile(r"/inbox/$"))
    page.goto(f"{office.base}{leave.get_absolute_url()}")
    leave.refresh_from_db()
    assert leave.status == "approved" and leave.absence_id is not None
    boss.goto(f"{office.base}/leave/calendar/?month={monday:%Y-%m}&unit={leave.unit_id}")
    expect(boss.locator(".leave-month .is-full")).to_have_count(1)
    boss.goto(f"{office.base}{leave.get_absolute_url()}")
