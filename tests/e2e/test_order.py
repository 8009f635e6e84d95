"""An order from the telephone to the call afterwards, by everybody who has a part in it, in a real browser."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.test_accident import Office, picture
from tests.houses import House
from tests.orders.stages import with_papers
from zhangfa.core import clock
from zhangfa.orders.models import Order, Revisit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("HS-W3")]


@pytest.fixture(params=[pytest.param("zh", marks=pytest.mark.postgres), "en"])
def office(
    request: Any, browser: Browser, live_server: Any, house: House, browser_context_args: dict[str, Any]
) -> Iterator[Office]:
    made = Office(browser, live_server.url, request.param, house, browser_context_args)
    yield made
    for page in made.pages.values():
        page.context.close()
    assert made.problems == []


def soon() -> dt.datetime:
    """In twenty minutes, yet today: nobody starts an order of tomorrow, not even shortly before midnight."""
    now = clock.now()
    midnight = dt.datetime.combine(clock.local_date(now) + dt.timedelta(days=1), dt.time(), clock.TZ)
    return min(now + dt.timedelta(minutes=20), midnight - dt.timedelta(minutes=1))


def book(office: Office, starts: dt.datetime) -> str:
    """The operator takes the order; the price stands beside the form before it is sent."""
    page = office.at("op")
    page.goto(f"{office.base}/orders/new/")
    page.fill("#id_customer-q", "lin")
    page.click("#id_customer-list .lookup-item")
    page.fill("#id_product-q", "DC01")
    page.click("#id_product-list .lookup-item")
    page.fill("#id_served_from", starts.astimezone(clock.TZ).strftime("%Y-%m-%dT%H:%M"))
    page.fill("#id_hours", "2")
    page.locator("#id_quantity").press_sequentially("100")
    expect(page.locator("#quote .why-who b")).to_have_text("¥900.00")
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(re.compile(r"/orders/\d+/$"))
    return page.url


def drag(office: Office, order: Order, worker: str) -> None:
    """The outlet drags it to a lane; one without papers is refused in words, then the other takes it."""
    page = office.at("oa")
    page.goto(f"{office.base}/dispatch/?day={clock.local_date(order.served_from)}")
    chip = page.locator(f"[data-order='{order.pk}']")
    chip.drag_to(page.locator(f".lane[data-worker='{office.house.people[worker].pk}'] .slots"))
    page.wait_for_url(re.compile(r"/dispatch/\?outlet="))
    expect(page.locator(f".lane[data-worker='{office.house.people[worker].pk}'] [data-order]")).to_have_count(1)


def serve(office: Office, folder: Path) -> None:
    """The worker photographs, starts, finishes and takes the money with one thumb."""
    page = office.at("sw", phone=True)
    page.goto(f"{office.base}/orders/mine/")
    expect(page.locator(".job-place")).to_contain_text("3 幢 402")
    page.click(".job-steps .btn")
    page.set_input_files("input[type=file][multiple]", picture(folder / "before.jpg", 10))
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(re.compile(r"/orders/mine/$"))
    page.click(".job-steps .btn")
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(re.compile(r"/orders/mine/$"))
    page.click(".job-steps .btn")
    expect(page.locator("#id_amount")).to_have_value(re.compile("900"))
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(re.compile(r"/orders/mine/$"))


def ask(office: Office, url: str) -> None:
    """Somebody else asks the customer."""
    page = office.at("op")
    page.goto(url)
    page.click("a[href^='/revisits/']:not([href='/revisits/'])")
    page.select_option("#id_satisfaction", "5")
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(url)


def test_an_order_from_the_call_to_the_call_afterwards(office: Office, tmp_path: Path):
    house = office.house
    house.order.delete()
    with_papers(house, "sw")
    url = book(office, soon())
    order = Order.objects.get()
    drag(office, order, "sw")
    serve(office, tmp_path)
    ask(office, url)
    order.refresh_from_db()
    assert (order.status, order.payment, order.satisfaction) == ("finished", "paid", 5)
    assert order.sheet is not None and order.sheet.attachments.filter(kind="before").count() == 1
    assert Revisit.objects.get().status == "done"
