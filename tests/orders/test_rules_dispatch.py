"""Who may be sent and why not, in which order workers are proposed, and the small rules of an order (domain.md 2.2)."""

import datetime as dt
from decimal import Decimal as D

import pytest

from zhangfa.core import clock
from zhangfa.orders.rules import (
    Busy,
    Task,
    Worker,
    owes_revisit,
    payment_for,
    reasons_for,
    refuse_booking,
    refuse_revisit,
    refuse_start,
    refuse_worker,
    suggest,
)
from zhangfa.people.rules import Paper, refuse_paper, trust_code

pytestmark = pytest.mark.clause("HS-W3")
DAY = dt.date(2026, 3, 2)
TEN = dt.datetime(2026, 3, 2, 10, 0, tzinfo=clock.TZ)
HOUR = dt.timedelta(hours=1)


def paper(kind, begins=-100, ends=100, **more):
    valid_to = None if ends is None else DAY + dt.timedelta(days=ends)
    return Paper(kind, DAY + dt.timedelta(days=begins), valid_to, **more)


GREEN = (paper("identity", ends=None), paper("health"), paper("insurance"))


def worker(number=1, papers=GREEN, **more):
    return Worker(number, f"工{number}", 10, 5, "东网点", papers=papers, **more)


def task(**more):
    facts = {
        "served_from": TEN,
        "served_to": TEN + 3 * HOUR,
        "category": "cleaning",
        "outlet_id": 10,
        "department_id": 5,
    }
    return Task(**(facts | more))


def codes(refusals):
    return {refusal.code for refusal in refusals}


def without(kind):
    return tuple(one for one in GREEN if one.kind != kind)


@pytest.mark.parametrize(
    ("who", "what", "found"),
    [
        (worker(), {}, set()),
        (worker(papers=()), {}, {"dispatch.health", "dispatch.code"}),
        (worker(papers=without("health")), {}, {"dispatch.health"}),
        (worker(papers=(*without("health"), paper("health", -400, -1))), {}, {"dispatch.health"}),
        (worker(papers=(*without("health"), paper("health", -400, 0))), {}, set()),  # its last day
        (worker(papers=without("identity")), {}, {"dispatch.code"}),
        (worker(papers=without("identity")), {"is_home_visit": False}, set()),
        (worker(papers=(*without("identity"), paper("identity", is_passed=False))), {}, {"dispatch.red"}),
        (worker(papers=(*GREEN, paper("identity", -1, is_passed=False))), {}, {"dispatch.red"}),  # the newest counts
        (worker(papers=(*without("identity"), paper("identity", -300, -1))), {}, {"dispatch.red"}),
        (worker(papers=without("insurance")), {}, set()),  # yellow: warned, not refused
        (worker(is_blocked=True), {}, {"dispatch.blocked"}),  # the customer doesn't want them again
        (worker(is_preferred=True), {}, set()),
        (worker(), {"is_at_height": True}, {"dispatch.height"}),
        (worker(papers=(*GREEN, paper("height"))), {"is_at_height": True}, set()),
        (worker(papers=(*GREEN, paper("height", ends=-1))), {"is_at_height": True}, {"dispatch.height"}),
        (worker(), {"category": "care"}, {"dispatch.background"}),
        (worker(papers=(*GREEN, paper("background"))), {"category": "care"}, set()),
        (worker(is_away=True), {}, {"dispatch.away"}),
        (worker(), {"department_id": 6}, {"dispatch.seat"}),
    ],
)
def test_who_can_not_be_sent(who, what, found):
    assert codes(refuse_worker(who, task(**what), blocks_yellow=False)) == found


def test_the_company_may_keep_yellow_codes_at_home():
    who = worker(papers=without("insurance"))
    assert codes(refuse_worker(who, task(), blocks_yellow=True)) == {"dispatch.yellow"}


@pytest.mark.parametrize(
    ("begins", "ends", "refused"),
    [(-2, 0, False), (-2, 0.5, True), (3, 5, False), (2.5, 5, True), (1, 2, True), (-1, 9, True)],
)
def test_hours_that_touch_are_free_and_hours_that_overlap_are_not(begins, ends, refused):
    busy = Busy("D1", TEN + begins * HOUR, TEN + ends * HOUR)
    assert bool(codes(refuse_worker(worker(busy=(busy,)), task(), blocks_yellow=False))) is refused


@pytest.mark.parametrize(
    ("papers", "code"),
    [
        (GREEN, "green"),
        (without("insurance"), "yellow"),
        (without("health"), "yellow"),
        (without("identity"), ""),
        ((paper("identity", is_passed=False),), "red"),
        ((paper("identity", begins=1),), ""),
    ],
)
def test_the_trust_code(papers, code):
    assert trust_code(papers, DAY) == code


