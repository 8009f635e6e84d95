"""Workbench, search, switches and error pages."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.ui import display, menu, paging, registry, words
from zhangfa.ui.access import posts
from zhangfa.ui.registry import Item, Registry, Result

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.sample.pages")]
NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "address", ["/", "/search/", "/search/?q=zm", "/me/", "/badges/", "/accounts/2fa/", "/accounts/password/change/"]
)
def test_pages_of_the_shell_open(visitor, address):
    assert visitor.get(address).status_code == 200


def test_sign_in_page_is_chinese_and_switches_to_english(client):
    html = client.get("/accounts/login/").content.decode()
    assert 'lang="zh-CN"' in html
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert 'lang="en"' in client.get("/accounts/login/").content.decode()


def test_theme_is_remembered_and_never_leads_away(client):
    response = client.post("/theme/", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert response["Location"] == "/"
    assert 'data-bs-theme="dark"' in client.get("/accounts/login/").content.decode()
    client.post("/theme/", {"theme": "auto", "next": "/"})
    assert "data-theme-auto" in client.get("/accounts/login/").content.decode()
    assert client.get("/theme/").status_code == 405


def test_the_menu_draws_its_icons_from_one_kept_file(visitor, client):
    """The menu of somebody with every entry would otherwise be more than half of the page."""
    used = re.findall(r'<use href="(/menu-[0-9a-f]+\.svg)#([a-z0-9-]+)"/>', visitor.get("/").content.decode())
    assert used
    address = used[0][0]
    answer = client.get(address)
    assert answer["Content-Type"] == "image/svg+xml" and "immutable" in answer["Cache-Control"]
    drawn = answer.content.decode()
    assert all(path == address and f'<symbol id="{name}"' in drawn for path, name in used)
    assert client.get("/menu-000000000000.svg").status_code == 404


def test_the_workbench_puts_what_is_due_first(visitor, monkeypatch):
    source = Registry()
    later = Item("后到期", "/b/", due_at=clock.now() + dt.timedelta(days=2))
    source.add("a", lambda actor, at: [Item("无期限", "/c/"), later])
    source.add("b", lambda actor, at: [Item("先到期", "/a/", due_at=clock.now() - dt.timedelta(days=1))])
    monkeypatch.setattr(registry, "todo", source)
    html = visitor.get("/").content.decode()
    assert html.index("先到期") < html.index("后到期") < html.index("无期限")
    assert "已超期" in html


def test_search_groups_what_the_sources_find(visitor, monkeypatch):
    source = Registry()
    source.add("cases", lambda actor, q, at: [Result(f"案件{q}", "/x/", number="SG-1")] * 20, label="案件")
    monkeypatch.setattr(registry, "search", source)
    html = visitor.get("/search/?q=陈").content.decode()
    assert html.count("案件陈") == registry.LIMIT
    assert visitor.get("/search/?q=%00").status_code == 200


def test_the_menu_shows_only_what_one_may_open(visitor, monkeypatch):
    monkeypatch.setattr(menu, "_entries", dict(menu._entries))
    menu.register("secret", "总经理专用", "ui:home", permission=posts("gm"))
    menu.register("open", "大家都有", "ui:home")
    html = visitor.get("/me/").content.decode()
    assert "大家都有" in html
    assert "总经理专用" not in html


def test_a_menu_entry_without_a_page_stops_the_start(monkeypatch):
    monkeypatch.setattr(menu, "_entries", {})
    menu.register("gone", "没有", "nowhere:page")
    assert [error.id for error in menu.check_entries(None)] == ["ui.E001"]


def test_errors_say_what_to_do(visitor):
    assert "没有找到" in visitor.get("/no/such/page/").content.decode()
    strict = Client(enforce_csrf_checks=True)
    assert "这个页面已过期" in strict.post("/theme/", {"theme": "dark"}).content.decode()
    from zhangfa.ui.web import errors

    asked = RequestFactory().get("/papers/")
    assert "系统出错了" in errors.server_error(asked).content.decode()


def test_no_page_holds_inline_script_or_style(visitor, papers):
    for address in (
        "/",
        "/papers/",
        f"/papers/{papers[0].pk}/",
        f"/papers/{papers[0].pk}/do/submit/",
        "/papers/new/",
        "/me/",
        "/search/",
    ):
        html = visitor.get(address).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)", html)
        assert not re.search(r'\s(style|on\w+)="', html)
        assert "<style" not in html


def test_our_own_files_fit_their_share_of_the_first_view():
    import gzip

    folder = Path(settings.BASE_DIR) / "zhangfa" / "ui" / "static" / "ui"
    assert sum(len(gzip.compress(path.read_bytes())) for path in folder.iterdir()) <= 32 * 1024


def test_the_empty_shell_is_small(visitor):
    assert len(visitor.get("/").content) <= 24 * 1024


def test_numbers_and_times_read_as_people_write_them():
    assert display.money(Decimal("1800")) == "¥1,800.00"
    assert display.money(Decimal("-0.5")) == "-¥0.50"
    assert display.pct(Decimal("70.0")) == "70%"
    assert display.pct(Decimal("12.5")) == "12.5%"
    assert display.when_text(NOON, NOON) == "今天 12:00"
    assert display.when_text(NOON - dt.timedelta(days=1), NOON) == "昨天 12:00"
    assert display.when_text(NOON - dt.timedelta(days=20), NOON) == "11月3日 12:00"
    assert display.when_text(dt.date(2025, 1, 2), NOON) == "2025-01-02"
    assert display.mask("13812345678") == "138****5678"
    assert "is-late" in display.due(NOON - dt.timedelta(hours=1), NOON)


def test_a_missing_icon_is_a_dot():
    assert "circle" in display.icon("no-such-icon")


def test_refusals_are_said_with_their_figures():
    refusal = Refusal("x", "金额%(amount)s元超过%(pct)s%%。", {"amount": Decimal("1800.00"), "pct": 30})
    assert words.say(refusal) == "金额1,800元超过30%。"
    assert words.say(Refusal("y", "没有参数，满100%%。")) == "没有参数，满100%。"


def test_tokens_come_back_as_they_went_out():
    from tests.ui.sample.models import Paper

    keys = paging.keys_for(Paper, ("due_at", "-amount", "-id"))
    values = [NOON, Decimal("12.30"), 7]
    assert paging.decode(paging.encode(values), keys) == values
    assert paging.decode(paging.encode([None, Decimal(1), 7]), keys) == [None, Decimal("1.00"), 7]
    assert paging.decode(paging.encode([NOON, Decimal(1), None]), keys) is None


def test_an_address_of_no_app_is_not_found_and_a_pattern_still_is(rf):
    from django.urls import Resolver404, resolve

    assert resolve("/cases/").namespaces == ["claims"] and resolve("/").url_name
    assert resolve("/plans/years/2026/").url_name == "year"
    for path in ("/nothing/", "/casesx/", "/cases"):
        with pytest.raises(Resolver404):
            resolve(path)
