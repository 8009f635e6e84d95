"""Requests, notices, files and the calendar as people see them, page and interface."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.administration.test_actions_coordination import ask, issue, keep
from tests.bench import bench
from tests.houses import MONDAY
from zhangfa.administration.models import Bulletin, CompanyFile, DeptRequest, Filing, StatutoryDate
from zhangfa.core import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with clock.at(MONDAY):
        yield


def signed_in(client, house, who):
    client.force_login(house.user(who))
    return client


@pytest.mark.clause("AM-D4")
def test_a_request_goes_its_way_in_the_browser(client, house):
    page = signed_in(client, house, "cs")
    assert page.get("/requests/new/").status_code == 200
    bad = page.post(
        "/requests/new/", {"to_unit": str(house.units["service"].pk), "title": "提供上周派工明细", "details": "短"}
    )
    assert (
        bad.status_code == 422
        and "本部门的事请直接交办任务" in bad.content.decode()
        and "提供上周派工明细" in bad.content.decode()
    )
    page.post(
        "/requests/new/", {"to_unit": str(house.units["home"].pk), "title": "提供上周派工明细", "details": "客户要看"}
    )
    assert not DeptRequest.objects.exists()
    page.post(
        "/requests/new/",
        {"to_unit": str(house.units["home"].pk), "title": "提供上周派工明细", "details": "客户今天要看明细"},
    )
    row = DeptRequest.objects.get()
    other = signed_in(client, house, "hs")
    assert "提供上周派工明细" in bench(other) and "提供上周派工明细" in other.get("/requests/").content.decode()
    other.post(f"{row.get_absolute_url()}do/acknowledge/", {})
    other.post(f"{row.get_absolute_url()}do/reply/", {"outcome": "done", "answer": "明细已放在附件"})
    page = signed_in(client, house, "cs")
    page.post(f"{row.get_absolute_url()}do/settle/", {})
    row.refresh_from_db()
    assert row.status == "closed" and page.get(row.get_absolute_url()).status_code == 200
    assert page.get(f"/records/{row.pk}/print.pdf").status_code == 200
    assert signed_in(client, house, "ls").get(row.get_absolute_url()).status_code == 404


@pytest.mark.clause("AM-D4")
def test_a_notice_is_confirmed_in_the_browser(client, house):
    page = signed_in(client, house, "am")
    assert page.get("/bulletins/new/").status_code == 200
    given = {
        "title": "清明放假安排",
        "text": "四月四日至六日放假",
        "unit": str(house.units["home"].pk),
        "posts": ["oa"],
        "read_by_at": "2026-03-03T18:00",
    }
    page.post("/bulletins/new/", given)
    row = Bulletin.objects.get()
    assert "人oa2" in page.get(row.get_absolute_url()).content.decode()
    mine = signed_in(client, house, "oa")
    assert "清明放假安排" in bench(mine)
    mine.post(f"{row.get_absolute_url()}do/read/", {})
    assert "清明放假安排" not in bench(mine)
    assert signed_in(client, house, "sw").get(row.get_absolute_url()).status_code == 404


@pytest.mark.clause("AM-D1")
def test_files_in_the_browser(client, house):
    page = signed_in(client, house, "am")
    assert page.get("/files/new/").status_code == 200
    given = {
        "kind": "document",
        "title": "消防整改通知",
        "text": "更换过期灭火器",
        "owner": str(house.people["hr"].pk),
        "due_at": "2026-03-09T18:00",
    }
    page.post("/files/new/", given)
    row = CompanyFile.objects.get()
    assert "消防整改通知" in page.get(f"{row.get_absolute_url()}do/follow_up/").content.decode()
    task = {
        "seat": str(house.seats["oa"].pk),
        "title": "更换灭火器",
        "details": "东店两只到期更换",
        "standard": "新瓶有合格证",
        "due_at": "2026-03-05T18:00",
    }
    page.post(f"{row.get_absolute_url()}do/follow_up/", task)
    text = page.get(row.get_absolute_url()).content.decode()
    assert "更换灭火器" in text and "人oa" in text


@pytest.mark.clause("AM-D6")
def test_the_calendar_and_a_filing_in_the_browser(client, house):
    page = signed_in(client, house, "am")
    assert "企业年度报告公示" in page.get("/statutory/").content.decode()
    matter = StatutoryDate.objects.get(key="annual_report")
    address = matter.get_absolute_url()
    assert "工商年检" in page.get(address).content.decode() and page.get(f"{address}file/").status_code == 200
    page.post(f"{address}file/", {"year": "2026", "filed_on": "2026-03-02", "receipt": "浙市监 889"})
    assert Filing.objects.get().receipt == "浙市监 889" and "浙市监 889" in page.get(address).content.decode()
    page.post(
        "/contacts/new/", {"kind": "partner", "organisation": "保险公司", "name": "李经理", "phone": "15400002222"}
    )
    text = page.get("/contacts/").content.decode()
    assert "李经理" in text and "15400002222" not in text
    assert page.get("/statutory/new/").status_code == 200
    assert signed_in(client, house, "oa").get("/contacts/").status_code == 403


@pytest.mark.clause("AM-D4")
def test_the_interface_does_the_same(client, house):
    page = signed_in(client, house, "cs")
    body = {"to_unit": str(house.units["home"].pk), "title": "提供上周派工明细", "details": "客户今天要看明细"}
    made = page.post("/api/v1/dept-requests", body, content_type="application/json")
    assert (made.status_code, made.json()["status"]) == (201, "sent"), made.content
    key = made.json()["number"]
    step = page.post(f"/api/v1/dept-requests/{key}/transitions/acknowledge", {}, content_type="application/json")
    assert (step.status_code, step.json()["refusals"][0]["code"]) == (409, "request.to")
    assert page.get("/api/v1/bulletins").json()["items"] == [] and page.get("/api/v1/company-files").status_code == 200


@pytest.mark.parametrize(
    ("who", "address"), [("cs", "/requests/"), ("am", "/bulletins/"), ("am", "/files/"), ("am", "/statutory/")]
)
def test_a_list_costs_the_same_however_long_it_is(client, house, who, address):
    page = signed_in(client, house, who)

    def cost():
        page.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert page.get(address).status_code == 200
        return sum(is_counted(query["sql"]) for query in seen.captured_queries)

    def more():
        ask(house)
        issue(house)
        keep(house)

    more()
    few = cost()
    for _time in range(4):
        more()
    assert cost() == few <= 12
