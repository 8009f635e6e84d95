"""The figures of care at the limit and one step beside it."""

import datetime as dt
from decimal import Decimal as D

import pytest

from zhangfa.care import account_rules, rules
from zhangfa.care.advice import offer_for

NINE = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
MINUTE, SECOND = dt.timedelta(minutes=1), dt.timedelta(seconds=1)


@pytest.mark.clause("CS-W3.2")
@pytest.mark.parametrize(
    ("after", "is_on_time", "minutes"),
    [
        (0 * MINUTE, True, 0),
        (59 * MINUTE, True, 59),
        (60 * MINUTE, True, 60),
        (60 * MINUTE + SECOND, False, 61),
        (61 * MINUTE, False, 61),
        (-5 * MINUTE, True, -5),
    ],
)
def test_the_hour_after_the_start_includes_its_last_minute(after, is_on_time, minutes):
    assert rules.is_on_time(NINE, NINE + after, 60) is is_on_time
    assert rules.minutes_after(NINE, NINE + after) == minutes


@pytest.mark.clause("CS-W3.3")
def test_the_sheet_is_due_after_two_hours_and_at_the_end_of_the_day_at_the_latest():
    end = NINE + dt.timedelta(hours=4)
    assert rules.sheet_due(NINE, 2, end) == NINE + dt.timedelta(hours=2)
    assert rules.sheet_due(end - dt.timedelta(hours=1), 2, end) == end


@pytest.mark.clause("CS-W3.2")
@pytest.mark.parametrize(
    ("given", "more", "waits"), [("0", "100", False), ("0", "100.01", True), ("70", "30", False), ("70", "30.01", True)]
)
def test_a_visit_may_leave_the_limit_and_no_fen_more(given, more, waits):
    assert rules.needs_approval(given=D(given), more=D(more), limit=D(100)) is waits


@pytest.mark.clause("CS-W3.2")
def test_nobody_leaves_untidy_or_without_the_notebook():
    assert not list(rules.refuse_leaving(["appearance", "notebook"]))
    assert [r.params["item"] for r in rules.refuse_leaving(["gift"])] == [
        rules.CHECKLIST["appearance"],
        rules.CHECKLIST["notebook"],
    ]


@pytest.mark.clause("CS-W4")
@pytest.mark.parametrize(
    ("kind", "amount", "is_key"),
    [
        ("enterprise", "99999.99", False),
        ("enterprise", "100000", True),
        ("institution", "100000", True),
        ("household", "500000", False),
    ],
)
def test_a_hundred_thousand_makes_a_key_account(kind, amount, is_key):
    assert account_rules.qualifies(kind=kind, amount=D(amount), minimum=D(100000)) is is_key


@pytest.mark.clause("CS-W4")
def test_two_quarters_below_one_after_the_other():
    one = account_rules.quarters_below(before=0, is_below=True)
    assert not account_rules.drops(one)
    assert account_rules.quarters_below(before=one, is_below=False) == 0
    assert account_rules.drops(account_rules.quarters_below(before=one, is_below=True))


@pytest.mark.clause("CS-W4")
def test_a_contract_counts_once_and_for_a_year():
    day = dt.date(2026, 3, 2)
    running = account_rules.Contract(D(80000), dt.date(2026, 1, 1), dt.date(2026, 12, 31), D(20000))
    over = account_rules.Contract(D(80000), dt.date(2025, 1, 1), dt.date(2025, 12, 31), D(60000))
    two_years = account_rules.Contract(D(146000), dt.date(2025, 6, 1), dt.date(2027, 5, 31), D(0))
    assert running.yearly(day) == D(80000)
    assert over.yearly(day) == D(60000)
    assert two_years.yearly(day) == D("73000.00")
    assert account_rules.yearly_amount(paid=D(20000), contracts=[running], on=day) == D(100000)


@pytest.mark.clause("CS-W3.1")
def test_the_offer_is_new_goes_with_what_is_used_and_says_why():
    advice = offer_for({"HC02": 12, "AP01": 2}, on=dt.date(2026, 3, 1), sold=["HC02", "HC03", "WN01", "AP01", "DC01"])
    assert advice.product == "WN01"
    assert [code for code, _params in advice.reasons] == ["used", "never", "season"]
    assert advice.reasons[0][1] == {"product": "HC02", "count": 12}
    assert offer_for({}, on=dt.date(2026, 3, 1), sold=[]) is None
    assert offer_for({}, on=dt.date(2026, 7, 1), sold=["HC02"]).reasons[0][0] == "plain"


@pytest.mark.clause("HS-W1.7")
def test_the_draw_is_the_same_for_a_week_and_nobody_s_choice():
    rows = [("visit", n) for n in range(50)]
    assert rules.chosen(rows, 3, "1:2026-03-02") == rules.chosen(reversed(rows), 3, "1:2026-03-02")
    assert rules.chosen(rows, 3, "1:2026-03-02") != rules.chosen(rows, 3, "1:2026-03-09")


@pytest.mark.clause("CS-W4")
@pytest.mark.parametrize("blank", ["interviewees", "category", "suggestion", "opinion", "solution"])
def test_no_field_of_the_opinions_of_an_account_stays_blank(blank):
    today = dt.date(2026, 3, 2)
    given = {
        "interviewees": "王一（科长）",
        "category": "time",
        "suggestion": "无",
        "opinion": "希望周末也能来",
        "solution": "排周末班",
    }
    facts = {
        "roles": ["leader"],
        "has_product": True,
        "satisfaction": 4,
        "visited_on": today,
        "due_on": today,
        "today": today,
    }
    assert not list(account_rules.refuse_feedback(**given, **facts))
    assert [r.field for r in account_rules.refuse_feedback(**given | {blank: " "}, **facts)] == [blank]
    assert [r.field for r in account_rules.refuse_feedback(**given, **facts | {"has_product": False})] == ["product"]


@pytest.mark.clause("CS-W4")
@pytest.mark.parametrize("blank", ["drivers", "potential", "risks", "competitors", "purchase_months", "purchase_mode"])
def test_no_field_of_the_file_of_an_account_stays_blank(blank):
    given = dict.fromkeys(("drivers", "potential", "risks", "competitors", "purchase_months"), "无") | {
        "purchase_mode": "direct"
    }
    facts = {
        "roles": account_rules.VISITED,
        "target": D(1),
        "is_gift_rule_read": True,
        "renews_on": None,
        "has_contract": False,
    }
    assert not list(account_rules.refuse_file(**given, **facts))
    assert [r.field for r in account_rules.refuse_file(**given | {blank: ""}, **facts)] == [blank]
    assert [r.field for r in account_rules.refuse_file(**given, **facts | {"target": None})] == ["target"]
