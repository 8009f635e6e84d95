"""The month's care plans: drawn from the list, issued, confirmed after fact-finding, matched to booked orders (CS-W3.1)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, F

from zhangfa.care import classes, permissions
from zhangfa.care.advice import offer_for
from zhangfa.care.models import CarePlan, MonthPlan
from zhangfa.care.rules import PLAN, refuse_day, refuse_issue, refuse_text
from zhangfa.claims.queries import person_in
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.periods import month_after, month_of, twelve_months_to
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.customers.models import Customer
from zhangfa.notices.actions import notify
from zhangfa.orders.models import Order, Product
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.calendar import is_working
from zhangfa.organisation.models import Holding, Person, Unit
from zhangfa.records.actions import assign_number, open_record
from zhangfa.records.models import Record

M, S = MonthPlan.Status, CarePlan.Status
FORM = "GH"
CHUNK = 500
DAY = dt.timedelta(days=1)
BOOKED = (Order.Status.PLANNED, Order.Status.ASSIGNED)


def _year_to(at: dt.datetime) -> dt.datetime:
    return clock.day_start(twelve_months_to(clock.local_date(at)))


def centre() -> Unit:
    """The unit that keeps care: where the manager of the service centre sits."""
    return Unit.objects.filter(seats__post_id="cs", seats__is_active=True).order_by("pk").first() or Unit.objects.get(
        kind="company"
    )


def _refuse_month(month_on: dt.date, at: dt.datetime) -> Iterator[Refusal]:
    this = month_of(clock.local_date(at))
    if month_on not in (this, month_after(this)):
        yield Refusal("month.range", _("只能编制本月或下月的关怀计划。"), {}, PLAN, "month_on")
    elif MonthPlan.objects.filter(month_on=month_on, status=M.ISSUED).exists():
        yield Refusal("month.issued", _("这个月的计划已经下达。"), {}, PLAN, "month_on")


def draw(month_on: dt.date, *, note: str = "", by: Actor, at: dt.datetime) -> MonthPlan:
    """Draw the month's timetable: one line per premium or loyal customer; drawn again it adds who is missing."""
    demand(permissions.draw_months(by=by, at=at))
    month_on = month_of(month_on)
    with work():
        demand(_refuse_month(month_on, at))
        month = MonthPlan.objects.select_for_update().filter(month_on=month_on).first()
        if month is None:
            record = open_record(
                FORM, unit=centre(), by=by, at=at, title=f"{month_on:%Y-%m}", url=lambda pk: f"/care/months/{pk}/", retention="R3",
            )  # fmt: skip
            month = MonthPlan(record=record, month_on=month_on, drawn_at=at, drawn_by_id=by.person_id, note=note, rules=classes.rules_used(at))  # fmt: skip
            month.save(force_insert=True)
        announce(
            "care.monthplan.drawn", month, by=by, at=at, label=_("编制关怀计划"), record_id=month.pk, clause=PLAN,
            codes={"month": month_on.isoformat()},
        )  # fmt: skip
    fill(month, at=at)
    return month


def wanted(at: dt.datetime) -> dict[int, set[str]]:
    """Who gets a plan: premium and loyal customers, with all their classes."""
    found: dict[int, set[str]] = classes.listed(at)
    return {pk: own for pk, own in found.items() if own & set(classes.CARED_FOR)}


def fill(month: MonthPlan, *, at: dt.datetime) -> int:
    """Add the lines that are missing, at most so many in one transaction; begun again it finds the rest. Returns how many."""
    listed = wanted(at)
    known = set(CarePlan.objects.filter(month=month).values_list("customer_id", flat=True))
    missing = sorted(set(listed) - known)
    managers = _managers(month, at)
    made = 0
    for start in range(0, len(missing), CHUNK):
        made += _fill_chunk(month, {pk: listed[pk] for pk in missing[start : start + CHUNK]}, managers, at)
    return made


def _managers(month: MonthPlan, at: dt.datetime) -> Counter[int]:
    """The account managers with how many customers each has this month."""
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__post_id="cm", seat__is_active=True)
    counts: Counter[int] = Counter(dict.fromkeys(held.values_list("person_id", flat=True), 0))
    if not counts and (manager := person_in("cs", at)):
        counts[manager.pk] = 0
    for row in CarePlan.objects.filter(month=month).order_by().values("manager_id").annotate(n=Count("pk")):
        if row["manager_id"] in counts:
            counts[row["manager_id"]] = row["n"]
    return counts


