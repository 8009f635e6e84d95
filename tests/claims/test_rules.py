"""The comparisons of a case at the figure, one cent below and above."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangfa.claims.rules import (
    Limits,
    Photos,
    Proposal,
    Shares,
    Sums,
    authority_for,
    item_loss,
    needs_review,
    payable,
    payer_for,
    refuse_closing,
    refuse_prices,
    refuse_proposal,
    refuse_recourse,
    refuse_satisfaction,
    refuse_shares,
    refuse_survey,
    route_for,
)

LIMITS = Limits(D(500), D(500), D(1000), D(1500), D(1000), D(1000), D(200))
CENT = D("0.01")


def codes(refusals):
    return [refusal.code for refusal in refusals]


def alone(amount):
    return Sums(D(amount), D(amount), D(amount))


@pytest.mark.clause("CC-W1.1")
@pytest.mark.parametrize(
    ("estimate", "post"), [("0", "oa"), ("499.99", "oa"), ("500.00", "cc"), ("500.01", "cc"), ("99999", "cc")]
)
def test_estimate_routes_at_the_cent(estimate, post):
    assert route_for(D(estimate), LIMITS).post == post


@pytest.mark.clause("CC-W1.5")
@pytest.mark.parametrize(
    ("amount", "post"),
    [("150", "cc"), ("200", "cc"), ("999.99", "cc"), ("1000.00", "cc"), ("1000.01", "cs"), ("1499.99", "cs"), ("1500.00", "cs"),
     ("1500.01", "dgm")],
)  # fmt: skip
def test_specialist_settlements_route_at_the_cent(amount, post):
    assert authority_for(alone(amount), handled_by="specialist", limits=LIMITS).post == post


@pytest.mark.clause("CC-W1.5")
@pytest.mark.parametrize(
    ("amount", "post"), [("199.99", "oa"), ("200", "oa"), ("499.99", "oa"), ("500", "cc"), ("1500.01", "dgm")]
)
def test_outlet_settlements_route_at_the_cent(amount, post):
    assert authority_for(alone(amount), handled_by="outlet", limits=LIMITS).post == post


@pytest.mark.clause("CC-W1.5")
@pytest.mark.parametrize(("amount", "expected"), [("199.99", False), ("200", True), ("499.99", True), ("500", False)])
def test_outlet_settlements_are_reviewed_from_two_hundred(amount, expected):
    assert needs_review(handled_by="outlet", amount=D(amount), limits=LIMITS) is expected
    assert not needs_review(handled_by="specialist", amount=D(amount), limits=LIMITS)


@pytest.mark.clause("CC-W1.5")
def test_two_parts_of_one_accident_go_to_the_deputy():
    authority = authority_for(Sums(D(700), D(1600), D(700)), handled_by="specialist", limits=LIMITS)
    assert (authority.post, authority.basis) == ("dgm", D(1600))


@pytest.mark.clause("CC-W1.5")
@given(st.decimals(0, 5000, places=2), st.decimals(0, 5000, places=2), st.decimals(0, 5000, places=2))
def test_a_larger_sum_never_lowers_the_authority(own, event, customer):
    order = ["oa", "cc", "cs", "dgm"]
    low = authority_for(Sums(own, own, own), handled_by="specialist", limits=LIMITS).post
    high = authority_for(Sums(own, max(own, event), max(own, customer)), handled_by="specialist", limits=LIMITS).post
    assert order.index(high) >= order.index(low)


@pytest.mark.clause("CC-W1.6")
def test_a_tie_takes_the_decision_from_the_specialist():
    assert authority_for(alone("100"), handled_by="specialist", limits=LIMITS, has_tie=True).post == "cs"
    assert authority_for(alone("100"), handled_by="outlet", limits=LIMITS, has_tie=True).post == "cs"


@pytest.mark.clause("CC-W1.4")
def test_shares_add_up_to_one_hundred():
    assert codes(refuse_shares(Shares(D("66.6"), D("33.4"), D(0)), guarantee="property")) == []
    assert codes(refuse_shares(Shares(D("66.6"), D("33.3"), D(0)), guarantee="property")) == ["shares.total"]


@pytest.mark.clause("CC-W1.2")
def test_a_workers_injury_is_never_the_customers_affair():
    assert codes(refuse_shares(Shares(D(90), D(0), D(10)), guarantee="worker_injury")) == ["shares.injury"]
    assert payer_for("third_party", "employee_model") == "company"
    assert payer_for("property", "intermediary_model") == "company_promise"
    assert payer_for("property", "intermediary_model", to_intermediary=False) == "contract"


@pytest.mark.clause("CC-W1.2")
@given(st.integers(0, 10_000_00), st.integers(0, 1000), st.integers(0, 1000))
def test_payable_is_never_more_than_the_loss(fen, customer, third):
    loss, customer_pct = D(fen).scaleb(-2), D(customer).scaleb(-1)
    third_pct = min(D(third).scaleb(-1), D(100) - customer_pct)
    due = payable(loss, Shares(D(100) - customer_pct - third_pct, D(0), customer_pct, third_pct))
    assert 0 <= due <= loss


@pytest.mark.clause("CC-W1.4")
def test_loss_is_market_price_less_depreciation_or_the_repair():
    assert item_loss(
        market_price=D("1999.99"), count=1, depreciation_pct=D("12.5"), repair_price=None, is_total=True
    ) == D("1749.99")
    assert item_loss(market_price=D(2000), count=1, depreciation_pct=D(0), repair_price=D(300), is_total=False) == D(
        "300.00"
    )
    assert item_loss(market_price=D(2000), count=1, depreciation_pct=D(90), repair_price=D(300), is_total=False) == D(
        "200.00"
    )


@pytest.mark.clause("CC-W1.4")
@pytest.mark.parametrize(
    ("loss", "quotes", "expected"),
    [("1000", 1, []), ("1000.01", 1, ["price.two"]), ("1000.01", 2, []), ("1", 0, ["price.none"])],
)
def test_two_prices_above_the_figure(loss, quotes, expected):
    assert codes(refuse_prices([D(1)] * quotes, loss=D(loss), limits=LIMITS)) == expected


@pytest.mark.clause("CC-W1.3")
def test_no_survey_without_pictures_or_a_confirmed_reason():
    told = {"worker": "手滑", "customer": "要赔"}

    def ask(photos, reason="", confirmed=False, guarantee="property", statements=told):
        return codes(
            refuse_survey(
                photos,
                guarantee=guarantee,
                impossible_reason=reason,
                confirmed_by_second=confirmed,
                statements=statements,
            )
        )

    assert ask(Photos(1, 1, 0)) == []
    assert ask(Photos(1, 0, 0)) == ["survey.photos"]
    assert ask(Photos(0, 1, 0), "光线太暗") == ["survey.photo_reason"]
    assert ask(Photos(0, 0, 0), "物品已被客户丢弃", True) == []
    assert ask(Photos(0, 0, 1), guarantee="worker_injury") == []
    assert ask(Photos(1, 1, 0), statements={"worker": " ", "customer": "要赔"}) == ["survey.worker_statement"]


@pytest.mark.clause("CC-D7")
@pytest.mark.parametrize(("amount", "expected"), [("1000.00", []), ("1000.01", ["settlement.two_person"])])
def test_a_second_person_confirms_above_the_figure(amount, expected):
    proposal = Proposal(D(amount), D(0), D(2000), "", False, "")
    assert (
        codes(
            refuse_proposal(
                proposal, handled_by="specialist", sums=alone(amount), limits=LIMITS, is_survey_confirmed=False
            )
        )
        == expected
    )


@pytest.mark.clause("CC-W1.6")
def test_more_than_the_assessed_loss_needs_a_ground():
    def ask(ground):
        proposal = Proposal(D("800.01"), D(0), D(800), ground, False, "")
        return codes(
            refuse_proposal(
                proposal, handled_by="specialist", sums=alone("800.01"), limits=LIMITS, is_survey_confirmed=True
            )
        )

    assert ask("") == ["settlement.over"]
    assert ask("误工补偿一天") == []


@pytest.mark.clause("CC-W1.6")
def test_money_comes_back_from_a_worker_only_for_intent_or_gross_negligence():
    assert codes(refuse_recourse(amount=D(1), fault="none", total=D(100))) == ["recourse.fault"]
    assert codes(refuse_recourse(amount=D(100), fault="gross_negligence", total=D(100))) == []
    assert codes(refuse_recourse(amount=D("100.01"), fault="intent", total=D(100))) == ["recourse.total"]
    assert codes(refuse_recourse(amount=D(0), fault="none", total=D(100))) == []


@pytest.mark.clause("CC-W1.6")
def test_the_handler_never_enters_the_score():
    assert codes(refuse_satisfaction(score=5, entered_by=7, handler=7)) == ["satisfaction.handler"]
    assert codes(refuse_satisfaction(score=5, entered_by=None, handler=7)) == []
    assert codes(refuse_satisfaction(score=0, entered_by=8, handler=7)) == ["satisfaction.range"]


@pytest.mark.clause("CC-W1.6")
def test_closing_below_the_figure_is_the_managers_with_reason_after_two_attempts():
    def ask(score, is_manager=False, reason="", attempts=1, is_paid=True):
        return codes(
            refuse_closing(
                score=score, minimum=4, is_manager=is_manager, reason=reason, attempts=attempts, is_paid=is_paid
            )
        )

    assert ask(4) == []
    assert ask(3) == ["closing.manager"]
    assert ask(3, is_manager=True, reason="客户坚持原价") == ["closing.attempts"]
    assert ask(3, is_manager=True, attempts=2) == ["closing.reason"]
    assert ask(3, is_manager=True, reason="客户坚持原价", attempts=2) == []
    assert ask(None) == ["closing.score"]
    assert ask(5, is_paid=False) == ["closing.payment"]
