"""A plan: begun, filled with items, handed in, reviewed by the superior, closed with its result (AM-D5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor, SeatView
from zhangfa.organisation.models import Grade, Person, Seat, Unit
from zhangfa.organisation.queries import holders
from zhangfa.planning import rules
from zhangfa.planning.models import Item, Level, Plan, Progress
from zhangfa.planning.permissions import COMPANY_POSTS, line_above, make_plans, maker, progresser, reviewer
from zhangfa.policy.queries import second_decider
from zhangfa.records.actions import assign_number, concern, open_record
from zhangfa.records.models import Record

S = Plan.Status
CLAUSE = rules.CLAUSE
FORM = "JH"


def begin(
    *, level: str, rhythm: str, day: dt.date, by: Actor, at: dt.datetime, parent: Plan | None = None, id: UUID | None = None
) -> Plan:  # fmt: skip
    """Begin the plan of the period that the day lies in: one's own, one's department's, or the company's."""
    demand(make_plans(by=by, at=at))
    seat = _seat_for(level, by)
    demand(_refuse_seat(level, seat))
    assert seat is not None and by.person_id is not None
    period, from_on, to_on = rules.period_of(rhythm, day)
    unit = _unit_for(level, seat)
    above = (parent.level, parent.rhythm, parent.from_on, parent.to_on) if parent else None
    with work():
        take_turns(level, unit, by.person_id)
        first = _standing_for(level, unit, by.person_id).filter(rhythm=rhythm, period=period).first()
        demand(
            [
                *rules.refuse_period(
                    from_on=from_on, to_on=to_on, today=clock.local_date(at), first=first and first.person.shown_name
                ),
                *rules.refuse_parent(
                    level=level, rhythm=rhythm, from_on=from_on, to_on=to_on, above=above,
                    is_own=parent is None or _is_above(parent, level, unit, by.person_id),
                ),
            ]
        )  # fmt: skip
        record = open_record(FORM, unit=unit, by=by, at=at, title=period, id=id, retention="R4")
        plan = Plan(
            record=record, level=level, rhythm=rhythm, period=period, from_on=from_on, to_on=to_on, unit=unit,
            department_id=unit.department_id, seat_id=seat.id, person_id=by.person_id, parent=parent,
        )  # fmt: skip
        plan.save(force_insert=True)
        record.url = plan.get_absolute_url()
        record.save(update_fields=["url"])
        concern(record, by.person_id, "handler")
        announce(
            "planning.plan.begun", plan, by=by, at=at, label=_("起草计划"), record_id=record.pk, clause=CLAUSE, is_new=True,
            codes={"level": level, "rhythm": rhythm, "period": period, "unit": unit.pk},
        )  # fmt: skip
        return plan


def take_turns(level: str, unit: Unit, person_id: int) -> None:
    """Two who begin the same paper at one instant take turns: the second sees what the first has written."""
    if level == Level.PERSON:
        Person.objects.select_for_update(no_key=True).get(pk=person_id)
    else:
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


def _standing_for(level: str, unit: Unit, person_id: int) -> QuerySet[Plan]:
    rows = Plan.objects.standing().filter(level=level).select_related("person")
    return rows.filter(person_id=person_id) if level == Level.PERSON else rows.filter(unit=unit)


def _is_above(parent: Plan, level: str, unit: Unit, person_id: int) -> bool:
    """The company's plans are above all, a department's above its own and its people's, a person's only above their own."""
    if parent.level == Level.COMPANY:
        return True
    if parent.level == Level.DEPARTMENT:
        return parent.unit_id in (unit.pk, unit.department_id)
    return level == Level.PERSON and parent.person_id == person_id


def _seat_for(level: str, by: Actor) -> SeatView | None:
    if level == Level.COMPANY:
        return by.seat_for(*COMPANY_POSTS)
    if level == Level.DEPARTMENT:
        return next((seat for seat in by.seats if seat.department_id and seat.grade == Grade.DEPARTMENT_MANAGER), None)
    return next(iter(by.own_seats), None)


def _refuse_seat(level: str, seat: SeatView | None) -> Iterator[Refusal]:
    if seat is None and level == Level.COMPANY:
        yield Refusal("plan.company", _("公司计划由行政部经理或公司领导起草。"), {}, CLAUSE, "level", COMPANY_POSTS)
    elif seat is None:
        yield Refusal("plan.department", _("部门计划由部门经理制订。"), {}, CLAUSE, "level")


def _unit_for(level: str, seat: SeatView) -> Unit:
    if level == Level.COMPANY:
        return Unit.objects.get(kind=Unit.Kind.COMPANY)
    return Unit.objects.get(pk=(seat.department_id or seat.unit_id) if level == Level.DEPARTMENT else seat.unit_id)


def _guard_add(plan: Plan, *, by: Actor, at: dt.datetime, **facts: Any) -> Iterator[Refusal]:
    yield from _refuse_item(plan, facts)


def _refuse_item(plan: Plan, facts: dict[str, Any]) -> Iterator[Refusal]:
    yield from rules.refuse_item(
        title=facts["title"], standard=facts["standard"], due_on=facts["due_on"], from_on=plan.from_on, to_on=plan.to_on,
        target=facts.get("target"), unit=facts.get("unit") or "", is_output=bool(facts.get("is_output")),
    )  # fmt: skip
    parent = facts.get("parent")
    if parent and not Item.objects.filter(pk=parent, plan_id=plan.parent_id).exists():
        yield Refusal("item.parent", _("请从上级计划的事项中选择。"), {}, CLAUSE, "parent")


@arrow(
    Plan, sources=[S.DRAFT, S.RETURNED], target=None, label=_("添加事项"), event="item_added", permit=maker, guard=_guard_add,
    clause=CLAUSE,
)  # fmt: skip
def add_item(
    plan: Plan, *, by: Actor, at: dt.datetime, title: str, standard: str, due_on: dt.date, owner: Person | None = None,
    target: Decimal | None = None, unit: str = "", is_output: bool = False, parent: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """One line of the plan; without an owner it is the maker's own."""
    last = plan.items.order_by("-n").values_list("n", flat=True).first() or 0
    item = Item.objects.create(
        plan=plan, n=last + 1, title=title, standard=standard, due_on=due_on, owner=owner or plan.person, target=target, unit=unit.strip(),
        is_output=is_output, parent_id=parent or None,
    )  # fmt: skip
    return {"codes": {"item": item.pk, "n": item.n}}