def test_proposals_stand_in_the_order_of_their_reasons():
    busy = (Busy("D9", TEN + 5 * HOUR, TEN + 6 * HOUR, "听松苑"),)
    people = [
        worker(1, rating=D("4.9"), ratings=9),
        worker(2, papers=()),
        worker(3, busy=busy),
        worker(4, papers=(*GREEN, paper("skill", category="cleaning"))),
        worker(5, visits=2),
        worker(6),
        Worker(7, "工7", 11, 5, "西网点", papers=GREEN),
    ]
    found = suggest(people, task(wished_id=6, compound="听松苑"), blocks_yellow=False)
    assert [one.worker.id for one in found] == [6, 5, 4, 3, 1, 7, 2]
    assert found[-1].refusals and not found[0].refusals
    assert [reason.code for reason in found[0].reasons] == ["wish", "new", "home", "free"]


def test_whom_a_customer_likes_stands_before_who_was_only_there_before():
    found = suggest([worker(1, visits=3), worker(2, is_preferred=True)], task(), blocks_yellow=False)
    assert [one.worker.id for one in found] == [2, 1]
    assert [reason.code for reason in found[0].reasons] == ["preferred", "new", "home", "free"]


def test_every_reason_that_counts_is_shown():
    who = worker(1, papers=without("insurance"), done=3, rating=D("3.5"), ratings=2)
    reasons = {reason.code: reason.is_good for reason in reasons_for(who, task())}
    assert reasons == {"done": True, "home": True, "free": True, "rating": False, "yellow": False}


def test_an_order_lies_ahead():
    facts = {"at": TEN, "is_on_sale": True, "is_closed": False, "is_own": True}
    assert not codes(refuse_booking(served_from=TEN, served_to=TEN + HOUR, **facts))
    assert codes(refuse_booking(served_from=TEN - HOUR, served_to=TEN, **facts)) == {"order.past"}
    assert codes(refuse_booking(served_from=TEN, served_to=TEN, **facts)) == {"order.hours"}
    assert codes(refuse_booking(served_from=TEN, served_to=TEN + 745 * HOUR, **facts)) == {"order.hours"}
    wrong = {"at": TEN, "is_on_sale": False, "is_closed": True, "is_own": False}
    found = codes(refuse_booking(served_from=TEN, served_to=TEN + HOUR, **wrong))
    assert found == {"order.outlet", "order.customer", "order.product"}


@pytest.mark.parametrize(
    ("minutes", "photos", "reason", "found"),
    [
        (0, 1, "", set()),
        (-60, 1, "", set()),
        (-61, 1, "", {"order.early"}),
        (0, 0, "", {"order.photos"}),
        (0, 0, "客户不同意拍照", set()),
        (0, 0, "  ", {"order.photos"}),
    ],
)
def test_work_begins_about_its_hour_with_a_photo(minutes, photos, reason, found):
    at = TEN + dt.timedelta(minutes=minutes)
    facts = {"early": HOUR, "photos": photos, "needed": 1, "reason": reason}
    assert codes(refuse_start(served_from=TEN, at=at, **facts)) == found


@pytest.mark.parametrize(
    ("paid", "refunded", "is_refunding", "found"),
    [(0, 0, False, "unpaid"), (1, 0, False, "part"), (900, 0, False, "paid"), (900, 0, True, "refunding"), (900, 1, False, "refunded")],
)  # fmt: skip
def test_where_the_money_stands(paid, refunded, is_refunding, found):
    assert payment_for(amount=D(900), paid=D(paid), refunded=D(refunded), is_refunding=is_refunding) == found


@pytest.mark.clause("HS-W1.3")
def test_every_first_order_and_a_share_of_the_others_is_followed_by_a_call():
    assert owes_revisit(is_first=True, number=1, share=D(0))
    drawn = [n for n in range(1000) if owes_revisit(is_first=False, number=n, share=D(30))]
    assert len(drawn) == 300


@pytest.mark.clause("HS-W1.3")
def test_a_revisit_is_made_by_somebody_else_and_written_down():
    facts = {"is_done": False, "is_server": False, "is_reached": True, "satisfaction": 5, "note": ""}
    assert not codes(refuse_revisit(**facts))
    assert codes(refuse_revisit(**facts | {"is_server": True})) == {"revisit.own"}
    assert codes(refuse_revisit(**facts | {"satisfaction": None})) == {"revisit.score"}
    assert codes(refuse_revisit(**facts | {"satisfaction": 3})) == {"revisit.note"}
    assert not codes(refuse_revisit(**facts | {"satisfaction": None, "is_reached": False}))
    assert codes(refuse_revisit(**facts | {"is_done": True})) == {"revisit.done"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, set()),
        ({"valid_from": DAY + dt.timedelta(days=1)}, {"paper.future"}),
        ({"valid_to": DAY - dt.timedelta(days=1)}, {"paper.order"}),
        ({"valid_to": None}, {"paper.end"}),
        ({"kind": "identity", "valid_to": None}, set()),
        ({"kind": "skill", "valid_to": None}, {"paper.skill"}),
        ({"is_known": True}, {"paper.known"}),
    ],
)
def test_a_paper_has_its_days(change, found):
    facts = {
        "kind": "health", "valid_from": DAY, "valid_to": DAY + dt.timedelta(days=365), "today": DAY, "is_passed": True, "category": "",
        "is_known": False,
    }  # fmt: skip
    assert codes(refuse_paper(**facts | change)) == found
