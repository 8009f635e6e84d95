"""The schedule board of an outlet's day for other programs: who is free, who has what when, what nobody has yet (HS-W3)."""

from __future__ import annotations

import datetime as dt

from django.http import Http404
from ninja import Router

from zhangfa.core.text import _
from zhangfa.orders.board import Board, Chip, Lane, board_for, outlets_for
from zhangfa.orders.permissions import read_board
from zhangfa.ui.addresses import day_in
from zhangfa.ui.api import Call, Missing, Schema, reads
from zhangfa.ui.api.operations import Number


class DayOrderOut(Schema):
    """`order` and `number` are empty where the worker is lent to an outlet that the caller does not look after: only that they are busy."""

    order: int | None
    number: str
    product: str
    status: str
    served_from: dt.datetime
    served_to: dt.datetime
    is_late: bool
    is_elsewhere: bool
    is_along: bool
    missing: int


class DayWorkerOut(Schema):
    worker: int
    worker_name: str
    trust_code: str
    has_health: bool
    is_away: bool
    is_guest: bool
    is_free: bool
    orders: list[DayOrderOut]


class DayOut(Schema):
    outlet: int
    outlet_name: str
    day: dt.date
    counts: dict[str, int]
    workers: list[DayWorkerOut]
    waiting: list[DayOrderOut]


def _order(chip: Chip) -> DayOrderOut:
    order, is_own = chip.order, not chip.is_elsewhere
    return DayOrderOut(
        order=order.pk if is_own else None, number=order.number if is_own else "", product=order.product_id if is_own else "",
        status=order.status if is_own else "", served_from=order.served_from, served_to=order.served_to, is_late=chip.is_late, is_elsewhere=chip.is_elsewhere,
        is_along=chip.is_along, missing=order.missing if is_own else 0,
    )  # fmt: skip


def _worker(lane: Lane) -> DayWorkerOut:
    return DayWorkerOut(
        worker=lane.person.pk, worker_name=lane.person.shown_name, trust_code=lane.code, has_health=lane.has_health, is_away=lane.is_away,
        is_guest=lane.is_guest, is_free=lane.is_free, orders=[_order(chip) for chip in lane.chips],
    )  # fmt: skip


def _shown(board: Board) -> DayOut:
    return DayOut(
        outlet=board.outlet.pk, outlet_name=board.outlet.shown_name, day=board.day, counts=board.counts,
        workers=[_worker(lane) for lane in board.lanes], waiting=[_order(chip) for chip in board.waiting],
    )  # fmt: skip


def _give(call: Call) -> DayOut:
    call.check(read_board)
    outlet = call.one(outlets_for(call.actor), pk=call.path["outlet"])
    try:
        day = day_in(str(call.path["day"]))
    except Http404:
        raise Missing from None
    return _shown(board_for(outlet, day, call.at))


def register(router: Router) -> None:
    reads(
        router, "/dispatch/{outlet}/{day}", id="dispatch_day", summary=_("网点一天的派工"), give=_give, out=DayOut, about="HS-W3",
        ids={"outlet": Number},
    )  # fmt: skip
