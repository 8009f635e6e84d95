"""A visit from the check before leaving to the sheet on return (CS-W3.2, CS-W3.3, HS-D6, CC-D8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zhangfa.care import permissions, rules
from zhangfa.care.actions.learnt import given_in, refuse_learnt, write_learnt
from zhangfa.care.actions.promises import promise
from zhangfa.care.actions.threads import raise_thread
from zhangfa.care.models import CarePlan, Visit
from zhangfa.care.rules import SHEET, VISIT
from zhangfa.claims.queries import person_in
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.periods import month_of
from zhangfa.core.text import _
from zhangfa.core.transitions import Happened, announce, transition
from zhangfa.core.work import work
from zhangfa.customers.models import Customer
from zhangfa.customers.rules import refuse_use
from zhangfa.notices.actions import notify
from zhangfa.orders.models import Order, Product
from zhangfa.organisation.actor import Actor
from zhangfa.policy.queries import value
from zhangfa.records.actions import ask_signatures, assign_number, concern_many, open_record, send_copies
from zhangfa.records.models import Record

S, K, P = Visit.Status, Visit.Kind, CarePlan.Status
ARRIVAL, HOURS = "visit.arrival_minutes", "visit.sheet_hours"
FORMS = {K.CARE: "F19", K.COMPLAINT: "F20", K.DIVISION: "F21"}
# Whose sheet is owed within hours, and as what.
OWED = {K.CARE: "care.sheet", K.COMPLAINT: "care.contact_sheet"}
STARTED, STEP = "orders.order.started", "CS-W3.2"


def kind_for(by: Actor) -> str:
    """Account managers and their manager visit by plan, specialists after complaints, departments their customers."""
    if by.holds("cm"):
        return K.CARE
    return K.COMPLAINT if by.holds("cc") else K.CARE if by.holds("cs") else K.DIVISION


def _open(
    customer: Customer, *, kind: str, by: Actor, at: dt.datetime, order: Order | None, plan: CarePlan | None, **facts: Any
) -> Visit:  # fmt: skip
    if by.person_id is None:
        raise Refused([Refusal("visit.person", _("访问要由具体的人进行。"), {}, VISIT)])
    record = open_record(
        FORMS[K(kind)], unit=customer.outlet, by=by, at=at, title=customer.no, url=lambda pk: f"/care/visits/{pk}/", retention="R3",
    )  # fmt: skip
    visit = Visit(
        record=record, kind=kind, customer=customer, outlet=customer.outlet, department_id=customer.department_id, order=order, plan=plan,
        visitor_id=by.person_id, **facts,
    )  # fmt: skip
    concern_many(record, [(by.person_id, "visitor")])
    return visit


def _refuse_place(customer: Customer, order: Order | None, plan: CarePlan | None) -> Iterator[Refusal]:
    yield from refuse_use(status=customer.status)
    if order is not None and order.customer_id != customer.pk:
        yield Refusal("visit.order_of", _("这个订单不是这位客户的。"), {}, VISIT, "order")
    if plan is not None and Visit.objects.filter(plan=plan).exclude(status=S.CANCELLED).exists():
        yield Refusal("visit.twice", _("这份计划已经有一次访问。"), {}, VISIT)


def prepare(
    customer: Customer, *, checklist: Sequence[str], order: Order | None = None, is_notified: bool = True,
    plan: CarePlan | None = None, by: Actor, at: dt.datetime,
) -> Visit:  # fmt: skip
    """The check before leaving: dress, notebook, gift; without the first two nobody goes."""
    with work():
        demand(permissions.visit_customers(by=by, at=at))
        if plan is not None:
            plan = CarePlan.objects.lock(plan.pk)
            demand(permissions.edit_plans(plan, by=by, at=at))
            if plan.status not in (P.PLANNED, P.CONFIRMED):
                demand([Refusal("visit.plan", _("这份计划现在不能访问。"), {}, VISIT)])
            order = order or plan.order
        demand([*rules.refuse_leaving(checklist), *_refuse_place(customer, order, plan)])
        Visit.objects.filter(plan=plan, status=S.CANCELLED).update(plan=None) if plan is not None else None
        visit = _open(
            customer, kind=K.CARE if plan else kind_for(by), by=by, at=at, order=order, plan=plan, checklist=list(checklist), prepared_at=at,
            is_notified=is_notified, planned_at=order.served_from if order else None,
        )  # fmt: skip
        visit.save(force_insert=True)
        announce(
            "care.visit.prepared", visit, by=by, at=at, label=_("出发前检查"), record_id=visit.pk, clause=VISIT,
            codes={"customer": customer.pk, "order": order.pk if order else None, "checklist": list(checklist)},
        )  # fmt: skip
    return visit


@transition(
    Visit, sources=[S.PREPARED], target=S.ARRIVED, label=_("到达"), event="arrived", permit=permissions.own_visit, clause=VISIT,
    hint=_("到达时间以现在为准，与服务的实际开始时间比较。"),
)  # fmt: skip
def arrive(visit: Visit, *, by: Actor, at: dt.datetime, place: str = "") -> dict[str, Any]:
    """Arrival is when it is said, not when it is remembered; measured against the real start of the service."""
    visit.arrived_at, visit.place = at, place
    visit.sheet_due_at = clock.day_end(at)
    if visit.order is not None:
        measure(visit, visit.order, at)
    if visit.plan is not None:
        plan = CarePlan.objects.lock(visit.plan_id)
        plan.status = P.VISITED
        plan.save(update_fields=["status"])
        announce(
            "care.plan.visited", plan, by=by, at=at, label=_("按计划访问"), clause=VISIT,
            codes={"subject": plan.subject, "handler": plan.manager_id, "is_on_time": visit.is_on_time, "delay": visit.delay_minutes},
        )  # fmt: skip
    _sheet(visit, "owed", by=by, at=at)
    return {"codes": {"customer": visit.customer_id, "is_on_time": visit.is_on_time, "delay": visit.delay_minutes}}


def measure(visit: Visit, order: Order, at: dt.datetime) -> None:
    """The distance from the start; a service that hasn't begun is measured when it does."""
    if order.started_at is None or visit.arrived_at is None:
        return
    visit.service_started_at = order.started_at
    visit.delay_minutes = rules.minutes_after(order.started_at, visit.arrived_at)
    visit.is_on_time = rules.is_on_time(order.started_at, visit.arrived_at, int(value(ARRIVAL, at)))