def _fill_chunk(month: MonthPlan, listed: dict[int, set[str]], managers: Counter[int], at: dt.datetime) -> int:
    customers = list(Customer.objects.filter(pk__in=list(listed), status=Customer.Status.ACTIVE).order_by("pk"))
    used = _used([one.pk for one in customers], at)
    booked = next_orders([one.pk for one in customers], month.month_on, at)
    sold = set(Product.objects.filter(is_active=True).exclude(category="fee").values_list("code", flat=True))
    days = _working_days(month.month_on, clock.local_date(at))
    rows = []
    for place, customer in enumerate(customers):
        if not managers:
            break
        own = customer.account_manager_id
        manager = own if own in managers else min(managers, key=lambda pk: (managers[pk], pk))
        managers[manager] += 1
        order = booked.get(customer.pk)
        advice = offer_for(
            used.get(customer.pk, {}), on=month.month_on, sold=sold, is_facility=customer.kind != "household"
        )
        rows.append(
            CarePlan(
                month=month, customer=customer, outlet_id=customer.outlet_id, department_id=customer.department_id, manager_id=manager,
                classes=sorted(listed[customer.pk]), order=order, offer_id=advice.product if advice else None,
                reasons=advice.reasons if advice else [], planned_on=clock.local_date(order.served_from) if order else days[place % len(days)],
            )
        )  # fmt: skip
    with work():
        CarePlan.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _used(customers: Sequence[int], at: dt.datetime) -> dict[int, dict[str, int]]:
    """What each customer used in the last twelve months, by product."""
    rows = Order.objects.filter(customer_id__in=customers, status=Order.Status.FINISHED, served_from__gte=_year_to(at))
    found: dict[int, dict[str, int]] = {}
    for row in rows.order_by().values("customer_id", "product_id").annotate(n=Count("pk")):
        found.setdefault(row["customer_id"], {})[row["product_id"]] = row["n"]
    return found


def next_orders(customers: Sequence[int], month_on: dt.date, at: dt.datetime) -> dict[int, Order]:
    """The first booked order of each customer in the month that is still to come."""
    rows = Order.objects.filter(
        customer_id__in=customers, status__in=BOOKED, served_from__gte=max(clock.day_start(month_on), clock.day_start(clock.local_date(at))),
        served_from__lt=clock.day_start(month_after(month_on)),
    ).order_by("-served_from", "-pk")  # fmt: skip
    return {order.customer_id: order for order in rows}


def _working_days(month_on: dt.date, today: dt.date) -> list[dt.date]:
    """The working days on which a visit may still be planned."""
    days = [month_on + DAY * n for n in range((month_after(month_on) - month_on).days)]
    ahead = [day for day in days if day >= today] or days[-1:]
    return [day for day in ahead if is_working(day)] or ahead


