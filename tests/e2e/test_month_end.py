"""The month-end analysis in a real browser: drawn, published, decided, read by the outlet on a phone; accessible on the way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_accident import Office
from tests.houses import House
from tests.reports.invented import invent
from zhangfa.core import clock
from zhangfa.organisation.actor import system_actor
from zhangfa.reports import actions, rollup
from zhangfa.reports.models import MixDecision
from zhangfa.reports.rules import last_of, month_back, month_of, named
from zhangfa.runtime import queue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("CS-W2.2"), pytest.mark.clause("CS-W2.3")]
RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"


@pytest.fixture(params=["zh", "en"])
def office(
    request: Any, browser: Browser, live_server: Any, house: House, browser_context_args: Any
) -> Iterator[Office]:
    made = Office(browser, live_server.url, request.param, house, browser_context_args)
    yield made
    for page in made.pages.values():
        page.context.close()
    assert made.problems == []


def look(page: Page, name: str) -> None:
    """The page as it is seen, if pictures are asked for, and what axe says of it."""
    if folder := os.environ.get("ZHANGFA_LOOK"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
    page.evaluate(Axe().axe_script)
    found = page.evaluate(RUN)
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


def test_the_month_end(office: Office, house: House) -> None:
    at = clock.now()
    month = month_back(month_of(clock.local_date(at)), 1)
    invent(house, 31, 25, 260, last_of(month))
    rollup.fill()
    by = system_actor("test", at)
    draw = actions.draw_pack(month, by=by, at=at, prefer="database")
    actions.draw_satisfaction(month, by=by, at=at)
    actions.settle_classes(draw, at=at)
    cs, name = office.at("cs"), named(month)
    cs.goto(f"{office.base}/reports/")
    look(cs, f"{office.language}-months")
    cs.goto(f"{office.base}/reports/list/{name}/publish/")
    for field in ("analysis", "strategy", "instructions"):
        cs.fill(f"#id_{field}", "准时上门，进门先问候")
    cs.click("main form .form-foot button.btn-primary")
    cs.wait_for_url(re.compile(rf"/reports/list/{name}/$"))
    expect(cs.locator("svg.chart")).to_have_count(1)
    look(cs, f"{office.language}-list")
    cs.goto(f"{office.base}/reports/mix/{name}/publish/")
    cs.fill("#id_analysis", "优质客户更爱买养护")
    cs.fill("#id_suggestion", "增加养护套餐")
    cs.click("main form .form-foot button.btn-primary")
    cs.wait_for_url(re.compile(rf"/reports/mix/{name}/$"))
    look(cs, f"{office.language}-mix")
    for page in (f"data/{name}/all", f"satisfaction/{name}", "trial", "calls"):
        cs.goto(f"{office.base}/reports/{page}/")
        if page == "trial":
            cs.fill("#id_share", "40")
            cs.click("main form .form-foot button.btn-primary")
            cs.wait_for_url(re.compile(r"/reports/trial/\d+/$"))
            queue.drain(clock.now())
            expect(cs.locator("section.figures .figure")).to_have_count(2)
        look(cs, f"{office.language}-{page.partition('/')[0]}")
    gm = office.at("gm")
    gm.goto(f"{office.base}/reports/mix/{name}/decide/")
    gm.fill("#id_decision", "同意试行")
    gm.fill("#id_standard", "套餐在各网点公示")
    gm.fill("#id_due_at", "2030-01-10T18:00")
    gm.click("main form .form-foot button.btn-primary")
    gm.wait_for_url(re.compile(rf"/reports/mix/{name}/$"))
    assert MixDecision.objects.get().task_url
    oa = office.at("oa", phone=True)
    oa.goto(f"{office.base}/reports/list/{name}/")
    look(oa, f"{office.language}-outlet")
    oa.goto(f"{office.base}/reports/")
    cm = office.at("cm", phone=True)
    cm.goto(f"{office.base}/reports/mix/{name}/")
    look(cm, f"{office.language}-phone-mix")