def _sheet(visit: Visit, what: str, *, by: Actor, at: dt.datetime) -> None:
    """Tell the duties what is owed, nearer or done; a department's sheet is counted by the week instead."""
    if name := OWED.get(K(visit.kind)):
        announce(
            f"{name}.{what}", visit, by=by, at=at, label=_("访问登记表"), record_id=visit.pk, clause=SHEET,
            codes={"handler": visit.visitor_id, "sheet_due_at": visit.sheet_due_at, "subject": visit.subject},
        )  # fmt: skip


def _guard_return(visit: Visit, *, by: Actor, at: dt.datetime, left_at: dt.datetime | None = None) -> Iterator[Refusal]:
    assert visit.arrived_at is not None
    yield from rules.refuse_times(arrived=visit.arrived_at, left=left_at or at, at=at)


@transition(
    Visit, sources=[S.ARRIVED], target=S.RETURNED, label=_("返回"), event="returned", permit=permissions.own_visit, guard=_guard_return,
    clause=SHEET, hint=_("从返回起计算填表期限。"),
)  # fmt: skip
def come_back(visit: Visit, *, by: Actor, at: dt.datetime, left_at: dt.datetime | None = None) -> dict[str, Any]:
    """Back at the desk: the sheet is due within hours, at the end of the day at the latest (D-CM-02)."""
    visit.left_at, visit.returned_at = left_at or at, at
    assert visit.arrived_at is not None
    visit.sheet_due_at = rules.sheet_due(at, int(value(HOURS, at)), clock.day_end(visit.arrived_at))
    _sheet(visit, "nearer", by=by, at=at)
    return {"codes": {"sheet_due_at": visit.sheet_due_at}}


def _guard_write(visit: Visit, *, by: Actor, at: dt.datetime, **sheet: Any) -> Iterator[Refusal]:
    yield from _refuse_sheet(visit.kind, is_in_service(visit), sheet)
    yield from refuse_learnt(visit.customer, sheet)
    if sheet.get("promise_text") or sheet.get("promise_due"):
        yield from _refuse_promise(sheet, at)