def _guard_issue(month: MonthPlan, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    known = set(CarePlan.objects.filter(month=month).values_list("customer_id", flat=True))
    yield from refuse_issue(left_out=len(set(wanted(at)) - known), drafts=len(known))


@transition(
    MonthPlan, sources=[M.DRAWN], target=M.ISSUED, label=_("下达关怀计划"), event="issued", permit=permissions.draw_months, guard=_guard_issue,
    clause=PLAN,
)  # fmt: skip
def issue(month: MonthPlan, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """The account managers have their list: from here on they find the facts and go (D-CS-10)."""
    month.issued_at, month.issued_by_id = at, by.person_id
    lines = CarePlan.objects.filter(month=month, status=S.DRAFT)
    managers = sorted(set(lines.values_list("manager_id", flat=True)))
    count = lines.update(status=S.PLANNED, version=F("version") + 1)
    # Handed in with this step: from here on the timetable is a paper with a number.
    month.record.status = Record.Status.APPROVED
    assign_number(month.record, at=at)
    notify(managers, "care.issued", {"month": f"{month.month_on:%Y-%m}"}, at=at, record_id=month.pk, url=month.get_absolute_url(), clause=PLAN)  # fmt: skip
    return {"codes": {"month": month.month_on.isoformat(), "plans": count}}


def _guard_confirm(
    plan: CarePlan, *, by: Actor, at: dt.datetime, found: str, planned_on: dt.date, offer: Product | None = None, advice: str = ""
) -> Iterator[Refusal]:  # fmt: skip
    yield from refuse_text(found, "found", PLAN)
    yield from refuse_day(day=planned_on, month=plan.month.month_on, today=clock.local_date(at))
    if offer is None:
        yield Refusal("plan.offer", _("请选择要推介的新产品。"), {}, PLAN, "offer")
    elif Order.objects.filter(
        customer_id=plan.customer_id, product=offer, status=Order.Status.FINISHED, served_from__gte=_year_to(at)
    ).exists():
        yield Refusal("plan.used", _("这位客户近一年用过这项产品，请推介没有用过的。"), {}, PLAN, "offer")


@transition(
    CarePlan, sources=[S.PLANNED, S.CONFIRMED], target=S.CONFIRMED, label=_("摸底并确定计划"), event="confirmed", permit=permissions.edit_plans,
    guard=_guard_confirm, clause=PLAN,
)  # fmt: skip
def confirm(
    plan: CarePlan, *, by: Actor, at: dt.datetime, found: str, planned_on: dt.date, offer: Product | None = None, advice: str = ""
) -> dict[str, Any]:  # fmt: skip
    """First-hand facts decide day and product; the worker who is sent reads the care instruction."""
    if offer is not None and offer.pk != plan.offer_id:
        plan.reasons = []
    plan.found, plan.offer, plan.advice, plan.confirmed_at = found, offer, advice, at
    _set_day(plan, planned_on)
    return {"codes": _codes(plan, offer=plan.offer_id)}


def _set_day(plan: CarePlan, planned_on: dt.date) -> None:
    """The day, and the order of that day if the customer has one."""
    plan.planned_on = planned_on
    start = clock.day_start(planned_on)
    plan.order = (
        Order.objects.filter(customer_id=plan.customer_id, served_from__gte=start, served_from__lt=start + DAY)
        .exclude(status=Order.Status.CANCELLED)
        .order_by("served_from", "pk")
        .first()
    )


def _codes(plan: CarePlan, **more: Any) -> dict[str, Any]:
    """What duties and the trail go by: whose, about which plan, by when."""
    due = clock.day_start(plan.planned_on + DAY)
    return {"subject": plan.subject, "handler": plan.manager_id, "customer": plan.customer_id, "due_at": due, **more}


def _guard_replan(plan: CarePlan, *, by: Actor, at: dt.datetime, planned_on: dt.date) -> Iterator[Refusal]:
    yield from refuse_day(day=planned_on, month=plan.month.month_on, today=clock.local_date(at))


@transition(
    CarePlan, sources=[S.PLANNED, S.CONFIRMED], target=None, label=_("改期"), event="replanned", permit=permissions.edit_plans,
    guard=_guard_replan, clause=PLAN,
)  # fmt: skip
def replan(plan: CarePlan, *, by: Actor, at: dt.datetime, planned_on: dt.date) -> dict[str, Any]:
    """Another day of the month."""
    _set_day(plan, planned_on)
    return {"codes": _codes(plan)}


def _guard_hand_over(plan: CarePlan, *, by: Actor, at: dt.datetime, manager: Person) -> Iterator[Refusal]:
    day = clock.local_date(at)
    if not Holding.objects.filter(
        Holding.valid_q(day), person=manager, seat__post_id__in=("cm", "cs"), seat__is_active=True
    ).exists():
        yield Refusal("plan.manager", _("请选择在任的客户经理。"), {}, PLAN, "manager")


@transition(
    CarePlan, sources=[S.DRAFT, S.PLANNED, S.CONFIRMED], target=None, label=_("改派客户经理"), event="handed_over", permit=permissions.draw_months,
    guard=_guard_hand_over, clause=PLAN,
)  # fmt: skip
def hand_over(plan: CarePlan, *, by: Actor, at: dt.datetime, manager: Person) -> dict[str, Any]:
    """Somebody else looks after the customer this month."""
    plan.manager = manager
    notify(
        [manager.pk],
        "care.handed_over",
        {"day": plan.planned_on.isoformat()},
        at=at,
        url=plan.get_absolute_url(),
        clause=PLAN,
    )
    return {"codes": _codes(plan)}


def _guard_drop(plan: CarePlan, *, by: Actor, at: dt.datetime, reason: str) -> Iterator[Refusal]:
    yield from refuse_text(reason, "reason", PLAN, 4)


@transition(
    CarePlan, sources=[S.DRAFT, S.PLANNED, S.CONFIRMED], target=S.DROPPED, label=_("取消计划"), event="dropped", permit=permissions.edit_plans,
    guard=_guard_drop, clause=PLAN,
)  # fmt: skip
def drop(plan: CarePlan, *, by: Actor, at: dt.datetime, reason: str) -> dict[str, Any]:
    """The customer doesn't want a visit, or moved away; said in words."""
    plan.dropped_for = reason
    return {"codes": _codes(plan)}


def match_orders(at: dt.datetime) -> int:
    """Each night: planned visits follow the order that was booked, moved or cancelled since. Returns how many moved."""
    today, moved = clock.local_date(at), 0
    rows = CarePlan.objects.filter(
        status__in=(S.PLANNED, S.CONFIRMED), planned_on__gte=today, month__month_on__lte=today
    )
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        with work():
            plans = list(
                CarePlan.objects.select_for_update(of=("self",))
                .filter(pk__in=keys[start : start + CHUNK])
                .select_related("order")
            )
            booked = next_orders([plan.customer_id for plan in plans], month_of(today), at)
            changed = [plan for plan in plans if _follow(plan, booked.get(plan.customer_id))]
            CarePlan.objects.bulk_update(changed, ["order", "planned_on"])
            moved += len(changed)
    return moved


def _follow(plan: CarePlan, order: Order | None) -> bool:
    """Whether the plan's day or order had to change: a visit goes with the service."""
    mine = plan.order
    if mine is not None and mine.status != Order.Status.CANCELLED:
        day = clock.local_date(mine.served_from)
        if day == plan.planned_on or day < plan.planned_on:
            return False
        plan.planned_on = day
        return True
    if order is None:
        was, plan.order = plan.order_id, None
        return was is not None
    plan.order, plan.planned_on = order, clock.local_date(order.served_from)
    return True
