"""What may be written up, and what counts as answered in time, at the figure and one beside it."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from zhangfa.calls.rules import refuse_second_call, refuse_write_up, seconds_between

pytestmark = pytest.mark.clause("CS-D1")


def codes(**changed):
    facts = {"content": "问价格", "result": "answered", "papers": (), "follow_up_at": None, "at": MONDAY}
    return [refusal.code for refusal in refuse_write_up(**{**facts, **changed})]


def test_a_call_is_written_up_with_what_was_said():
    assert codes() == []
    assert codes(content=" 好 ") == ["call.content"]


@pytest.mark.parametrize(("result", "paper"), [("ordered", "order"), ("case", "case")])
def test_a_result_needs_the_paper_made_from_the_call(result, paper):
    other = {"order": "case", "case": "order"}[paper]
    assert codes(result=result) == ["call.paper"]
    assert codes(result=result, papers={other}) == ["call.paper"]
    assert codes(result=result, papers={paper}) == []


def test_a_promise_to_call_again_has_a_time_to_come():
    assert codes(result="follow_up") == ["call.follow_up"]
    assert codes(result="follow_up", follow_up_at=MONDAY) == ["call.follow_up_past"]
    assert codes(result="follow_up", follow_up_at=MONDAY + dt.timedelta(seconds=1)) == []


def test_a_clock_set_back_counts_as_no_wait():
    assert seconds_between(MONDAY, MONDAY + dt.timedelta(seconds=7.9)) == 7
    assert seconds_between(MONDAY, MONDAY - dt.timedelta(hours=1)) == 0


def test_one_caller_at_a_time():
    assert list(refuse_second_call(open_id=None)) == []
    assert [refusal.code for refusal in refuse_second_call(open_id=7)] == ["call.busy"]
