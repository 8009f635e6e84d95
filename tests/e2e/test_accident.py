"""A broken stone counter of 1,800 yuan, from the call to the signed form, by everybody who has a part in it, in a real browser."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from tests.e2e import console, shots
from tests.houses import PASSWORD, House

pytestmark = pytest.mark.django_db(transaction=True)
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
WORDS = {
    "zh": {"late": "按时完成", "who": "分管副总经理", "two": "另一人", "kept": "已保存"},
    "en": {"late": "on time", "who": "eputy", "two": "another person", "kept": "aved"},
}


def picture(path: Path, shade: int) -> str:
    """A photo as a phone would send it."""
    image = Image.new("RGB", (800, 600), (200, 190 - shade, 180))
    ImageDraw.Draw(image).line((120, 80, 420, 300 + shade, 610, 560), fill=(40, 30, 30), width=9)
    out = io.BytesIO()
    image.save(out, "JPEG")
    path.write_bytes(out.getvalue())
    return str(path)


class Office:
    """One browser window per person, each with its own session."""

    def __init__(self, browser: Browser, base: str, language: str, house: House, args: dict[str, Any]):
        self.browser, self.base, self.language, self.house, self.args = browser, base, language, house, args
        self.pages: dict[tuple[str, bool], Page] = {}
        self.problems: list[str] = []

    def window(self, phone: bool) -> Page:
        size = PHONE if phone else DESK
        context = self.browser.new_context(**{**self.args, "viewport": size, "has_touch": phone})
        code = "en" if self.language == "en" else "zh-hans"
        context.add_cookies([{"name": "language", "value": code, "url": self.base}])
        page = context.new_page()
        console.watch(page, self.problems)
        page.on("response", lambda r: self.problems.append(f"{r.status} {r.url}") if r.status >= 500 else None)
        return page

    def at(self, name: str, *, phone: bool = False) -> Page:
        """This person's window, signed in."""
        key = (name, phone)
        if key not in self.pages:
            self.house.user(name)
            self.pages[key] = page = self.window(phone)
            page.goto(f"{self.base}/accounts/login/")
            page.fill("[name=login]", name)
            page.fill("[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            expect(page.locator("#todo-h")).to_be_visible()
        return self.pages[key]

    def shoot(self, page: Page, name: str, top: str = "body") -> None:
        shots.shoot(page, f"{name}-{self.language}", top=top)


@pytest.fixture(params=[pytest.param("zh", marks=pytest.mark.postgres), "en"])
def office(
    request: Any, browser: Browser, live_server: Any, house: House, browser_context_args: dict[str, Any]
) -> Iterator[Office]:
    shots.dress(house)
    made = Office(browser, live_server.url, request.param, house, browser_context_args)
    yield made
    for page in made.pages.values():
        page.context.close()
    assert made.problems == []


def press(page: Page, name: str) -> None:
    """The button of a step in the head of the record, and the form that it opens."""
    page.click(f"#status a[href$='/do/{name}/']")
    expect(page.locator("form#act, form#form, .door-form").first).to_be_visible()


def send(page: Page, *, is_refused: bool = False) -> None:
    """Send the form in place; it goes away, or comes back with its reasons."""
    page.click("form#act button[type=submit]")
    if is_refused:
        expect(page.locator("form#act .form-errors")).to_be_visible()
    else:
        expect(page.locator("form#act")).to_have_count(0)


def send_page(page: Page, url: str) -> None:
    """A long form has a page of its own and leads back to the record."""
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(url)


def next_is(page: Page, name: str) -> None:
    """The record offers this step now."""
    expect(page.locator(f"#status a[href$='/do/{name}/']")).to_be_visible()


def report(office: Office) -> str:
    """The operator takes the call; before sending it is said who will handle it."""
    page = office.at("op")
    page.goto(f"{office.base}/cases/new/")
    page.fill("#id_customer-q", "lin")
    page.click("#id_customer-list .lookup-item")
    page.click("#from-customer .order-choice .lookup-item >> nth=0")
    expect(page.locator("#id_worker-list input:checked")).to_have_count(1)
    expect(page.locator("#id_unit-list input:checked")).to_have_count(1)
    page.fill("#id_reporter", "林女士")
    page.fill("#id_place", "厨房")
    page.fill("#id_summary", "擦洗吊柜时工具滑落，砸裂石英石台面")
    page.locator("#id_estimate").press_sequentially("1800")
    expect(page.locator("#why .clause")).to_have_text("CC-W1.1")
    office.shoot(page, "report", top="#id_guarantee")
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
    expect(page.locator(".clock.is-amber, .clock.is-blue")).to_have_count(2)
    return page.url


def to_the_door(office: Office, url: str, handler: str, photo: Callable[[str], str]) -> None:
    """The specialist takes the alert, calls, and arrives, all on a phone; a refusal keeps the picture."""
    page = office.at(handler, phone=True)
    page.goto(url)
    press(page, "acknowledge")
    send(page)
    press(page, "log_call")
    page.fill("#id_content", "半小时内到")
    send(page)
    press(page, "arrive")
    page.set_input_files("form#act input[multiple]", photo("scene"))
    page.fill("#id_place", "")
    send(page, is_refused=True)
    page.fill("#id_place", "听松苑 3 幢门口")
    send(page)
    next_is(page, "finish_survey")


def survey(office: Office, url: str, handler: str, photo: Callable[[str], str]) -> None:
    """At the door with one hand: pictures at once, the thing, both accounts; what is typed survives a refusal."""
    page = office.at(handler, phone=True)
    press(page, "finish_survey")
    page.wait_for_url("**/do/finish_survey/")
    expect(page.locator(".strip li")).to_have_count(1)
    page.locator("form.shot input[type=file]").first.set_input_files(photo("object"))
    expect(page.locator(".strip li")).to_have_count(2)
    page.click("#damage a[href$='/do/add_item/']")
    page.fill("#id_name", "石英石台面")
    page.fill("#id_brand_model", "无")
    page.fill("#id_damaged_part", "水槽边角")
    page.check("[name=level][value=total]")
    page.fill("#id_location", "厨房")
    page.fill("#id_rough_value", "1800")
    send(page)
    expect(page.locator(".thing")).to_have_count(1)
    page.fill("#id_worker_statement", "工具没有系绳，掉下来砸到台面")
    page.locator("#id_worker_statement").blur()
    expect(page.locator("#saved")).to_contain_text(WORDS[office.language]["kept"])
    page.click(".door-foot button.btn-primary")
    expect(page.locator(".form-errors")).to_be_visible()
    expect(page.locator("#id_worker_statement")).to_have_value("工具没有系绳，掉下来砸到台面")
    page.fill(
        "#id_narrative",
        "上午十点服务员在厨房擦洗吊柜，工具没有系绳，从高处滑落，砸在水槽旁的石英石台面上，造成一道贯穿裂纹，无法修补。",
    )
    page.fill("#id_customer_statement", "台面去年才装，要求照价赔偿")
    page.select_option("#id_cause", "operation")
    page.fill("#id_judgement", "台面一角贯穿开裂，无法修补，是服务造成的")
    page.check("[name=remedies][value=cash]")
    page.fill("#id_expected_amount", "1800")
    page.fill("#id_promised_days", "3")
    office.shoot(page, "survey")
    page.click(".door-foot button.btn-primary")
    page.wait_for_url(url)
    press(page, "register")
    page.fill("#id_insurer_note", "未投保财产险")
    send(page)
    next_is(page, "assess")


def assess(office: Office, url: str, handler: str, photo: Callable[[str], str]) -> None:
    """Two prices with their source, the value, the shares, every exclusion answered."""
    page = office.at(handler)
    page.goto(url)
    for seller, price in (("石材城甲店", "1800"), ("网上旗舰店", "1850")):
        page.click("#damage a[href*='/do/add_price/']")
        page.check("[name=source][value=shop]")
        page.fill("#id_seller", seller)
        page.fill("#id_price", price)
        page.set_input_files("form#act input[multiple]", photo(f"price-{price}"))
        send(page)
        expect(page.locator(".mini")).to_contain_text(seller)
    page.click("#damage a[href*='/do/value_item/']")
    expect(page.locator("#id_market_price")).to_have_value("1800.00")
    send(page)
    expect(page.locator(".thing-total")).to_contain_text("¥1,800.00")
    press(page, "assess")
    page.wait_for_url("**/do/assess/")
    page.fill("#id_liability_basis", "服务员未按规定系好工具")
    for answer in page.locator("[type=radio][value=no]").all():
        answer.check()
    send_page(page, url)
    next_is(page, "propose")


def settle(office: Office, url: str, handler: str) -> str:
    """Above 1,500 yuan the deputy GM rules; above 1,000 a second person stands behind the survey first."""
    page = office.at(handler)
    press(page, "propose")
    page.wait_for_url("**/do/propose/")
    expect(page.locator("#why")).to_contain_text(WORDS[office.language]["who"])
    mark = page.locator("[data-needed-for='methods cash refund']")
    expect(mark).to_be_hidden()
    page.uncheck("[name=methods][value=cash]")
    page.check("[name=methods][value=redo]")
    expect(mark).to_be_visible()
    page.check("[name=methods][value=cash]")
    page.uncheck("[name=methods][value=redo]")
    expect(mark).to_be_hidden()
    page.click("main form .form-foot button.btn-primary")
    expect(page.locator(".form-errors")).to_contain_text(WORDS[office.language]["two"])
    outlet = office.at("oa")
    outlet.goto(url)
    press(outlet, "confirm_survey")
    send(outlet)
    send_page(page, url)
    settlement = office.base + str(page.locator(".items a[href^='/settlements/']").get_attribute("href"))
    other = office.at("cs")
    other.goto(settlement)
    expect(other.locator("#status a[href$='/do/agree/']")).to_have_count(0)
    ruler = office.at("dgm")
    ruler.goto(f"{office.base}/")
    expect(ruler.locator(f"a[href='{settlement.removeprefix(office.base)}']")).to_be_visible()
    ruler.goto(settlement)
    expect(ruler.locator(".why")).to_contain_text(re.compile("1,500"))
    office.shoot(ruler, "approve")
    press(ruler, "agree")
    send(ruler)
    return settlement


def sign(office: Office, url: str, settlement: str, handler: str, photo: Callable[[str], str]) -> None:
    """Offer, acceptance against a signed agreement, the form, four signatures; the worker signs on a phone."""
    page = office.at(handler)
    page.goto(url)
    press(page, "log_talk")
    page.check("[name=kind][value=offer]")
    page.fill("#id_amount", "1800")
    page.fill("#id_content", "上门说明赔偿方案")
    send(page)
    page.goto(settlement)
    press(page, "accept")
    page.wait_for_url("**/do/accept/")
    page.fill("#id_content", "客户同意现金赔付")
    page.click("main form .form-foot button.btn-primary")
    expect(page.locator(".form-errors")).to_be_visible()
    page.set_input_files("main form input[multiple]", photo("agreement"))
    send_page(page, settlement)
    press(page, "fill_form")
    page.wait_for_url("**/do/fill_form/")
    for field in ("root_cause", "customer_opinion", "handling", "prevention"):
        page.fill(f"#id_{field}", "高处作业工具一律系绳，上岗前检查")
    send_page(page, settlement)
    for role, name in (("handler", handler), ("worker", "sw"), ("manager", "hs"), ("outlet", "oa")):
        signer = office.at(name, phone=role == "worker")
        signer.goto(settlement)
        signer.click(f".call a[href$='/sign/{role}/']")
        signer.fill("main form [type=password]", PASSWORD)
        signer.click("main form button.btn-primary")
        signer.wait_for_url(re.compile("part=signatures"))
    page.goto(settlement)
    expect(page.locator(".late-mark")).to_have_count(0)


def finish(office: Office, url: str, settlement: str, handler: str) -> None:
    """Finance pays, the customer scores through their own link, the case closes and asks for its lesson."""
    cashier = office.at("fin")
    cashier.goto(f"{office.base}/settlements/?work=pay")
    cashier.click(".rows a")
    press(cashier, "pay")
    mark = cashier.locator("[data-needed-for='method transfer']")
    cashier.check("[name=method][value=wechat]")
    expect(mark).to_be_visible()
    cashier.check("[name=method][value=transfer]")
    expect(mark).to_be_hidden()
    cashier.fill("#id_payee_account", "6222 0000 1111 2222")
    cashier.fill("#id_voucher_no", "V-2026-0001")
    send(cashier)
    page = office.at(handler)
    page.goto(f"{url}link/")
    page.click("main form button.btn-primary")
    address = page.input_value("#address")
    expect(page.locator("[data-copy]")).to_be_visible()
    expect(page.locator("img.qr")).to_be_visible()
    customer = office.window(phone=True)
    customer.goto(address)
    expect(customer.locator("main")).not_to_contain_text("林知夏")
    office.shoot(customer, "answer")
    customer.check("[name=score][value='5']")
    customer.fill("#id_words", "处理很快")
    customer.click("main form button[type=submit]")
    expect(customer.locator("main [role=status]")).to_be_visible()
    assert customer.goto(address).status == 404
    customer.context.close()
    page.goto(url)
    press(page, "close")
    page.check("[name=nature][value=systemic]")
    send(page)
    expect(page.locator(".marks .is-done")).to_have_count(10)
    page.goto(f"{url}learning/")
    page.fill("#id_analysis", "高处作业没有系工具绳的要求")
    page.fill("#id_measures", "写入作业规范并培训")
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(url)


def test_a_broken_counter_from_the_call_to_the_signed_form(office: Office, tmp_path: Path) -> None:
    from zhangfa.claims.models import Case

    def photo(name: str) -> str:
        return picture(tmp_path / f"{name}.jpg", sum(name.encode()) % 60)

    url = report(office)
    case = Case.objects.get()
    handler = office.house.handler_of(case)
    to_the_door(office, url, handler, photo)
    survey(office, url, handler, photo)
    assess(office, url, handler, photo)
    settlement = settle(office, url, handler)
    sign(office, url, settlement, handler, photo)
    finish(office, url, settlement, handler)
    page = office.at(handler)
    for address in (f"{url}f10.pdf", f"{settlement}f11.pdf", f"{url}f12.pdf"):
        answer = page.request.get(address)
        assert answer.status == 200
        assert answer.body().startswith(b"%PDF")
    case.refresh_from_db()
    assert (case.status, case.satisfaction, case.satisfaction_channel) == ("closed", 5, "link")
    worker = office.at("sw", phone=True)
    worker.goto(url)
    expect(worker.locator("#status")).to_be_visible()
    stranger = office.at("mk")
    assert stranger.goto(url).status == 404
