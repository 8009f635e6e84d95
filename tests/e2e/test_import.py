"""A messy workbook, from the upload to the archive, mended on the way and undone at the end, in a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.test_accident import Office, next_is, press, send
from tests.houses import House
from tests.imports import workbooks
from zhangfa.core import clock
from zhangfa.customers.models import Customer
from zhangfa.imports.models import Import
from zhangfa.runtime.queue import drain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("CS-W2.1")]
LOOK_AT = os.environ.get("ZHANGFA_LOOK_AT")


@pytest.fixture(params=[pytest.param("zh", marks=pytest.mark.postgres), "en"])
def office(
    request: Any,
    browser: Browser,
    live_server: Any,
    house: House,
    browser_context_args: dict[str, Any],
    settings: Any,
    tmp_path: Path,
) -> Iterator[Office]:
    settings.ATTACHMENTS_ROOT = tmp_path / "attachments"
    made = Office(browser, live_server.url, request.param, house, browser_context_args)
    # The first page of a process takes longest: everything is loaded with it.
    with urlopen(f"{live_server.url}/accounts/login/", timeout=120):
        pass
    yield made
    for page in made.pages.values():
        page.context.close()
    assert made.problems == []


def look(page: Page, name: str) -> None:
    """Keep a picture for whoever asks for it."""
    if LOOK_AT:
        page.screenshot(path=f"{LOOK_AT}/{name}.png", full_page=True)


def work_off() -> None:
    """What the worker does meanwhile."""
    drain(clock.now())


def at_once(route: Route) -> None:
    """A worker so quick that whatever is asked for after a step finds the work done."""
    if route.request.headers.get("hx-target") == "record":
        work_off()
    route.continue_()


def test_a_messy_workbook_is_mended_written_and_undone(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "客户名单.xlsx"
    path.write_bytes(workbooks.messy_customers())
    page = office.at("cs")
    page.goto(f"{office.base}/imports/")
    look(page, f"list-{office.language}")
    page.click("a[href='/imports/new/']")
    page.check("input[name=target][value=customers]")
    page.set_input_files("input[type=file]", path)
    look(page, f"upload-{office.language}")
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(re.compile(r"/imports/\d+/$"))

    # The columns are proposed; only where the data come from must be said.
    press(page, "check")
    expect(page.locator("#id_col_2")).to_have_value("phone")
    page.fill("#id_year", "2024")
    look(page, f"map-{office.language}")
    send(page, is_refused=True)
    page.fill("#id_source", "2024 年纸质服务合同，合同第 6 条")
    send(page)
    expect(page.locator("#progress progress")).to_be_visible()
    look(page, f"checking-{office.language}")
    work_off()

    # The bar goes on by itself, then the page shows what was found.
    expect(page.locator(".tallies .is-wrong dd")).to_have_text("2", timeout=20_000)
    look(page, f"checked-{office.language}")
    page.click(".groups a[href*='outlet']")
    page.fill("#id_new", "east单位")
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    work_off()
    page.reload()
    expect(page.locator(".tallies .is-wrong dd")).to_have_text("1")
    page.click(".own-links a[href*='state=wrong']")
    look(page, f"rows-{office.language}")
    page.click("#list td a >> nth=0")
    look(page, f"row-{office.language}")
    page.fill("#id_phone", "13800007777")
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    expect(page.locator(".tallies .is-wrong")).to_have_count(0)

    press(page, "apply")
    send(page)
    work_off()
    expect(page.locator(".tallies .is-applied dd")).to_have_text("6", timeout=20_000)
    assert Customer.objects.filter(name="错电话", phone_last4="7777").exists()
    look(page, f"applied-{office.language}")

    # An order of one of them since: that one stays, and it says why before anything happens.
    office.house.make_order(Customer.objects.get(name="王小明"))
    # This time the worker is through before the page has asked for the rest of itself: the head must not stay behind.
    page.route(re.compile(r"/imports/\d+/$"), at_once)
    press(page, "plan_undo")
    send(page)
    next_is(page, "undo")
    page.unroute(re.compile(r"/imports/\d+/$"))
    page.click(".own-links a[href$='/stuck/']")
    look(page, f"stuck-{office.language}")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.go_back()
    press(page, "undo")
    send(page)
    work_off()
    expect(page.locator(".tallies .is-undone dd")).to_have_text("5", timeout=20_000)
    look(page, f"undone-{office.language}")
    assert Import.objects.get().counts["kept"] == 1
    assert Customer.objects.filter(name="王小明").exists() and not Customer.objects.filter(name="错电话").exists()

    phone = office.at("cs", phone=True)
    phone.goto(page.url)
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    look(phone, f"phone-{office.language}")
