"""An accident becomes a regulation, is acknowledged, executed, trained and measured, by everybody who has a part in it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.claims.test_actions_learning import closed
from tests.e2e.test_accident import Office, office  # noqa: F401  the fixture
from zhangfa.core import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("CC-W2.1"), pytest.mark.clause("CC-W2.2")]
CLAUSES = "登高作业的工具一律用绳系在手腕。\n作业前先铺防护垫。"


def send(page: Page, url: Any) -> None:
    page.click("main form .form-foot button.btn-primary")
    page.wait_for_url(url)


def step(page: Page, name: str) -> None:
    """The button of a step, its form in place, sent."""
    page.click(f"#status a[href$='/do/{name}/']")
    expect(page.locator("form#act")).to_be_visible()


def sent(page: Page) -> None:
    page.click("form#act .form-foot button[type=submit]")
    expect(page.locator("form#act")).to_have_count(0)


def draft(office: Office, url: str, handler: str) -> str:  # noqa: F811
    """From the closed case to a draft with a question on it, handed in."""
    page = office.at(handler)
    page.goto(f"{office.base}{url}?part=learning")
    page.click("a[href*='/regulations/new/']")
    page.wait_for_url("**/regulations/new/**")
    page.select_option("#id_topic", "safety")
    for field in ("title", "summary", "reason", "problem"):
        page.fill(f"#id_{field}", "高处作业工具防坠落规定")
    page.check("[name=posts][value=sw]")
    page.click("main form .form-foot button.btn-primary")
    expect(page.locator(".field-error").first).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("高处作业工具防坠落规定")
    page.fill("#id_clauses", CLAUSES)
    send(page, re.compile(r"/regulations/[0-9a-f-]{36}/$"))
    found = page.url
    step(page, "ask_question")
    page.fill("#id_seq", "1")
    page.fill("#id_question", "工具系在哪里？")
    page.fill("#id_options", "手腕\n口袋")
    page.fill("#id_answer", "1")
    sent(page)
    step(page, "submit")
    sent(page)
    return found


def decide(office: Office, rule: str, name: str) -> None:  # noqa: F811
    page = office.at(name)
    page.goto(rule)
    page.click("main a[href^='/inbox/'], main a[href^='/approvals/']")
    page.check("[name=result][value=agree]")
    with page.expect_response(lambda answer: answer.request.method == "POST") as told:
        page.locator("main form button[type=submit]").last.click()
    assert told.value.status < 400
    page.wait_for_load_state()


def promulgate(office: Office, rule: str) -> None:  # noqa: F811
    page = office.at("am")
    page.goto(rule)
    step(page, "promulgate")
    page.fill("#id_supervisor-q", office.house.people["hs"].no)
    page.click("#id_supervisor-list .lookup-item")
    sent(page)
    page.goto(f"{rule}?part=receipts")
    expect(page.locator("#part-receipts li")).to_have_count(2)


def acknowledge(office: Office, rule: str) -> None:  # noqa: F811
    """The worker reads it on a phone; a wrong answer is no acknowledgement."""
    page = office.at("sw", phone=True)
    page.goto(f"{rule}read/")
    page.check("[name=clause_1][value='1']")
    page.click("main form .form-foot button.btn-primary")
    expect(page.locator(".field-error").first).to_be_visible()
    page.check("[name=clause_1][value='0']")
    send(page, "**/regulations/mine/")


def execute(office: Office, rule: str) -> None:  # noqa: F811
    page = office.at("hs")
    page.goto(f"{rule}?part=executions")
    page.click("#part-executions a[href^='/regulations/executions/']")
    page.fill("#id_words", "各网点早会学习，检查了每个人的工具绳")
    page.fill("#id_trained_count", "2")
    page.fill("#id_done_rate", "100")
    page.click("main form .form-foot button.btn-primary")
    expect(page.locator("main form .form-foot")).to_have_count(0)


def train(office: Office, case: Any, handler: str) -> None:  # noqa: F811
    """The lesson: a name is refused, the manager releases it, the worker studies it."""
    page = office.at(handler)
    page.goto(f"{office.base}/cases/{case.pk}/learning/study/")
    for field, text in {
        "title": "工具滑落砸坏台面", "narrative": "林知夏家擦洗吊柜时工具滑落", "analysis": "工具没有系绳", "correct_practice": "工具系在手腕上",
        "checkpoints": "工具系绳\n铺防护垫", "quiz": "先做什么？\n* 铺防护垫\n直接擦",
    }.items():  # fmt: skip
        page.fill(f"#id_{field}", text)
    page.click("main form .form-foot button.btn-primary")
    expect(page.locator(".field-error").first).to_be_visible()
    page.fill("#id_narrative", "擦洗吊柜时工具滑落，砸裂台面")
    send(page, re.compile(r"/claims/studies/[0-9a-f-]{36}/$"))
    lesson = page.url
    manager = office.at("cs")
    manager.goto(lesson)
    step(manager, "release")
    expect(manager.locator("#id_train_by")).not_to_have_value("")
    sent(manager)
    worker = office.at("sw", phone=True)
    worker.goto(lesson)
    worker.click("main a[href$='/read/']")
    worker.check("[name=question_0][value='0']")
    send(worker, lesson)


@pytest.mark.clause("AM-W2")
def test_an_accident_becomes_a_rule_that_is_read_kept_taught_and_measured(office: Office) -> None:  # noqa: F811
    house, now = office.house, clock.now()
    case = closed(house, at=now - dt.timedelta(minutes=5))
    handler = house.handler_of(case)
    rule = draft(office, case.get_absolute_url(), handler)
    for name in ("am", "gm"):
        decide(office, rule, name)
    promulgate(office, rule)
    acknowledge(office, rule)
    execute(office, rule)
    train(office, case, handler)
    page = office.at("am")
    page.goto(f"{office.base}/threads/claims.case/{case.pk}/")
    expect(page.locator(".chain li.is-done")).to_have_count(7)
    expect(page.locator(".chain li.is-overdue, .chain li.is-late")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("林知夏")
    office.shoot(page, "thread")
    page.goto(f"{office.base}/claims/effect/")
    expect(page.locator("main .rows tbody tr")).to_have_count(1)
    answer = page.request.get(f"{rule.replace('/regulations/', '/records/')}print.pdf")
    assert answer.status == 200 and answer.body().startswith(b"%PDF")
