"""Who decides leave and activities at every boundary: at the figure, just below and just above."""

from decimal import Decimal

import pytest

from zhangfa.organisation.posts import POSTS
from zhangfa.policy.catalogue import catalogue
from zhangfa.policy.rules import (
    ACTIVITY_KEYS,
    LEAVE_KEYS,
    activity_authority,
    leave_authority,
    leave_level,
    refuse_value,
)

DEFINITIONS = catalogue().definitions
FIGURES = {key: Decimal(DEFINITIONS[key].versions[0][1]) for key in (*LEAVE_KEYS, *ACTIVITY_KEYS)}


def leave(level, kind, days):
    return leave_authority(level=level, kind=kind, days=Decimal(days), figures=FIGURES)


@pytest.mark.clause("AM-W4.1")
@pytest.mark.parametrize(
    ("level", "kind", "days", "authority"),
    [
        ("staff", "personal", "1.5", "sup"), ("staff", "personal", "2", "sup"), ("staff", "personal", "2.5", "dgm"),
        ("staff", "personal", "4.5", "dgm"), ("staff", "personal", "5", "gm"), ("staff", "personal", "5.5", "gm"),
        ("staff", "sick", "2.5", "sup"), ("staff", "sick", "3", "sup"), ("staff", "sick", "3.5", "dgm"),
        ("staff", "sick", "4.5", "dgm"), ("staff", "sick", "5", "gm"),
        ("supervisor", "personal", "0.5", "head"), ("supervisor", "personal", "1", "head"), ("supervisor", "personal", "1.5", "dgm"),
        ("supervisor", "sick", "1.5", "head"), ("supervisor", "sick", "2", "head"), ("supervisor", "sick", "2.5", "dgm"),
        ("supervisor", "sick", "4.5", "dgm"), ("supervisor", "sick", "5", "gm"),
        ("manager", "personal", "0.5", "dgm"), ("manager", "personal", "1", "dgm"), ("manager", "personal", "1.5", "dgm"),
        ("manager", "sick", "4.5", "dgm"), ("manager", "sick", "5", "gm"),
        ("executive", "sick", "0.5", "gm"), ("executive", "sick", "5", "gm"),
        ("gm", "personal", "0.5", "second_decider"),
    ],
)  # fmt: skip
def test_leave_at_the_boundaries(level, kind, days, authority):
    assert leave(level, kind, days).authority == authority


@pytest.mark.clause("AM-W4.1")
def test_the_comparison_is_said_in_words():
    answer = leave("staff", "personal", "2.5")
    assert "2.5 天" in answer.why.zh and "超过 2 天，不满 5 天" in answer.why.zh
    assert "more than 2 days and less than 5 days" in answer.why.en
    assert answer.clause == "AM-W4.1" and answer.policy == ("leave.personal.staff_days", "leave.gm_days")


@pytest.mark.clause("AM-W4.1")
@pytest.mark.parametrize("level", ["staff", "supervisor", "manager", "executive", "gm"])
def test_nobody_decides_their_own_leave(level):
    own = {"staff": "", "supervisor": "sup", "manager": "head", "executive": "dgm", "gm": "gm"}[level]
    for half_days in range(1, 15):
        for kind in ("personal", "sick"):
            assert leave(level, kind, Decimal(half_days) / 2).authority != own


@pytest.mark.clause("AM-W4.1")
@pytest.mark.parametrize(
    ("post", "level"),
    [("sw", "staff"), ("op", "staff"), ("oa", "staff"), ("hr", "staff"), ("sup", "supervisor"), ("ops", "supervisor"), ("cs", "manager"),
     ("am", "manager"), ("dgm", "executive"), ("gm", "gm")],
)  # fmt: skip
def test_level_of_a_post(post, level):
    assert leave_level(POSTS[post].grade) == level


@pytest.mark.clause("AM-W4.2")
@pytest.mark.parametrize(
    ("amount", "total", "authority"),
    [
        ("0", None, "am"), ("2999.99", None, "am"), ("3000", None, "dgm"), ("3000.01", None, "dgm"), ("4999.99", None, "dgm"),
        ("5000", None, "gm"), ("5000.01", None, "gm"), ("1500", "2999.99", "am"), ("1500", "3000", "dgm"), ("1500", "5000", "gm"),
        ("3000", "1000", "dgm"),
    ],
)  # fmt: skip
def test_activities_at_the_boundaries(amount, total, authority):
    answer = activity_authority(amount=Decimal(amount), event_total=Decimal(total) if total else None, figures=FIGURES)
    assert (answer.authority, answer.clause) == (authority, "AM-W4.2")


@pytest.mark.clause("X-2")
@pytest.mark.parametrize(
    ("key", "text", "codes"),
    [
        ("claims.recourse_wage_share", "20", []),
        ("claims.recourse_wage_share", "20.1", ["value.law"]),
        ("complaints.first_answer_days", "5", []),
        ("complaints.first_answer_days", "6", ["value.law"]),
        ("leave.gm_days", "5.5", []),
        ("leave.gm_days", "5.3", ["value.step"]),
        ("leave.gm_days", "-1", ["value.min"]),
        ("gift.max_amount", "", ["value.empty"]),
        ("facility.yearly_output", "", []),
        ("claims.close_min_satisfaction", "6", ["value.max"]),
        ("claims.specialist_max", "NaN", ["value.number"]),
    ],
)
def test_which_values_may_be_set(key, text, codes):
    assert [refusal.code for refusal in refuse_value(DEFINITIONS[key], text)] == codes


@pytest.mark.clause("X-2")
def test_the_legal_limit_names_its_article():
    refusal = next(refuse_value(DEFINITIONS["claims.recourse_wage_share"], "21"))
    assert "第十六条" in refusal.text % refusal.params
