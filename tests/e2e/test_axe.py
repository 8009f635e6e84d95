"""Accessibility of every page of a case's way: both languages, a desk and a phone, and the dark scheme where colours carry meaning."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page

from tests.claims import stages
from tests.e2e import console
from tests.houses import MONDAY, House
from tests.orders import stages as orders
from tests.reports.world import opened_reports
from tests.worlds import World
from zhangfa.claims import actions
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.orders.actions import add_member as send_along
from zhangfa.orders.models import Product

pytestmark = pytest.mark.django_db(transaction=True)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PASSWORD = "a long word of passage 7"
RUN = "left_out => axe.run(left_out.length ? {exclude: left_out} : document, {resultTypes: ['violations']}).then(found => found.violations)"
# Menu, bar on top and bar below are the same on all pages of a person: they are looked at on the first of each size and scheme.
SHARED = [[".side"], [".top"], [".phonebar"]]


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """Who opens which page; nobody is a stranger."""
    house, pool = world.house, world.pool
    arrived, surveyed = stages.accident(house, "arrived"), stages.accident(house, "registered")
    closed, outlet = stages.accident(house, "closed"), stages.outlet_accident(house, "accepted")
    handler = house.handler_of(arrived)
    orders.with_papers(house, "sw2")
    Product.objects.filter(pk=world.sent.product_id).update(crew=3)
    send_along(world.sent, by=house.actor("oa"), at=MONDAY, worker=house.people["sw2"])
    yield "", "/accounts/login/"
    token = actions.make_link(Case.objects.get(pk=world.settled.case_id), by=house.actor("op"), at=timezone.now())
    yield "", f"/s/{token}/"
    yield "", "/s/nobody/"
    for name in ("cc", "oa", "dgm"):
        yield name, "/"
    for name, page in (
        ("cs", "/cases/?status=alerted"), ("cs", "/cases/?status=void"), ("cs", "/settlements/"), ("op", "/cases/new/"),
        ("op", "/cases/new/complaint/"), ("cs", "/claims/bundles/"), ("cs", "/claims/totals/"), ("dgm", "/inbox/"),
        ("cc", "/notices/"), ("cc", "/duties/"), ("cc", "/duties/catalogue/"), ("cc", "/duties/plan/?span=month"), ("am", "/duties/catalogue/D-CC-05/bundle/"),
        ("am", "/duties/catalogue/new/"), ("am", "/duties/catalogue/D-CC-05/bundle/change/"), ("am", f"/duties/changes/{world.duty_change.pk}/"),
        ("hr", "/duties/handovers/"), ("hr", f"/duties/handovers/{world.handover.pk}/"), ("cs", "/duties/what-if/?key=claims.manager_max&value=1100&since=2026-03-01&until=2026-03-02"),
        ("gm", "/duties/standing/?part=year"), ("gm", "/duties/reports/trend/clause/"), ("cc", "/records/sign/"), ("cc", "/handbook/"),
        ("cc", "/handbook/cc/"), ("cc", "/handbook/clause/CC-W1.5/"), ("cc", "/policy/"), ("cc", "/policy/claims.manager_max/"),
        ("cc", "/policy/explain/"), ("cc", "/policy/explain/?subject=case&settlement=1250&handled_by=outlet"), ("gm", "/org/"), ("gm", "/org/problems/"), ("gm", "/org/people/"), ("gm", f"/org/units/{house.units['home'].pk}/charge/end/"), ("oa", "/customers/"),
        ("oa", f"/customers/{house.customer.pk}/"), ("oa", f"/orders/{house.order.pk}/"), ("oa", "/dispatch/?day=2026-03-03"), ("oa", "/orders/new/"),
        ("oa", f"/orders/{world.planned.pk}/"), ("oa", f"/orders/{world.planned.pk}/do/assign/"), ("oa", f"/orders/{world.sent.pk}/do/add_member/"), ("oa", f"/orders/{world.sent.pk}/do/remove_member/"), ("sw2", "/orders/mine/"), ("sw", f"/orders/{world.sent.pk}/photos/"), ("hs", "/prices/DC01/crew/"), ("hs", "/dispatch/whereabouts/"), ("oa", f"/dispatch/workers/{house.people['sw'].pk}/?day=2026-03-03"),
        ("hs", "/prices/DC01/"), ("hs", "/prices/DC01/new/"), ("oa", f"/series/{world.series.pk}/"), ("oa", "/series/contract/"),
        ("oa", f"/revisits/{world.revisit.pk}/"), ("fin", "/refunds/"), ("sw", "/orders/mine/"), ("oa", "/papers/"), ("op", "/calls/desk/"), ("op", f"/calls/{world.call.pk}/"), ("cs", "/calls/report/"), ("cs", "/calls/scripts/"), ("op", "/calls/new/"),
        ("oa", f"/papers/workers/{house.people['sw'].pk}/"), ("cc", "/search/?q=林知夏"), ("cc", "/me/"), ("cc", "/me/access/"), ("cc", "/me/access/tokens/new/"), ("cs", "/records/lists/"), ("cs", "/records/lists/new/?from=/customers/"),
        ("cc", "/no/such/page/"), ("cs", "/views/?list=/cases/"), ("am", "/inspections/"), ("am", "/inspections/new/"),
        ("hr", f"/inspections/{world.inspection.pk}/"), ("hr", f"/inspections/{world.inspection.pk}/fill/"), ("oa", f"/inspections/sheets/{world.sheet.pk}/"),
        ("am", "/inspections/weeks/2026-03-02/"), ("hs", "/inspections/results/?month=2026-03"), ("oa", f"/inspections/problems/{world.rectification.pk}/"),
        ("oa", f"/inspections/forms/{world.finding.pk}/"), ("cs", "/inspections/patterns/"),
        ("oa", f"/merits/{world.merit.pk}/"), ("hs", "/merits/new/"), ("am", "/merits/"), ("cs", f"/claims/studies/{world.lesson.pk}/"),
        ("cs", f"/claims/studies/{world.lesson.pk}/pictures/"), ("cs", f"/claims/studies/{world.lesson.pk}/do/release/"),
        ("cc", "/accounts/2fa/"), ("cc", "/accounts/password/change/"), ("cc", "/accounts/reauthenticate/"), ("gm", "/cases/new/"), ("dgm", f"/inbox/{pool['steps'][0]}/"), ("gm", f"/policy-changes/{world.change.pk}/"),
    ):  # fmt: skip
        yield name, page
    yield from governance(world)
    yield from imports(world)
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
    for name in ("sw", "cs"):
        yield name, f"/cases/{world.pressure.case_id}/pressure/"
    answering, learning = world.complaint.pk, f"/cases/{closed.pk}/learning/"
    yield from (
        (house.handler_of(world.complaint), f"/cases/{answering}/do/move_day/"), (house.handler_of(closed), learning),
        ("cs", f"{learning}study/"), ("cs", f"{learning}waive/"), ("am", "/claims/effect/"), ("am", "/claims/effect/2025-Q4/"), ("cs", "/claims/studies/"),
        ("cc", f"/claims/studies/{world.lesson.pk}/sessions/"),
    )  # fmt: skip
    yield from duties(world)
    yield from care(world)


def duties(world: World) -> Iterator[tuple[str, str]]:
    """What is owed, how it is kept, and the pages of one occurrence."""
    house, occurrence = world.house, f"/duties/occurrences/{world.pool['occurrences'][0]}/"
    yield from (("gm", page) for page in (
        "/duties/", "/duties/standing/", "/duties/standing/?part=clause", "/duties/standing/post/oa/",
        f"/duties/standing/department/{house.units['service'].pk}/", "/duties/reports/", "/duties/reports/2026-02/", "/duties/reports/trend/post/",
        "/duties/occurrences/",
    ))  # fmt: skip
    yield from (
        ("cc", f"/duties/standing/person/{house.people['cc'].pk}/"), ("cc", occurrence), ("cc", f"{occurrence}excuse/"), ("cc", "/duties/feed/"),
        ("am", "/duties/catalogue/?post=oa"), ("cs", "/duties/what-if/"),
    )  # fmt: skip


def governance(world: World) -> Iterator[tuple[str, str]]:
    """How the company governs itself: tasks, plans, papers of administration, people, meetings, rules."""
    house, office = world.house, world.office
    oa, sources = house.people["oa"].pk, {noun: row.pk for noun, row in office.items()}
    yield from (
        ("oa", "/tasks/"), ("am", "/tasks/all/"), ("am", "/tasks/new/"), ("am", "/tasks/tally/"), ("gm", f"/tasks/{world.task.pk}/"),
        ("oa", "/problems/"), ("oa", "/problems/new/"), ("hs", f"/problems/{world.problem.pk}/"), ("hs", f"/problems/{world.problem.pk}/do/make_task/"),
        ("hs", "/plans/"), ("hs", "/plans/new/"), ("hs", f"/plans/{world.plan.pk}/"), ("hs", f"/plans/{world.plan.pk}/do/add_item/"),
        ("am", "/plans/checks/2026-03/"), ("am", "/plans/years/2025/"), ("hs", f"/plans/summaries/{world.summary.pk}/"),
        ("hs", "/plans/summaries/new/"), ("am", "/activities/"), ("am", "/activities/new/"), ("cs", f"/activities/{world.activity.pk}/"),
        ("am", "/decisions/"), ("am", "/decisions/new/"), ("am", f"/decisions/{world.decision.pk}/"), ("gm", f"/decisions/lists/{world.decision_list.pk}/"),
        ("hs", "/requests/new/"), ("am", f"/requests/{sources['dept-requests']}/"), ("am", f"/bulletins/{sources['bulletins']}/"),
        ("am", "/bulletins/new/"), ("am", f"/files/{sources['company-files']}/"), ("am", "/files/new/"), ("am", "/contacts/new/"),
        ("am", "/statutory/"), ("am", "/statutory/new/"), ("hr", "/leave/"), ("oa", "/leave/new/"), ("hr", "/leave/calendar/?month=2026-04"),
        ("oa", f"/leave/{world.leave.pk}/"), ("sup", f"/leave/decide/{world.leave.record.steps.get().pk}/"), ("hr", f"/leave/balance/{oa}/"),
        ("hr", "/training/reports/"), ("hr", "/training/reports/2026-02/"), ("hr", "/training/"), ("hs", "/training/new/"), ("hs", f"/training/{world.training.pk}/"), ("hr", "/training/ledger/"), ("hr", "/rosters/"),
        ("am", "/rosters/new/"), ("hs", "/meetings/"), ("am", "/meetings/new/"), ("am", f"/meetings/{world.meeting.pk}/"),
        ("am", "/regulations/"), ("am", "/regulations/new/"), ("am", f"/regulations/{world.rule.pk}/"), ("am", f"/regulations/{world.draft_rule.pk}/"),
        ("oa", "/regulations/mine/"), ("am", f"/threads/meetings.meeting/{world.meeting.pk}/"), ("am", "/duties/changes/"), ("hr", "/duties/handovers/new/"),
        ("hr", "/revisions/"), ("hr", "/revisions/new/"), ("hr", f"/revisions/{world.revision.pk}/"), ("hr", f"/revisions/{world.revision.pk}/do/add_seat/"),
        ("cm", f"/revisions/{world.description.pk}/"), ("cm", "/posts/"), ("cm", "/posts/cm/"), ("hr", "/posts/revise/?post=cm"),
        ("cc", "/org/history/?on=2026-03-01"), ("cc", "/org/history/changes/"), ("hs", "/training/reports/2026-02/"), ("hr", "/training/ledger/?q=oa"),
        ("gm", "/tasks/given/"), ("gm", f"/tasks/{world.task.pk}/do/withdraw/"), ("am", "/plans/checks/"), ("hs", "/plans/summaries/"),
        ("am", "/decisions/lists/"), ("am", "/requests/"), ("am", "/bulletins/"), ("am", "/files/"), ("am", "/contacts/"), ("am", "/rosters/"),
        ("oa", f"/leave/{world.leave.pk}/do/withdraw/"), ("hs", "/inspections/spot/new/"), ("am", "/inspections/problems/"), ("am", "/inspections/weeks/"),
        ("am", f"/inspections/{world.inspection.pk}/do/draw_questions/"), ("oa", f"/regulations/{world.rule.pk}/read/"),
        ("am", f"/regulations/{world.draft_rule.pk}/do/submit/"), ("hs", f"/regulations/executions/{world.execution.pk}/"), ("am", "/meetings/new/?kind=weekly"),
        ("am", f"/meetings/{world.meeting.pk}/do/give_opinion/"), ("cs", "/activities/new/"), ("fin", f"/activities/{world.activity.pk}/"), ("hs", "/merits/"),
    )  # fmt: skip


def imports(world: World) -> Iterator[tuple[str, str]]:
    """Lists brought in, the archive of customers, prices, and calls; a mapping, a mistake and a written list each on its page."""
    from tests.imports import workbooks

    house, archive, customer = world.house, world.archive, world.house.customer.pk
    mapping = workbooks.brought(house, workbooks.messy_customers())
    rows = [
        [8, "赵小满", "13800009999", "听松苑3幢402", "east单位", "2024年3月5日", ""],
        [9, "错电话", "没有", "听松苑1幢1", "east单位", "", ""],
    ]
    mistaken = workbooks.checked(house, workbooks.brought(house, workbooks.messy_customers(rows)))
    begun = workbooks.written(
        house, workbooks.checked(house, workbooks.brought(house, workbooks.messy_customers(rows)))
    )
    yield from (("cs", page) for page in (
        "/imports/", "/imports/new/", f"/imports/{mapping.pk}/", f"/imports/{mapping.pk}/do/check/", f"/imports/{mistaken.pk}/",
        f"/imports/{mistaken.pk}/rows/", f"/imports/{mistaken.pk}/rows/2/", f"/imports/{mistaken.pk}/mended/",
        f"/imports/{mistaken.pk}/replace/?field=phone&old=没有", f"/imports/{begun.pk}/", f"/imports/{begun.pk}/stuck/",
        f"/imports/{begun.pk}/do/plan_undo/",
        "/archive/adverse/", f"/archive/adverse/{archive['adverse']}/", "/archive/requests/", f"/archive/requests/{archive['request']}/",
        "/archive/looks/", "/archive/exports/", "/archive/handins/", f"/archive/handins/{archive['hand_in']}/", "/prices/surcharges/",
        "/prices/", "/cards/", "/cards/new/", "/cards/packages/", "/calls/", "/calls/scripts/order/",
    ))  # fmt: skip
    yield from (("op", page) for page in (
        "/customers/new/", f"/customers/{customer}/edit/", f"/customers/{customer}/profile/", f"/customers/{customer}/consents/new/",
        f"/customers/{customer}/merge/", f"/customers/{customer}/merge/{archive['merge']}/undo/", f"/customers/{customer}/contacts/new/", f"/customers/{customer}/wishes/new/",
        f"/customers/{customer}/reveal/phone/", f"/customers/{customer}/requests/new/", f"/customers/{customer}/restore/", f"/customers/{customer}/adverse/new/",
        "/archive/entries/", f"/archive/entries/{archive['entry']}/", f"/archive/entries/{archive['entry']}/do/key_in/", "/customers/",
    ))  # fmt: skip
    yield from (
        ("oa", page) for page in ("/archive/today/", f"/customers/{customer}/entries/new/", "/customers/?q=lin")
    )
    yield from (("hs", page) for page in ("/archive/handins/new/", "/prices/new/", "/prices/surcharges/new/"))


SECOND_FACTOR = (
    "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
)  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_where_the_second_factor_is_kept(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, db: None, language: str
):
    """Behind a fresh password: with the factor still off, and with it and its recovery codes on."""
    house, axe, wrong = House(), Axe().axe_script, []
    context = browser.new_context(**browser_context_args, reduced_motion="reduce")
    page, complaints = context.new_page(), list[str]()
    console.watch(page, complaints)
    for name, opened in (("cc", SECOND_FACTOR[:2]), ("cs", (SECOND_FACTOR[0], *SECOND_FACTOR[2:]))):
        user = house.user(name)
        user.set_password(PASSWORD)
        user.save()
        if name == "cs":
            TOTP.activate(user, generate_totp_secret())
            RecoveryCodes.activate(user)
        client = Client()
        client.force_login(user)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = [("language", language), (settings.SESSION_COOKIE_NAME, session)]
        context.add_cookies([{"name": key, "value": value, "url": live_server.url} for key, value in cookies])
        for address in opened:
            answer = page.goto(live_server.url + address)
            assert answer is not None and answer.status == 200 and page.url == live_server.url + address, page.url
            page.evaluate(axe)
            for size in (DESK, PHONE):
                wrong += looked_at(page, address, size, is_known=False)
    context.close()
    assert not wrong and not complaints, "\n".join([*map(str, wrong), *complaints])


DARK = ("/", "/me/access/", "/cases/?status=alerted", "/duties/", "/inbox/", "/org/")


def looked_at(page: Page, address: str, size: Any, *, is_known: bool) -> list[tuple[str, int, str, list[str]]]:
    page.set_viewport_size(size)
    wide = page.evaluate("document.documentElement.scrollWidth") > size["width"]
    shown = page.evaluate(RUN, SHARED if is_known else [])
    found = [(v["id"], [node["html"][:160] for node in v["nodes"][:2]]) for v in shown]
    if wide:
        found.append(("wider than the screen", []))
    return [(address, size["width"], rule, nodes) for rule, nodes in found]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, db: None, language: str
):
    with clock.at(MONDAY):
        world = World()
        opened = list(addresses(world))
    assert_clean(browser, browser_context_args, live_server.url, world, opened, language, DARK)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_reports(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, db: None, language: str, settings: Any, tmp_path: Any
):  # fmt: skip
    """Charts and heat tables speak in colours: every report in the dark scheme, too."""
    settings.ZHANGFA_HOME = tmp_path
    with clock.at(MONDAY):
        world = World()
        opened = list(opened_reports(world))
    assert_clean(
        browser, browser_context_args, live_server.url, world, opened, language, [address for _name, address in opened]
    )


def assert_clean(
    browser: Browser, args: dict[str, Any], base: str, world: World, opened: list[tuple[str, str]], language: str, dark: Collection[str]
) -> None:  # fmt: skip
    """No violation and nothing wider than the screen: at a desk and on a phone, the addresses of `dark` in the dark scheme, too."""
    sessions: dict[str, str] = {"": ""}
    for name in {name for name, _address in opened if name}:
        client = Client()
        client.force_login(world.users[name])
        sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    axe, wrong = Axe().axe_script, []
    known: set[tuple[str, bool]] = set()
    context = browser.new_context(**args, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    console.watch(page, complaints)
    for name, address in opened:
        cookies = [("language", language), (settings.SESSION_COOKIE_NAME, sessions[name])]
        context.add_cookies([{"name": key, "value": value, "url": base} for key, value in cookies])
        answer = page.goto(base + address)
        assert answer is not None and answer.status in (200, 403, 404), (address, answer)
        assert not name or "/accounts/login/" not in page.url, address
        page.evaluate(axe)
        has_menu, is_known = page.locator(".side").count() > 0, (name, False) in known
        wrong += looked_at(page, f"{language} {name} {address}", DESK, is_known=is_known)
        wrong += looked_at(page, f"{language} {name} {address}", PHONE, is_known=is_known)
        known |= {(name, False)} if has_menu else set()
        if address in dark:
            page.emulate_media(color_scheme="dark")
            wrong += looked_at(page, f"{language} dark {name} {address}", PHONE, is_known=(name, True) in known)
            page.emulate_media(color_scheme="light")
            known |= {(name, True)} if has_menu else set()
    context.close()
    assert not wrong and not complaints, "\n".join([*map(str, wrong), *complaints])


def care(world: World) -> Iterator[tuple[str, str]]:
    """Every page of care: lists, papers, what is filled in, and what stands on others' pages."""
    keys = world.care
    for page in (
        "months", "months/draw", "plans", "visits", "visits/new", "visits/prepare", "bundles", "bundles/new", "threads", "gifts", "gifts/new", "promises",
        "promises/new", "rechecks", "accounts", "accounts/count", "feedback", "account-reports", "account-reports/2026-02", "account-reports/2026-03",
        "alliances", "alliances/new", "reviews", "reviews/new",
    ):  # fmt: skip
        yield "cs", f"/care/{page}/"
    for noun, address in CARE.items():
        yield "cs", f"/care/{address}/{keys[noun]}/"
    for name, page in (
        ("cm", f"plans/{keys['plan']}/visit"), ("cm", f"plans/{keys['plan']}/do/confirm"), ("cs", f"plans/{keys['plan']}/do/hand_over"),
        ("cs", f"gifts/{keys['gift']}/stock"), ("cs", f"threads/{keys['thread']}/do/hold_meeting"), ("am", f"bundles/{keys['bundle']}/do/pass_on"),
        ("cs", f"promises/{keys['promise']}/do/keep"), ("hs", f"rechecks/{keys['recheck']}/do/note_false"), ("hs", "rechecks/draw"),
        ("cm", f"accounts/{keys['account']}/do/save_file"), ("cm", f"accounts/{keys['account']}/do/add_decider"), ("cm", f"accounts/{keys['account']}/feedback"),
        ("cm", f"feedback/{keys['feedback']}/do/answer_feedback"), ("cs", f"alliances/{keys['alliance']}/do/finish_step"),
    ):  # fmt: skip
        yield name, f"/care/{page}/"


CARE = {
    "month": "months", "plan": "plans", "visit": "visits", "bundle": "bundles", "thread": "threads", "gift": "gifts", "promise": "promises",
    "recheck": "rechecks", "account": "accounts", "feedback": "feedback", "alliance": "alliances", "review": "reviews",
}  # fmt: skip
