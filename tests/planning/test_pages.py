"""Plans as people see them, page and interface."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.bench import bench
from tests.houses import MONDAY
from tests.planning.test_actions import approved, begin
from zhangfa.core import clock
from zhangfa.planning import actions
from zhangfa.planning.models import Plan

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-D5")]


@pytest.fixture(autouse=True)
def today():
    with clock.at(MONDAY):
        yield


def signed_in(client, house, who):
    client.force_login(house.user(who))
    return client


def test_a_plan_goes_its_way_in_the_browser(client, house):
    page = signed_in(client, house, "hs")
    assert page.get("/plans/new/").status_code == 200
    page.post("/plans/new/", {"level": "department", "rhythm": "monthly", "day": "2026-03-10", "parent": ""})
    plan = Plan.objects.get()
    address = plan.get_absolute_url()
    bad = page.post(
        f"{address}do/add_item/", {"title": "新增客户", "standard": "签约", "due_on": "2026-04-01", "target": "10"}
    )
    assert bad.status_code == 422 and "2026-03-31" in bad.content.decode() and "新增客户" in bad.content.decode()
    page.post(
        f"{address}do/add_item/",
        {"title": "新增客户", "standard": "签约", "due_on": "2026-03-31", "target": "10", "unit": "家"},
    )
    assert "新增客户" in page.get(address).content.decode()
    item = plan.items.get()
    assert "新增客户" in page.get(f"{address}do/change_item/?item={item.pk}").content.decode()
    page.post(f"{address}do/submit/", {})
    above = signed_in(client, house, "dgm")
    assert "审核计划" in bench(above)
    above.post(f"{address}do/approve/", {"opinion": "可行"})
    page = signed_in(client, house, "hs")
    page.post(f"{address}do/progress/", {"item": str(item.pk), "actual": "4", "note": "签了四家"})
    text = page.get(address).content.decode()
    assert "40%" in text and "-6" in text
    assert page.get(f"/records/{plan.pk}/print.pdf").status_code == 200


def test_checks_and_years(client, house):
    approved(house)
    page = signed_in(client, house, "am")
    assert "2026-03" in page.get("/plans/checks/").content.decode()
    assert "没有提交计划" in page.get("/plans/checks/2026-03/").content.decode()
    form = page.get("/plans/checks/2026-03/check/")
    assert form.status_code == 200
    names = list(form.context["form"].fields)
    answer = page.post("/plans/checks/2026-03/check/", dict.fromkeys(names, "已看过，可行"))
    assert answer.status_code == 303 and "已看过，可行" in page.get("/plans/checks/2026-03/").content.decode()
    assert page.post("/plans/years/2026/", {}).status_code == 422
    assert page.get("/plans/summaries/new/").status_code == 200
    assert page.get("/plans/checks/2026-13/").status_code == 404
    other = signed_in(client, house, "oa")
    assert (
        other.get("/plans/checks/").status_code == 403 and other.get("/plans/checks/2026-03/check/").status_code == 403
    )


def test_outside_ones_part_there_is_no_plan(client, house):
    plan = begin(house, "oa", "person")
    assert signed_in(client, house, "oa2").get(plan.get_absolute_url()).status_code == 404
    assert signed_in(client, house, "sup").get(plan.get_absolute_url()).status_code == 200


def test_the_interface_does_the_same(client, house):
    page = signed_in(client, house, "hs")
    body = {"level": "department", "rhythm": "monthly", "day": "2026-03-10"}
    made = page.post("/api/v1/plans", body, content_type="application/json")
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    item = {"title": "新增客户", "standard": "签约", "due_on": "2026-03-31", "target": "10", "unit": "家"}
    step = page.post(f"/api/v1/plans/{key}/transitions/add_item", item, content_type="application/json")
    assert (step.status_code, step.json()["items"][0]["target"]) == (200, "10.00"), step.content
    again = page.post("/api/v1/plans", body, content_type="application/json")
    assert (again.status_code, again.json()["refusals"][0]["code"]) == (409, "plan.taken")


def test_the_list_costs_the_same_however_many_plans_there_are(client, house):
    page = signed_in(client, house, "hs")

    def cost(address):
        page.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert page.get(address).status_code == 200
        return sum(is_counted(query["sql"]) for query in seen.captured_queries)

    plan = approved(house)
    few = cost("/plans/"), cost(plan.get_absolute_url())
    for rhythm in ("yearly", "quarterly", "weekly"):
        other = begin(house, rhythm=rhythm)
        for _time in range(3):
            actions.add_item(other, by=house.actor("hs"), at=MONDAY, title="事项", standard="完成", due_on=other.to_on)
    assert (cost("/plans/"), cost(other.get_absolute_url()))[0] == few[0] <= 12
