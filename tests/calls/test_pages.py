"""The desk, a call and the figures as people see them; outside one's scope there is nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.houses import MONDAY
from zhangfa.calls import actions
from zhangfa.calls.models import Call

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-D1")]


def signed_in(client, house, who):
    client.force_login(house.user(who))
    return client


@pytest.fixture
def call(house):
    return actions.ring(phone="15400009999", by=house.actor("ops"), at=MONDAY)


def test_the_desk_shows_what_rings_and_the_call_leads_on(client, house, call):
    page = signed_in(client, house, "op")
    assert "林知夏" in page.get("/calls/desk/").content.decode()
    fragment = page.get("/calls/desk/", headers={"HX-Request": "true", "HX-Target": "waiting"}).content.decode()
    assert fragment.lstrip().startswith('<section id="waiting"')
    page.post(f"{call.get_absolute_url()}do/answer/", {})
    shown = page.get(call.get_absolute_url()).content.decode()
    assert f"/cases/new/?customer={house.customer.pk}" in shown and "标准用语" in shown
    assert "15400009999" not in shown and "154****9999" in shown


def test_what_was_typed_stays_when_the_result_has_no_paper(client, house):
    page = signed_in(client, house, "op")
    page.post("/calls/new/", {"phone": "154 0000 1234", "direction": "in"})
    call = Call.objects.get()
    given = {"kind": "order", "content": "要做深度保洁", "result": "ordered"}
    answer = page.post(f"{call.get_absolute_url()}do/write_up/", given)
    text = answer.content.decode()
    assert answer.status_code == 422 and "还没有登记订单" in text and "要做深度保洁" in text
    call.refresh_from_db()
    assert (call.status, call.content) == ("speaking", "")


def test_a_number_that_is_none_is_refused_beside_its_field(client, house):
    answer = signed_in(client, house, "op").post("/calls/new/", {"phone": "张三", "direction": "in"})
    assert answer.status_code == 422 and "请填写电话号码" in answer.content.decode()
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("oa", 200), ("oa2", 404), ("sl", 404), ("hs", 200), ("sw", 404), ("gm", 200)]
)
def test_outlets_see_their_customers_calls_and_no_others(client, house, call, who, status):
    assert signed_in(client, house, who).get(call.get_absolute_url()).status_code == status


def test_the_report_refuses_a_period_that_ends_before_it_begins(client, house):
    page = signed_in(client, house, "cs")
    assert "结束日期不能早于" in page.get("/calls/report/?since=2026-03-02&until=2026-03-01").content.decode()
    assert page.get("/calls/report/?since=2026-03-02&until=2026-03-02").status_code == 200


def test_a_telephone_system_reports_by_the_interface(client, house):
    page = signed_in(client, house, "ops")
    body = {"event": "answered", "external_id": "pbx-9", "phone": "15400009999", "operator": house.people["op"].no}
    answer = page.post("/api/v1/calls/events", body, content_type="application/json")
    assert (answer.status_code, answer.json()["status"], answer.json()["customer_name"]) == (200, "speaking", "林知夏")
    unknown = page.post("/api/v1/calls/events", body | {"operator": "X"}, content_type="application/json")
    assert unknown.status_code == 422
    other = signed_in(client, house, "op").post("/api/v1/calls/events", body, content_type="application/json")
    assert other.status_code == 403


@pytest.mark.parametrize(
    ("address", "most"), [("/calls/", 10), ("/calls/desk/", 10), ("/calls/report/", 10), ("{call}", 12)]
)
def test_a_page_costs_the_same_however_many_calls_there_are(client, house, call, address, most):
    page = signed_in(client, house, "op")
    address = address.format(call=call.get_absolute_url())
    actions.answer(call, by=house.actor("op"), at=MONDAY)

    def cost():
        page.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert page.get(address).status_code == 200
        return sum(is_counted(query["sql"]) for query in seen.captured_queries)

    few = cost()
    for _time in range(12):
        actions.ring(phone="15400009999", by=house.actor("ops"), at=MONDAY)
    assert cost() == few <= most
