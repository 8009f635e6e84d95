"""The chart's rules at their edges; no database."""

import datetime as dt

import pytest

from zhangfa.organisation.rules import (
    Period,
    Span,
    is_round,
    refuse_absence,
    refuse_charge,
    refuse_holding,
    refuse_holding_end,
    refuse_person,
    refuse_reporting,
    refuse_retirement,
    refuse_unit,
    refuse_unit_closing,
    refuse_user,
)  # fmt: skip

pytestmark = pytest.mark.clause("X-5")
DAY = dt.date(2026, 3, 2)
AT = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)


def codes(refusals):
    return [refusal.code for refusal in refusals]


def days(count):
    return dt.timedelta(days=count)


@pytest.mark.parametrize(
    ("start", "target", "ways", "answer"),
    [
        (1, None, {}, False),
        (1, 2, {2: 3, 3: None}, False),
        (1, 2, {2: 3, 3: 1}, True),
        (1, 1, {}, True),
        (1, 2, {2: 3, 3: 2}, True),
    ],
)
def test_a_walk_that_comes_back_is_found(start, target, ways, answer):
    assert is_round(start, target, ways) is answer


def unit(**facts):
    base = {
        "unit_id": 7, "kind": "outlet", "parent_kind": "department", "parent_id": 3, "parents": {7: 3, 3: 1, 1: None},
        "is_code_taken": False, "has_company": True,
    }  # fmt: skip
    return codes(refuse_unit(**{**base, **facts}))


def test_units_hang_where_their_kind_belongs():
    assert unit() == []
    assert unit(is_code_taken=True) == ["unit.code"]
    assert unit(parent_kind="company") == ["unit.parent"]
    assert unit(parent_kind=None, parent_id=None) == ["unit.parent"]
    assert unit(kind="department", parent_kind="region") == []
    assert unit(kind="region", parent_kind="department") == ["unit.parent"]
    assert unit(kind="department", parent_kind="company", parent_id=9, parents={9: 7, 7: 1}) == ["unit.loop"]
    assert unit(kind="company", parent_kind=None, parent_id=None, has_company=True) == ["unit.company"]
    assert unit(kind="company", parent_kind=None, parent_id=None, has_company=False) == []
    assert codes(refuse_unit_closing(children=0, seats=0)) == []
    assert codes(refuse_unit_closing(children=1, seats=2)) == ["unit.children", "unit.seats"]


def reporting(**facts):
    base = {"seat_id": 5, "grade": 30, "superior_id": 2, "superior_grade": 40, "reports_to": {5: None, 2: 1, 1: None}}
    return codes(refuse_reporting(**{**base, **facts}))


def test_a_seat_reports_upwards_and_never_round():
    assert reporting() == []
    assert reporting(superior_id=None, superior_grade=None) == []
    assert reporting(superior_grade=30) == ["seat.grade"]
    assert reporting(superior_id=5) == ["seat.loop"]
    assert reporting(reports_to={2: 5, 5: None}) == ["seat.loop"]
    assert reporting(is_superior_active=False) == ["seat.superior_retired"]
    assert codes(refuse_retirement(holders=1, subordinates=1, charges=1)) == [
        "seat.held",
        "seat.subordinates",
        "seat.charges",
    ]


def holding(**facts):
    base = {
        "period": Period(DAY), "grade": 30, "person_kind": "staff", "person_left_on": None, "is_seat_active": True, "others": [],
        "person_id": 1, "by_person_id": 9,
    }  # fmt: skip
    return codes(refuse_holding(**{**base, **facts}))


def test_one_person_at_a_time_and_nobody_seats_themselves():
    assert holding() == []
    assert holding(by_person_id=1) == ["holding.self"]
    assert holding(others=[(2, Period(DAY - days(9), DAY - days(1)))]) == []
    assert holding(others=[(2, Period(DAY - days(9), DAY))]) == ["holding.taken"]
    assert holding(others=[(2, Period(DAY + days(5)))], period=Period(DAY, DAY + days(4))) == []
    assert holding(others=[(1, Period(DAY - days(9)))]) == ["holding.twice"]
    assert holding(grade=10, person_kind="worker", others=[(2, Period(DAY - days(9)))]) == []
    assert holding(grade=10) == ["holding.kind"]
    assert holding(person_kind="worker") == ["holding.kind"]
    assert holding(person_left_on=DAY + days(3)) == ["holding.left"]
    assert holding(person_left_on=DAY + days(3), period=Period(DAY, DAY + days(3))) == []
    assert holding(period=Period(DAY, DAY - days(1))) == ["holding.period"]
    assert holding(is_seat_active=False) == ["holding.retired"]
    assert codes(refuse_holding_end(from_on=DAY, to_on=DAY, old_to_on=None)) == []
    assert codes(refuse_holding_end(from_on=DAY, to_on=DAY - days(1), old_to_on=None)) == ["holding.period"]
    assert codes(refuse_holding_end(from_on=DAY, to_on=DAY + days(2), old_to_on=DAY + days(1))) == ["holding.ended"]


def test_executives_are_in_charge_of_departments_one_at_a_time():
    def charge(**facts):
        return codes(
            refuse_charge(
                **{"grade": 60, "is_seat_active": True, "unit_kind": "department", "is_charged": False, **facts}
            )
        )

    assert charge() == [] and charge(grade=70, unit_kind="region") == []
    assert charge(grade=50) == ["charge.grade"]
    assert charge(unit_kind="outlet") == ["charge.unit"]
    assert charge(is_charged=True) == ["charge.twice"]


def absence(**facts):
    base = {
        "person_id": 1,
        "delegate_id": 2,
        "span": Span(AT, AT + days(3)),
        "own": [],
        "ways": {},
        "delegate_grade": 30,
    }
    return codes(refuse_absence(**{**base, **facts}))


def test_a_delegate_is_somebody_else_who_is_there():
    assert absence() == []
    assert absence(delegate_id=None, delegate_grade=None) == []
    assert absence(delegate_id=1) == ["absence.self"]
    assert absence(ways={2: 3, 3: 1}) == ["absence.loop"]
    assert absence(ways={2: 3, 3: 4}) == []
    assert absence(delegate_away=[Span(AT - days(1), AT + days(1))]) == ["absence.delegate_away"]
    assert absence(delegate_away=[Span(AT - days(1), AT)]) == []
    assert absence(delegate_grade=None) == ["absence.delegate_seat"]
    assert absence(is_delegate_staff=False) == ["absence.delegate_seat"]
    assert absence(span=Span(AT, AT)) == ["absence.period"]
    assert absence(span=Span(AT, AT + days(367))) == ["absence.long"]
    assert absence(own=[Span(AT + days(2), AT + days(5))]) == ["absence.overlap"]


def test_people_and_logins():
    assert codes(refuse_person(is_no_taken=False, joined_on=DAY, left_on=DAY)) == []
    assert codes(refuse_person(is_no_taken=True, joined_on=DAY, left_on=DAY - days(1), holdings=1)) == [
        "person.no",
        "person.period",
        "person.holds",
    ]
    assert codes(refuse_user(is_name_taken=False, has_user=False, is_technical=False, has_person=True)) == []
    assert codes(refuse_user(is_name_taken=True, has_user=True, is_technical=False, has_person=False)) == [
        "user.name",
        "user.twice",
        "user.person",
    ]
    assert codes(refuse_user(is_name_taken=False, has_user=False, is_technical=True, has_person=False)) == []
