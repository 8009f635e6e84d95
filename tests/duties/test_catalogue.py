"""The whole catalogue of the handbook's duties: each is either watched, or says why not."""

import re

import pytest

from zhangfa.core import clock
from zhangfa.duties import catalogue, wording
from zhangfa.organisation.posts import POSTS
from zhangfa.policy import queries as policy

pytestmark = pytest.mark.clause("X-1")
# How many duties of each kind the handbook names.
NAMED = {
    "AM": 17, "DGM": 1, "GM": 1, "MK": 1, "FIN": 1, "HR": 11, "CS": 14, "CM": 3, "CC": 12, "OP": 1, "NET": 1, "OA": 4, "HS": 20, "LS": 16,
    "OPS": 1,
}  # fmt: skip


def rows():
    return catalogue.from_files().rows


@pytest.mark.parametrize(("part", "count"), NAMED.items())
def test_no_duty_of_the_handbook_is_left_out(part, count):
    codes = {row.code for row in rows() if row.code.split("-")[1] == part}
    assert codes == {f"D-{part}-{number:02}" for number in range(1, count + 1)}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.key)
def test_a_duty_is_whole(row):
    assert set(row.posts) | set(row.copies) | set(row.audience) <= {*POSTS, "all"}
    assert set(row.clauses) <= set(policy.handbook().clauses) | {"X-1"}
    assert all(key in policy.definitions() for key in row.figures)
    assert re.search(r"[\u4e00-\u9fff]", row.zh + row.evidence_zh)
    assert not re.search(r"[\u4e00-\u9fff]", row.en + row.evidence_en)
    assert len(row.zh) <= 80 and len(row.en) <= 120 and len(row.evidence_zh) <= 120
    assert row.is_on or wording.reason_of(row)


@pytest.mark.django_db
@pytest.mark.parametrize("row", rows(), ids=lambda row: row.key)
def test_every_due_rule_can_be_said(row):
    assert wording.due_in_words(row, clock.now())
    assert bool(wording.need_in_words(row, clock.now())) == bool(row.need)


def test_a_switched_off_duty_listens_to_nothing():
    known = catalogue.from_files()
    assert not any(row.off for table in (known.opens, known.closes) for found in table.values() for row in found)
    assert not any(row.off for row in known.rhythmic)


@pytest.mark.parametrize(
    "change",
    [
        {"rhythm": "hourly"},
        {"subject": "nobody"},
        {"off": "laziness"},
        {"closes": []},
        {"opens": ["a.b.c"], "rhythm": "rhythm"},
    ],
)
def test_a_file_that_contradicts_itself_is_refused(change):
    entry = {
        "code": "D-X-01", "stage": "do", "post": "am", "clause": "X-1", "rhythm": "rhythm", "zh": "做", "en": "do", "evidence_zh": "有",
        "evidence_en": "is", "due": {"rhythm": "weekly"}, "closes": ["a.b.c"], "subject": "company",
    }  # fmt: skip
    assert catalogue._row(dict(entry), {}).key == "D-X-01.do.1"
    with pytest.raises(ValueError, match=r"D-X-01"):
        catalogue._row({**entry, **change}, {})
    with pytest.raises(ValueError, match="twice"):
        catalogue.made_of([catalogue._row(dict(entry), {})] * 2)
