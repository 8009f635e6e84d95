"""Revisions of the chart and of posts as people see them, page, print and interface (AM-D1)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.administration.test_pages_coordination import signed_in
from tests.administration.test_revisions import adopted, agree, chart, described, midnight, through
from tests.bench import bench
from tests.houses import MONDAY
from zhangfa.administration import actions
from zhangfa.administration.models import Revision
from zhangfa.core import clock
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-D1")]
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def today():
    with clock.at(MONDAY):
        yield


def test_a_chart_revision_goes_its_way_in_the_browser(client, house):
    page = signed_in(client, house, "hr")
    bad = page.post("/revisions/new/", {"title": "设立北店", "reason": "多", "effective_on": "2026-03-02"})
    words = bad.content.decode()
    assert (bad.status_code == 422 and "生效日期最早是明天" in words) or "请写明修订的理由" in words
    page.post("/revisions/new/", {"title": "设立北店", "reason": "北片客户多，路程远", "effective_on": "2026-03-03"})
    row = Revision.objects.get()
    do = f"{row.get_absolute_url()}do/"
    assert page.get(f"{do}open_unit/").status_code == 200
    given = {"unit_kind": "outlet", "code": "N9", "name": "北店"}
    assert "请选择现有单位" in page.post(f"{do}open_unit/", given).content.decode()
    page.post(f"{do}open_unit/", {**given, "parent": str(house.units["home"].pk)})
    page.post(f"{do}add_seat/", {"post": "oa", "new_unit": "1", "above": str(house.seats["sup"].pk)})
    page.post(f"{do}close_seat/", {"seat": str(house.seats["sup"].pk)})
    shown = page.get(row.get_absolute_url()).content.decode()
    assert "第 1 行新设的 北店" in shown and "席位上还有 1 人在任" in shown
    assert "第 3 行按现在的机构办不了" in page.post(f"{do}submit/", {}).content.decode()
    page.post(f"{do}drop_line/", {"line": "3"})
    page.post(f"{do}submit/", {})
    agree(house, row, "am")
    agree(house, row, "gm")
    assert "设立北店" in bench(signed_in(client, house, "sup"))
    client.post(f"{do}confirm/", {})
    assert "设立北店" not in bench(client)
    midnight()
    with clock.at(MONDAY + 2 * DAY):
        page = signed_in(client, house, "am")
        assert (
            "第 1 版" not in page.get("/revisions/").content.decode() and "北店" in page.get("/org/").content.decode()
        )
        assert "北店" not in page.get("/org/history/?on=2026-03-02").content.decode()
        changes = page.get("/org/history/changes/?since=2026-03-02&until=2026-03-03").content.decode()
        assert "新设单位" in changes and "北店" in changes
        assert "组织机构已按版本管理" in page.get("/org/units/new/").content.decode()
        assert page.get(f"/records/{row.pk}/print.pdf").status_code == 200


def test_a_post_description_is_read_compared_and_printed(client, house):
    first = through(house, described(house))
    midnight()
    with clock.at(MONDAY + 2 * DAY):
        page = signed_in(client, house, "cc")
        assert "第 1 版" in page.get("/posts/").content.decode()
        assert "当天到场" in page.get("/posts/cc/").content.decode()
        assert "还没有生效的岗位说明" in page.get("/posts/cc/?on=2026-03-01").content.decode()
        assert page.get("/posts/nobody/").status_code == 404
        second = described(house, at=MONDAY + 2 * DAY, duties="受理投诉\n半小时内到场")
        assert page.get(second.get_absolute_url()).status_code == 404
        page = signed_in(client, house, "cs")
        assert "<ins>半小时内</ins>" in page.get(second.get_absolute_url()).content.decode()
        for paper in (first, second):
            assert page.get(f"/records/{paper.pk}/print.pdf").status_code == 200
        assert signed_in(client, house, "hr").get("/posts/revise/?post=cc").status_code == 200


def test_the_interface_drafts_adds_and_hands_in(client, house):
    token = tokens.issue(house.user("hr"), at=MONDAY)
    head = {"HTTP_AUTHORIZATION": f"Bearer {token}", "content_type": "application/json"}
    made = client.post(
        "/api/v1/revisions/chart", {"title": "西店改名", "reason": "搬到了新地方", "effective_on": "2026-03-03"}, **head
    ).json()
    assert made["status"] == "draft"
    path = f"/api/v1/revisions/{made['number']}"
    line = client.post(
        f"{path}/transitions/rename_unit", {"unit": str(house.units["west"].pk), "name": "西城店"}, **head
    )
    assert line.status_code == 200, line.content
    assert line.json()["lines"][0]["after"] == "西城店" and line.json()["lines"][0]["is_possible"]
    assert client.post(f"{path}/transitions/submit", {}, **head).json()["status"] == "review"
    assert client.get("/api/v1/revisions", **head).json()["items"][0]["number"] == made["number"]
    assert client.get("/api/v1/post-descriptions/cc", **head).status_code == 404
    through(house, described(house))
    midnight()
    with clock.at(MONDAY + 2 * DAY):
        assert client.get("/api/v1/post-descriptions/cc", **head).json()["edition"] == 1


def test_pages_cost_the_same_however_much_there_is(client, house):
    def cost(address):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert page.get(address).status_code == 200
        return sum(is_counted(query["sql"]) for query in asked.captured_queries)

    adopted(house)
    with clock.at(MONDAY + 2 * DAY):
        page = signed_in(client, house, "hr")
        row = chart(house, at=MONDAY + 2 * DAY)
        addresses = [
            "/revisions/",
            "/posts/",
            "/org/history/?on=2026-03-04",
            "/org/",
            row.get_absolute_url(),
            f"/org/units/{house.units['east'].pk}/",
        ]
        before = {}
        by = house.actor("hr", MONDAY + 2 * DAY)
        actions.rename_unit(row, unit=house.units["west"], name="西城店", by=by, at=MONDAY + 2 * DAY)
        for address in addresses:
            page.get(address)
            before[address] = cost(address)
        for name in ("east", "west", "site"):
            actions.rename_unit(row, unit=house.units[name], name=f"{name}新名", by=by, at=MONDAY + 2 * DAY)
        for number in range(3):
            chart(house, title=f"第{number}份", at=MONDAY + 2 * DAY)
        assert {address: cost(address) for address in addresses} == before
        assert max(before.values()) <= 15, before
