"""What inspections prove to the duties: the week's inspection, its table, the spot check, what it found (D-AM-02, D-AM-03, D-HS-02, D-HS-03)."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from tests.inspections.stages import DAY, handed, ordered, started
from zhangfa.duties import queries
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.duties.turning import turn
from zhangfa.inspections import actions, leaving
from zhangfa.inspections.models import Inspection
from zhangfa.notices.models import Notice
from zhangfa.runtime import worker

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _catalogue(house):
    load_catalogue()
    turn(MONDAY, list(catalogue().rows))


def states():
    rows = Occurrence.objects.filter(duty__code="D-X-12").order_by("pk")
    return [(row.duty.stage, row.person_id, row.state) for row in rows.select_related("duty")]


def owed(code: str) -> Occurrence:
    return Occurrence.objects.filter(duty__code=code).order_by("opened_at", "pk").first()


@pytest.mark.clause("AM-W3")
@pytest.mark.parametrize(("announced", "unannounced"), [(True, 1), (False, 1)])
def test_an_inspection_with_an_unannounced_item_is_the_weeks(house, announced, unannounced):
    sheet = handed(house, announced=announced, verdicts=("correct", "wrong") if announced else ("wrong",))
    assert owed("D-AM-02").state == "open"
    actions.finish(sheet.inspection, comment="总体较好", by=house.actor("hr"), at=MONDAY + dt.timedelta(hours=2))
    assert owed("D-AM-02").state == "done" and owed("D-HS-02").state == "open"


@pytest.mark.clause("HS-W1.6")
def test_a_spot_check_is_the_heads_and_its_problems_are_owed_until_they_are_closed(house):
    sheet = handed(house, kind="spot_check", by="hs", verdicts=("wrong",))
    problem = ordered(house, sheet.inspection, by="hs", due=5)
    actions.finish(sheet.inspection, comment="总体较好", by=house.actor("hs"), at=MONDAY)
    assert owed("D-HS-02").state == "done" and owed("D-AM-02").state == "open"
    row = owed("D-HS-03")
    assert row.person == house.people["hs"] and row.due_at == MONDAY.replace(hour=0) + 6 * DAY
    problem = actions.finish_rectifying(problem, note="已培训并复述", by=house.actor("oa"), at=MONDAY + DAY)
    assert owed("D-HS-03").state == "open"
    actions.close(problem, note="现场复查合格", by=house.actor("hs"), at=MONDAY + 2 * DAY)
    assert owed("D-HS-03").state == "done"


@pytest.mark.clause("AM-W3")
def test_an_inspections_order_is_owed_by_its_owner_then_looked_at_again_and_goes_up_when_late(house):
    problem = ordered(house, started(house), due=1)
    row = owed("D-X-12")
    assert (row.person, row.seat, row.due_at) == (
        house.people["oa"], house.seats["oa"], MONDAY.replace(hour=0) + 2 * DAY,
    )  # fmt: skip
    assert queries.address(row) == problem.get_absolute_url()
    worker.tick(MONDAY + 2 * DAY)
    assert (
        owed("D-X-12").rung == 1
        and Notice.objects.filter(person=house.people["sup"], url__contains="/duties/").exists()
    )
    # Handed in and given back on one day, then handed in again on another.
    problem = actions.finish_rectifying(problem, note="已培训并复述", by=house.actor("oa"), at=MONDAY + 2 * DAY)
    owner, orderer = house.people["oa"].pk, house.people["hr"].pk
    assert states() == [("do", owner, "late"), ("check", orderer, "open")]
    check = Occurrence.objects.filter(duty__code="D-X-12", duty__stage="check").get()
    assert check.due_at == MONDAY.replace(hour=0) + 5 * DAY
    at = MONDAY + 2 * DAY + dt.timedelta(hours=1)
    problem = actions.reject(
        problem, note="还是不会讲", due_on=(MONDAY + 4 * DAY).date(), by=house.actor("hr", at), at=at
    )
    assert states() == [("do", owner, "late"), ("check", orderer, "done"), ("do", owner, "open")]
    at = MONDAY + 3 * DAY
    problem = actions.finish_rectifying(problem, note="再次培训并考过", by=house.actor("oa", at), at=at)
    actions.close(problem, note="现场复查合格", by=house.actor("hr", at), at=at)
    assert {state for _stage, _person, state in states()} == {"late", "done"}


@pytest.mark.clause("X-1")
def test_orders_go_to_the_successor_with_the_signed_list(house):
    problem, again = (
        ordered(house, started(house)),
        ordered(house, Inspection.objects.get(), owner="sup", issue="没有晨会"),
    )
    actions.finish_rectifying(again, note="已补开晨会", by=house.actor("sup"), at=MONDAY)
    found = list(leaving.problems(house.people["oa"].pk, house.seats["oa"], MONDAY))
    assert [row.key for row in found] == [f"owner:{problem.pk}"]
    mine = list(leaving.problems(house.people["hr"].pk, house.seats["hr"], MONDAY))
    assert [row.key for row in mine] == [f"ordered_by:{again.pk}"]
    facts = {"to": house.people["cm"], "seat": house.seats["oa"], "by": house.actor("am"), "at": MONDAY}
    assert leaving.give_problems([found[0].key, mine[0].key], **facts) == [found[0].key, mine[0].key]
    problem.refresh_from_db()
    again.refresh_from_db()
    assert (problem.owner, again.ordered_by) == (house.people["cm"], house.people["cm"])
    actions.finish_rectifying(problem, note="已培训并复述", by=house.actor("cm"), at=MONDAY)
    assert leaving.give_problems([found[0].key], **facts) == []


@pytest.mark.clause("AM-W3")
def test_the_published_table_is_the_weeks(house):
    handed(house)
    assert owed("D-AM-03").state == "open"
    actions.publish_week(MONDAY.date() - 7 * DAY, proposal="继续加强培训", by=house.actor("am"), at=MONDAY + DAY)
    assert owed("D-AM-03").state == "done"
