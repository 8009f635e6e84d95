"""An order follows the seat that owes it, and reaches whose answers showed it and who stands above (AM-W3, HS-W1.6, X-1)."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from tests.houses import MONDAY
from tests.inspections.stages import DAY, answered, handed, listed, ordered, started
from zhangfa.core.decisions import Refused
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.duties.turning import turn
from zhangfa.inspections import actions, leaving
from zhangfa.inspections.models import Inspection, Inspector, Problem
from zhangfa.inspections.registrations import todo
from zhangfa.notices.models import Notice
from zhangfa.organisation.actions import holdings
from zhangfa.organisation.models import Holding, Seat

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _catalogue(house):
    load_catalogue()


def moves(house, seat: str, to: str, at: dt.datetime) -> None:
    """Somebody else holds the seat from the day on."""
    old, by = Holding.objects.get(seat=house.seats[seat]), house.actor("am", at)
    holdings.end(old, to_on=(at - DAY).date(), by=by, at=at)
    holdings.hold(person=house.people[to], seat=house.seats[seat], from_on=at.date(), by=by, at=at)


def owed(stage: str = "do") -> Occurrence:
    return Occurrence.objects.filter(duty__code="D-X-12", duty__stage=stage).latest("pk")


def told(code: str) -> set[int]:
    return set(Notice.objects.filter(code=code).values_list("person_id", flat=True))


@pytest.mark.clause("X-1")
def test_who_comes_into_the_seat_finishes_its_order_and_who_comes_into_the_orderers_looks_again(house):
    problem = ordered(house, started(house))
    at = MONDAY + DAY
    moves(house, "oa", "cm", at)
    new, old = house.actor("cm", at), house.actor("oa", at)
    assert owed().person == house.people["cm"] and problem in Problem.objects.visible_to(new)
    # The successor is reminded by the duty, who left it until the list is signed by what waits.
    assert todo(new, at) == [] and len(todo(old, at)) == 1
    with pytest.raises(Refused):
        actions.finish_rectifying(problem, note="已培训并复述", by=house.actor("sup", at), at=at)
    problem = actions.finish_rectifying(problem, note="已培训并复述", by=new, at=at)
    assert owed().state == "done" and owed("check").seat == house.seats["hr"]
    # Nobody looks again at what their seat was to put right.
    with pytest.raises(Refused):
        actions.close(problem, note="现场复查合格", by=new, at=at)
    moves(house, "hr", "ops", at + DAY)
    checker = house.actor("ops", at + DAY)
    assert owed("check").person == house.people["ops"] and problem in Problem.objects.visible_to(checker)
    problem = actions.reject(problem, note="还是不会讲", due_on=(at + 3 * DAY).date(), by=checker, at=at + DAY)
    assert owed().person == house.people["cm"] and house.people["cm"].pk in told("inspections.rejected")
    problem = actions.finish_rectifying(
        problem, note="再次培训并考过", by=house.actor("cm", at + 2 * DAY), at=at + 2 * DAY
    )
    assert house.people["ops"].pk in told("inspections.rectified")
    actions.close(problem, note="现场复查合格", by=house.actor("ops", at + 2 * DAY), at=at + 2 * DAY)
    assert not Occurrence.objects.open().filter(duty__code="D-X-12").exists()
    assert told("inspections.closed") == {house.people["cm"].pk}


@pytest.mark.clause("AM-W3")
def test_an_order_given_back_on_its_day_is_owed_by_the_new_day(house):
    problem = ordered(house, started(house), due=1)
    problem = actions.finish_rectifying(problem, note="已培训并复述", by=house.actor("oa"), at=MONDAY)
    later = MONDAY + dt.timedelta(hours=1)
    actions.reject(problem, note="还是不会讲", due_on=(MONDAY + 5 * DAY).date(), by=house.actor("hr", later), at=later)
    row = Occurrence.objects.get(duty__code="D-X-12", duty__stage="do")
    assert (row.state, row.due_at) == ("open", MONDAY.replace(hour=0) + 6 * DAY)
    assert row.due_on == (MONDAY + 5 * DAY).date()


@pytest.mark.clause("AM-W3")
def test_what_was_found_reaches_whose_answers_showed_it_and_who_stands_above(house):
    sheet = handed(house, person="sw")
    problem = ordered(house, sheet.inspection, sheet=sheet)
    assert told("inspections.ordered") == {house.people["oa"].pk}
    assert told("inspections.found") == {house.people[name].pk for name in ("sw", "sup", "hs")}
    for name in ("sw", "oa", "sup", "hs", "hr", "am", "gm"):
        assert problem in Problem.objects.visible_to(house.actor(name)), name
    for name in ("oa2", "cs", "cm", "fin", "sw2", "ls"):
        assert problem not in Problem.objects.visible_to(house.actor(name)), name


@pytest.mark.clause("HS-W1.6")
def test_what_somebody_finds_who_went_for_the_head_is_the_heads(house):
    row = started(house, kind="spot_check", by="hs")
    row.inspectors.create(person=house.people["sup"])
    problem = ordered(house, row, by="sup")
    owed_by = Occurrence.objects.get(duty__code="D-HS-03")
    assert (owed_by.seat, owed_by.person) == (house.seats["hs"], house.people["hs"])
    problem = actions.finish_rectifying(problem, note="已培训并复述", by=house.actor("oa"), at=MONDAY)
    actions.close(problem, note="现场复查合格", by=house.actor("hs"), at=MONDAY)
    owed_by.refresh_from_db()
    assert owed_by.state == "done"


@pytest.mark.clause("HS-W1.6")
@pytest.mark.parametrize(
    ("asks", "ends", "is_the_heads"), [("hs", "sup", True), ("sup", "hs", False), ("am", "am", False)]
)
def test_a_spot_check_is_of_the_head_who_asked_whoever_ends_it(house, asks, ends, is_the_heads):
    turn(MONDAY, list(catalogue().rows))
    second = Seat.objects.create(post_id="hs", unit=house.units["home"], reports_to=house.seats["dgm"])
    row = listed(house, kind="spot_check", by="hs")
    row.inspectors.bulk_create([Inspector(inspection=row, person=house.people[name]) for name in ("sup", "am")])
    row = actions.issue(row, by=house.actor("hs"), at=MONDAY)
    row = actions.start(row, by=house.actor("hs"), at=MONDAY)
    by = house.actor(asks)
    row = actions.open_sheet(row, person=house.people["oa"], by=by, at=MONDAY)
    sheet = row.sheets.select_related("record", "inspection", "person", "unit").get()
    answer = sheet.answers.get()
    facts = {"answer": "先打招呼，再看现场", "verdict": "correct", "deduction": 0}
    actions.record_answer(sheet, id=answer.pk, by=by, at=MONDAY, **facts)
    sheet = actions.write_up(sheet, comment="流程基本清楚", schedule_match="match", by=by, at=MONDAY)
    actions.hand_in(sheet, by=by, at=MONDAY)
    actions.finish(row, comment="总体较好", by=house.actor(ends), at=MONDAY)
    owed_by = Occurrence.objects.filter(duty__code="D-HS-02")
    assert owed_by.get(seat=house.seats["hs"]).state == ("done" if is_the_heads else "open")
    assert not owed_by.filter(seat=second).exists()


@pytest.mark.clause("HS-W1.6")
def test_two_heads_who_made_it_together_are_both_credited_once(house):
    second = Seat.objects.create(post_id="hs", unit=house.units["home"], reports_to=house.seats["dgm"])
    Holding.objects.create(person=house.people["ls"], seat=second, from_on=MONDAY.date())
    turn(MONDAY, list(catalogue().rows))
    sheet = answered(house, kind="spot_check", by="hs", verdicts=("wrong",))
    sheet.inspection.inspectors.create(person=house.people["ls"])
    actions.hand_in(sheet, by=house.actor("ls"), at=MONDAY)
    actions.finish(sheet.inspection, comment="总体较好", by=house.actor("hs"), at=MONDAY)
    assert set(Occurrence.objects.filter(duty__code="D-HS-02").values_list("seat_id", "state")) == {
        (house.seats["hs"].pk, "done"), (second.pk, "done"),
    }  # fmt: skip


@pytest.mark.clause("X-1")
def test_what_is_owed_from_a_seat_is_handed_over_with_that_seat(house):
    at = MONDAY + DAY
    # The owner holds a second post, which fits the place better but came later.
    problem = ordered(house, started(house, unit="west"), owner="oa")
    assert problem.seat == house.seats["oa"]
    Holding.objects.create(person=house.people["oa"], seat=house.seats["oa2"], from_on=at.date())
    owner = house.people["oa"].pk
    assert [row.key for row in leaving.problems(owner, house.seats["oa"], at)] == [f"owner:{problem.pk}"]
    assert list(leaving.problems(owner, house.seats["oa2"], at)) == []


@pytest.mark.clause("X-1")
def test_nobody_gets_both_parts_of_an_order_with_a_signed_list(house):
    problem, again = (
        ordered(house, started(house)),
        ordered(house, Inspection.objects.get(), owner="sup", issue="没有晨会"),
    )
    actions.finish_rectifying(again, note="已补开晨会", by=house.actor("sup"), at=MONDAY)
    by = house.actor("am")
    # Who ordered it takes over the owner's desk: the second look goes to who stands above that.
    assert leaving.give_problems(
        [f"owner:{problem.pk}"], to=house.people["hr"], seat=house.seats["oa"], by=by, at=MONDAY
    )
    problem.refresh_from_db()
    assert (problem.owner, problem.ordered_by) == (house.people["hr"], house.people["sup"])
    # The owner takes over the orderer's desk.
    assert leaving.give_problems(
        [f"ordered_by:{again.pk}"], to=house.people["sup"], seat=house.seats["hr"], by=by, at=MONDAY
    )
    again.refresh_from_db()
    assert (again.owner, again.ordered_by, again.seat) == (house.people["sup"], house.people["am"], house.seats["sup"])
    assert (owed("check").seat, owed("check").state) == (house.seats["am"], "open")
    assert Occurrence.objects.open().filter(duty__code="D-X-12", duty__stage="check").count() == 1
    actions.close(again, note="现场复查合格", by=by, at=MONDAY)
    assert owed("check").state == "done"


@pytest.mark.clause("X-1")
def test_what_was_ordered_before_gets_its_seats_from_the_duties_and_from_where_the_owner_sits(house):
    row = started(house)
    waits, done, closed = (ordered(house, row, issue=f"第 {n} 个问题") for n in range(3))
    for problem in (done, closed):
        actions.finish_rectifying(problem, note="已培训并复述", by=house.actor("oa"), at=MONDAY)
    actions.close(closed, note="现场复查合格", by=house.actor("hr"), at=MONDAY)
    spot = ordered(house, started(house, kind="spot_check", by="hs"), by="hs")
    Problem.objects.update(seat=None, orderer_seat=None)
    import_module("zhangfa.inspections.migrations.0004_seats_by_duties").by_duties(apps, None)
    oa, hr, hs = (house.seats[name].pk for name in ("oa", "hr", "hs"))
    found = {pk: facts for pk, *facts in Problem.objects.values_list("pk", "seat_id", "orderer_seat_id")}
    assert found == {waits.pk: [oa, None], done.pk: [oa, hr], closed.pk: [None, None], spot.pk: [oa, hs]}
