"""The pages of figures, the handbook and “who decides”, in both languages."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from zhangfa.core import clock
from zhangfa.organisation.actor import system_actor
from zhangfa.organisation.models import Person, User
from zhangfa.policy import actions

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-2")]
NOW = dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)


@pytest.fixture
def reader(client):
    person = Person.objects.create(no="P1", name="郑芳")
    client.force_login(User.objects.create(username="op", person=person))
    actions.install_preset(at=NOW)
    with clock.at(NOW):
        yield client


def shown(response, status=200):
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def pages():
    from zhangfa.policy import queries

    yield from ("/policy/", "/policy/explain/", "/handbook/", "/policy/?export=xlsx")
    yield from (f"/handbook/{post}/" for post in ("gm", "cc", "oa", "sw"))
    yield from (f"/handbook/clause/{clause}/" for clause in ("AM-W4.1", "CC-W1.5", "X-2"))
    yield from (reverse("policy:value", args=[key]) for key in list(queries.definitions())[:3])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens(reader, language):
    reader.cookies["language"] = language
    for url in pages():
        assert reader.get(url).status_code == 200, url


@pytest.mark.parametrize(
    "url", ["/policy/", "/policy/explain/", "/handbook/", "/handbook/cc/", "/policy/leave.gm_days/"]
)
def test_nobody_reads_it_without_signing_in(client, url):
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("url", ["/policy/no.such/", "/handbook/xx/", "/handbook/clause/CC-W9.9/"])
def test_what_does_not_exist_is_404(reader, url):
    assert reader.get(url).status_code == 404


def test_the_list_finds_by_name_pinyin_clause_and_post(reader):
    assert "专员可自行决定的理赔上限" in shown(reader.get("/policy/", {"q": "理赔上限"}))
    assert "专员可自行决定的理赔上限" in shown(reader.get("/policy/", {"q": "lipeishangxian"}))
    assert "专员可自行决定的理赔上限" in shown(reader.get("/policy/", {"q": "cc-w1.5"}))
    assert "专员可自行决定的理赔上限" not in shown(reader.get("/policy/", {"post": "hr"}))
    assert "专员可自行决定的理赔上限" in shown(reader.get("/policy/", {"clause": "CC-W1.5"}))
    assert "没有符合条件的内容" in shown(reader.get("/policy/", {"q": "䶮"}))


def test_a_value_that_nothing_reads_is_marked(reader):
    assert "系统还没有用到" in shown(reader.get("/policy/facility.problem_days/"))
    assert "系统还没有用到" not in shown(reader.get("/policy/leave.gm_days/")).split("历次版本")[0].split("哪些条款")[0]


def test_a_change_to_come_is_announced(reader):
    actions.enact("claims.specialist_max", "1200", dt.date(2026, 4, 1), by=system_actor("test", NOW), at=NOW)
    page = shown(reader.get("/policy/claims.specialist_max/?part=history"))
    assert "2026-04-01 起 1,200 元" in page and "待生效" in page and "现行" in page
    assert "2026-04-01 起 1,200 元" in shown(reader.get("/policy/?q=specialist_max"))


def test_the_article_stands_on_the_value_page(reader):
    assert "第十六条" in shown(reader.get("/policy/claims.recourse_wage_share/"))


@pytest.mark.clause("X-4")
def test_the_handbook_of_a_post_has_limits_forms_and_status(reader):
    page = shown(reader.get("/handbook/cc/"))
    assert "1,000 元以内专员决定" in page and "《事故理赔处理表》" in page and "计划中" in page


@pytest.mark.clause("AM-W4.1")
def test_who_decides_says_route_clause_figures_and_comparison(reader):
    page = shown(
        reader.get("/policy/explain/", {"subject": "leave", "level": "staff", "kind": "personal", "days": "2.5"})
    )
    assert (
        "分管副总经理" in page
        and "超过 2 天，不满 5 天" in page
        and "/handbook/clause/AM-W4.1/" in page
        and "第 1 版" in page
    )
    reader.cookies["language"] = "en"
    page = shown(reader.get("/policy/explain/", {"subject": "activity", "amount": "2999.99"}))
    assert "Administration manager" in page and "less than 3,000 yuan" in page


@pytest.mark.parametrize("days", ["2.3", "NaN", "-1", "<b>", "😀", "9" * 60, "\x00", ""])
def test_nonsense_gets_words_and_keeps_what_was_typed(reader, days):
    page = shown(
        reader.get("/policy/explain/", {"subject": "leave", "level": "staff", "kind": "personal", "days": days})
    )
    assert 'id="answer"' not in page and "is-invalid" in page and 'value="personal" selected' in page


def test_an_unknown_subject_shows_the_first(reader):
    assert 'name="subject"' in shown(reader.get("/policy/explain/", {"subject": "weather", "a": "1"}))


@pytest.mark.parametrize(
    ("typed", "found"), [("理赔 上限", True), ("cc-w1.5", True), ("claims.specialist_max", True), ("请假", False)]
)
def test_a_figure_is_found_by_name_clause_or_key(typed, found, client, house):
    client.force_login(house.user("am"))
    page = client.get("/lookup/figures/", {"name": "policy_key", "policy_key-q": typed}).content.decode()
    assert ('value="claims.specialist_max"' in page) is found


def test_the_list_of_figures_finds_a_clause_by_typing(client, house):
    client.force_login(house.user("am"))
    page = client.get("/policy/").content.decode()
    assert "/lookup/clauses/?name=clause" in page and page.count("<option") < 60
    found = client.get("/lookup/clauses/", {"name": "clause", "clause-q": "三大承诺"}).content.decode()
    assert 'value="CC-W1.2"' in found
    kept = client.get("/policy/", {"clause": "CC-W1.5"}).content.decode()
    assert "专员可自行决定的理赔上限" in kept and "CC-W1.5" in kept
    assert client.get("/policy/", {"clause": "XX-1"}).status_code == 200
