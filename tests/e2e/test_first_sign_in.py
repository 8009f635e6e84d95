"""The first time somebody signs in, with the password that the administrator told them."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.houses import MONDAY, House
from zhangfa.organisation.actions import users
from zhangfa.organisation.actor import Actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("X-5")]
GIVEN, OWN = "rice-field-42", "bamboo-gate-77"


def test_the_page_on_which_a_password_is_replaced_stays_still(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, house: House
):
    by = Actor(None, "admin", MONDAY, is_technical=True, user_id=99)
    users.create(username="phone-1", password=GIVEN, person=house.people["op"], by=by, at=MONDAY)
    context = browser.new_context(**browser_context_args)
    page, opened = context.new_page(), list[str]()
    page.on("framenavigated", lambda frame: opened.append(frame.url))
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", "phone-1")
    page.fill("[name=password]", GIVEN)
    with page.expect_response("**/badges/") as counts:
        page.click("main button[type=submit]")
    assert counts.value.status == 204
    page.fill("[name=oldpassword]", GIVEN)
    page.fill("[name=password1]", OWN)
    page.fill("[name=password2]", OWN)
    page.click("main form button[type=submit]")
    expect(page.locator("#todo-h")).to_be_visible()
    assert sum("/password/change/" in address for address in opened) == 1
    context.close()