def _refuse_sheet(kind: str, in_service: bool, sheet: Mapping[str, Any]) -> Iterator[Refusal]:
    yield from rules.refuse_sheet(
        opinion=sheet.get("opinion", ""), suggestion=sheet.get("suggestion", ""), satisfaction=sheet.get("satisfaction"), in_service=in_service, scores=sheet.get("scores") or {},
        needs_action=bool(sheet.get("needs_action")), problem=sheet.get("problem", ""), problem_text=sheet.get("problem_text", ""),
        interviewee=sheet.get("interviewee", ""), profile_note=sheet.get("profile_note", ""), needs_profile=kind == K.COMPLAINT,
        has_updates=bool(given_in(sheet)),
    )  # fmt: skip


def _refuse_promise(sheet: Mapping[str, Any], at: dt.datetime) -> Iterator[Refusal]:
    if not sheet.get("promise_due"):
        yield Refusal("promise.until", _("请写明承诺什么时候兑现。"), {}, VISIT, "promise_due")
        return
    for refusal in rules.refuse_promise(text=sheet.get("promise_text", ""), due_at=sheet["promise_due"], at=at):
        field = {"text": "promise_text", "due_at": "promise_due"}[refusal.field]
        yield Refusal(refusal.code, refusal.text, refusal.params, refusal.clause, field)


def is_in_service(visit: Visit) -> bool:
    """Whether the worker was at work when the visitor came: then quality is checked."""
    order = visit.order
    if order is None or order.started_at is None or visit.mode != Visit.Mode.ONSITE:
        return False
    left = visit.left_at or visit.arrived_at
    return left is not None and order.started_at <= left and (order.finished_at is None or visit.arrived_at is None or order.finished_at >= visit.arrived_at)  # fmt: skip


@transition(
    Visit, sources=[S.ARRIVED, S.RETURNED], target=S.WRITTEN, label=_("填写访问登记表"), event="written", permit=permissions.own_visit,
    guard=_guard_write, clause=SHEET,
)  # fmt: skip
def write_sheet(visit: Visit, *, by: Actor, at: dt.datetime, **sheet: Any) -> dict[str, Any]:
    """What the customer said, how content they are, what was wrong: written at once on return."""
    visit.left_at, visit.returned_at = visit.left_at or at, visit.returned_at or at
    _fill(visit, sheet, by=by, at=at)
    _sheet(visit, "written", by=by, at=at)
    return {"codes": _codes(visit), "values": {"opinion": visit.opinion, "problem": visit.problem_text}}


def record_visit(
    customer: Customer, *, arrived_at: dt.datetime, left_at: dt.datetime, mode: str, order: Order | None = None, is_notified: bool = True,
    by: Actor, at: dt.datetime, **sheet: Any,
) -> Visit:  # fmt: skip
    """A visit or call that is over, with its sheet: departments write theirs so (HS-D6)."""
    kind = kind_for(by)
    with work():
        demand(permissions.visit_customers(by=by, at=at))
        demand([*rules.refuse_times(arrived=arrived_at, left=left_at, at=at), *_refuse_place(customer, order, None)])
        demand(
            [
                *_refuse_sheet(kind, False, sheet),
                *refuse_learnt(customer, sheet),
                *(_refuse_promise(sheet, at) if sheet.get("promise_text") or sheet.get("promise_due") else ()),
            ]
        )
        visit = _open(
            customer, kind=kind, by=by, at=at, order=order, plan=None, mode=mode, is_notified=is_notified, arrived_at=arrived_at, left_at=left_at,
            returned_at=left_at, status=S.WRITTEN, sheet_due_at=rules.sheet_due(left_at, int(value(HOURS, at)), clock.day_end(arrived_at)),
        )  # fmt: skip
        if order is not None and mode == Visit.Mode.ONSITE:
            measure(visit, order, at)
        visit.save(force_insert=True)
        _fill(visit, sheet, by=by, at=at)
        visit.save()
        announce(
            "care.visit.written", visit, by=by, at=at, label=_("登记访问"), record_id=visit.pk, clause=SHEET, codes=_codes(visit),
            values={"opinion": visit.opinion, "problem": visit.problem_text},
        )  # fmt: skip
    return visit


