"""The product speaks English as completely as Chinese: the catalogue, and pages of a working company."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from tests.houses import MONDAY
from zhangfa.core import clock
from zhangfa.core.fields import EncryptedTextField

CHINESE = re.compile(r"[\u3001-\u3011\u3400-\u9fff\uff00-\uffef]")
# Shown in English by the product itself: their Chinese is no excuse on an English page.
OURS = {"Post", "Product", "Notice", "Duty", "Occurrence", "PolicyValue", "Event", "Step"}
SAID = ("title", "aria-label", "placeholder", "alt", "data-confirm")
ONCE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\d|\d+")
NEVER = re.compile(r"/files/|/attachments/|export=|\.pdf|\.xlsx|/static/|logout")


class Shown(HTMLParser):
    """The text and the labels of a page outside elements in Chinese by declaration, and its links."""

    def __init__(self, html: str):
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_apart = tag in ("script", "style") or (given.get("lang") or "").startswith("zh")
        if not is_apart and not any(apart for _tag, apart in self.open):
            self.texts += [given[name] or "" for name in SAID if name in given]
        self.links += [given[name] or "" for name in ("href", "hx-get") if name in given]
        self.open.append((tag, is_apart))

    def handle_endtag(self, tag: str) -> None:
        while self.open and any(name == tag for name, _apart in self.open) and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(apart for _tag, apart in self.open):
            self.texts.append(" ".join(data.split()))


def typed() -> list[str]:
    """Everything that people have typed, the longest first; never a word of the product, which has its English."""
    from polib import pofile

    from scripts.collect_messages import CATALOGUE, ROOT

    found: set[str] = set()
    for model in apps.get_models():
        if not model.__module__.startswith("zhangfa") or model.__name__ in OURS:
            continue
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | EncryptedTextField) and not field.choices
        ]
        for row in model._default_manager.all():
            found.update(str(getattr(row, name) or "") for name in names)
    found -= {entry.msgid for entry in pofile(str(ROOT / CATALOGUE))}
    return sorted((" ".join(text.split()) for text in found if CHINESE.search(text)), key=len, reverse=True)


def read(client: Client, most: int) -> Iterator[tuple[str, Shown]]:
    """Pages of every kind that links lead to from the workbench, two of a kind."""
    waiting, seen, kinds = ["/"], set(), Counter[str]()
    while waiting and len(seen) < most:
        address = waiting.pop(0).partition("#")[0]
        kind = ONCE.sub("…", address)
        if address in seen or kinds[kind] >= 2 or NEVER.search(address):
            continue
        seen.add(address)
        kinds[kind] += 1
        response = client.get(address, follow=True)
        if "html" in response.headers["Content-Type"]:
            page = Shown(response.content.decode())
            waiting += [link for link in page.links if re.match(r"/\w*", link)]
            yield address, page


MASKED = re.compile(r"[\u3400-\u9fff]\*+")


def left(text: str, data: list[str]) -> str:
    for one in data:
        text = text.replace(one, "")
    return text


@pytest.fixture
def world(db: Any) -> Any:
    from tests.worlds import World
    from zhangfa.claims.models import Settlement
    from zhangfa.orders.models import Product

    with clock.at(MONDAY):
        made = World()
        Product.objects.update(name_en="Deep cleaning")
        # What was typed must differ from the product's own words to be told from them.
        Settlement.objects.update(root_cause="擦柜顶时碰倒花瓶", customer_opinion="我同意这样处理")
        yield made


def test_pages_are_english_but_for_what_people_typed(world):
    data, stray, count = typed(), set(), 0
    for name in ("cc", "oa", "am"):
        client = Client()
        client.force_login(world.users[name])
        client.cookies["language"] = "en"
        for address, page in read(client, 45):
            count += 1
            # A single character is a person's face in the corner: the first of the name; with stars the rest is masked.
            rest = {left(text, data) for text in page.texts if len(text) > 1 and not MASKED.fullmatch(text)}
            stray |= {(name, address, text) for text in rest if CHINESE.search(text)}
    assert count > 90 and not stray


def test_every_sentence_has_its_english():
    from scripts.check_messages import in_catalogues

    assert not list(in_catalogues())


def test_chinese_sentences_have_chinese_punctuation():
    from scripts.check_messages import in_presets, is_half_width

    assert not list(in_presets())
    for wrong in ("请先登录,再办理。", "%(name)s:没有", "合计(%(n)s 元)", "“甲”;乙"):
        assert is_half_width(wrong)
    for right in (
        "当天 24:00 前",
        "合计（%(n)s 元），不含税：无",
        '应为 {"drawn": …} 或 {"password": …}。',
        "近 30 天",
    ):
        assert not is_half_width(right)


def test_the_handbooks_papers_have_names_in_english():
    from zhangfa.policy import papers, queries

    named = {title.strip("《》") for clause in queries.handbook().clauses.values() for title in clause.forms}
    from polib import pofile

    from scripts.collect_messages import CATALOGUE, ROOT

    known = {entry.msgid for entry in pofile(str(ROOT / CATALOGUE))}
    assert set(papers.PAPERS) <= named <= known


@pytest.mark.django_db
def test_the_second_factor_has_one_name_everywhere(house):
    client = Client()
    client.force_login(house.user("cs"))
    for address in ("/me/", "/accounts/2fa/"):
        page = client.get(address).content.decode()
        assert "两步验证" in page and "双因素" not in page
