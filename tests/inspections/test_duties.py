"""What inspections prove to the duties: the week's inspection, its table, the spot check, what it found (D-AM-02, D-AM-03, D-HS-02, D-HS-03)."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from tests.inspections.stages import DAY, handed, ordered
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.duties.turning import turn
from zhangfa.inspections import actions

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _catalogue(house):
    load_catalogue()
    turn(MONDAY, list(catalogue().rows))


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
def test_the_published_table_is_the_weeks(house):
    handed(house)
    assert owed("D-AM-03").state == "open"
    actions.publish_week(MONDAY.date() - 7 * DAY, proposal="继续加强培训", by=house.actor("am"), at=MONDAY + DAY)
    assert owed("D-AM-03").state == "done"
