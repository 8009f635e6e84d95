"""Requests, notices, files and the calendar as people see them, page and interface."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.administration.test_actions_coordination import ask, issue, keep
from tests.bench import bench
from tests.houses import MONDAY
from zhangfa.administration import actions
from zhangfa.administration.models import Bulletin, CompanyFile, DeptRequest, Filing, OutsideContact, StatutoryDate
from zhangfa.core import clock
from zhangfa.duties.models import Occurrence

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


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


def _owed(matter, year=2026):
    return Occurrence.objects.get(
        duty__code="D-AM-12", duty__stage="matter", subject_key=actions.files.subject_of(matter, year)
    )


@pytest.mark.clause("AM-D6")
def test_a_matter_is_changed_closed_and_printed_and_its_duty_follows(client, house):
    page = signed_in(client, house, "am")
    matter = StatutoryDate.objects.get(key="annual_report")
    at = MONDAY + 75 * DAY  # 16 May, within the sixty days before the end of June
    actions.remind(by=house.actor("am", at), at=at)
    assert _owed(matter).due_at == clock.day_start(dt.date(2026, 7, 1))
    address = matter.get_absolute_url()
    facts = {
        "name": matter.name, "authority": "市场监管局", "basis": matter.basis, "from_month": "1", "from_day": "1", "to_month": "5", "to_day": "31",
        "remind_days": "20",
    }  # fmt: skip
    assert matter.name in page.get(f"{address}do/change_statutory/").content.decode()
    shown = page.get(address).content.decode()
    assert shown.count("btn-primary") == 1 and "停用原因" not in shown
    bad = page.post(f"{address}do/change_statutory/", facts | {"from_month": "6"})
    assert (
        bad.status_code == 422
        and "截止日不能早于开始日" in bad.content.decode()
        and "市场监管局" in bad.content.decode()
    )
    with clock.at(at):
        assert page.post(f"{address}do/change_statutory/", facts).status_code == 303
        assert _owed(matter).due_at == clock.day_start(dt.date(2026, 6, 1))
        pdf = page.get("/statutory/print.pdf")
        assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF")
        page.post(f"{address}do/close_statutory/", {"reason": "不再适用"})
        assert StatutoryDate.objects.get(pk=matter.pk).is_active
        page.post(f"{address}do/close_statutory/", {"reason": "公司性质改变，不再适用"})
    assert _owed(matter).state == "void"
    assert matter.name not in page.get("/statutory/").content.decode()
    assert matter.name in page.get("/statutory/?status=closed").content.decode()
    filed = {"year": "2026", "filed_on": "2026-03-02", "receipt": "浙市监 889"}
    assert page.post(f"{address}file/", filed).status_code == 422
    page.post(f"{address}do/reopen_statutory/", {})
    assert page.post(f"{address}file/", filed).status_code == 303
    assert page.get(f"/records/{Filing.objects.get().pk}/print.pdf").status_code == 200
    assert signed_in(client, house, "oa").get("/statutory/print.pdf").status_code == 403
    other = signed_in(client, house, "cs")
    assert (
        other.get(address).status_code == 200
        and other.post(f"{address}do/close_statutory/", {"reason": "不再适用了"}).status_code == 422
    )


@pytest.mark.clause("AM-D6")
def test_a_contact_is_changed_and_closed(client, house):
    page = signed_in(client, house, "am")
    facts = {"kind": "partner", "organisation": "保险公司", "name": "李经理", "phone": "15400002222"}
    page.post("/contacts/new/", facts)
    row = OutsideContact.objects.get()
    assert "15400002222" in page.get(row.get_absolute_url()).content.decode()
    assert "15400002222" not in signed_in(client, house, "gm").get(row.get_absolute_url()).content.decode()
    page = signed_in(client, house, "am")
    page.post(f"{row.get_absolute_url()}do/change_contact/", facts | {"phone": "15400003333"})
    page.post(f"{row.get_absolute_url()}do/close_contact/", {"reason": "对方已离职"})
    row.refresh_from_db()
    assert (row.phone, row.is_active) == ("15400003333", False)
    assert signed_in(client, house, "cs").get(row.get_absolute_url()).status_code in (403, 404)


@pytest.mark.clause("AM-D6")
def test_the_calendar_through_the_interface(client, house):
    page = signed_in(client, house, "am")
    found = page.get("/api/v1/statutory-matters").json()["items"]
    key = next(row["id"] for row in found if row["name"] == "企业年度报告公示")
    body = {"year": 2026, "filed_on": "2026-03-02", "receipt": "浙市监 889"}
    for nothing in ("+", "１２x", "9" * 30):
        assert (
            page.post(f"/api/v1/statutory-matters/{nothing}/filings", body, content_type="application/json").status_code
            == 404
        )
        assert page.get(f"/api/v1/outside-contacts/{nothing}").status_code == 404
    made = page.post(f"/api/v1/statutory-matters/{key}/filings", body, content_type="application/json")
    assert made.status_code in (200, 201) and made.json()["filed_on"] == "2026-03-02", made.content
    done = page.post(
        f"/api/v1/statutory-matters/{key}/transitions/close_statutory",
        {"reason": "公司不再需要"},
        content_type="application/json",
    )
    assert done.json()["status"] == "closed", done.content
    contact = {"kind": "partner", "organisation": "保险公司", "name": "李经理", "phone": "15400002222"}
    made = page.post("/api/v1/outside-contacts", contact, content_type="application/json")
    assert made.status_code == 201 and made.json()["phone"] == "15400002222"
    other = signed_in(client, house, "gm")
    assert other.get(f"/api/v1/outside-contacts/{made.json()['id']}").json()["phone"] == "154****2222"
    step = other.post(
        f"/api/v1/statutory-matters/{key}/transitions/reopen_statutory", {}, content_type="application/json"
    )
    assert (step.status_code, step.json()["refusals"][0]["code"]) == (409, "files.keep")