def _guard_change(plan: Plan, *, by: Actor, at: dt.datetime, item: int, **facts: Any) -> Iterator[Refusal]:
    if not plan.items.filter(pk=item).exists():
        yield Refusal("item.unknown", _("计划里没有这一条。"), {}, CLAUSE, "item")
    yield from _refuse_item(plan, facts)


@arrow(
    Plan, sources=[S.DRAFT, S.RETURNED], target=None, label=_("修改事项"), event="item_changed", permit=maker, guard=_guard_change,
    clause=CLAUSE, applies=lambda plan: plan.items.exists(),
)  # fmt: skip
def change_item(
    plan: Plan, *, by: Actor, at: dt.datetime, item: int, title: str, standard: str, due_on: dt.date, owner: Person | None = None,
    target: Decimal | None = None, unit: str = "", is_output: bool = False, parent: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    row = plan.items.get(pk=item)
    row.title, row.standard, row.due_on, row.target, row.unit = title, standard, due_on, target, unit.strip()
    row.owner, row.parent_id, row.is_output = owner or plan.person, parent or None, is_output
    row.save()
    return {"codes": {"item": row.pk}}


def _guard_drop(plan: Plan, *, by: Actor, at: dt.datetime, item: int) -> Iterator[Refusal]:
    found = plan.items.filter(pk=item).first()
    if found is None:
        yield Refusal("item.unknown", _("计划里没有这一条。"), {}, CLAUSE, "item")
    elif found.children.exists():
        yield Refusal("item.children", _("下级计划挂在这一条上，不能删除。"), {}, CLAUSE, "item")


@arrow(
    Plan, sources=[S.DRAFT, S.RETURNED], target=None, label=_("删除事项"), event="item_dropped", permit=maker, guard=_guard_drop,
    clause=CLAUSE, applies=lambda plan: plan.items.exists(),
)  # fmt: skip
def drop_item(plan: Plan, *, by: Actor, at: dt.datetime, item: int) -> dict[str, Any]:
    row = plan.items.get(pk=item)
    values = {"title": row.title}
    row.delete()
    return {"codes": {"item": item}, "values": values}


def _guard_submit(plan: Plan, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    yield from rules.refuse_submit(count=plan.items.count())


@arrow(
    Plan, sources=[S.DRAFT, S.RETURNED], target=S.SUBMITTED, label=_("提交审核"), event="submitted", permit=maker,
    guard=_guard_submit, clause=CLAUSE, hint=_("提交后由上级审核。"),
)  # fmt: skip
def submit(plan: Plan, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """Handed in to the superior; the duty of making the plan is fulfilled by it."""
    plan.submitted_at = at
    assign_number(plan.record, at=at)
    _mark(plan, Record.Status.SUBMITTED)
    people = {person.pk for found in holders(line_above(plan.seat_id)[:1], at).values() for person in found}
    if not people and (second := second_decider(at)) is not None:
        people = {second.pk}
    _news(plan, people, "planning.submitted", at)
    post = Seat.objects.values_list("post_id", flat=True).get(pk=plan.seat_id)
    return {
        "codes": {
            "level": plan.level,
            "rhythm": plan.rhythm,
            "of_period": plan.period,
            "post": post,
            "unit": plan.unit_id,
        }
    }


def _guard_opinion(plan: Plan, *, by: Actor, at: dt.datetime, opinion: str = "") -> Iterator[Refusal]:
    return iter(())


@arrow(
    Plan, sources=[S.SUBMITTED], target=S.APPROVED, label=_("审核通过"), event="approved", permit=reviewer, guard=_guard_opinion,
    clause=CLAUSE,
)  # fmt: skip
def approve(plan: Plan, *, by: Actor, at: dt.datetime, opinion: str = "") -> dict[str, Any]:
    """The superior agrees: the plan runs."""
    _reviewed(plan, opinion, by, at)
    _mark(plan, Record.Status.APPROVED)
    owners = set(plan.items.values_list("owner_id", flat=True))
    _news(plan, {plan.person_id}, "planning.approved", at)
    _news(plan, owners - {plan.person_id}, "planning.item", at)
    return {"codes": {"level": plan.level, "rhythm": plan.rhythm, "of_period": plan.period}}


def _guard_back(plan: Plan, *, by: Actor, at: dt.datetime, reason: str) -> Iterator[Refusal]:
    yield from rules.refuse_reason(reason=reason)


@arrow(
    Plan, sources=[S.SUBMITTED], target=S.RETURNED, label=_("退回修改"), event="returned", permit=reviewer, guard=_guard_back,
    clause=CLAUSE,
)  # fmt: skip
def send_back(plan: Plan, *, by: Actor, at: dt.datetime, reason: str) -> None:
    _reviewed(plan, reason, by, at)
    _mark(plan, Record.Status.RETURNED)
    _news(plan, {plan.person_id}, "planning.returned", at)


def _reviewed(plan: Plan, opinion: str, by: Actor, at: dt.datetime) -> None:
    plan.opinion, plan.reviewed_at, plan.reviewed_by_id = opinion, at, by.person_id


def _guard_progress(
    plan: Plan,
    *,
    by: Actor,
    at: dt.datetime,
    item: int,
    note: str,
    actual: Decimal | None = None,
    pct: Decimal | None = None,
) -> Iterator[Refusal]:
    row = plan.items.filter(pk=item).first()
    if row is None:
        yield Refusal("item.unknown", _("计划里没有这一条。"), {}, CLAUSE, "item")
        return
    if row.owner_id != by.person_id and any(True for _refusal in maker(plan, by=by, at=at)):
        yield Refusal("item.owner", _("这一条由%(name)s登记进展。"), {"name": row.owner.shown_name}, CLAUSE, "item")
    yield from rules.refuse_progress(target=row.target, actual=actual, pct=pct, note=note)


@arrow(
    Plan, sources=[S.APPROVED], target=None, label=_("登记进展"), event="progressed", permit=progresser, guard=_guard_progress,
    clause=CLAUSE,
)  # fmt: skip
def progress(
    plan: Plan,
    *,
    by: Actor,
    at: dt.datetime,
    item: int,
    note: str,
    actual: Decimal | None = None,
    pct: Decimal | None = None,
) -> dict[str, Any]:
    """How far an item is; what hangs above it moves along."""
    row = Item.objects.select_for_update().get(pk=item, plan_id=plan.pk)
    row.actual = actual if row.target is not None else None
    row.pct = rules.completion(target=row.target, actual=actual, pct=pct)
    row.has_own, row.reported_at = True, at
    row.save()
    Progress.objects.create(item=row, actual=row.actual, pct=row.pct, note=note, at=at, by_id=by.person_id)
    plan.pct = _of_plan(plan.pk)
    _roll_up(row.parent_id)
    return {"codes": {"item": row.pk, "pct": str(row.pct), "actual": str(row.actual)}}


def _of_plan(key: Any) -> Decimal:
    return rules.mean(Item.objects.filter(plan_id=key).values_list("pct", flat=True)) or Decimal(0)


def _roll_up(key: int | None) -> None:
    """The items above without progress of their own stand at the mean of what hangs on them."""
    while key is not None:
        above = Item.objects.select_related("plan").select_for_update(of=("self",)).get(pk=key)
        if above.has_own or above.plan.status == S.CLOSED:
            return
        shares = Item.objects.filter(parent_id=key).exclude(plan__status=S.WITHDRAWN).values_list("pct", flat=True)
        above.pct = rules.mean(shares) or Decimal(0)
        above.save(update_fields=["pct"])
        Plan.objects.filter(pk=above.plan_id).update(pct=_of_plan(above.plan_id))
        key = above.parent_id


def _guard_close(plan: Plan, *, by: Actor, at: dt.datetime, result: str) -> Iterator[Refusal]:
    if len(result.strip()) < rules.REASON_LENGTH:
        yield Refusal("plan.result", _("请写明完成情况、差异的原因和下期打算。"), {}, CLAUSE, "result")


@arrow(
    Plan, sources=[S.APPROVED], target=S.CLOSED, label=_("写总结"), event="closed", permit=maker, guard=_guard_close, clause=CLAUSE,
    hint=_("写明完成了什么、差多少、为什么、下期怎么办；之后不能再改。"),
)  # fmt: skip
def close(plan: Plan, *, by: Actor, at: dt.datetime, result: str) -> dict[str, Any]:
    """The period is over: what was reached, what not, why. The figures stand from now on."""
    plan.result, plan.closed_at = result, at
    return {"codes": {"pct": str(plan.pct), "level": plan.level, "rhythm": plan.rhythm, "of_period": plan.period}}


def _guard_withdraw(plan: Plan, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if plan.children.exclude(status=S.WITHDRAWN).exists():
        yield Refusal("plan.children", _("下级计划挂在这份计划上，不能撤回。"), {}, CLAUSE)


@arrow(
    Plan, sources=[S.DRAFT, S.SUBMITTED, S.RETURNED], target=S.WITHDRAWN, label=_("撤回"), event="withdrawn", permit=maker,
    guard=_guard_withdraw, clause=CLAUSE,
)  # fmt: skip
def withdraw(plan: Plan, *, by: Actor, at: dt.datetime) -> None:
    _mark(plan, Record.Status.VOID)


def _mark(plan: Plan, status: str) -> None:
    Record.objects.filter(pk=plan.pk).update(status=status)
    plan.record.status = status


def _news(plan: Plan, people: Any, code: str, at: dt.datetime) -> None:
    params = {"number": plan.record.number or plan.period}
    notify(people, code, params, at=at, record_id=plan.pk, url=plan.get_absolute_url(), clause=CLAUSE)


def lock_plan(record: Record) -> Plan:
    return Plan.objects.lock(record.pk)
