"""Pages cost the same number of statements at any size (quality.md, Speed)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.houses import MONDAY
from tests.inspections.stages import handed, ordered, planned
from zhangfa.core import clock
from zhangfa.inspections import actions
from zhangfa.inspections.registrations import todo

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-W3")]


def cost(client, address, **headers):
    client.get(address, headers=headers)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address, headers=headers).status_code == 200
    return sum(is_counted(query["sql"]) for query in seen.captured_queries)


def test_lists_and_records_cost_the_same_with_more_rows(client, house):
    with clock.at(MONDAY):
        client.force_login(house.user("am"))
        sheet = handed(house)
        ordered(house, sheet.inspection)
        addresses = {
            "/inspections/": 10,
            "/inspections/problems/": 10,
            "/inspections/forms/": 10,
            sheet.get_absolute_url(): 12,
            sheet.inspection.get_absolute_url(): 14,
            "/inspections/results/?month=2026-03": 10,
            "/inspections/weeks/2026-03-02/": 14,
        }
        before = {address: cost(client, address) for address in addresses}
        for _turn in range(6):
            planned(house)
            ordered(house, sheet.inspection)
        after = {address: cost(client, address) for address in addresses}
    assert before == after
    assert {address: n for address, n in after.items() if n > addresses[address]} == {}


def test_what_waits_is_one_read(house):
    handed(house)
    with CaptureQueriesContext(connection) as seen:
        todo(house.actor("hr"), MONDAY)
    # The actor's own seats are read before.
    assert len([query for query in seen.captured_queries if "inspections_" in query["sql"]]) == 1


@pytest.mark.clause("HS-W1.9")
def test_rewards_and_penalties_cost_the_same_with_more_rows(client, house):
    facts = {"kind": "reward", "measure": "praise", "person": house.people["oa"], "fact": "客户来信表扬三次"}
    with clock.at(MONDAY):
        client.force_login(house.user("am"))
        first = actions.propose_merit(**facts, by=house.actor("hs"), at=MONDAY)
        addresses = {"/merits/": 10, first.get_absolute_url(): 16}
        before = {address: cost(client, address) for address in addresses}
        for _turn in range(6):
            actions.propose_merit(**facts, by=house.actor("hs"), at=MONDAY)
        after = {address: cost(client, address) for address in addresses}
    assert before == after
    assert {address: n for address, n in after.items() if n > addresses[address]} == {}
