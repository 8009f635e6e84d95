"""An inspection on a telephone that loses its network, is closed and opened again, and comes back (AM-W3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.test_accident import Office
from tests.houses import House
from tests.inspections.stages import listed
from zhangfa.core import clock
from zhangfa.inspections import actions
from zhangfa.inspections.models import Answer, Inspection, Sheet
from zhangfa.notices.models import Notice
from zhangfa.records.models import Attachment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("AM-W3")]
SAYS = {
    "zh": {
        "kept": "这一页已存在手机上",
        "off": "没有网络",
        "sent": "全部已发送到公司",
        "clash": "别人同时改了这一题",
        "closed": "评价和签名已存在手机上",
        "stale": "这个签名不能用",
    },
    "en": {
        "kept": "kept on the phone",
        "off": "No network",
        "sent": "Everything has been sent",
        "clash": "Somebody else changed",
        "closed": "kept on this phone",
        "stale": "can't be used",
    },
}


@pytest.fixture(params=["zh", "en"])
def office(
    request: Any, browser: Browser, live_server: Any, house: House, browser_context_args: dict[str, Any]
) -> Iterator[Office]:
    made = Office(browser, live_server.url, request.param, house, browser_context_args)
    yield made
    for page in made.pages.values():
        page.context.close()
    assert made.problems == []


def state(page: Page, words: str) -> None:
    expect(page.locator("#visit-state")).to_contain_text(words, timeout=90_000)


def caches(page: Page) -> list[str]:
    found: list[str] = page.evaluate("caches.keys()")
    return found


def fixed(house: House) -> Inspection:
    at = clock.now()
    row = actions.appoint(listed(house, at=at), person=house.people["cs"], by=house.actor("am", at), at=at)
    return actions.issue(row, by=house.actor("am", at), at=at)


def test_a_visit_survives_a_lost_network_a_reload_and_a_closed_page(office: Office) -> None:
    says, house = SAYS[office.language], office.house
    row = fixed(house)
    page = office.at("hr", phone=True)
    address = f"{office.base}{row.get_absolute_url()}fill/"
    page.goto(address)
    state(page, says["kept"])

    page.context.set_offline(True)
    page.click("[data-start] button")
    page.select_option("#visit-person", str(house.people["oa"].pk))
    page.click("[data-add-person] button")
    first = page.locator("#visit-new fieldset").first
    first.locator("textarea").first.fill("先打招呼，再看现场")
    first.locator("input[value=correct]").check()
    state(page, says["off"])

    page.reload()
    expect(page.locator("#visit-new textarea").first).to_have_value("先打招呼，再看现场")
    again = page.context.new_page()
    page.close()
    again.goto(address)
    office.pages["hr", True] = again
    expect(again.locator("#visit-new textarea").first).to_have_value("先打招呼，再看现场")
    second = again.locator("#visit-new fieldset").nth(1)
    second.locator("textarea").first.fill("不知道")
    second.locator("input[value=wrong]").check()
    second.locator("input[inputmode=numeric]").fill("10")
    state(again, says["off"])
    assert not Sheet.objects.exists()

    again.context.set_offline(False)
    state(again, says["sent"])
    expect(again.locator("#visit-form section[data-sheet]").first).to_be_visible()
    sheet = Sheet.objects.get()
    kept = list(sheet.answers.order_by("no").values_list("answer", "verdict", "deduction"))
    assert kept == [("先打招呼，再看现场", "correct", 0), ("不知道", "wrong", 10)]
    row.refresh_from_db()
    assert row.status == "started" and row.stated_start_at is not None and row.stated_start_at <= row.started_at
    assert again.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('zf-kept'))") == []
    clash(office, again, sheet)
    signed_out(office, again)


def clash(office: Office, page: Page, sheet: Sheet) -> None:
    """Somebody else writes the same answer meanwhile: both are shown, one is chosen."""
    says, at = SAYS[office.language], clock.now()
    answer = sheet.answers.order_by("no").first()
    page.reload()
    box = page.locator(f"fieldset[data-answer='{answer.pk}']")
    page.context.set_offline(True)
    box.locator("textarea").first.fill("我记的是这样")
    state(page, says["off"])
    actions.record_answer(
        sheet,
        id=answer.pk,
        answer="另一位检查人记的",
        verdict="partly",
        deduction=5,
        by=office.house.actor("cs", at),
        at=at,
    )
    page.context.set_offline(False)
    expect(box.locator(".q-clash")).to_contain_text(says["clash"], timeout=90_000)
    expect(box.locator(".q-clash")).to_contain_text("另一位检查人记的")
    box.locator(".q-clash button").first.click()
    state(page, says["sent"])
    assert Answer.objects.get(pk=answer.pk).answer == "我记的是这样"


def signed_out(office: Office, page: Page) -> None:
    """After signing out nothing of it is left on the telephone."""
    assert len(caches(page)) == 1
    page.goto(f"{office.base}/accounts/logout/")
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile("/accounts/login/|/$"))
    page.goto(f"{office.base}/accounts/login/")
    expect(page.locator("[name=login]")).to_be_visible()
    page.wait_for_function("caches.keys().then((names) => names.length === 0)", timeout=60_000)


def stores(page: Page) -> list[str]:
    found: list[str] = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    return found


def draw(page: Page, pad: Locator) -> None:
    pad.scroll_into_view_if_needed()
    edge = pad.bounding_box()
    assert edge is not None
    page.mouse.move(edge["x"] + 40, edge["y"] + 60)
    page.mouse.down()
    for step in range(24):
        page.mouse.move(edge["x"] + 40 + step * 8, edge["y"] + 60 + (step % 5) * 8)
    page.mouse.up()


def test_pictures_and_names_wait_for_the_network_too(office: Office, tmp_path: Path) -> None:
    says, house = SAYS[office.language], office.house
    row = fixed(house)
    page = office.at("hr", phone=True)
    address = f"{office.base}{row.get_absolute_url()}fill/"
    page.goto(address)
    state(page, says["kept"])
    shot = tmp_path / "door.jpg"
    Image.new("RGB", (3200, 2400), "#a7c4b5").save(shot)

    page.context.set_offline(True)
    page.click("[data-start] button")
    page.select_option("#visit-person", str(house.people["oa"].pk))
    page.click("[data-add-person] button")
    for number, set_ in enumerate(page.locator("#visit-new fieldset[data-answer]").all()):
        set_.locator("textarea").first.fill("先打招呼，再看现场")
        set_.locator("input[value=correct]").check()
        if number == 0:
            set_.locator("input[type=file]").set_input_files(str(shot))
            expect(set_.locator(".thumbs li")).to_have_count(1)
    close = page.locator("#visit-new [data-close-part]")
    close.locator("summary").click()
    # Tapped as a finger does, not only filled in: what is tapped stays.
    close.locator("[data-close=comment]").click()
    close.locator("[data-close=comment]").fill("流程清楚，用语得体")
    draw(page, close.locator("canvas").nth(0))
    draw(page, close.locator("canvas").nth(1))
    close.locator("[data-close=result][value=agree]").click()
    expect(close.locator("[data-close=result]")).to_have_count(2)
    close.locator("[data-close-button]").click()
    expect(close.locator("[data-close-state]")).to_contain_text(says["closed"])
    state(page, says["off"])
    page.reload()
    again = page.locator("#visit-new")
    expect(again.locator(".thumbs img")).to_have_count(1)
    expect(again.locator("[data-close-state]")).to_contain_text(says["closed"])
    assert again.locator("textarea").first.is_disabled()
    assert not Sheet.objects.exists()

    page.context.set_offline(False)
    state(page, says["sent"])
    sheet = Sheet.objects.select_related("record").get()
    assert (sheet.status, sheet.comment, sheet.score) == ("handed", "流程清楚，用语得体", 100)
    picture = Attachment.objects.get(record=sheet.record)
    assert picture.place == "№ 1" and picture.width <= 1600 and picture.size < shot.stat().st_size
    signed = {row.role: (row.state, row.method, row.manner) for row in sheet.record.signatures.all()}
    assert signed == {"asked": ("signed", "drawn", "presence"), "inspector": ("signed", "drawn", "self")}
    assert Notice.objects.filter(person=house.people["oa"], code="inspections.signed_at_hand").exists()
    assert stores(page) == [f"zf-kept-{house.user('hr').pk}"]
    signed_out(office, page)
    page.wait_for_function("indexedDB.databases().then((all) => all.length === 0)", timeout=60_000)
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def test_a_name_under_other_words_is_not_used(office: Office) -> None:
    """Somebody changed an answer after the person had signed on the telephone: the name is refused, and both are told."""
    says, house, at = SAYS[office.language], office.house, clock.now()
    row = fixed(house)
    row = actions.start(row, by=house.actor("hr", at), at=at)
    actions.open_sheet(row, person=house.people["oa"], by=house.actor("hr", at), at=at)
    sheet = Sheet.objects.get()
    page = office.at("hr", phone=True)
    page.goto(f"{office.base}{row.get_absolute_url()}fill/")
    state(page, says["kept"])
    for set_ in page.locator("fieldset[data-answer]").all():
        set_.locator("textarea").first.fill("先打招呼")
        set_.locator("input[value=correct]").check()
    state(page, says["sent"])
    page.context.set_offline(True)
    close = page.locator("[data-close-part]")
    close.locator("summary").click()
    close.locator("[data-close=comment]").fill("用语得体")
    draw(page, close.locator("canvas").nth(0))
    close.locator("[data-close-button]").click()
    state(page, says["off"])
    answer = sheet.answers.order_by("no").first()
    at = clock.now()
    actions.record_answer(
        sheet, id=answer.pk, answer="另一位改了", verdict="partly", deduction=5, by=house.actor("cs", at), at=at
    )
    page.context.set_offline(False)
    expect(close.locator("[data-close-state]")).to_contain_text(says["stale"], timeout=90_000)
    assert not sheet.record.signatures.filter(state="signed").exists()
    close.locator("[data-close-state] button").last.click()
    page.wait_for_url(re.compile("/inspections/sheets/"))
