"""Who makes plans, reviews them, enters progress, checks the departments (AM-D5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Seat
from zhangfa.planning.rules import CLAUSE
from zhangfa.policy.queries import second_decider

COMPANY_POSTS = ("am", "dgm", "gm")
CHECKERS = ("am",)


def read_plans(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if by.person_id is None and not by.is_system:
        yield Refusal("plans.read", _("系统管理员不查看计划。"), {}, CLAUSE)


def make_plans(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody of the staff in a seat plans their own work."""
    if by.person_id is None or not any(seat.grade > Grade.WORKER for seat in by.own_seats):
        yield Refusal("plans.make", _("计划由在岗的职员制订。"), {}, CLAUSE)


def maker(plan: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who made the plan, or holds their seat now."""
    if not (by.is_any_of([plan.person_id]) or plan.seat_id in {seat.id for seat in by.seats}):
        yield Refusal("plan.maker", _("这一步由制订人%(name)s办理。"), {"name": plan.person.shown_name}, CLAUSE)


def line_above(seat_id: int | None) -> list[int]:
    """The seats above, nearest first."""
    found: list[int] = []
    while seat_id is not None:
        seat_id = Seat.objects.filter(pk=seat_id).values_list("reports_to_id", flat=True).first()
        if seat_id is None or seat_id in found:
            break
        found.append(seat_id)
    return found


def reviewer(plan: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Somebody above the seat that made it; the GM's own goes to the second decider; nobody reviews their own."""
    if by.is_any_of([plan.person_id]):
        yield Refusal("plan.own", _("自己的计划不能由自己审核。"), {}, CLAUSE)
        return
    above = line_above(plan.seat_id)
    if above:
        if not set(above) & {seat.id for seat in by.seats}:
            yield Refusal("plan.reviewer", _("计划由制订人的上级审核。"), {}, CLAUSE)
        return
    second = second_decider(at)
    if second is None or not by.is_any_of([second.pk]):
        yield Refusal("plan.second", _("总经理的计划由公司指定的第二决定人审核。"), {}, CLAUSE)


def progresser(plan: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The plan's maker, and whoever owns one of its items."""
    if (
        any(True for _refusal in maker(plan, by=by, at=at))
        and not plan.items.filter(owner_id=by.person_id or 0).exists()
    ):
        yield Refusal("plan.progress", _("进展由制订人或事项的责任人登记。"), {}, CLAUSE)


def read_checks(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not by.is_system and not any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in by.seats):
        yield Refusal("plans.checks", _("计划检查对部门经理以上开放。"), {}, CLAUSE)


def check_plans(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Administration checks the departments' plans (D-AM-07) and collects the year's summaries (D-AM-14)."""
    if by.person_id is None or not by.holds(*CHECKERS):
        yield Refusal("plans.check", _("各部门计划由行政部经理检查。"), {}, CLAUSE, "", CHECKERS)
