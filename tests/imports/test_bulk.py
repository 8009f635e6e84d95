"""Many rows at once: what is written is what one by one would have been, on both databases."""

from __future__ import annotations

import datetime as dt
import gc
import random

import pytest
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from tests.houses import MONDAY
from tests.imports.workbooks import brought, messy_customers
from zhangfa.core import bulk
from zhangfa.core.text import search_key
from zhangfa.customers.models import Consent, Customer
from zhangfa.imports import jobs, order_rows
from zhangfa.imports.actions import turns
from zhangfa.imports.drafts import read_cells
from zhangfa.imports.models import Result, Row
from zhangfa.imports.target import Draft, Setting
from zhangfa.imports.targets import TARGETS

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("CS-W2.1")]


def test_rows_written_together_are_read_as_they_were_given(house):
    batch = brought(house, messy_customers())
    line = bulk.line_of(Row)
    odd = '王"小\\n\t明\\.'
    rows = [
        line(
            batch_id=batch.pk,
            n=1,
            line=7,
            cells=odd,
            issues=[{"field": "phone", "text": odd}],
            state=Row.State.WRONG,
            twin=3,
        ),
        line(batch_id=batch.pk, n=2, line=8, state=Row.State.READY),
    ]
    bulk.insert(Row, rows)
    first, second = Row.objects.filter(batch=batch).order_by("n")
    assert (first.cells, first.issues, first.state, first.twin) == (odd, [{"field": "phone", "text": odd}], "wrong", 3)
    assert (second.cells, second.issues, second.twin, second.key) == ("", [], None, "")
    first.issues, first.state, first.known = [], Row.State.READY, odd
    bulk.update(Row, [first], ["issues", "state", "known"])
    again = Row.objects.get(pk=first.pk)
    assert (again.issues, again.state, again.known, again.cells) == ([], "ready", odd, odd)


def test_a_secret_is_sealed_anew_each_time(house):
    batch = brought(house, messy_customers())
    bulk.insert(Result, [bulk.line_of(Result)(batch_id=batch.pk, n=n, label="x", key=n, before="同样") for n in (1, 2)])
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT before FROM imports_result WHERE batch_id = %s", [batch.pk])
        stored = {row[0] for row in cursor.fetchall()}
    assert len(stored) == 2 and not any("同样" in one for one in stored)


def test_instants_days_and_yes_or_no_go_in_as_django_writes_them(house):
    consent = Consent(
        customer=house.customer, purpose="care", channel="phone", is_granted=False, notice_version="1", evidence="", at=MONDAY,
        by_id=None,
    )  # fmt: skip
    bulk.insert(Consent, [consent])
    kept = Consent.objects.get(customer=house.customer, purpose="care")
    assert (kept.at, kept.is_granted, kept.by_id) == (MONDAY, False, None)


def test_among_finds_what_in_finds(house):
    keys = [house.customer.pk, 10**12]
    assert list(Customer.objects.filter(pk__among=keys)) == [house.customer]
    assert list(Customer.objects.filter(phone_hash__among={house.customer.phone_hash, "x"})) == [house.customer]
    assert not Customer.objects.filter(phone_hash__among=[]).exists()


def test_a_name_sounds_as_the_dictionary_says_also_the_fast_way():
    dice = random.Random(5)
    chars = [chr(code) for code in PINYIN_DICT if code > 0x3400][:9000]
    words = [word for word in PHRASES_DICT if len(word) < 5]
    names = ["".join(dice.choices(chars, k=dice.randint(1, 5))) for _n in range(300)]
    names += [dice.choice(words) + dice.choice(words) for _n in range(200)] + ["Wang 小明", "〇〇", "王·李", "重庆"]
    for name in names:
        sounds = lazy_pinyin(name, style=Style.NORMAL, errors=list)
        if name[0] in ("重",) or search_key(name[0]) == f" {name[0]} {sounds[0]} {sounds[0][:1]} ":
            assert "".join(sounds[1:]) in search_key(name)


def test_a_long_turn_makes_the_next_chunk_smaller_and_short_ones_let_it_grow():
    mine = turns.Turns()
    mine.resize(turns.LONG + 0.01)
    assert mine.chunk == turns.LARGEST_CHUNK // 2
    mine.resize(turns.LONG)
    assert mine.chunk == turns.LARGEST_CHUNK // 2
    mine.resize(turns.SHORT - 0.01)
    assert mine.chunk == turns.LARGEST_CHUNK // 2 + turns.SMALLEST_CHUNK
    for _n in range(20):
        mine.resize(dt.timedelta(seconds=1).total_seconds())
    assert mine.chunk == turns.SMALLEST_CHUNK


def test_the_collector_rests_for_a_step_and_not_longer(house, monkeypatch):
    seen = []
    monkeypatch.setattr(jobs.actions, "step", lambda *_facts, **_more: bool(seen.append(gc.isenabled())))
    assert jobs.carry_on.func(1) == 0
    assert seen == [False] and gc.isenabled()


def test_the_rules_of_who_may_book_are_asked_once_for_a_chunk(house, monkeypatch):
    asked = []
    monkeypatch.setattr(order_rows, "book_orders", lambda **facts: asked.append(facts) or ())
    drafts = [Draft(n, {"ref": f"A{n}", "phone": "15400009999"}) for n in range(1, 40)]
    read_cells(drafts, TARGETS["orders"], year=None)
    order_rows.judge(drafts, Setting(None, house.actor("cs"), MONDAY, {}))
    assert len(asked) == 1
