"""The preset file and the handbook: complete, consistent, and refused when they are not."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest

from zhangfa.policy.catalogue import CatalogueError, catalogue
from zhangfa.policy.values import canonical, typed, words

BOOK = catalogue()
HANDBOOK = '["AM-D1"]\npost = "am"\nzh = "一"\nen = "one"\n'
HEAD = '[preset]\nname_zh = "试"\nname_en = "t"\neffective_from = 2026-01-01\n'


def load(folder: Path, *, handbook: str = HANDBOOK, values: str = "") -> None:
    (folder / "handbook_a.toml").write_text(handbook, encoding="utf-8")
    (folder / "trial.toml").write_text(HEAD + values, encoding="utf-8")
    catalogue("trial", folder)


def value(**fields: str) -> str:
    entry = {
        "type": '"int"',
        "unit": '"days"',
        "value": "1",
        "clause": '"AM-D1"',
        "zh": '"值"',
        "en": '"value"',
        **fields,
    }
    return '["a.b"]\n' + "".join(f"{name} = {text}\n" for name, text in entry.items() if text)


@pytest.mark.clause("X-2")
def test_every_clause_of_the_handbook_is_there_in_both_languages():
    counted = {
        chapter: sum(one.startswith(f"{chapter}-") for one in BOOK.clauses)
        for chapter in ("AM", "HR", "CS", "CC", "HS", "LS", "X")
    }
    assert counted == {"AM": 19, "HR": 9, "CS": 16, "CC": 17, "HS": 25, "LS": 12, "X": 7}
    for clause in BOOK.clauses.values():
        assert re.search("[\u4e00-\u9fff]", clause.zh) and not re.search("[\u4e00-\u9fff]{4}", clause.en), clause.id
        assert all(form.startswith("《") and form.endswith("》") for form in clause.forms), clause.id


@pytest.mark.clause("X-2")
@pytest.mark.parametrize(
    ("key", "figure"),
    [
        ("leave.personal.staff_days", Decimal(2)),
        ("leave.sick.supervisor_days", Decimal(2)),
        ("activity.gm_amount", Decimal("5000.00")),
        ("claims.outlet_max_estimate", Decimal("500.00")),
        ("claims.alert_ack_minutes", 15),
        ("claims.totals_anchor", dt.date(2026, 1, 5)),
        ("meeting.strict_majority", False),
        ("probation.same_month", True),
        ("customers.top_share", Decimal(20)),
        ("complaints.improvement_bundle", "weekly mon 12:00"),
        ("facility.yearly_output", None),
    ],
)
def test_figures_of_the_sample_company(key, figure):
    definition = BOOK.definitions[key]
    assert typed(definition.kind, definition.versions[0][1]) == figure


@pytest.mark.parametrize(
    ("problem", "handbook", "values"),
    [
        ("unknown clause", HANDBOOK, value(clause='"AM-D2"')),
        ("duplicate id", HANDBOOK + HANDBOOK, ""),
        ("duplicate key", HANDBOOK, value() + value()),
        ("unknown post", HANDBOOK.replace('"am"', '"xx"'), ""),
        ("unknown type", HANDBOOK, value(type='"float"')),
        ("unknown field", HANDBOOK, value(colour='"red"')),
        ("float", HANDBOOK, value(type='"decimal"', value="1.5")),
        ("nonsense", HANDBOOK, value(value='"one"')),
        ("empty", HANDBOOK, value(value='""')),
        ("floor without article", HANDBOOK, value(legal_max='"5"')),
        ("figure that is nowhere", HANDBOOK.replace("一", "{no.such}").replace("one", "{no.such}"), ""),
        ("figure in one language", HANDBOOK.replace("一", "{a.b}"), value()),
        ("versions out of order", HANDBOOK, value(versions="[{ from = 2025-01-01, value = 2 }]")),
    ],
)
def test_a_doubtful_file_is_refused(tmp_path, problem, handbook, values):
    with pytest.raises(CatalogueError):
        load(tmp_path, handbook=handbook, values=values)


def test_a_sound_file_loads(tmp_path):
    load(tmp_path, values=value(versions="[{ from = 2026-07-01, value = 2 }]"))
    assert [text for _day, text in catalogue("trial", tmp_path).definitions["a.b"].versions] == ["1", "2"]


@pytest.mark.parametrize(
    ("kind", "typed_in", "stored"),
    [
        ("money", "500", "500.00"),
        ("decimal", "2.50", "2.5"),
        ("percent", "20.0", "20"),
        ("int", "007", "7"),
        ("text", " 甲 ", "甲"),
        ("money", "", ""),
    ],
)
def test_one_canonical_text(kind, typed_in, stored):
    assert canonical(kind, typed_in) == stored


@pytest.mark.parametrize(
    ("kind", "typed_in"),
    [
        ("money", "1.005"), ("money", "NaN"), ("money", "Infinity"), ("money", "1e3"), ("money", "1234567890123"), ("money", "५"), ("int", "2.5"),
        ("percent", "12.55"), ("bool", "yes"), ("date", "2026-02-30"), ("rhythm", "weekly now"), ("decimal", "1,5"), ("text", "\x00"),
    ],
)  # fmt: skip
def test_nonsense_is_no_value(kind, typed_in):
    with pytest.raises(ValueError):
        canonical(kind, typed_in)


@pytest.mark.parametrize(
    ("kind", "unit", "figure", "zh", "en"),
    [
        ("money", "yuan", Decimal("1000.00"), "1,000 元", "1,000 yuan"),
        ("money", "yuan", Decimal("499.99"), "499.99 元", "499.99 yuan"),
        ("decimal", "days", Decimal("2.5"), "2.5 天", "2.5 days"),
        ("int", "weeks", 1, "1 周", "1 week"),
        ("percent", "percent", Decimal(20), "20%", "20%"),
        ("bool", "", True, "是", "yes"),
        ("money", "yuan", None, "未定", "not set"),
        ("rhythm", "", "weekly mon 12:00", "每周一 12:00 前", "every Monday by 12:00"),
        ("rhythm", "", "monthly 3", "次月 3 日前", "by day 3 of the next month"),
    ],
)
def test_figures_in_words(kind, unit, figure, zh, en):
    assert (words(kind, unit, figure, "zh"), words(kind, unit, figure, "en")) == (zh, en)
