"""Crews: who goes along with whoever is in charge, under the same rules, and what becomes of them when the order changes."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.houses import MONDAY, House
from tests.orders import stages
from tests.orders.stages import HOUR, NEXT
from zhangfa.audit.models import Event
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.notices.models import Notice
from zhangfa.orders import actions, workers
from zhangfa.orders.board import board_for, jobs_of
from zhangfa.orders.doctor import data_problems
from zhangfa.orders.models import CrewMember, Order, Product
from zhangfa.orders.workbench import todo
from zhangfa.organisation.models import Absence, Holding, Person
from zhangfa.policy.actions import renew
from zhangfa.policy.models import PolicyValue
from zhangfa.records.models import Concern

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W3"), pytest.mark.postgres]


@pytest.fixture
def house() -> Any:
    with clock.at(MONDAY):
        house = House()
        Product.objects.filter(pk="DC01").update(crew=3)
        house.product.refresh_from_db()
        for n in range(3):
            person = Person(no=f"K{n}", name=f"同行{n}", kind="worker")
            person.prepare()
            person.save()
            house.people[f"w{n}"] = person
            Holding.objects.create(person=person, seat=house.seats["sw"], from_on=dt.date(2026, 1, 1))
            stages.with_papers(house, f"w{n}")
        yield house


def refused(call: Any) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {refusal.code for refusal in caught.value.refusals}


def add(house: House, order: Any, *names: str, by: str = "oa", at: dt.datetime = MONDAY) -> Any:
    for name in names:
        order = actions.add_member(order, by=house.actor(by, at), at=at, worker=house.people[name])
    return order


def told(house: House, name: str) -> list[str]:
    rows = Notice.objects.filter(person=house.people[name], code__startswith="orders.")
    return list(rows.order_by("pk").values_list("code", flat=True))


def test_a_crew_is_complete_when_as_many_are_sent_as_the_service_asks_for(house: House) -> None:
    planned = stages.booked(house)
    assert planned.missing == 0, "nobody is sent yet: the order itself is what waits"
    order = stages.assigned(house)
    assert order.missing == 2
    order = add(house, order, "w0")
    assert (order.missing, [one.name for one in order.members]) == (1, ["同行0"])
    order = add(house, order, "w1")
    assert Order.objects.get(pk=order.pk).missing == 0
    order = add(house, order, "w2")
    assert order.missing == 0 and len(order.people) == 4, "a large flat may need one more"
    assert told(house, "w0") == ["orders.joined"]
    assert Event.objects.filter(chain=f"orders.order:{order.pk}", name="orders.order.member_added").count() == 3
    assert not [line for line in data_problems() if "crew" in line]


def test_a_member_meets_the_same_reasons_as_whoever_is_in_charge(house: House) -> None:
    order = stages.assigned(house)
    assert refused(lambda: add(house, order, "sw")) == {"crew.lead"}
    assert refused(lambda: add(house, order, "sw2")) >= {"dispatch.health", "dispatch.code"}
    assert refused(lambda: add(house, order, "oa")) >= {"dispatch.seat"}
    add(house, order, "w0")
    assert refused(lambda: add(house, order, "w0")) == {"crew.twice"}
    Absence.objects.create(person=house.people["w1"], from_at=NEXT, to_at=NEXT + HOUR)
    assert refused(lambda: add(house, order, "w1")) == {"dispatch.away"}
    assert refused(lambda: add(house, order, "w2", by="oa2")) == {"orders.outlet"}
    assert refused(lambda: add(house, stages.booked(house), "w2")) == {"status"}
    Product.objects.filter(pk="DC01").update(is_at_height=True)
    assert refused(lambda: add(house, order, "w2")) == {"dispatch.height"}


def test_who_goes_along_is_busy_for_every_other_order(house: House) -> None:
    order = add(house, stages.assigned(house), "w0")
    second = stages.assigned(house, "w1", served_from=NEXT + HOUR)
    assert refused(lambda: add(house, second, "w0")) == {"dispatch.double"}
    third = stages.booked(house, served_from=NEXT + HOUR)
    send = {"by": house.actor("oa"), "at": MONDAY}
    assert refused(lambda: actions.assign(third, **send, worker=house.people["w0"])) == {"dispatch.double"}
    later = stages.assigned(house, "w0", served_from=NEXT + 5 * HOUR)
    facts = {"served_from": NEXT + 4 * HOUR, "hours": 3, "reason": "客户要求"}
    assert refused(lambda: actions.move(order, **send, **facts)) == {"dispatch.double"}, "all of a crew have to be free"
    actions.unassign(later, **send, reason="客户改主意")
    moved = actions.move(order, **send, **facts)
    assert CrewMember.objects.get().served_from == moved.served_from and told(house, "w0")[-1] == "orders.moved"


def test_sending_another_leaves_the_crew_with_the_order(house: House) -> None:
    order = add(house, stages.assigned(house), "w0", "w1")
    send = {"by": house.actor("oa"), "at": MONDAY}
    order = actions.assign(order, **send, worker=house.people["w2"], seen=house.people["sw"].pk)
    assert set(order.people) == {house.people[name].pk for name in ("w2", "w0", "w1")}
    # Whoever went along and is in charge now goes once.
    order = Order.objects.get(
        pk=actions.assign(order, **send, worker=house.people["w1"], seen=house.people["w2"].pk).pk
    )
    assert order.people == [house.people["w1"].pk, house.people["w0"].pk]
    actions.unassign(order, **send, reason="客户改主意")
    assert not CrewMember.objects.exists() and told(house, "w0")[-1] == "orders.unassigned"
    assert not [line for line in data_problems() if "crew" in line]


def test_a_member_is_taken_off_and_told(house: House) -> None:
    order = add(house, stages.assigned(house), "w0", "w1")
    take = {"by": house.actor("oa"), "at": MONDAY, "reason": "临时请假"}
    assert refused(lambda: actions.remove_member(order, **take, worker=house.people["w2"])) == {"crew.nobody"}
    order = actions.remove_member(order, **take, worker=house.people["w0"])
    assert [one.pk for one in order.members] == [house.people["w1"].pk] and told(house, "w0")[-1] == "orders.taken_off"
    sheet = actions.open_sheet(order, by=house.actor("w1"), at=MONDAY)
    assert set(Concern.objects.filter(record=sheet, role="worker").values_list("person_id", flat=True)) == set(
        order.people
    )
    order = add(house, order, "w2")
    order = actions.remove_member(order, **take, worker=house.people["w1"])
    assert set(Concern.objects.filter(record=sheet, role="worker").values_list("person_id", flat=True)) == set(
        order.people
    )


def test_cancelling_tells_the_whole_crew_and_frees_it(house: House) -> None:
    order = add(house, stages.assigned(house), "w0")
    actions.cancel(order, by=house.actor("oa"), at=MONDAY, cancelled_for="customer", reason="出差")
    assert told(house, "w0")[-1] == "orders.cancelled"
    add(house, stages.assigned(house, "w1"), "w0")


@pytest.mark.clause("CS-W2")
def test_a_series_that_ends_tells_the_crews_of_its_orders(house: House) -> None:
    series = actions.agree_series(
        customer=house.customer, product=house.product, quantity=50, weekdays=[3], starts=dt.time(8, 30), hours=3, from_on=NEXT.date(),
        by=house.actor("op"), at=MONDAY,
    )  # fmt: skip
    stages.with_papers(house, "sw")
    send = {"by": house.actor("oa"), "at": MONDAY}
    order = actions.assign(series.orders.order_by("pk").first(), **send, worker=house.people["sw"])
    add(house, order, "w0")
    actions.end_series(series, by=house.actor("op"), at=MONDAY, reason="客户搬家")
    assert told(house, "w0")[-1] == "orders.series_ended"


def test_a_member_sees_the_order_and_may_photograph_but_whoever_is_in_charge_starts_and_finishes(house: House) -> None:
    order = add(house, stages.assigned(house), "w0")
    member, other = house.actor("w0"), house.actor("w2")
    assert order in Order.objects.visible_to(member) and order not in Order.objects.visible_to(other)
    assert actions.place_of(order, by=member, at=MONDAY) == "听松苑 3 幢 402"
    assert refused(lambda: actions.open_sheet(order, by=other, at=MONDAY)) == {"orders.photos"}
    assert actions.open_sheet(order, by=member, at=MONDAY).form_code == "FW"
    at = order.served_from
    assert refused(lambda: actions.start(order, by=house.actor("w0", at), at=at, no_photo_reason="x")) == {
        "orders.serve"
    }
    assert [job.pk for job in jobs_of(member.person_id, MONDAY, 7)] == [order.pk]
    assert [item.number for item in todo(house.actor("w0", at), at)] == [order.number]
    # Who is at the place may say that it isn't safe, for all.
    stopped = actions.stop_unsafe(order, by=house.actor("w0", at), at=at, reason="客户要求站上窗台")
    assert stopped.cancelled_for == "unsafe"


def test_the_papers_of_the_whole_crew_hold_when_the_work_begins(house: House) -> None:
    order = add(house, stages.assigned(house), "w0")
    house.people["w0"].certificates.filter(kind="health").delete()
    at = order.served_from
    with pytest.raises(Refused) as caught:
        actions.start(order, by=house.actor("sw", at), at=at, no_photo_reason="客户不同意拍照")
    assert [(r.code, r.params["name"]) for r in caught.value.refusals] == [("dispatch.health", "同行0")]


def test_where_the_company_says_so_the_work_begins_with_everybody(house: House) -> None:
    order = add(house, stages.assigned(house), "w0")
    begin = {"at": order.served_from, "no_photo_reason": "客户不同意拍照"}
    PolicyValue.objects.filter(key="dispatch.whole_crew").update(value="true")
    renew(MONDAY)
    by = house.actor("sw", order.served_from)
    assert refused(lambda: actions.start(order, by=by, **begin)) == {"crew.incomplete"}
    add(house, order, "w1")
    assert actions.start(order, by=by, **begin).status == "started"


def test_the_board_shows_the_order_in_every_lane_and_who_is_missing(house: House) -> None:
    order = add(house, stages.assigned(house), "w0")
    far = stages.assigned(house, "w2", served_from=NEXT + 5 * HOUR)
    board = board_for(house.units["east"], clock.local_date(NEXT), MONDAY)
    shown = {lane.person.name: [(chip.order.pk, chip.is_along) for chip in lane.chips] for lane in board.lanes}
    assert shown["人sw"] == [(order.pk, False)] and shown["同行0"] == [(order.pk, True)] and not shown["同行1"]
    assert board.counts["incomplete"] == 2 and board.counts["orders"] == 2
    assert shown["同行2"] == [(far.pk, False)]
    # At another outlet only that they are busy.
    house.people["w0"].holdings.update(seat=house.seats["sw2"])
    other = board_for(house.units["west"], clock.local_date(NEXT), MONDAY)
    lane = next(lane for lane in other.lanes if lane.person.name == "同行0")
    assert [(chip.order.pk, chip.is_elsewhere) for chip in lane.chips] == [(order.pk, True)] and not lane.is_free


def test_the_outlet_is_asked_for_whoever_is_missing(house: House) -> None:
    order = stages.assigned(house, served_from=MONDAY + 4 * HOUR)
    oa = house.actor("oa")
    assert [item.url for item in todo(oa, MONDAY)] == [f"/orders/{order.pk}/do/add_member/?back=board"]
    add(house, order, "w0", "w1")
    assert not todo(oa, MONDAY)


def test_members_are_proposed_with_the_same_reasons(house: House) -> None:
    order = add(house, stages.assigned(house), "w0")
    found = workers.proposals(order, blocks_yellow=False, besides=order.people)
    assert {one.worker.name for one in found if not one.refusals} == {"同行1", "同行2"}
    done = add(house, stages.assigned(house, "w2", served_from=NEXT + 5 * HOUR), "w1")
    Order.objects.filter(pk=done.pk).update(status="finished")
    later = stages.booked(house, served_from=NEXT + 24 * HOUR)
    known = {
        one.worker.name: {reason.code for reason in one.reasons}
        for one in workers.proposals(later, blocks_yellow=False)
    }
    assert "visits" in known["同行1"] and "done" in known["同行1"], "who went along knows the customer, too"
    assert "visits" not in known["同行0"]


@pytest.mark.clause("HS-W1.3")
def test_nobody_of_a_crew_asks_the_customer_how_it_was(house: House) -> None:
    order = add(house, stages.assigned(house, customer=house.make_customer("顾清晏")), "w0")
    at = order.served_from
    actions.start(order, by=house.actor("sw", at), at=at, no_photo_reason="客户不同意拍照")
    order = actions.finish(order, by=house.actor("sw", at + HOUR), at=at + HOUR)
    call = {"is_reached": True, "satisfaction": 5, "by": house.actor("w0"), "at": at + HOUR}
    assert "revisit.own" in refused(lambda: actions.record_revisit(order.revisit, **call))


def test_a_large_crew_costs_as_many_statements_as_a_small_one(house: House) -> None:
    order = add(house, stages.assigned(house), "w0")
    facts = {"hours": 3, "reason": "客户要求", "by": house.actor("oa"), "at": MONDAY}
    counts = []
    for n, names in enumerate(((), ("w1", "w2"))):
        order = add(house, order, *names)
        with CaptureQueriesContext(connection) as made:
            order = actions.move(order, served_from=NEXT + (n + 1) * HOUR, **facts)
        counts.append(len(made))
    assert counts[0] == counts[1]
