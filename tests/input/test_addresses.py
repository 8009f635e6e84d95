"""Addresses and their parameters with what links, bookmarks and scanners send: an answer in words, never a fault."""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.houses import MONDAY
from tests.input import values
from tests.permissions.tables import undone, unwatched
from tests.permissions.test_pages import examples, filled, views
from tests.worlds import World
from zhangfa.core import clock

pytestmark = pytest.mark.django_db
LANGUAGES = ("zh-hans", "en")
# What any page may be asked for, beside the filters of its own list.
COMMON = (
    "q", "sort", "after", "before", "col", "export", "part", "item", "customer", "order", "unit", "name", "x-q", "next", "page", "limit",
    "post", "amount", "estimate", "settlement", "level", "days", "kind",
)  # fmt: skip
ODD = (
    *values.EVERYTHING,
    "019cac46-1500-7000-8000-000000000000",
    "W10=",
    "eyJhIjoxfQ",
    "xlsx",
    "%00",
    "a" * 3000,
    "1" * 400,
    "[]",
    "null,null",
)
# A word, a number or an id in the path that is none.
PLACES = (
    "0",
    "1" * 18,
    "9" * 40,
    "x",
    "㛃䶮",
    "%ED%A0%80",
    "%00",
    "..",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "019cac46-1500-7000-8000-000000000000",
    "-1",
    "a.b",
)
ANSWERS = (200, 302, 303, 400, 403, 404, 405, 422)


def parameters(page: Any, draw: random.Random) -> list[str]:
    """All that a list takes; of other pages some, for most take nothing."""
    if filters := getattr(page, "filterset_class", None):
        return [*COMMON, *filters.base_filters]
    return draw.sample(COMMON, min(len(COMMON), values.EXAMPLES))


def ask(client: Client, address: str, **headers: str) -> str:
    """What went wrong, or nothing."""
    try:
        answer = undone(lambda: client.get(address, headers=headers))
    except Exception as error:  # the test client raises what a visitor would see as a fault
        return f"{address[:120]}: {type(error).__name__} {error}"[:400]
    return "" if answer.status_code in ANSWERS else f"{address[:120]}: {answer.status_code}"


@pytest.fixture
def world(db):
    with clock.at(MONDAY), unwatched():
        yield World()


def test_parameters_of_an_address_are_answered_in_words(world):
    draw, client = random.Random(values.SEED), Client()
    client.force_login(world.users["gm"])
    known, wrong = examples(world), []
    for name, route, page in views(get_resolver()):
        address = filled(name, route, known).partition("?")[0]
        for parameter in parameters(page, draw):
            for value in draw.sample(ODD, min(len(ODD), max(1, values.EXAMPLES // 3))):
                client.cookies["language"] = draw.choice(LANGUAGES)
                sent = quote(value, safe="", errors="surrogatepass")
                wrong.append(ask(client, f"{address}?{parameter}={sent}"))
    assert not any(wrong), "\n".join(sorted(filter(None, wrong))[:30])


def test_places_of_an_address_are_answered_in_words(world):
    client = Client()
    client.force_login(world.users["gm"])
    known, wrong = examples(world), []
    for name, route, _page in views(get_resolver()):
        if "<" not in route:
            continue
        for value in PLACES:
            odd = {key: dict.fromkeys(row, value) for key, row in known.items()}
            wrong.append(ask(client, filled(name, route, odd)))
    assert not any(wrong), "\n".join(sorted(filter(None, wrong))[:30])


def test_a_fragment_that_nobody_asks_for_is_answered_too(world):
    client = Client()
    client.force_login(world.users["cc"])
    wrong = [
        ask(client, filled(name, route, examples(world)), **{"HX-Request": "true", "HX-Target": target})
        for name, route, _page in views(get_resolver())
        for target in ("list", "act", "\u83dc".encode().decode("latin-1"))
    ]
    assert not any(wrong), "\n".join(sorted(filter(None, wrong))[:30])
