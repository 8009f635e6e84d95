"""Accessibility of every page of a case's way: both languages, a desk and a phone, and the dark scheme where colours carry meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page

from tests.claims import stages
from tests.houses import MONDAY
from tests.worlds import World
from zhangfa.claims import actions
from zhangfa.claims.models import Case
from zhangfa.core import clock

pytestmark = pytest.mark.django_db(transaction=True)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """Who opens which page; nobody is a stranger."""
    house, pool = world.house, world.pool
    arrived, surveyed = stages.accident(house, "arrived"), stages.accident(house, "registered")
    closed, outlet = stages.accident(house, "closed"), stages.outlet_accident(house, "accepted")
    handler = house.handler_of(arrived)
    yield "", "/accounts/login/"
    token = actions.make_link(Case.objects.get(pk=world.settled.case_id), by=house.actor("op"), at=timezone.now())
    yield "", f"/s/{token}/"
    yield "", "/s/nobody/"
    for name in ("cc", "oa", "dgm"):
        yield name, "/"
    for name, page in (
        ("cs", "/cases/?status=alerted"), ("cs", "/cases/?status=void"), ("cs", "/settlements/"), ("op", "/cases/new/"),
        ("op", "/cases/new/complaint/"), ("cs", "/claims/bundles/"), ("cs", "/claims/totals/"), ("dgm", "/inbox/"),
        ("cc", "/notices/"), ("cc", "/duties/"), ("cc", "/duties/catalogue/"), ("cc", "/records/sign/"), ("cc", "/handbook/"),
        ("cc", "/handbook/cc/"), ("cc", "/handbook/clause/CC-W1.5/"), ("cc", "/policy/"), ("cc", "/policy/claims.manager_max/"),
        ("cc", "/policy/explain/"), ("gm", "/org/"), ("gm", "/org/problems/"), ("gm", "/org/people/"), ("oa", "/customers/"),
        ("oa", f"/customers/{house.customer.pk}/"), ("oa", f"/orders/{house.order.pk}/"), ("cc", "/search/?q=林知夏"), ("cc", "/me/"),
        ("cc", "/no/such/page/"), ("cs", "/views/?list=/cases/"),
        ("cc", "/accounts/2fa/"), ("cc", "/accounts/password/change/"), ("cc", "/accounts/reauthenticate/"), ("gm", "/cases/new/"), ("dgm", f"/inbox/{pool['steps'][0]}/"), ("gm", f"/policy-changes/{world.change.pk}/"),
    ):  # fmt: skip
        yield name, page
    for case in (world.new, world.assessed, world.complaint, closed, outlet):
        yield "cs", f"/cases/{case.pk}/"
    yield handler, f"/cases/{arrived.pk}/"
    yield handler, f"/cases/{arrived.pk}/do/finish_survey/"
    yield house.handler_of(surveyed), f"/cases/{surveyed.pk}/do/assess/"
    yield "cc", f"/cases/{world.assessed.pk}/do/propose/"
    yield "op", f"/cases/{world.assessed.pk}/do/propose/"
    yield "dgm", f"/settlements/{world.settlement.pk}/"
    yield "dgm", f"/settlements/{world.settlement.pk}/do/agree/"
    yield "cc", f"/settlements/{world.settled.pk}/"
    yield "cc", f"/records/{world.settled.pk}/sign/handler/"
    yield "cs", f"/records/{world.settled.pk}/refusal/worker/"


DARK = ("/", "/cases/?status=alerted", "/duties/", "/inbox/", "/org/")


def looked_at(page: Page, address: str, size: Any) -> list[tuple[str, int, str, list[str]]]:
    page.set_viewport_size(size)
    wide = page.evaluate("document.documentElement.scrollWidth") > size["width"]
    found = [(v["id"], [node["html"][:160] for node in v["nodes"][:2]]) for v in page.evaluate(RUN)]
    if wide:
        found.append(("wider than the screen", []))
    return [(address, size["width"], rule, nodes) for rule, nodes in found]


def test_axe_finds_nothing(browser: Browser, browser_context_args: dict[str, Any], live_server: Any, db: None):
    with clock.at(MONDAY):
        world = World()
        opened = list(addresses(world))
    sessions: dict[str, str] = {"": ""}
    for name in {name for name, _address in opened if name}:
        client = Client()
        client.force_login(world.users[name])
        sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    axe, wrong = Axe().axe_script, []
    for language in ("zh-hans", "en"):
        context = browser.new_context(**browser_context_args, reduced_motion="reduce")
        page = context.new_page()
        for name, address in opened:
            cookies = [("language", language), (settings.SESSION_COOKIE_NAME, sessions[name])]
            context.add_cookies([{"name": key, "value": value, "url": live_server.url} for key, value in cookies])
            answer = page.goto(live_server.url + address)
            assert answer is not None and answer.status in (200, 403, 404), (address, answer)
            assert not name or "/accounts/login/" not in page.url, address
            page.evaluate(axe)
            wrong += looked_at(page, f"{language} {name} {address}", DESK)
            wrong += looked_at(page, f"{language} {name} {address}", PHONE)
            if address in DARK:
                page.emulate_media(color_scheme="dark")
                wrong += looked_at(page, f"{language} dark {name} {address}", PHONE)
                page.emulate_media(color_scheme="light")
        context.close()
    assert not wrong, "\n".join(map(str, wrong))
