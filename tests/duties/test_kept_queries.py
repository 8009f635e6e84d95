"""Questions whose SQL is kept give what they gave when it was made anew, whoever asks and however often."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from tests.houses import MONDAY
from zhangfa.approvals import queries as approvals
from zhangfa.claims import actions as claims
from zhangfa.core import compiled
from zhangfa.duties import compliance, kept, queries
from zhangfa.duties.models import DayCount, PersonCount
from zhangfa.records.web import shell
from zhangfa.runtime import worker

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DAY = dt.timedelta(days=1)


@pytest.fixture
def busy(house):
    worker.tick(MONDAY)
    case = house.to_assessed(house.report("1300"), price="1300")
    claims.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
    house.propose(case, "1300")
    house.report("1800")
    return house


def told(rows):
    return [
        row if isinstance(row, tuple) else (row, {name: str(value) for name, value in vars(row).items() if not name.startswith("_")})
        for row in rows
    ]  # fmt: skip


LATER = MONDAY + 3 * DAY
SPAN = {"first": dt.date(2026, 3, 1), "last": dt.date(2026, 3, 31), "now": LATER.date()}
LATE = {"since": MONDAY, "at": LATER, "today": LATER.date(), "month": SPAN["first"]}
COUNTED = ("D-AM-09.do", "D-CC-06.do", "D-HS-04.do")
QUESTIONS = [
    (queries._owed, (7,), lambda house, seats: {"seats": seats}),
    (queries._overdue, (31, False), lambda house, seats: {"own": seats, "at": LATER}),
    (queries._overdue, (31, True), lambda house, seats: {"own": seats, "at": LATER}),
    (queries._done, (30,), lambda house, seats: {"seats": seats, "since": MONDAY - DAY, "at": LATER}),
    (kept._sums, (DayCount, ("duty", "post")), lambda house, seats: SPAN),
    (kept._sums, (PersonCount, ("person",)), lambda house, seats: {**SPAN, "post": "cc"}),
    (kept._sums, (DayCount, ("due_on",)), lambda house, seats: {**SPAN, "departments": [house.units["service"].pk]}),
    (kept._run_out, (("person", "duty"),), lambda house, seats: {**LATE, "department": house.units["service"].pk}),
    (compliance._running, (COUNTED,), lambda house, seats: {"which": Q(seat_id__in=seats), "at": LATER}),
    (approvals._steps_on_bench, (), lambda house, seats: {"seats": seats, "person": house.people["cs"].pk}),
    (
        shell._signatures_on_bench,
        (),
        lambda house, seats: {"people": sorted([house.people["cc"].pk, house.people["cs"].pk])},
    ),
    (shell._copies_on_bench, (), lambda house, seats: {"person": house.people["cs"].pk}),
]


@pytest.mark.parametrize(("build", "fixed", "values"), QUESTIONS, ids=lambda part: getattr(part, "__name__", ""))
def test_the_same_rows_as_asked_anew(busy, build, fixed, values):
    for names in (["cs"], ["cc"], ["gm"], ["cs", "cc"], ["hs", "oa"], ["cc"]):
        given = values(busy, sorted(busy.seats[name].pk for name in names))
        with CaptureQueriesContext(connection) as plain:
            expected = list(build(*fixed, **given))
        with CaptureQueriesContext(connection) as once:
            found = compiled.rows(build, *fixed, **given)
        assert told(found) == told(expected)
        assert [q["sql"] for q in once.captured_queries] == [q["sql"] for q in plain.captured_queries]
    assert (
        any(list(build(*fixed, **values(busy, [busy.seats[name].pk]))) for name in busy.seats)
        or build is not queries._owed
    )


def test_what_hangs_on_a_row_came_with_it(busy):
    (first, *_rest) = compiled.rows(queries._owed, 7, seats=[busy.seats["cc"].pk])
    with CaptureQueriesContext(connection) as asked:
        assert str(first.duty) and str(first.seat) and first.person.shown_name and first.rung == 0
    assert not asked.captured_queries


def test_nobody_and_nothing_are_asked_as_ever(busy):
    assert compiled.rows(queries._owed, 7, seats=[]) == []
