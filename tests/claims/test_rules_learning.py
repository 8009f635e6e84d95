"""The lesson without names, the waiver, and the effect with its interval (CC-W2.1, CC-W2.2)."""

import pytest

from zhangfa.claims.effect import effect_of
from zhangfa.claims.learning import quarter_named, quarter_of
from zhangfa.claims.learning_rules import quiz_of, quiz_text, refuse_identifying, refuse_quiz, refuse_waiver

pytestmark = pytest.mark.clause("CC-W2.2")
KNOWN = {
    "names": ["林知夏", "王师", "Anna Lee"],
    "phones": ["15400009999", "0574-87654321"],
    "places": ["听松苑", "3 幢 402"],
}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("客户林知夏家中", "study.name"), ("客户林 知 夏家中", "study.name"), ("林女士说台面裂了", "study.name"), ("王师傅擦洗吊柜", "study.name"),
        ("anna lee was at home", "study.name"), ("电话 154-0000-9999", "study.phone"), ("回拨 057487654321", "study.phone"),
        ("另一个号码13800001234", "study.phone"), ("在听松苑三期", "study.place"), ("3幢402室", "study.place"), ("客户家的石英石台面", ""),
        ("服务员擦洗吊柜时工具滑落", ""),
    ],
)  # fmt: skip
def test_nobody_of_the_case_is_named(text, code):
    found = [refusal.code for refusal in refuse_identifying({"narrative": text}, **KNOWN)]
    assert found == ([code] if code else [])


@pytest.mark.clause("CC-W2.1")
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, ""), ({"nature": "systemic"}, "waiver.systemic"), ({"has_rule": True}, "waiver.drafted"), ({"is_waiting": True}, "waiver.asked"),
        ({"is_waived": True}, "waiver.asked"), ({"reason": "无需"}, "waiver.reason"), ({"reason": "五个字理由"}, ""),
    ],
)  # fmt: skip
def test_only_a_special_cause_goes_without_a_rule(facts, code):
    usual = {
        "nature": "isolated",
        "has_rule": False,
        "reason": "客户自带的工具，不会再有",
        "is_waiting": False,
        "is_waived": False,
    }
    assert [r.code for r in refuse_waiver(**(usual | facts))] == ([code] if code else [])


def test_a_test_is_typed_as_one_would_write_it():
    text = "先做什么？\n* 铺防护垫\n开始擦\n\n工具系在哪里？\n口袋\n* 手腕"
    quiz = quiz_of(text)
    assert [one["answer"] for one in quiz] == [0, 1] and quiz_text(quiz) == text
    assert not list(refuse_quiz(quiz))
    assert list(refuse_quiz(quiz_of("没有选项的题")))
    assert list(refuse_quiz(quiz_of("没有标出答案\n甲\n乙")))


def test_the_interval_is_the_exact_one():
    # Clopper-Pearson of 4 in 20: 0.0573 to 0.4366, as odds.
    found = effect_of(16, 10_000, 4, 10_000)
    assert round(found.ratio, 3) == 0.25 and found.verdict == "better"
    assert round(found.low, 3) == 0.061 and round(found.high, 3) == 0.775
    assert 0.005 < found.p < 0.01
    assert effect_of(2, 1000, 1, 1000).verdict == "open"
    assert effect_of(0, 1000, 0, 1000).ratio is None and effect_of(1, 0, 1, 1000).low is None
    none_after = effect_of(6, 1000, 0, 1000)
    assert none_after.ratio == 0 and none_after.low == 0 and none_after.high < 1
    assert effect_of(0, 1000, 6, 1000).high is None and effect_of(0, 1000, 6, 1000).verdict == "worse"


def test_quarters():
    assert quarter_named("2026-Q4")[2].isoformat() == "2026-12-31"
    assert quarter_of(quarter_named("2026-Q1")[2])[0] == "2026-Q1"
    assert quarter_named("2026-Q5") is None and quarter_named("nothing") is None
