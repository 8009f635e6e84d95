"""What the pages of care cost: the same however long a list is."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.care import stages
from tests.care.test_pages import LISTS
from tests.houses import MONDAY
from tests.worlds import World
from zhangfa.care import actions
from zhangfa.care.advice import USED
from zhangfa.care.models import CarePlan
from zhangfa.core import clock

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-W3.1")]
NAMES = {"feedback": "feedback", "month": "months", "plan": "plans", "visit": "visits", "account": "accounts"}


def grown(house):
    """Two more of what lists are about."""
    cs = {"by": house.actor("cs"), "at": MONDAY}
    for number in range(2):
        customer = house.make_customer(f"增加{number}")
        stages.paid(house, customer, "90000")
        visit = stages.division_visit(house, **stages.TROUBLE)
        actions.promise(visit.customer, text="下周再来看一次", due_at=MONDAY + stages.DAY, **cs)
        actions.send_bundle(MONDAY.date() - dt.timedelta(days=7 * (number + 2)), **cs)
        stages.gift(house, value=f"4{number}")
        company = stages.company(house, f"增加实业{number}")
        stages.paid(house, company, "200000")
        actions.plan_alliance(
            kind="alliance", partner=f"超市{number}", aim="互相介绍客户", offer="会员九折", owner=house.people["mk"], from_on=MONDAY.date(),
            to_on=MONDAY.date() + 90 * stages.DAY, **cs,
        )  # fmt: skip
    actions.count_accounts(**cs)
    from zhangfa.care.models import KeyAccount

    for row in KeyAccount.objects.exclude(owner=house.people["cm"]):
        row = actions.assign_owner(row, owner=house.people["cm"], procedure="每月走访，季度复核", **cs)
        stages.feedback(house, row)
    actions.draw(stages.MARCH, **cs)


def test_a_list_costs_the_same_however_long_and_a_record_little(client):
    with clock.at(MONDAY):
        world = World()
        client.force_login(world.house.user("cs"))

        def cost(address):
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200, address
            return sum(is_counted(query["sql"]) for query in seen.captured_queries)

        few = {name: cost(f"/care/{name}/") for name in LISTS}
        records = {noun: cost(f"/care/{NAMES.get(noun, f'{noun}s')}/{key}/") for noun, key in world.care.items()}
        month = f"/care/months/{world.care['month']}/?part=lines"
        lines = cost(month)
        grown(world.house)
        used = CarePlan.objects.values_list("reasons", flat=True)
        assert sum(code == USED for reasons in used for code, _params in reasons) > 1 and cost(month) == lines
        assert {name: cost(f"/care/{name}/") for name in LISTS} == few
    assert not {name: count for name, count in few.items() if count > 10}
    assert not {name: count for name, count in records.items() if count > 12}
