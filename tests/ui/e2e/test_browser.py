"""The shell in a real browser: transitions in place, photos that survive a refusal, drawn signatures, no scripts, axe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.ui.sample.pages")]
PASSWORD = "shell-test-2026"


def sign_in(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", "zm")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_contain_text("章敏")


@pytest.fixture
def desk(page: Page, live_server: Any, user: Any, papers: list[Any]) -> Page:
    page.problems = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda m: page.problems.append(m.text) if "Security Policy" in m.text else None)  # type: ignore[attr-defined]
    sign_in(page, live_server)
    yield page
    assert page.problems == []  # type: ignore[attr-defined]


def test_signed_in_again_beside_a_form_it_is_sent_as_it_stands(desk, live_server, papers):
    """A session that ended takes nothing with it: the words stay, are said to be unsent once, and go in when their writer is back."""
    desk.goto(f"{live_server.url}/papers/{papers[0].pk}/")
    desk.click(".record-actions a")
    desk.fill("#act [name=amount]", "800")
    Session.objects.all().delete()
    for _twice in range(2):
        desk.click("#act button[type=submit]")
        expect(desk.locator("#toasts")).to_contain_text("登录已过期")
    expect(desk.locator(".toast-note.is-error")).to_have_count(1)
    beside = desk.context.new_page()
    sign_in(beside, live_server)
    beside.close()
    desk.click("#act button[type=submit]")
    expect(desk.locator("#toasts")).to_contain_text("再提交一次")
    expect(desk.locator(".toast-note.is-error")).to_have_count(0)
    desk.click("#act button[type=submit]")
    expect(desk.locator("#status")).to_contain_text("待审批")


def test_a_form_is_not_sent_in_the_name_of_somebody_else(desk, live_server, papers):
    desk.goto(f"{live_server.url}/papers/{papers[0].pk}/")
    desk.click(".record-actions a")
    desk.fill("#act [name=amount]", "800")
    desk.locator("#badges").evaluate("box => (box.dataset.user = '0')")
    desk.locator("#act [name=csrfmiddlewaretoken]").evaluate("mark => (mark.value = 'x'.repeat(64))")
    for _twice in range(2):
        desk.click("#act button[type=submit]")
        expect(desk.locator("#toasts")).to_contain_text("另一个人")
    expect(desk.locator("#act [name=amount]")).to_have_value("800")


def test_a_refused_step_keeps_photos_and_drawing_and_then_goes_through(desk, live_server, papers, tmp_path: Path):
    desk.goto(f"{live_server.url}/papers/{papers[0].pk}/")
    desk.click(".record-actions a")
    expect(desk.locator("#act-title")).to_be_focused()
    desk.fill("#act [name=amount]", "1800")
    for name in ("一.png", "二.png"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n")
        desk.set_input_files("#act input[multiple]", str(tmp_path / name))
    expect(desk.locator("[data-thumbs] li")).to_have_count(2)
    box = desk.locator("[data-sign-pad]").bounding_box()
    desk.mouse.move(box["x"] + 40, box["y"] + 40)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 200, box["y"] + 80, steps=20)
    desk.mouse.up()
    desk.click("#act button[type=submit]")
    expect(desk.locator(".form-errors")).to_be_focused()
    expect(desk.locator("#act .field-error")).to_contain_text("超过上限")
    expect(desk.locator("[data-thumbs] li")).to_have_count(2)
    assert desk.input_value("#act [name=signature_drawn]").startswith("data:image/png")
    desk.fill("#act [name=amount]", "800")
    desk.click("#act button[type=submit]")
    expect(desk.locator("#status")).to_contain_text("待审批")
    expect(desk.locator("#toasts")).to_contain_text("已办理")
    expect(desk.locator("#act")).to_be_empty()
    expect(desk.locator(".facts")).to_contain_text("¥800.00")


def test_a_list_is_filtered_in_the_address(desk, live_server, papers):
    desk.goto(f"{live_server.url}/papers/")
    desk.fill("#q", "ouyangjianguo")
    expect(desk.locator(".list-count")).to_contain_text("6")
    desk.wait_for_url("**/papers/?q=ouyangjianguo*")
    desk.reload()
    expect(desk.locator("#q")).to_have_value("ouyangjianguo")


def test_keyboard_and_menus(desk, live_server, papers):
    desk.goto(f"{live_server.url}/papers/{papers[1].pk}/")
    desk.keyboard.press("Tab")
    expect(desk.locator(".skip")).to_be_focused()
    desk.keyboard.press("/")
    expect(desk.locator("#find")).to_be_focused()
    desk.locator(".refused summary").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".refused .refusals")).to_contain_text("只有总经理可以结案。")
    desk.keyboard.press("Escape")
    expect(desk.locator(".refused .refusals")).to_be_hidden()


def test_typed_search_chooses_without_leaving(desk, live_server):
    desk.goto(f"{live_server.url}/papers/new/")
    desk.fill("[name=title]", "台面破损")
    desk.fill("[name=person-q]", "邵")
    desk.locator(".lookup-item", has_text="邵一弘").click()
    desk.click("#form .form-foot button")
    expect(desk.locator("h1")).to_have_text("台面破损")
    expect(desk.locator(".facts")).to_contain_text("邵一弘")


def type_before_the_scripts(desk: Page, address: str, box: str, typed: str) -> None:
    """On a slow line the boxes are there before what listens to them."""
    waiting: list[Any] = []
    desk.route("**/htmx*.js", lambda route: waiting.append(route))
    with desk.expect_request("**/htmx*.js"):
        desk.goto(address, wait_until="commit")
    desk.fill(box, typed)
    for route in waiting:
        route.continue_()


def test_a_choice_typed_before_the_scripts_have_come_is_searched(desk, live_server):
    type_before_the_scripts(desk, f"{live_server.url}/papers/new/", "[name=person-q]", "邵")
    desk.locator(".lookup-item", has_text="邵一弘").click()


def test_a_filter_typed_before_the_scripts_have_come_is_heeded(desk, live_server, papers):
    type_before_the_scripts(desk, f"{live_server.url}/papers/", "#q", "ouyangjianguo")
    desk.wait_for_url("**/papers/?q=ouyangjianguo*")
    expect(desk.locator(".list-count")).to_contain_text("6")


def test_everything_can_be_done_without_scripts(
    browser: Browser, browser_context_args: dict, live_server, user, papers
):
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    page = context.new_page()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/papers/new/")
    page.fill("[name=title]", "台面破损")
    page.fill("[name=person-q]", "欧阳")
    page.click("text=查找")
    page.check("[name=person]")
    page.click("#form .form-foot button")
    expect(page.locator("h1")).to_have_text("台面破损")
    page.click("text=提交方案")
    page.fill("[name=amount]", "300")
    page.click("#form button[type=submit]")
    expect(page.locator("#status")).to_contain_text("待审批")
    context.close()


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(1280, "light", "zh-hans"), (390, "dark", "zh-hans"), (390, "light", "en"), (1280, "dark", "en")],
)
def test_axe_finds_nothing(
    browser: Browser, browser_context_args: dict, live_server, user, papers, width, scheme, language
):
    size = {"width": width, "height": 844}
    context = browser.new_context(**{**browser_context_args, "viewport": size, "color_scheme": scheme})
    context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
    page = context.new_page()
    found = []

    def look(address: str) -> None:
        page.goto(live_server.url + address)
        violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        found.extend((address, v["id"], [node["html"][:120] for node in v["nodes"][:3]]) for v in violations)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address

    look("/accounts/login/")
    page.fill("[name=login]", "zm")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(live_server.url + "/")
    paper = papers[0].pk
    for address in (
        "/", "/papers/?status=draft", f"/papers/{paper}/", f"/papers/{paper}/do/submit/", f"/papers/{paper}/do/close/", "/papers/new/",
        "/search/?q=x", "/me/", "/no/such/", "/accounts/2fa/", "/accounts/password/change/",
    ):  # fmt: skip
        look(address)
    assert found == []
    context.close()


def test_escape_closes_a_step_that_was_opened_by_mistake_and_keeps_what_was_typed(desk, live_server, papers):
    desk.goto(f"{live_server.url}/papers/{papers[0].pk}/")
    desk.click(".record-actions a")
    expect(desk.locator("#act-title")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator("#act")).to_be_empty()
    expect(desk.locator(".record-actions a").first).to_be_focused()
    desk.keyboard.press("Enter")
    desk.fill("#act [name=amount]", "1800")
    desk.keyboard.press("Escape")
    expect(desk.locator("#act [name=amount]")).to_have_value("1800")
