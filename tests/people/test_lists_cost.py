"""Lists cost the same number of queries however many rows they show."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.houses import MONDAY, House
from zhangfa.administration import actions as affairs
from zhangfa.core import clock
from zhangfa.people import actions
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-W4.1")]
ADDRESSES = (
    "/leave/",
    "/activities/",
    "/decisions/",
    "/training/",
    "/api/v1/leave",
    "/api/v1/activities",
    "/api/v1/decisions",
    "/api/v1/training",
)


def more(house, number):
    by, day = house.actor("am"), dt.date(2026, 4, 6) + dt.timedelta(days=7 * number)
    facts = {"by": by, "at": MONDAY}
    actions.ask(kind="personal", from_on=day, to_on=day, reason="家里有事", by=house.actor("oa"), at=MONDAY)
    lines = [("场地", Decimal(100)), ("茶点", Decimal(50))]
    affairs.propose_one(
        title=f"活动 {number}",
        theme=f"活动 {number}",
        purpose="让各部门互相认识",
        begins_on=day,
        ends_on=day,
        people=3,
        lines=lines,
        **facts,
    )
    affairs.decide_at_once(
        matter="labour", facts="考勤记录有争议", decision="以打卡记录为准", effect="本月工资按此计算", ground="《考勤制度》第三条",
        people=house.people["oa"].no, **facts,
    )  # fmt: skip
    row = actions.arrange(
        topic=f"培训 {number}",
        subject="safety",
        held_on=MONDAY.date(),
        hours=Decimal(1),
        trainer=house.people["hs"],
        **facts,
    )
    actions.note_learners(row, people=f"{house.people['oa'].no} {house.people['sw'].no}", **facts)


def test_lists_cost_the_same_however_long(client, house_at_monday):
    house = house_at_monday
    client.force_login(house.user("am"))
    headers = {"Authorization": f"Bearer {tokens.issue(house.user('am'), at=MONDAY)}"}

    def cost(address):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(address, headers=headers if "api" in address else {}).status_code == 200
        return len(caught)

    more(house, 0)
    before = {address: (cost(address), cost(address))[1] for address in ADDRESSES}
    for number in range(1, 5):
        more(house, number)
    assert {address: cost(address) for address in ADDRESSES} == before


@pytest.fixture
def house_at_monday():
    with clock.at(MONDAY):
        yield House()
