"""The difference between two versions of a clause, as a reader can follow it (AM-W2)."""

import pytest

from zhangfa.core.compare import compare

pytestmark = pytest.mark.clause("AM-W2")


def pieces(before, after):
    (line,) = compare([before], [after])
    return [(kind[0], text) for kind, text in line.pieces]


def test_a_date_or_a_number_is_one_piece():
    assert pieces("自 2027-01-01 起执行", "自 2026-12-09 起执行") == [
        ("s", "自 "),
        ("r", "2027-01-01"),
        ("a", "2026-12-09"),
        ("s", " 起执行"),
    ]
    assert pieces("不超过 1,000 元", "不超过 1,200 元")[1:3] == [("r", "1,000"), ("a", "1,200")]


def test_a_single_sign_between_two_changes_goes_with_them():
    assert pieces("用绳系在手腕", "用带系到手腕") == [("s", "用"), ("r", "绳系在"), ("a", "带系到"), ("s", "手腕")]


@pytest.mark.parametrize(
    ("before", "after"), [("作业前检查工具绳。", "作业后清点工具箱。"), ("一", "二"), ("甲乙丙", "甲乙丙丁")]
)
def test_both_versions_are_read_whole_from_the_pieces(before, after):
    found = pieces(before, after)
    assert "".join(text for kind, text in found if kind != "a") == before
    assert "".join(text for kind, text in found if kind != "r") == after
