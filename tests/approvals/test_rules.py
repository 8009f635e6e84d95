"""Who decides: every way in which somebody might decide their own paper, and every gap in a line."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangfa.approvals.rules import FOUND, SeatFacts, refuse_decision, refuse_result, resolve

CC, CS, DGM, GM = 1, 2, 3, 4
ANNA, BO, CHEN, DAO, EVE = 11, 12, 13, 14, 15


def line(**changes):
    """cc → cs → dgm → gm, held by four people, with changes to single seats."""
    seats = {
        "cc": SeatFacts(CC, "cc", ANNA, CS),
        "cs": SeatFacts(CS, "cs", BO, DGM),
        "dgm": SeatFacts(DGM, "dgm", CHEN, GM),
        "gm": SeatFacts(GM, "gm", DAO, None),
    }
    for name, change in changes.items():
        seats[name] = SeatFacts(**{**vars(seats[name]), **change})
    return {seat.id: seat for seat in seats.values()}


def ways(found):
    return [(link.post, link.why) for link in found.chain]


@pytest.mark.clause("X-5")
def test_the_named_seat_decides():
    found = resolve(CS, line(), barred={ANNA})
    assert (found.seat, found.person, ways(found)) == (CS, BO, [("cs", "decides")])


@pytest.mark.clause("X-5")
def test_a_vacant_seat_goes_to_its_superior_never_down():
    found = resolve(CS, line(cs={"holder": None}), barred={ANNA})
    assert (found.seat, found.person) == (DGM, CHEN)
    assert resolve(GM, line(gm={"holder": None}), barred={ANNA}).person is None


@pytest.mark.clause("X-5")
def test_an_absent_holder_is_covered_by_the_delegate_else_the_superior():
    away = {"is_absent": True}
    assert resolve(CS, line(cs=away | {"delegate": EVE}), barred={ANNA}).person == EVE
    assert resolve(CS, line(cs=away), barred={ANNA}).person == CHEN


@pytest.mark.clause("X-5")
@pytest.mark.parametrize(
    "changes",
    [
        {"cs": {"holder": ANNA}},  # two posts, or moved into the seat
        {"cs": {"is_absent": True, "delegate": ANNA}},  # asked to stand in for their own decider
        {"cs": {"holder": ANNA, "is_absent": True, "delegate": EVE}},  # a delegate for the applicant's own seat
    ],
)
def test_nobody_gets_their_own_paper(changes):
    found = resolve(CS, line(**changes), barred={ANNA})
    assert (found.seat, found.person) == (DGM, CHEN)


@pytest.mark.clause("X-5")
def test_the_top_s_own_paper_goes_to_the_second_decider_or_waits():
    assert resolve(GM, line(), barred={DAO}, second_decider=EVE).person == EVE
    assert resolve(GM, line(), barred={DAO}, second_decider=EVE).seat is None
    assert resolve(GM, line(), barred={DAO}).is_stuck
    assert resolve(GM, line(), barred={DAO, EVE}, second_decider=EVE).is_stuck
    # An empty top is no own matter: the paper waits at that seat.
    empty = resolve(GM, line(gm={"holder": None}), barred={ANNA}, second_decider=EVE)
    assert (empty.is_stuck, empty.seat) == (True, GM)


@pytest.mark.clause("X-5")
def test_the_same_person_twice_in_a_line_is_asked_once():
    found = resolve(DGM, line(dgm={"holder": BO}), barred={ANNA}, asked={BO})
    assert (found.person, ways(found)) == (DAO, [("dgm", "same"), ("gm", "decides")])


def test_a_loop_of_seats_ends():
    assert resolve(CC, line(cc={"holder": None}, cs={"holder": None, "above": CC}), barred=set()).is_stuck


people = st.one_of(st.none(), st.sampled_from([ANNA, BO, CHEN, DAO, EVE]))
seat = st.builds(
    lambda holder, absent, delegate, above: (holder, absent, delegate, above),
    people, st.booleans(), people, st.one_of(st.none(), st.integers(1, 5)),
)  # fmt: skip


@pytest.mark.clause("X-5")
@given(st.lists(seat, min_size=5, max_size=5), st.sets(st.sampled_from([ANNA, BO, CHEN]), min_size=1), people)
def test_whatever_the_chart_no_barred_person_ever_decides(rows, barred, second):
    seats = {
        pk: SeatFacts(pk, "p", holder, above, absent, delegate)
        for pk, (holder, absent, delegate, above) in enumerate(rows, 1)
    }
    found = resolve(1, seats, barred=barred, second_decider=second)
    assert found.person not in barred
    if found.person is not None:
        assert found.chain[-1].why in FOUND
        assert found.seat is None or seats[found.seat].holder not in barred


def codes(**facts):
    known = {"decider": BO, "principal": None, "involved": frozenset({ANNA}), "is_in_seat": True}
    return [refusal.code for refusal in refuse_decision(**{**known, **facts})]


@pytest.mark.clause("X-5")
def test_who_may_not_decide():
    assert codes() == []
    assert codes(decider=None) == ["approvals.person"]
    assert codes(decider=ANNA) == ["approvals.own"]
    assert codes(principal=ANNA) == ["approvals.own_principal"]
    assert codes(is_in_seat=False) == ["approvals.seat"]


def result_codes(**facts):
    known = {"state": "waiting", "result": "agree", "opinion": "", "amount": None, "asked_amount": Decimal(5)}
    return [refusal.code for refusal in refuse_result(**{**known, **facts})]


def test_a_no_says_why_in_five_characters():
    assert result_codes() == []
    for result in ("refuse", "return"):
        assert result_codes(result=result, opinion="不同意吧") == ["approvals.opinion"]
        assert result_codes(result=result, opinion="金额偏高了") == []
    assert result_codes(result="maybe") == ["approvals.result"]
    assert result_codes(state="agreed") == ["approvals.decided"]
    assert result_codes(amount=Decimal("5.01")) == ["approvals.amount"]
    assert result_codes(amount=Decimal("5.00")) == []
