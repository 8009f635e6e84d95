"""From the call to the refund: what is written, what is refused, who is told."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.houses import MONDAY, House
from tests.orders.stages import HOUR, NEXT, assigned, booked, finished, started, with_papers
from zhangfa.audit.models import Event
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.customers import actions as archive
from zhangfa.finance.models import Receipt, Refund
from zhangfa.notices.models import Notice
from zhangfa.orders import actions, workers
from zhangfa.orders.doctor import data_problems
from zhangfa.orders.models import Order, Revisit
from zhangfa.organisation.calendar import is_working
from zhangfa.people.actions import add_paper, void_paper
from zhangfa.policy import queries as policy
from zhangfa.records.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W3")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def refused(call):
    with pytest.raises(Refused) as caught:
        call()
    return {refusal.code for refusal in caught.value.refusals}


def test_an_order_keeps_its_price_with_every_line(house):
    order = booked(house)
    assert (order.number, order.amount, order.status) == (f"D{order.pk:08d}", D(900), "planned")
    assert [line["code"] for line in order.price["lines"]] == ["base"] and order.price["price"] == house.price.pk
    assert (
        order.served_to - order.served_from == 3 * HOUR and order.department_id == house.customer.outlet.department_id
    )
    assert Event.objects.filter(name="orders.order.booked", chain=f"orders.order:{order.pk}").count() == 1


def test_outlets_book_for_their_own_customers(house):
    west = house.make_customer("西客", outlet="west")
    assert refused(lambda: booked(house, by="oa", customer=west)) == {"order.outlet"}
    assert "orders.book" in refused(lambda: booked(house, by="sw"))
    assert refused(lambda: booked(house, served_from=MONDAY - HOUR)) == {"order.past"}
    assert booked(house, by="oa").booked_by == house.people["oa"]


def test_whom_the_customer_does_not_want_again_is_not_sent(house):
    with_papers(house, "sw")
    order, by = booked(house), house.actor("oa")
    facts = {"worker": house.people["sw"], "by": by, "at": MONDAY}
    archive.add_wish(house.customer, kind="blocked", reason="客户要求换人", **facts)
    assert refused(lambda: actions.assign(order, **facts)) == {"dispatch.blocked"}
    archive.drop_wish(house.customer.worker_wishes.get(), by=by, at=MONDAY)
    assert actions.assign(order, **facts).worker == house.people["sw"]


def test_a_worker_is_sent_once_for_an_hour(house):
    first = assigned(house)
    second = booked(house, served_from=NEXT + 2 * HOUR)
    send = {"by": house.actor("oa"), "at": MONDAY, "worker": house.people["sw"]}
    assert refused(lambda: actions.assign(second, **send)) == {"dispatch.double"}
    assert refused(lambda: actions.assign(first, **send)) == {"dispatch.same"}
    later = booked(house, served_from=NEXT + 3 * HOUR)
    assert actions.assign(later, **send).worker == house.people["sw"]
    assert refused(
        lambda: actions.move(
            later, by=house.actor("op"), at=MONDAY, served_from=NEXT + HOUR, hours=D(3), reason="客户要求"
        )
    ) == {"dispatch.double"}
    actions.move(later, by=house.actor("op"), at=MONDAY, served_from=NEXT + 4 * HOUR, hours=D(2), reason="客户要求")
    assert Notice.objects.filter(person=house.people["sw"]).count() == 3


def test_papers_are_asked_for_on_the_day_of_the_service(house):
    order = booked(house)
    send = {"by": house.actor("oa"), "at": MONDAY, "worker": house.people["sw"]}
    assert refused(lambda: actions.assign(order, **send)) == {"dispatch.health", "dispatch.code"}
    with_papers(house, "sw")
    late = booked(house, served_from=MONDAY + 366 * DAY)
    assert "dispatch.health" in refused(lambda: actions.assign(late, **send))
    assert actions.assign(order, **send).status == "assigned"
    house.product.is_at_height = True
    house.product.save()
    high = booked(house, served_from=NEXT + 5 * HOUR)
    assert refused(lambda: actions.assign(high, **send)) == {"dispatch.height"}


def test_the_outlet_next_door_sends_nobody(house):
    order = booked(house)
    for name in ("oa2", "ls", "fin", "sw"):
        by = house.actor(name)
        found = refused(lambda by=by: actions.assign(order, by=by, at=MONDAY, worker=house.people["sw"]))
        assert found <= {"orders.outlet", "orders.dispatch"}


def test_a_service_from_start_to_finish_with_photos(house):
    order = assigned(house)
    at, by = order.served_from, house.actor("sw")
    assert refused(lambda: actions.start(order, by=by, at=at)) == {"order.photos"}
    assert refused(lambda: actions.start(order, by=house.actor("sw2"), at=at)) == {"orders.serve"}
    sheet = actions.open_sheet(order, by=by, at=at)
    assert actions.open_sheet(order, by=by, at=at) == sheet
    Attachment.objects.create(
        record=sheet, kind="before", name="a.jpg", content_type="image/jpeg", size=1, sha256="0" * 64, created_at=at
    )
    order = actions.start(order, by=by, at=at + dt.timedelta(minutes=7))
    event = Event.objects.get(name="orders.order.started")
    assert '"late_minutes":7' in event.text
    order = actions.finish(order, by=by, at=order.served_to)
    assert order.status == "finished" and order.finished_at == order.served_to
    assert refused(lambda: actions.finish(order, by=by, at=order.served_to)) == {"status"}


def test_work_does_not_begin_on_a_paper_that_was_taken_back_since(house):
    order = assigned(house)
    at, by = order.served_from, house.actor("sw")
    for paper in house.people["sw"].certificates.filter(kind__in=("health", "identity")):
        void_paper(paper, reason="登记有误", by=house.actor("hr"), at=MONDAY)
    why = {"no_photo_reason": "客户不同意拍照"}
    assert refused(lambda: actions.start(order, by=by, at=at, **why)) == {"dispatch.health", "dispatch.code"}
    for paper in house.people["sw"].certificates.exclude(voided_at=None):
        facts = {
            "kind": paper.kind,
            "number": f"{paper.number}-2",
            "valid_from": paper.valid_from,
            "valid_to": paper.valid_to,
        }
        add_paper(person=paper.person, **facts, by=house.actor("hr"), at=MONDAY)
    assert actions.start(order, by=by, at=at, **why).status == "started"


def test_an_unsafe_place_is_left(house):
    order = started(house)
    assert refused(lambda: actions.stop_unsafe(order, by=house.actor("oa"), at=NEXT, reason="x")) == {"orders.stop"}
    order = actions.stop_unsafe(order, by=house.actor("sw"), at=NEXT, reason="要求站在窗台外擦窗")
    assert (order.status, order.cancelled_for) == ("cancelled", "unsafe")


def test_never_more_money_than_is_owed_and_who_asks_does_not_pay(house):
    order = finished(house)
    oa, at = house.actor("oa"), order.served_to
    order = actions.collect(order, by=house.actor("sw"), at=at, amount=D(300), method="cash")
    assert order.payment == "part"
    assert refused(lambda: actions.collect(order, by=oa, at=at, amount=D("600.01"), method="cash")) == {"receipt.more"}
    order = actions.collect(order, by=oa, at=at, amount=D(600), method="wechat", voucher_no="W1")
    assert order.payment == "paid" and sum(r.amount for r in Receipt.objects.all()) == order.paid == D(900)
    ask = {"at": at, "reason": "客户不满意"}
    assert refused(lambda: actions.ask_refund(order, by=oa, amount=D(901), **ask)) == {"refund.more"}
    assert refused(lambda: actions.ask_refund(order, by=house.actor("sw"), amount=D(1), **ask)) == {"orders.refund"}
    order = actions.ask_refund(order, by=oa, amount=D(200), **ask)
    refund = Refund.objects.get()
    assert order.payment == "refunding" and refund.due_at == clock.day_end(at + 5 * DAY)
    pay = {"at": at, "method": "transfer", "voucher_no": "T1"}
    assert refused(lambda: actions.pay_refund(order, by=oa, **pay)) == {"refund.post"}
    Refund.objects.update(asked_by=house.people["fin"])
    assert refused(lambda: actions.pay_refund(order, by=house.actor("fin"), **pay)) == {"refund.own"}
    order = actions.pay_refund(order, by=house.actor("fin2"), **pay)
    assert (order.payment, order.refunded) == ("refunded", D(200))
    order = actions.ask_refund(order, by=oa, amount=D(700), **ask)
    order = actions.decline_refund(order, by=house.actor("fin"), at=at, reason="已经退过")
    assert (order.payment, order.refunded) == ("refunded", D(200))
    # The house's own first order never met the till.
    assert [line for line in data_problems() if "paid" in line] == []


@pytest.mark.clause("HS-W1.3")
def test_a_first_order_is_followed_by_a_call_of_somebody_else(house):
    Order.objects.filter(pk=house.order.pk).delete()
    order = finished(house)
    revisit = Revisit.objects.get(order=order)
    at = order.finished_at
    assert revisit.due_at == clock.day_end(at + 2 * DAY)
    call = {"at": at, "is_reached": True, "satisfaction": 5}
    assert refused(lambda: actions.record_revisit(revisit, by=house.actor("sw"), **call)) == {
        "revisit.post",
        "revisit.own",
    }
    revisit = actions.record_revisit(revisit, by=house.actor("op"), at=at, is_reached=False)
    assert (revisit.status, revisit.tries) == ("due", 1)
    revisit = actions.record_revisit(revisit, by=house.actor("op"), **call)
    assert Order.objects.get(pk=order.pk).satisfaction == 5 and revisit.status == "done"
    assert refused(lambda: actions.record_revisit(revisit, by=house.actor("op"), **call)) == {"revisit.done"}


def test_where_somebody_lives_is_for_the_worker_of_the_day(house):
    order = assigned(house)
    sw = house.actor("sw")
    assert actions.place_of(order, by=sw, at=MONDAY) == "听松苑 3 幢 402"
    assert actions.place_of(order, by=sw, at=order.served_from - DAY - HOUR) == "听松苑 ****"
    assert actions.place_of(order, by=sw, at=order.served_to + DAY + HOUR) == "听松苑 ****"
    assert actions.place_of(order, by=house.actor("oa"), at=MONDAY) == "听松苑 ****"


def test_every_step_keeps_to_its_statements(house):
    # A first order, which is always followed by a call: the dearest way to finish.
    order = assigned(house, customer=house.make_customer("顾清晏"))
    other = booked(house, served_from=NEXT + 5 * HOUR)
    at, sw, oa = order.served_from, house.actor("sw"), house.actor("oa")
    facts = {"no_photo_reason": "客户不同意拍照"}
    is_working(at.date())  # every process keeps the calendar
    steps = {
        "assign": lambda: actions.assign(other, by=oa, at=MONDAY, worker=house.people["sw"]),
        "move": lambda: actions.move(other, by=oa, at=MONDAY, served_from=NEXT + 6 * HOUR, hours=D(2), reason="x"),
        "start": lambda: actions.start(order, by=sw, at=at, **facts),
        "finish": lambda: actions.finish(order, by=sw, at=at + HOUR),
        "collect": lambda: actions.collect(order, by=sw, at=at, amount=D(900), method="cash"),
        "ask_refund": lambda: actions.ask_refund(order, by=oa, at=at, amount=D(100), reason="x"),
        "pay_refund": lambda: actions.pay_refund(order, by=house.actor("fin"), at=at, method="cash", voucher_no="1"),
    }
    dear = {}
    for name, step in steps.items():
        # As in a request, the figures' stamp is read once.
        with CaptureQueriesContext(connection) as seen, policy.one_reading():
            step()
        asked = [query["sql"] for query in seen.captured_queries if is_counted(query["sql"])]
        if len(asked) > 15:
            dear[name] = asked
    assert not dear, "\n".join(f"{name}: {sql[:300]}" for name, asked in dear.items() for sql in asked)


def test_where_nobody_of_the_outlet_may_go_the_neighbours_are_proposed(house, monkeypatch):
    monkeypatch.setattr(workers, "ENOUGH", 1)
    with_papers(house, "sw")
    with_papers(house, "sw2", "identity", "health", "insurance", "height")
    near, far = house.people["sw"].pk, house.people["sw2"].pk
    order = booked(house)
    assert [one.worker.id for one in workers.proposals(order, blocks_yellow=False)] == [near]
    order.product.is_at_height = True
    found = workers.proposals(order, blocks_yellow=False)
    assert [one.worker.id for one in found if not one.refusals] == [far]
    assert {r.code for one in found if one.worker.id == near for r in one.refusals} == {"dispatch.height"}
