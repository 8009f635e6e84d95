"""A task is whole or it is not given; in time is judged by the report (X-7, HS-W1.2)."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from zhangfa.tasks import rules

pytestmark = pytest.mark.clause("HS-W1.2")
SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)
WHOLE = {"title": "擦窗", "details": "擦东窗西窗", "standard": "没有水痕印", "due_at": MONDAY + HOUR, "at": MONDAY}


def codes(found):
    return {refusal.code for refusal in found}


def test_a_whole_task_is_given():
    assert not codes(rules.refuse_task(**WHOLE))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": "擦"}, "task.title"), ({"details": "擦东窗"}, "task.details"), ({"details": "  擦窗户吧  "}, "task.details"),
        ({"standard": "干净"}, "task.standard"), ({"due_at": None}, "task.due"), ({"due_at": MONDAY}, "task.due_past"),
        ({"due_at": MONDAY - SECOND}, "task.due_past"),
    ],
)  # fmt: skip
def test_nothing_is_assigned_without_details_finish_time_and_standard(change, code):
    assert codes(rules.refuse_task(**{**WHOLE, **change})) == {code}


def test_the_first_second_to_come_will_do():
    assert not codes(rules.refuse_task(**{**WHOLE, "due_at": MONDAY + SECOND}))


@pytest.mark.clause("X-7")
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"owner": None}, {"task.vacant"}), ({"owner": 1}, {"task.self"}), ({"is_below": False}, {"task.below"}), ({}, set()),
        ({"is_below": False, "has_own_ground": True}, set()), ({"owner": 1, "has_own_ground": True}, set()),
    ],
)  # fmt: skip
def test_a_superior_gives_to_those_below_and_a_resolution_to_whom_it_names(facts, code):
    usual = {"owner": 2, "giver": 1, "is_below": True, "has_own_ground": False}
    assert codes(rules.refuse_owner(**{**usual, **facts})) == code


@pytest.mark.clause("X-7")
@pytest.mark.parametrize(
    ("reported", "accepted", "at", "found"),
    [
        (HOUR, True, 9 * HOUR, "in_time"), (HOUR + SECOND, True, 9 * HOUR, "late"), (HOUR, False, 9 * HOUR, "open"),
        (HOUR + SECOND, False, 9 * HOUR, "overdue"), (None, False, HOUR, "open"), (None, False, HOUR + SECOND, "overdue"),
    ],
)  # fmt: skip
def test_in_time_is_the_report_not_the_day_on_which_it_was_looked_at(reported, accepted, at, found):
    reported_at = None if reported is None else MONDAY + reported
    known = {"is_accepted": accepted, "is_withdrawn": False, "due_at": MONDAY + HOUR, "reported_at": reported_at}
    assert rules.outcome(**known, at=MONDAY + at) == found


@pytest.mark.clause("X-1")
@pytest.mark.parametrize(("old", "code"), [(MONDAY, {"task.postpone_late"}), (MONDAY + SECOND, set())])
def test_a_finish_time_moves_only_before_it_has_passed(old, code):
    assert codes(rules.refuse_postpone(old=old, new=MONDAY + HOUR, at=MONDAY)) == code


@pytest.mark.clause("X-7")
@pytest.mark.parametrize(
    ("redo", "due", "code"),
    [(None, MONDAY, {"task.redo"}), (None, MONDAY + SECOND, set()), (MONDAY, MONDAY, {"task.redo_past"}), (MONDAY + SECOND, MONDAY, set())],
)  # fmt: skip
def test_what_is_sent_back_has_a_time_to_come(redo, due, code):
    assert codes(rules.refuse_redo(redo_at=redo, due_at=due, at=MONDAY)) == code
