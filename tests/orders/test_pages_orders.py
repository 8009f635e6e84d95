"""Orders on screen: the price beside the form, the board, proposals with reasons, the worker's own day."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.houses import MONDAY, House
from tests.orders.stages import HOUR, NEXT, assigned, booked, finished, started, with_papers
from zhangfa.core import clock
from zhangfa.orders import actions
from zhangfa.orders.models import Order, Revisit
from zhangfa.organisation.models import Holding, Person

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W3")]


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


@pytest.fixture
def desk(client, house):
    def of(name):
        client.force_login(house.user(name))
        return client

    return of


def shown(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return re.sub(r"\s+", " ", response.content.decode())


def body(house, **more):
    return {
        "customer": house.customer.pk, "product": "DC01", "quantity": "100", "served_from": "2026-03-03T10:00", "hours": "3",
        "contract_model": "employee_model", "note": "带长梯", **more,
    }  # fmt: skip


@pytest.mark.clause("CS-D1")
def test_an_operator_books_and_sees_the_price_with_its_reason(desk, house):
    op = desk("op")
    assert "听松苑" in shown(op.get(f"/orders/new/?customer={house.customer.pk}"))
    quote = shown(op.post("/orders/new/", {**body(house), "_price": "1"}))
    assert "¥900.00" in quote and "所有区域" in quote and "100 m² × ¥9.00" in quote
    small = shown(op.post("/orders/new/", {**body(house, quantity="10"), "_price": "1"}))
    assert "补到起订金额" in small and "¥400.00" in small
    late = shown(op.post("/orders/new/", body(house, served_from="2026-03-01T10:00")), 422)
    assert "服务时间不能早于现在" in late and "带长梯" in late
    answer = op.post("/orders/new/", body(house))
    assert answer.status_code == 303
    page = shown(op.get(answer["Location"]))
    assert "价格怎么来的" in page and "¥900.00" in page and "待派工" in page and "带长梯" in page


@pytest.mark.parametrize("name", ["quantity", "hours", "customer", "product", "served_from"])
def test_what_can_not_be_read_is_said_beside_the_field(desk, house, name):
    for wrong in ("x", "1e9", "-1", "\x00", "9" * 40):
        page = shown(desk("op").post("/orders/new/", body(house, **{name: wrong})), 422)
        assert "field-error" in page and "带长梯" in page


def test_the_board_shows_the_day_and_what_waits(desk, house):
    with_papers(house, "sw")
    waiting, sent = booked(house), assigned(house, served_from=NEXT + 5 * HOUR)
    oa = desk("oa")
    page = shown(oa.get("/dispatch/?day=2026-03-03"))
    assert f'data-order="{waiting.pk}"' in page and f'data-order="{sent.pk}"' in page
    assert f'data-worker="{house.people["sw"].pk}"' in page and "draggable" in page
    assert desk("oa2").get(f"/dispatch/?outlet={house.units['east'].pk}").status_code == 404
    assert desk("hs").get(f"/dispatch/?outlet={house.units['east'].pk}").status_code == 200
    assert desk("sw").get("/dispatch/").status_code == 403
    for odd in ("x", "9999-12-31", "0001-01-01", "2026-02-30"):
        assert desk("oa").get(f"/dispatch/?day={odd}").status_code == 200


def test_a_worker_is_proposed_with_reasons_and_dropped_ones_are_explained(desk, house):
    with_papers(house, "sw")
    order = booked(house)
    oa = desk("oa")
    page = shown(oa.get(f"/orders/{order.pk}/do/assign/?back=board"))
    assert f'name="worker" value="{house.people["sw"].pk}"' in page and "服务过这位客户 1 次" in page
    assert "不能派，看原因" in page and "人sw2 没有健康证" in page
    # What the script sends when an order is dropped on a lane.
    refused = oa.post(f"/orders/{order.pk}/do/assign/", {"worker": house.people["sw2"].pk, "back": "board"})
    assert "没有安心码" in shown(refused, 422)
    done = oa.post(f"/orders/{order.pk}/do/assign/", {"worker": house.people["sw"].pk, "back": "board"})
    assert done["Location"] == f"/dispatch/?outlet={house.units['east'].pk}&day=2026-03-03"
    assert "请选择服务员" in shown(oa.post(f"/orders/{booked(house).pk}/do/assign/", {"back": "board"}), 422)


def test_a_worker_serves_from_their_own_page(desk, house):
    order = assigned(house, served_from=MONDAY + dt.timedelta(minutes=30), note="门禁 1234")
    sw = desk("sw")
    page = shown(sw.get("/orders/mine/"))
    assert "3 幢 402" in page and "门禁 1234" in page and "拍照并开始" in page and "林知夏" not in page
    assert "要拍 1 张" in shown(sw.post(f"/orders/{order.pk}/do/start/", {"back": "mine"}), 422)
    started = sw.post(f"/orders/{order.pk}/do/start/", {"back": "mine", "no_photo_reason": "客户不同意拍照"})
    assert started["Location"] == "/orders/mine/" and "完成服务" in shown(sw.get("/orders/mine/"))
    assert sw.post(f"/orders/{order.pk}/do/finish/", {"back": "mine"}).status_code == 303
    assert "收款" in shown(sw.get("/orders/mine/"))
    assert sw.get("/revisits/").status_code == 403
    assert desk("sw2").get(f"/orders/{order.pk}/do/finish/").status_code == 404


@pytest.mark.clause("HS-W1.7")
def test_the_centre_sees_who_is_where(desk, house):
    order = assigned(house, served_from=MONDAY + HOUR)
    assigned(house, served_from=NEXT)
    page = shown(desk("hs").get("/dispatch/whereabouts/"))
    assert order.number in page and "听松苑" in page and page.count("人sw") == 2
    assert order.number not in shown(desk("oa2").get("/dispatch/whereabouts/"))
    assert order.number in shown(desk("hs").get("/dispatch/whereabouts/?q=人sw"))


@pytest.mark.clause("HS-W1.7")
def test_a_job_of_many_days_is_work_on_each_of_them(desk, house):
    # A live-in job: the board, the worker's own page and the list of today know where the worker is a week later.
    order = started(house, served_from=NEXT, hours="480")
    later = order.served_from + dt.timedelta(days=7)
    with clock.at(later):
        oa = desk("oa")
        board = shown(oa.get("/dispatch/"))
        assert (
            "03-03 起" in board
            and order.get_absolute_url() in board
            and "空闲" not in board.split("人sw")[1].split("</div>")[0]
        )
        page = shown(desk("hs").get("/dispatch/whereabouts/"))
        assert "前几天开始、今天还在服务" in page and "03-03" in page
        assert "完成服务" in shown(desk("sw").get("/orders/mine/"))
        week = shown(desk("oa").get(f"/dispatch/workers/{house.people['sw'].pk}/?day=2026-03-09"))
        assert week.count(order.get_absolute_url()) == 7 and "共 168.0 小时" in week
    with clock.at(order.served_to + dt.timedelta(days=1)):
        assert order.get_absolute_url() not in shown(desk("oa").get("/dispatch/"))


@pytest.mark.clause("HS-W3")
def test_a_worker_lent_to_another_outlet_is_not_free(desk, house):
    with_papers(house, "sw")
    other = house.make_customer("别处的客户", outlet="west")
    order = booked(house, customer=other)
    actions.assign(order, by=house.actor("op"), at=MONDAY, worker=house.people["sw"])
    page = shown(desk("oa").get("/dispatch/?day=2026-03-03"))
    assert "在外网点服务" in page and order.get_absolute_url() not in page, "busy, but not whose home it is"
    assert "外网点支援" in shown(desk("oa2").get("/dispatch/?day=2026-03-03"))


def test_a_chosen_outlet_stands_above_the_list_by_its_name(desk, house):
    booked(house)
    page = shown(desk("op").get(f"/orders/?outlet={house.units['east'].pk}&outlet-q=ea"))
    assert re.search(r"<span>网点：east单位</span>", page), "not by its key"
    assert 'href="?"' in page, "taking it off leaves nothing of it in the address"


def test_finance_pays_a_refund_that_the_outlet_asked_for(desk, house):
    order = finished(house)
    at = order.finished_at
    actions.collect(order, by=house.actor("oa"), at=at, amount=order.amount, method="cash")
    with clock.at(at):
        oa = desk("oa")
        asked = oa.post(f"/orders/{order.pk}/do/ask_refund/", {"amount": "901", "reason": "不满意"})
        assert "不能多退" in shown(asked, 422)
        assert oa.post(f"/orders/{order.pk}/do/ask_refund/", {"amount": "100", "reason": "不满意"}).status_code == 303
        fin = desk("fin")
        page = shown(fin.get("/refunds/"))
        assert order.number in page and "待退款" in page
        assert "林知夏" not in shown(fin.get(order.get_absolute_url()))
        pay = {"method": "transfer", "voucher_no": "T1"}
        assert fin.post(f"/orders/{order.pk}/do/pay_refund/", pay).status_code == 303
        assert "已退款" in shown(fin.get(f"/orders/{order.pk}/?part=money"))


@pytest.mark.clause("HS-W1.3")
def test_a_revisit_is_recorded_from_the_list(desk, house):
    Order.objects.filter(pk=house.order.pk).delete()
    order = finished(house)
    revisit = Revisit.objects.get()
    op = desk("op")
    assert order.number in shown(op.get("/revisits/"))
    page = shown(op.post(f"/revisits/{revisit.pk}/", {"is_reached": "yes", "satisfaction": "2", "note": ""}), 422)
    assert "请写明意见" in page
    done = op.post(f"/revisits/{revisit.pk}/", {"is_reached": "yes", "satisfaction": "5", "note": ""})
    assert done["Location"] == order.get_absolute_url()
    assert desk("oa2").get(f"/revisits/{revisit.pk}/").status_code == 404


def counted(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len([q for q in seen.captured_queries if is_counted(q["sql"])])


def grow(house):
    for n in range(6):
        person = Person(no=f"W{n}", name=f"工{n}", kind="worker")
        person.prepare()
        person.save()
        house.people[f"w{n}"] = person
        Holding.objects.create(person=person, seat=house.seats["sw"], from_on=dt.date(2026, 1, 1))
        with_papers(house, f"w{n}")
        assigned(house, worker=f"w{n}", served_from=NEXT)
        booked(house, served_from=NEXT + 4 * HOUR)
        assigned(house, worker=f"w{n}", served_from=MONDAY + 7 * HOUR)


def test_pages_keep_to_their_statements_at_any_size(desk, house):
    with_papers(house, "sw")
    order = assigned(house)
    waiting = booked(house, served_from=NEXT + 4 * HOUR)
    pages = [
        *[(name, "/dispatch/?day=2026-03-03", 10) for name in ("oa", "hs", "op", "sup")],
        *[(name, "/orders/", 10) for name in ("oa", "hs", "op", "sup", "gm", "sw")],
        *[(name, f"/orders/{order.pk}/", 12) for name in ("oa", "op", "sw")],
        ("oa", f"/orders/{waiting.pk}/do/assign/", 15), ("op", "/orders/?q=林知夏", 10), ("op", "/orders/?status=planned&payment=unpaid", 10),
        ("hs", "/dispatch/whereabouts/", 10), ("oa", "/revisits/", 10), ("fin", "/refunds/", 10), ("oa", "/prices/", 10),
        ("oa", "/prices/DC01/", 12), ("oa", "/papers/", 10), ("sw", "/orders/mine/", 10),
    ]  # fmt: skip
    few = [counted(desk(name), address) for name, address, _most in pages]
    grow(house)
    many = [counted(desk(name), address) for name, address, _most in pages]
    dear = [(page, n) for page, n in zip(pages, many, strict=True) if n > page[2]]
    growing = [(page[:2], a, b) for page, a, b in zip(pages, few, many, strict=True) if a != b]
    assert (dear, growing) == ([], [])