def _fill(visit: Visit, sheet: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> None:
    """Put the answers on the visit, number its paper, and begin what follows from it."""
    for name in (
        "interviewee", "title", "level", "satisfaction", "recommend", "opinion", "suggestion", "wish", "competitor", "problem", "problem_text",
        "severity", "needs_action", "profile_note",
    ):  # fmt: skip
        if sheet.get(name) not in (None, ""):
            setattr(visit, name, sheet[name])
    pitched: Product | None = sheet.get("pitched")
    visit.pitched, visit.checks = (
        pitched,
        {name: int(score) for name, score in (sheet.get("scores") or {}).items() if score},
    )
    visit.written_at, visit.is_late = at, visit.sheet_due_at is not None and at > visit.sheet_due_at
    record = visit.record
    record.due_at = visit.sheet_due_at
    write_learnt(visit, sheet, by=by, at=at)
    assign_number(record, at=at)
    Record.objects.filter(pk=record.pk).update(due_at=visit.sheet_due_at)
    ask_signatures(record, [("visitor", visit.visitor_id)], by=by, at=at)
    if visit.needs_action:
        raise_thread(visit, by=by, at=at)
    if visit.kind == K.DIVISION and (manager := person_in("am", at)):
        concern_many(record, [(manager.pk, "copy")])
        send_copies(record, [manager.pk], by=by, at=at)
    if sheet.get("promise_text"):
        promise(
            visit.customer, text=sheet["promise_text"], due_at=sheet["promise_due"], source=f"visit:{visit.pk}",
            source_title=str(record.number), source_url=visit.get_absolute_url(), by=by, at=at,
        )  # fmt: skip


def _codes(visit: Visit) -> dict[str, Any]:
    return {
        "kind": visit.kind, "customer": visit.customer_id, "satisfaction": visit.satisfaction, "is_late": visit.is_late,
        "needs_action": visit.needs_action, "handler": visit.visitor_id,
    }  # fmt: skip


def _guard_cancel(visit: Visit, *, by: Actor, at: dt.datetime, reason: str) -> Iterator[Refusal]:
    yield from rules.refuse_text(reason, "reason", VISIT, 4)


@transition(
    Visit, sources=[S.PREPARED], target=S.CANCELLED, label=_("取消访问"), event="cancelled", permit=permissions.own_visit, guard=_guard_cancel,
    clause=VISIT,
)  # fmt: skip
def cancel(visit: Visit, *, by: Actor, at: dt.datetime, reason: str) -> dict[str, Any]:
    """Nobody was there, or the order was put off: the plan stays to be visited."""
    visit.cancelled_for, visit.plan = reason, None
    Record.objects.filter(pk=visit.pk).update(status=Record.Status.VOID, void_reason=reason)
    return {"codes": {"customer": visit.customer_id}}


def follow_orders(happened: Happened) -> None:
    """When a service begins: tell the account manager whose timetable it is on, and measure who is there already (CS-W3.2)."""
    if happened.event != STARTED:
        return
    order, at = happened.obj, happened.at
    day = clock.local_date(at)
    plans = CarePlan.objects.filter(
        customer_id=order.customer_id, status__in=(P.PLANNED, P.CONFIRMED), planned_on__lte=day
    )
    for plan in plans.filter(month__month_on=month_of(day)).select_related("order", "manager")[:1]:
        if plan.order_id not in (None, order.pk) and plan.planned_on != day:
            continue
        minutes = int(value(ARRIVAL, at))
        params = {"number": order.number, "minutes": minutes}
        notify([plan.manager_id], "care.started", params, at=at, url=plan.get_absolute_url(), clause=STEP)
        if plan.order_id != order.pk:
            CarePlan.objects.filter(pk=plan.pk).update(order=order)
        announce(
            "care.plan.service_started", plan, by=happened.by, at=at, label=_("计划访问的服务开始"), clause=STEP,
            codes={"subject": plan.subject, "handler": plan.manager_id, "order": order.pk, "due_at": at + dt.timedelta(minutes=minutes)},
        )  # fmt: skip
    for visit in Visit.objects.select_for_update(of=("self",)).filter(order_id=order.pk, status=S.ARRIVED):
        measure(visit, order, at)
        visit.save(update_fields=["service_started_at", "delay_minutes", "is_on_time"])
