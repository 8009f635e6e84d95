"""Customer care in a real browser: from the call to the answered problem (a), and from the month's list to what it brought (b)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_accident import Office
from tests.e2e.test_order import ask, drag
from tests.houses import House
from tests.meetings import stages as meetings
from tests.orders.stages import with_papers
from tests.regulations import stages as rules
from tests.reports.invented import invent
from zhangfa.care.models import CarePlan, MonthPlan, Thread, Visit
from zhangfa.core import clock
from zhangfa.customers.models import Profile
from zhangfa.orders.models import Order, Product
from zhangfa.organisation.actor import system_actor
from zhangfa.reports import actions as reports
from zhangfa.reports import rollup
from zhangfa.reports.rules import last_of, month_back, month_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("CS-W3.2"), pytest.mark.clause("CS-W3.4")]
SAID = "厨房油烟机上面没有擦干净"


@pytest.fixture(params=["zh", "en"])
def office(
    request: Any, browser: Browser, live_server: Any, house: House, browser_context_args: dict[str, Any]
) -> Iterator[Office]:
    made = Office(browser, live_server.url, request.param, house, browser_context_args)
    yield made
    for page in made.pages.values():
        page.context.close()
    assert made.problems == []


def choose(page: Page, name: str, typed: str) -> None:
    page.fill(f"#id_{name}-q", typed)
    page.click(f"#id_{name}-list .lookup-item")


def submit(page: Page, url: Any) -> None:
    page.locator("main form button.btn-primary[type=submit]").last.click()
    page.wait_for_url(url)


def step(page: Page, address: str, name: str, **typed: str) -> None:
    """One step of a paper on its own page."""
    page.goto(f"{address}do/{name}/")
    for field, value in typed.items():
        page.fill(f"#id_{field}", value)
    submit(page, address)


def sheet(page: Page, *, opinion: str = "整体满意", score: str = "4") -> None:
    page.fill("#id_interviewee", "林女士")
    page.select_option("#id_satisfaction", score)
    page.fill("#id_opinion", opinion)
    page.fill("#id_suggestion", "无")


def call_and_order(office: Office) -> tuple[Order, str]:
    """The caller is known by number; one step from the call to the order."""
    page = office.at("op")
    page.goto(f"{office.base}/calls/new/")
    page.fill("#id_phone", office.house.customer.phone or "")
    submit(page, re.compile(r"/calls/\d+/$"))
    call = page.url
    page.click("main a[href^='/orders/new/?customer=']")
    choose(page, "product", "DC01")
    starts = clock.now() + dt.timedelta(minutes=20)
    page.fill("#id_served_from", starts.astimezone(clock.TZ).strftime("%Y-%m-%dT%H:%M"))
    page.fill("#id_hours", "2")
    page.fill("#id_quantity", "100")
    submit(page, re.compile(r"/orders/\d+/$"))
    return Order.objects.get(), call


def begin(office: Office) -> None:
    page = office.at("sw", phone=True)
    page.goto(f"{office.base}/orders/mine/")
    page.click(".job-steps .btn")
    page.fill("#id_no_photo_reason", "客户不同意拍照")
    submit(page, re.compile(r"/orders/mine/$"))


def visit(office: Office, order: Order) -> str:
    """The account manager looks in while the work goes on, on a telephone; what is wrong becomes a thread."""
    page = office.at("cm", phone=True)
    page.goto(f"{office.base}/care/visits/prepare/")
    choose(page, "customer", "lin")
    choose(page, "order", order.number)
    for box in page.locator("[name=checklist]").all():
        box.check()
    submit(page, re.compile(r"/care/visits/[0-9a-f-]+/$"))
    address = page.url
    step(page, address, "arrive", place="客户家")
    expect(page.locator("main")).to_contain_text(re.compile("按时|n time"))
    step(page, address, "come_back")
    page.goto(f"{address}do/write_sheet/")
    sheet(page, score="2")
    for code in ("result", "appearance", "attitude", "skill", "safety"):
        page.select_option(f"#id_score_{code}", "4")
    page.check("#id_needs_action")
    page.locator("main form button.btn-primary[type=submit]").last.click()
    expect(page.locator("#id_interviewee")).to_have_value("林女士")
    expect(page.locator(".form-errors, .field-error, .errorlist").first).to_be_visible()
    page.select_option("#id_problem", "quality")
    page.fill("#id_problem_text", SAID)
    page.fill("#id_promise_text", "下次优先处理油烟机")
    page.fill("#id_promise_due", (clock.now() + dt.timedelta(days=3)).strftime("%Y-%m-%dT12:00"))
    submit(page, address)
    return address


def written_down(office: Office, name: str, **more: str) -> None:
    """A visit that is over: by the specialist with what the file learns, by the outlet as its own form."""
    page = office.at(name)
    page.goto(f"{office.base}/care/visits/new/")
    choose(page, "customer", "lin")
    now = clock.now().astimezone(clock.TZ)
    page.fill("#id_arrived_at", (now - dt.timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M"))
    page.fill("#id_left_at", (now - dt.timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"))
    sheet(page)
    for field, value in more.items():
        found = page.locator(f"#id_{field}")
        found.select_option(value) if field.startswith("file_field") else found.fill(value)
    submit(page, re.compile(r"/care/visits/[0-9a-f-]+/$"))


def link(page: Page, address: str, name: str, field: str, number: str) -> None:
    page.goto(f"{address}do/{name}/")
    choose(page, field, number)
    submit(page, address)


def thread(office: Office) -> None:
    """Meeting, rule, answer: each by the one who owes it, each with the next deadline."""
    address = f"{office.base}{Thread.objects.get().get_absolute_url()}"
    cs, am = office.at("cs"), office.at("am")
    cs.goto(address)
    expect(cs.locator("main")).to_contain_text(SAID)
    expect(cs.locator(".org-doings .btn-primary")).to_have_attribute("href", re.compile("/meetings/new/.*care.visit"))
    Thread.objects.update(raised_at=clock.now() - dt.timedelta(minutes=2))
    # Both were called and drafted for something else, and settle this too.
    meeting = meetings.resolved(office.house, at=clock.now(), needs_rule=True)
    link(cs, address, "hold_meeting", "meeting", meeting.record.number)
    rule = rules.in_force(office.house, at=clock.now(), day=clock.local_date(clock.now()))
    link(am, address, "promulgate", "regulation", rule.record.number)
    expect(am.locator("main")).to_contain_text(rule.title)
    step(cs, address, "answer", answer="已制定除油标准，下次服务按新标准做")
    assert Thread.objects.get().status == "answered"


@pytest.mark.clause("CS-W3.3")
def test_from_the_call_to_the_answered_problem(office: Office, tmp_path: Path) -> None:
    house = office.house
    house.order.delete()
    with_papers(house, "sw")
    order, call = call_and_order(office)
    drag(office, order, "sw")
    begin(office)
    visit(office, order)
    row = Visit.objects.get()
    assert row.is_on_time and row.service_started_at is not None and row.order == order
    written_down(office, "cc", file_field_1="pets", file_value_1="两只猫")
    written_down(office, "oa")
    thread(office)
    assert Profile.objects.get(customer=house.customer).pets == "两只猫"
    cs = office.at("cs")
    codes = dict(Visit.objects.values_list("record__form_code", "record_id"))
    assert sorted(codes) == ["F19", "F20", "F21"]
    for pk in codes.values():
        answer = cs.request.get(f"{office.base}/records/{pk}/print.pdf")
        assert answer.status == 200 and answer.body().startswith(b"%PDF")
    op = office.at("op")
    op.goto(call)
    expect(op.locator("main")).to_contain_text("下次优先处理油烟机")
    worker = office.at("sw", phone=True)
    for _step in range(2):
        worker.goto(f"{office.base}/orders/mine/")
        worker.click(".job-steps .btn")
        submit(worker, re.compile(r"/orders/mine/$"))
    ask(office, f"{office.base}{order.get_absolute_url()}")
    order.refresh_from_db()
    assert (order.status, order.payment, order.satisfaction) == ("finished", "paid", 5)


@pytest.mark.clause("CS-W3.1")
@pytest.mark.clause("CS-W2.2")
def test_the_month_s_list_sets_whom_care_visits_and_shows_what_it_brought(office: Office) -> None:
    house, at = office.house, clock.now()
    month = month_back(month_of(clock.local_date(at)), 1)
    invent(house, 31, 12, 90, last_of(month))
    Product.objects.get_or_create(code="WN01", defaults={"name": "擦窗", "category": "cleaning", "unit": "m²"})
    rollup.fill()
    draw = reports.draw_pack(month, by=system_actor("test", at), at=at, prefer="database")
    reports.settle_classes(draw, at=at)
    cs = office.at("cs")
    cs.goto(f"{office.base}/care/months/draw/")
    submit(cs, re.compile(r"/care/months/[0-9a-f-]+/$"))
    address = cs.url
    step(cs, address, "issue")
    assert MonthPlan.objects.get().status == "issued"
    plan = CarePlan.objects.filter(customer__kind="household").order_by("pk").first() or CarePlan.objects.earliest("pk")
    cm = office.at("cm", phone=True)
    page = f"{office.base}{plan.get_absolute_url()}"
    cm.goto(f"{page}do/confirm/")
    cm.fill("#id_found", "每周保洁，想试试擦窗，家里有老人")
    cm.fill("#id_offer-q", "WN01")
    cm.locator("#id_offer-list .lookup-item", has_text="WN01").click()
    cm.fill("#id_planned_on", max(clock.local_date(at), plan.month.month_on).isoformat())
    submit(cm, page)
    cm.goto(f"{page}visit/")
    for box in cm.locator("[name=checklist]").all():
        box.check()
    submit(cm, re.compile(r"/care/visits/[0-9a-f-]+/$"))
    visited = cm.url
    step(cm, visited, "arrive", place="客户家")
    cm.goto(f"{visited}do/write_sheet/")
    sheet(cm)
    submit(cm, visited)
    plan.refresh_from_db()
    assert plan.status == "visited"
    cs.goto(f"{address}?part=share#part-share")
    expect(cs.locator("#part-share table.rows tbody tr").first).to_be_visible()
    expect(cs.locator("#part-share")).to_contain_text("%")
