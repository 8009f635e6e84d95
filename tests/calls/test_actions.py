"""A call from the ring to what came of it; the papers made from it; what a telephone system reports."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.houses import MONDAY
from zhangfa.audit.models import Event, Look
from zhangfa.calls import actions, queries
from zhangfa.calls.models import Call, Paper, Script
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.customers import actions as customers
from zhangfa.orders import actions as orders
from zhangfa.organisation.models import Company
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("CS-D1")]
STRANGER = "15400001234"
LATER = MONDAY + dt.timedelta(seconds=15)


def codes(run):
    with pytest.raises(Refused) as caught:
        run()
    return [refusal.code for refusal in caught.value.refusals]


def rung(house, phone="15400009999", **more):
    return actions.ring(phone=phone, by=house.actor("ops"), at=MONDAY, **more)


def test_a_known_caller_is_recognised_and_a_stranger_is_not(house):
    known, stranger = rung(house), rung(house, STRANGER)
    assert (known.customer, known.unit_id, known.department_id) == (
        house.customer, house.customer.outlet_id, house.customer.department_id,
    )  # fmt: skip
    assert stranger.customer is None and stranger.masked_phone == "154****1234"
    house.make_customer("同号邻居")
    assert rung(house).customer is None, "two files with one number: somebody has to choose"
    assert len(queries.callers("15400009999")) == 2


def test_a_caller_is_known_by_the_other_number_and_by_whom_they_named(house):
    given = {"by": house.actor("op"), "at": MONDAY}
    customers.save_profile(house.customer, is_finished=False, has_contract=False, alt_phone="15400006666", **given)
    customers.add_contact(house.customer, name="林母", title="母亲", role="family", phone="15400007777", **given)
    assert [rung(house, phone).customer for phone in ("15400006666", "15400007777")] == [house.customer] * 2


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ("+8615400009999", True), ("008615400009999", True), ("015400009999", True), ("154 0000 9999", True),
        ("anonymous", False), ("", False),
    ],
)  # fmt: skip
def test_a_telephone_systems_way_of_writing_a_number(house, client, sent, known):
    headers = {"Authorization": f"Bearer {tokens.issue(house.user('ops'), at=MONDAY)}"}
    body = {"event": "ringing", "external_id": "pbx-9", "phone": sent}
    with clock.at(MONDAY):
        answer = client.post("/api/v1/calls/events", body, content_type="application/json", headers=headers)
    assert answer.status_code == 200, "a call whose number is hidden is a call, too"
    assert Call.objects.get().customer == (house.customer if known else None)
    assert known or answer.json()["phone"] == "未显示号码"


def test_from_the_ring_to_the_record(house):
    op = house.actor("op")
    call = actions.answer(rung(house), by=op, at=LATER)
    assert (call.status, call.operator_id, call.wait_seconds) == ("speaking", op.person_id, 15)
    call = actions.hang_up(call, by=op, at=LATER + dt.timedelta(minutes=2))
    done = actions.write_up(call, kind="enquiry", content="问价格，已答复", result="answered", by=op, at=LATER)
    assert (done.status, done.kind, done.result) == ("done", "enquiry", "answered")
    assert list(Event.objects.filter(name__startswith="calls.").order_by("pk").values_list("name", flat=True)) == [
        "calls.call.rang", "calls.call.answered", "calls.call.ended", "calls.call.written_up",
    ]  # fmt: skip


def test_nobody_speaks_with_two_callers(house):
    op = house.actor("op")
    actions.answer(rung(house), by=op, at=LATER)
    second = rung(house, STRANGER)
    assert codes(lambda: actions.answer(second, by=op, at=LATER)) == ["call.busy"]
    assert codes(lambda: actions.take(phone=STRANGER, by=op, at=LATER)) == ["call.busy"]
    assert Call.objects.count() == 2
    assert actions.answer(second, by=house.actor("ops"), at=LATER).status == "speaking"


def test_somebody_else_does_not_write_it_up_but_the_leader_may(house):
    call = actions.take(phone=STRANGER, by=house.actor("op"), at=MONDAY)
    facts = {"kind": "enquiry", "content": "问价格", "result": "answered", "at": LATER}
    assert codes(lambda: actions.write_up(call, by=house.actor("cm"), **facts)) == ["calls.own"]
    assert codes(lambda: actions.write_up(call, by=house.actor("oa"), **facts)) == ["calls.take", "calls.own"]
    assert actions.write_up(call, by=house.actor("ops"), **facts).status == "done"


def test_a_case_reported_during_the_call_hangs_on_it(house):
    op = house.actor("op")
    call = actions.take(phone="15400009999", by=op, at=MONDAY)
    facts = {"kind": "accident", "content": "台面开裂", "result": "case", "by": op, "at": LATER}
    assert codes(lambda: actions.write_up(call, **facts)) == ["call.paper"]
    house.report(by="oa")
    assert not Paper.objects.exists(), "somebody else's case is not this call's"
    case = house.report(by="op")
    paper = Paper.objects.get()
    assert (paper.call, paper.kind, paper.subject, paper.url) == (
        call,
        "case",
        f"case:{case.pk}",
        case.get_absolute_url(),
    )
    assert actions.write_up(call, **facts).result == "case"


def test_an_order_taken_during_the_call_hangs_on_it(house):
    op = house.actor("op")
    call = actions.take(phone="15400009999", by=op, at=MONDAY)
    order = orders.book(
        customer=house.customer, product=house.product, served_from=MONDAY + dt.timedelta(days=2), quantity=Decimal(60), by=op, at=MONDAY
    )  # fmt: skip
    assert Paper.objects.get().url == order.get_absolute_url()
    done = actions.write_up(call, kind="order", content="周三深度保洁", result="ordered", by=op, at=LATER)
    assert done.result == "ordered"


def test_another_customers_case_does_not_hang_on_the_call(house):
    actions.take(phone="15400009999", by=house.actor("op"), at=MONDAY)
    neighbour = customers.register(
        name="邻居", phone="15400008888", outlet=house.units["east"], by=house.actor("ops"), at=MONDAY
    )
    house.report(by="op", order=house.make_order(neighbour))
    assert not Paper.objects.exists()


def test_a_stranger_who_gets_a_file_is_known(house):
    op = house.actor("op")
    call = actions.take(phone=STRANGER, by=op, at=MONDAY)
    other = {"outlet": house.units["east"], "by": op, "at": LATER}
    customers.register(name="别人", phone="15400007777", **other)
    call.refresh_from_db()
    assert call.customer is None
    made = customers.register(name="沈青禾", phone=STRANGER, **other)
    call.refresh_from_db()
    assert (call.customer, call.unit_id) == (made, house.units["east"].pk)


def test_a_caller_without_a_shown_number_who_gets_a_file_is_known(house):
    op = house.actor("op")
    call = actions.answer(rung(house, ""), by=op, at=LATER)
    made = customers.register(name="沈青禾", phone=STRANGER, outlet=house.units["east"], by=op, at=LATER)
    call.refresh_from_db()
    assert not call.phone_hash and (call.customer, call.unit_id) == (made, house.units["east"].pk)


def test_a_missed_call_is_called_back(house):
    call = actions.miss(rung(house), by=house.actor("op"), at=LATER)
    assert [item.number for item in queries.todo_items(house.actor("op"), LATER)] == [str(call)]
    done = actions.write_up(
        call, kind="order", content="回拨，改天再约", result="follow_up", follow_up_at=LATER + dt.timedelta(days=1),
        by=house.actor("op"), at=LATER,
    )  # fmt: skip
    assert done.operator_id == house.people["op"].pk
    assert [item.due_at for item in queries.todo_items(house.actor("op"), LATER)] == [done.follow_up_at]
    assert codes(lambda: actions.follow(done, content="", by=house.actor("op"), at=LATER)) == ["call.content"]
    followed = actions.follow(done, content="已约周五", by=house.actor("op"), at=LATER)
    assert followed.content == "回拨，改天再约\n已约周五"
    assert queries.todo_items(house.actor("op"), LATER) == []
    assert codes(lambda: actions.follow(followed, content="再次", by=house.actor("op"), at=LATER)) == ["status"]


def test_a_telephone_systems_reports_may_repeat_and_come_late(house):
    ops, op = house.actor("ops"), house.people["op"]

    def say(event, seconds=0, **more):
        return actions.report_event(
            event=event, external_id="pbx-1", phone=STRANGER, by=ops, at=MONDAY + dt.timedelta(seconds=seconds), **more
        )

    assert say("ringing").pk == say("ringing", 1).pk
    call = say("answered", 12, operator=op)
    assert (call.status, call.wait_seconds, call.operator_id) == ("speaking", 12, op.pk)
    assert say("ringing", 13).status == "speaking"
    assert say("ended", 90).status == "ended"
    assert say("answered", 95, operator=op).status == "ended"
    assert say("ended", 99).ended_at == MONDAY + dt.timedelta(seconds=90)
    assert Call.objects.count() == 1
    lost = actions.report_event(event="ended", external_id="pbx-2", phone=STRANGER, by=ops, at=MONDAY)
    assert lost.status == "missed", "ended before anybody picked up"
    refused = codes(lambda: actions.ring(phone=STRANGER, by=house.actor("op"), at=MONDAY))
    assert refused == ["calls.connect"]


def test_only_the_demo_company_rings_at_a_button(house):
    op = house.actor("op")
    assert codes(lambda: actions.simulate(phone=STRANGER, by=op, at=MONDAY)) == ["calls.demo"]
    Company.objects.update(is_demo=True)
    assert actions.simulate(phone=STRANGER, by=op, at=MONDAY).status == "ringing"


def test_the_number_is_shown_for_a_reason_and_the_look_is_kept(house):
    call = rung(house)
    assert codes(lambda: actions.reveal(call, reason=" ", by=house.actor("op"), at=MONDAY)) == ["call.reason"]
    assert actions.reveal(call, reason="回拨", by=house.actor("op"), at=MONDAY) == "15400009999"
    assert Look.objects.get().field == f"phone:{call.pk}"


def test_the_company_words_its_own_scripts(house):
    assert "保洁" not in queries.scripts()["order"]
    facts = {"kind": "order", "text": "您好，这里是试验家政。", "text_en": "", "at": MONDAY}
    assert codes(lambda: actions.word(by=house.actor("op"), **facts)) == ["calls.script"]
    actions.word(by=house.actor("ops"), **facts)
    actions.word(by=house.actor("cs"), **{**facts, "text": "您好，试验家政。"})
    assert queries.scripts()["order"] == "您好，试验家政。" == Script.objects.get().text


def test_the_report_counts_by_kind_and_hour(house):
    op = house.actor("op")
    for seconds in (20, 21):
        call = actions.answer(rung(house), by=op, at=MONDAY + dt.timedelta(seconds=seconds))
        actions.write_up(call, kind="enquiry", content="问价格", result="answered", by=op, at=LATER)
    actions.miss(rung(house, STRANGER), by=op, at=LATER)
    rung(house)  # still ringing: not yet counted
    actions.take(phone=STRANGER, direction="out", by=op, at=LATER)  # outgoing: not counted
    day = MONDAY.date()
    report = queries.report(day, day, MONDAY)
    total = report["total"]
    assert (total.calls, total.answered, total.in_time, total.ordered) == (3, 2, 1, 0)
    assert [(str(line.label), line.calls) for line in report["by_kind"]] == [("咨询", 2), ("未登记类型", 1)]
    assert [(line.label, line.calls) for line in report["by_hour"] if line.calls] == [("10:00", 3)]
    assert queries.report(day - dt.timedelta(days=1), day - dt.timedelta(days=1), MONDAY)["total"].in_time_share is None
