"""Crews on the pages and in the interface: who is missing, who may join, what a member's telephone shows."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.claims.pages import jpeg
from tests.houses import MONDAY, House
from tests.orders import stages
from zhangfa.core import clock
from zhangfa.orders import actions
from zhangfa.orders.models import CrewMember, Product
from zhangfa.records.models import Attachment
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W3"), pytest.mark.postgres]
DAY, HOUR = "2026-03-03", dt.timedelta(hours=1)


@pytest.fixture
def house() -> Any:
    with clock.at(MONDAY):
        house = House()
        Product.objects.filter(pk="DC01").update(crew=2)
        # The neighbour's worker helps out: the outlets are of one department.
        for name in ("sw", "sw2"):
            stages.with_papers(house, name)
        yield house


def shown(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return re.sub(r"\s+", " ", response.content.decode())


def as_(client: Any, house: House, name: str) -> Any:
    client.force_login(house.user(name))
    return client


def along(house: House) -> Any:
    order = stages.assigned(house)
    return actions.add_member(order, by=house.actor("oa"), at=MONDAY, worker=house.people["sw2"])


def test_who_is_missing_is_said_with_the_next_step(client: Any, house: House) -> None:
    order = stages.assigned(house)
    op, address = as_(client, house, "op"), order.get_absolute_url()
    page = shown(op.get(address))
    assert "还缺 1 人，请加派组员" in page and "应派 2 人，已派 1 人" in page
    first = page.split('class="record-actions"')[1].split("</a>")[0]
    assert "btn-primary" in first and "加派组员" in first
    board = shown(op.get(f"/dispatch/?outlet={order.outlet_id}&day={DAY}"))
    assert "还缺 1 人" in board and f"/orders/{order.pk}/do/add_member/?back=board" in board
    assert "撤下组员" not in page


def test_a_member_is_chosen_among_those_proposed_and_taken_off_again(client: Any, house: House) -> None:
    order = stages.assigned(house)
    op, path = as_(client, house, "op"), f"/orders/{order.pk}/do/add_member/?back=board"
    form = shown(op.get(path))
    assert "建议的组员" in form and f'name="worker" value="{house.people["sw2"].pk}"' in form and "其他网点" in form
    assert f'value="{house.people["sw"].pk}"' not in form, "whoever is in charge is no choice"
    assert "请选择服务员" in shown(op.post(path, {"back": "board"}), 422)
    assert op.post(path, {"worker": house.people["sw2"].pk, "back": "board"})["Location"].startswith("/dispatch/")
    page = shown(op.get(order.get_absolute_url()))
    assert "人sw（负责人）、人sw2" in page and "应派 2 人" not in page and "还缺" not in page
    twice = shown(op.post(path, {"other": house.people["sw2"].pk}), 422)
    assert "人sw2已经是这张订单的组员。" in twice
    take = f"/orders/{order.pk}/do/remove_member/"
    assert 'type="radio"' in shown(op.get(take))
    assert op.post(take, {"worker": house.people["sw"].pk, "reason": "临时请假"}).status_code == 422
    assert op.post(take, {"worker": house.people["sw2"].pk, "reason": "临时请假"}).status_code == 303
    assert not CrewMember.objects.exists()


def test_the_day_the_week_and_who_is_where_show_the_member(client: Any, house: House) -> None:
    order = along(house)
    op = as_(client, house, "op")
    board = shown(op.get(f"/dispatch/?outlet={order.outlet_id}&day={DAY}"))
    lane = board.split(f'data-worker="{house.people["sw2"].pk}"')[1].split("</ul>")[0]
    assert "is-along" in lane and "随人sw" in lane and "draggable" not in lane and "外网点支援" in lane
    lead = board.split(f'data-worker="{house.people["sw"].pk}"')[1].split("</ul>")[0]
    assert "draggable" in lead and "共 2 人" in lead
    west = shown(op.get(f"/dispatch/?outlet={house.units['west'].pk}&day={DAY}"))
    assert "在外网点服务" in west
    week = shown(op.get(f"/dispatch/workers/{house.people['sw2'].pk}/?day={DAY}"))
    assert order.get_absolute_url() in week and "组员" in week and "1 单，共 3.0 小时" in week
    with clock.at(order.served_from):
        where = shown(op.get("/dispatch/whereabouts/"))
        assert "人sw（负责人）、人sw2" in where
        assert order.number in shown(op.get("/dispatch/whereabouts/?q=人sw2"))
        assert order.number not in shown(op.get("/dispatch/whereabouts/?q=人oa2"))


def test_a_members_telephone_shows_the_order_and_takes_pictures(client: Any, house: House) -> None:
    order = along(house)
    sw2 = as_(client, house, "sw2")
    mine = shown(sw2.get("/orders/mine/"))
    assert "人sw（负责人）、人sw2" in mine and "听松苑 3 幢 402" in mine and "do/start" not in mine
    with clock.at(order.served_from):
        mine = shown(sw2.get("/orders/mine/"))
        assert f"/orders/{order.pk}/photos/" in mine and "拍照并开始" not in mine and "现场不安全" in mine
        assert sw2.post(f"/orders/{order.pk}/do/start/", {"no_photo_reason": "x"}).status_code == 422
        path = f"/orders/{order.pk}/photos/"
        assert "添加照片" in shown(sw2.get(path)) and "请至少上传 1 个文件" in shown(
            sw2.post(path, {"kind": "before"}), 422
        )
        # What stops the work is there for everybody, but nobody is led to it.
        head = shown(sw2.get(order.get_absolute_url())).split('class="record-actions"')[1].split("</div>")[0]
        assert "现场不安全" in head and "btn-primary" not in head
        sent = sw2.post(path, {"kind": "before", "photos": jpeg()})
        assert sent.status_code == 303
        photo = Attachment.objects.get()
        assert (photo.kind, photo.created_by_id) == ("before", house.people["sw2"].pk)
        assert "添加照片" in shown(sw2.get(f"{order.get_absolute_url()}?part=photos"))
    client.force_login(house.user("hs"))
    assert client.get(path).status_code == 403
    client.force_login(house.user("oa2"))
    assert client.get(path).status_code == 404


def test_other_programs_send_people_along_by_the_same_rules(client: Any, house: House) -> None:
    order = stages.assigned(house)
    headers = {"Authorization": f"Bearer {tokens.issue(house.user('op'), at=MONDAY)}"}
    steps = f"/api/v1/orders/{order.number}/transitions"
    post = {"content_type": "application/json", "headers": headers}
    assert client.get(f"/api/v1/orders/{order.number}", headers=headers).json()["missing"] == 1
    lead = client.post(f"{steps}/add_member", {"worker": house.people["sw"].pk}, **post)
    assert lead.status_code == 409 and lead.json()["refusals"][0]["code"] == "crew.lead"
    done = client.post(f"{steps}/add_member", {"worker": house.people["sw2"].pk}, **post).json()
    assert done["members"] == [{"worker": house.people["sw2"].pk, "worker_name": "人sw2"}]
    assert (done["crew"], done["missing"]) == (2, 0)
    listed = client.get("/api/v1/orders", headers=headers).json()["items"]
    assert [len(row["members"]) for row in listed if row["id"] == order.pk] == [1]
    day = client.get(f"/api/v1/dispatch/{order.outlet_id}/{DAY}", headers=headers).json()
    member = next(row for row in day["workers"] if row["worker"] == house.people["sw2"].pk)
    assert [(one["number"], one["is_along"]) for one in member["orders"]] == [(order.number, True)]
    assert day["counts"]["incomplete"] == 0
    body = {"worker": house.people["sw2"].pk, "reason": "临时请假"}
    assert client.post(f"{steps}/remove_member", body, **post).json()["members"] == []


def test_a_product_says_how_many_people_go(client: Any, house: House) -> None:
    hs = as_(client, house, "hs")
    assert "2 人 × 2 小时，共 4 工时" in shown(hs.get("/prices/DC01/"))
    path = "/prices/DC01/crew/"
    assert 'value="2"' in shown(hs.get(path))
    assert hs.post(path, {"crew": "13", "reason": "大户型"}).status_code == 422
    assert hs.post(path, {"crew": "3", "reason": "大户型"})["Location"] == "/prices/DC01/"
    assert Product.objects.get(pk="DC01").crew == 3
    client.force_login(house.user("ls"))
    assert client.post(path, {"crew": "1", "reason": "x"}).status_code in (403, 422)
    assert Product.objects.get(pk="DC01").crew == 3


@pytest.mark.clause("CC-W1.1")
def test_a_case_names_anybody_of_the_crew(client: Any, house: House) -> None:
    order = along(house)
    op = as_(client, house, "op")
    form = shown(op.get(f"/cases/new/?customer={order.customer_id}&order={order.pk}"))
    assert "这一单上门的有：人sw（负责人）、人sw2" in form
    case = house.report(order=order, worker=house.people["sw2"])
    assert case.worker_id == house.people["sw2"].pk and case.handler_id != case.worker_id
    case = house.report(order=order)
    assert case.worker_id == house.people["sw"].pk
    client.force_login(house.user(house.handler_of(case)))
    identify = f"{case.get_absolute_url()}do/identify/"
    assert "这一单上门的有：人sw（负责人）、人sw2。" in shown(client.get(identify))
    body = {"customer": case.customer_id, "order": order.pk, "worker": house.people["sw2"].pk, "reason": "是组员打翻的"}
    assert client.post(identify, body).status_code == 303
    case.refresh_from_db()
    assert case.worker_id == house.people["sw2"].pk


@pytest.mark.parametrize("address", ["/orders/", "/orders/?export=xlsx", "/dispatch/whereabouts/"])
def test_crews_stand_on_lists_and_sheets_at_the_cost_of_one_question(client: Any, house: House, address: str) -> None:
    op = as_(client, house, "op")
    counts = []
    for later in (2, 6):
        order = stages.assigned(house, served_from=MONDAY + later * HOUR)
        actions.add_member(order, by=house.actor("oa"), at=MONDAY, worker=house.people["sw2"])
        op.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert op.get(address).status_code == 200
        counts.append(len([q for q in seen.captured_queries if "orders_crewmember" in q["sql"]]))
    assert counts == [1, 1]
