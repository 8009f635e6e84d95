"""Care as pages, panels and other apps ask for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Count, Q
from django.utils.html import format_html
from django.utils.translation import gettext as _

from zhangfa.care import classes
from zhangfa.care.models import CarePlan, Feedback, GiftItem, KeyAccount, MonthPlan, Promise, Recheck, Thread, Visit
from zhangfa.care.permissions import visit_customers
from zhangfa.core import clock
from zhangfa.core.periods import month_of
from zhangfa.orders.models import Order
from zhangfa.organisation.actor import Actor
from zhangfa.ui.access import is_open
from zhangfa.ui.registry import LIMIT, Choice, Item, Lookup

SHOWN = 10
OPEN_PLANS = (CarePlan.Status.PLANNED, CarePlan.Status.CONFIRMED)


def counts_of(month: MonthPlan, at: dt.datetime) -> dict[str, int]:
    """How the month goes."""
    rows = CarePlan.objects.filter(month=month)
    return rows.aggregate(
        all=Count("pk"), visited=Count("pk", filter=Q(status="visited")), on_time=Count("pk", filter=Q(visit__is_on_time=True)),
        late=Count("pk", filter=Q(status__in=OPEN_PLANS, planned_on__lt=clock.local_date(at))),
    )  # fmt: skip


def visit_of(plan: CarePlan) -> Visit | None:
    return Visit.objects.filter(plan=plan).exclude(status=Visit.Status.CANCELLED).first()


def order_line(order: Order | None) -> Any:
    """An order as a fact: number with its hour, and when it really began."""
    if order is None:
        return ""
    text = f"{order.number} {order.served_from.astimezone(clock.TZ):%m-%d %H:%M}"
    if order.started_at:
        text = _("%(order)s，%(time)s 已开始") % {
            "order": text,
            "time": f"{order.started_at.astimezone(clock.TZ):%H:%M}",
        }
    return format_html('<a href="{}">{}</a>', order.get_absolute_url(), text)


def thread_line(visit: Visit) -> str:
    """The paper on which the visit's problem goes on, and until when the customer is answered (CS-W3.4)."""
    thread = getattr(visit, "thread", None)
    if thread is None:
        return ""
    due = thread.answer_due_at
    until = _("，%(day)s 前答复") % {"day": f"{due.astimezone(clock.TZ):%Y-%m-%d}"} if due else ""
    return f"{thread.record.number} {thread.get_status_display()}{until}"


def recheck_line(visit: Visit, actor: Actor | None) -> str:
    """What the check of the record found, for those who may see the check; nothing while it is only drawn (HS-W1.7)."""
    rows = Recheck.objects.all() if actor is None else Recheck.objects.visible_to(actor)
    row = rows.filter(subject=f"visit:{visit.pk}").exclude(status=Recheck.Status.DRAWN).first()
    if row is None:
        return ""
    day = f"{row.checked_at.astimezone(clock.TZ):%Y-%m-%d}" if row.checked_at else ""
    return f"{row.get_status_display()} {row.checker.shown_name if row.checker else ''} {day}".strip()


def of_customer(page: Any, customer: Any) -> tuple[str, dict[str, Any]]:
    """What care knows of a customer: class, plan of the month, visits, key account, who looks after them."""
    plans = (
        CarePlan.objects.visible_to(page.actor).filter(customer=customer).select_related("manager", "offer", "month")
    )
    visits = Visit.objects.visible_to(page.actor).filter(customer=customer).select_related("record", "visitor")
    plan = plans.order_by("-planned_on").first()
    own = classes.classes_of([customer.pk]).get(customer.pk) or (set(plan.classes) if plan else set())
    may_visit = customer.status not in ("kept", "merged", "erased") and is_open(
        visit_customers, by=page.actor, at=page.at
    )
    return "care/of_customer.html", {
        "customer": customer, "may_visit": may_visit,
        "classes": [_(classes.LABELS[code]) for code in sorted(own) if code in classes.LABELS], "plan": plan,
        "visits": list(visits.order_by("-pk")[:SHOWN]), "account": KeyAccount.objects.visible_to(page.actor).filter(customer=customer).first(),
    }  # fmt: skip


def promises_of(page: Any, obj: Any) -> tuple[str, dict[str, Any]]:
    """The promises to the customer of a customer's page, a call, an order or a case: open ones first."""
    customer = obj if hasattr(obj, "joined_on") else obj.customer
    rows = (
        Promise.objects.visible_to(page.actor).filter(customer=customer).select_related("owner", "made_by")
        if customer
        else Promise.objects.none()
    )
    listed = sorted(rows.order_by("-pk")[: SHOWN * 2], key=lambda row: (row.status != Promise.Status.OPEN, row.due_at))
    return "care/promises.html", {
        "promises": listed[:SHOWN],
        "customer": customer,
        "late": {row.pk for row in listed if row.is_late(page.at)},
    }


def care_notes(orders: Iterable[Order], at: dt.datetime) -> Mapping[int, list[str]]:
    """What the worker who is sent should know of a listed customer: class and care instruction, no amounts (CS-W2.2)."""
    rows = {order.customer_id: order.pk for order in orders}
    plans = CarePlan.objects.filter(
        customer_id__in=list(rows), month__month_on=month_of(clock.local_date(at)), month__status="issued"
    )
    found: dict[int, list[str]] = {}
    for plan in plans.exclude(status=CarePlan.Status.DROPPED):
        words = _("、").join(_(classes.LABELS[code]) for code in plan.classes if code in classes.LABELS)
        found[plan.customer_id] = [_("%(classes)s：请格外用心，有任何不满当场处理并告诉网点。") % {"classes": words}]
        if plan.advice:
            found[plan.customer_id].append(plan.advice)
    promised = Promise.objects.filter(customer_id__in=list(rows), status=Promise.Status.OPEN)
    for promise in promised.order_by("due_at")[:SHOWN]:
        found.setdefault(promise.customer_id, []).append(_("已答应客户：%(text)s") % {"text": promise.text})
    return {order.pk: found[order.customer_id] for order in orders if order.customer_id in found}


def caller_notes(
    actor: Actor, customers: Collection[int], at: dt.datetime
) -> Mapping[int, list[tuple[str, str, bool]]]:
    """What was promised to these callers and is still to be kept, the nearest deadline first; one statement, none for nobody."""
    found: dict[int, list[tuple[str, str, bool]]] = {}
    if not customers:
        return found
    rows = Promise.objects.visible_to(actor).filter(customer_id__in=list(customers), status=Promise.Status.OPEN)
    for row in rows.order_by("due_at", "pk")[: SHOWN * 2]:
        found.setdefault(row.customer_id, []).append((row.text, row.get_absolute_url(), row.is_late(at)))
    return found


def _find_gift(actor: Actor, q: str, at: dt.datetime) -> list[Choice]:
    rows = GiftItem.objects.visible_to(actor).filter(is_active=True, on_hand__gt=0).search(q)
    return [
        Choice(str(row.pk), row.name, _("库存 %(count)s") % {"count": row.on_hand}) for row in rows.order_by("pk")[:20]
    ]


def _get_gift(actor: Actor, value: str, at: dt.datetime) -> Choice | None:
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        return None
    row = GiftItem.objects.visible_to(actor).filter(pk=value).first()
    return Choice(str(row.pk), row.name) if row else None


GIFTS = Lookup(_find_gift, _get_gift)


def todo(actor: Actor, at: dt.datetime) -> list[Item]:
    """What waits for this person: services that began, plans of these days, sheets, threads, promises, opinions."""
    if actor.person_id is None:
        return []
    items: list[Item] = []
    if actor.holds("cm", "cs"):
        items += _plans(actor, at)
    items += _sheets(actor)
    items += _threads(actor)
    items += _promises(actor)
    items += _feedback(actor)
    if actor.holds("hs", "ls", "sup"):
        items += _rechecks(actor)
    return sorted(items, key=lambda item: item.due_at or at)[:LIMIT]


def _plans(actor: Actor, at: dt.datetime) -> Iterable[Item]:
    rows = CarePlan.objects.filter(
        manager_id=actor.person_id, status__in=OPEN_PLANS, planned_on__lte=clock.local_date(at)
    )
    for row in rows.select_related("customer", "order").order_by("-planned_on", "-id")[:LIMIT]:
        title = _("关怀%(name)s") % {"name": row.customer.name}
        due = clock.day_start(row.planned_on + dt.timedelta(days=1))
        yield Item(title, row.get_absolute_url(), row.order.number if row.order else "", due)


def _sheets(actor: Actor) -> Iterable[Item]:
    rows = Visit.objects.filter(visitor_id=actor.person_id, status__in=(Visit.Status.ARRIVED, Visit.Status.RETURNED))
    for row in rows.select_related("customer").order_by("-pk")[:LIMIT]:
        yield Item(
            _("填写访问登记表：%(name)s") % {"name": row.customer.name}, row.get_absolute_url(), "", row.sheet_due_at
        )


def _threads(actor: Actor) -> Iterable[Item]:
    steps = {
        "open": (("cs",), "meeting_due_at", _("为访问中的问题开会")), "met": (("am",), "rule_due_at", _("出台访问问题的制度")),
        "ruled": (("cs",), "answer_due_at", _("答复访问中提出问题的客户")),
    }  # fmt: skip
    mine = [status for status, (posts, _due, _title) in steps.items() if actor.holds(*posts)]
    for row in Thread.objects.filter(status__in=mine).select_related("record").order_by("-pk")[:LIMIT] if mine else ():
        _posts, due, title = steps[row.status]
        yield Item(title, row.get_absolute_url(), row.record.number or "", getattr(row, due))


def _promises(actor: Actor) -> Iterable[Item]:
    rows = Promise.objects.filter(owner_id=actor.person_id, status=Promise.Status.OPEN).order_by("-id")[:LIMIT]
    for row in rows:
        yield Item(_("兑现承诺：%(text)s") % {"text": row.text[:20]}, row.get_absolute_url(), "", row.due_at)


def _feedback(actor: Actor) -> Iterable[Item]:
    """Who was named answers; whether the customer accepts the answer is asked by the account's owner."""
    status, own = Feedback.Status, actor.person_id
    mine = Q(owner_id=own, status=status.OPEN) | Q(account__owner_id=own, status=status.ANSWERED)
    for row in Feedback.objects.filter(mine).select_related("record").order_by("-pk")[:LIMIT]:
        due: dt.datetime | None
        if row.status == status.OPEN:
            title, due = _("答复大客户意见"), clock.day_start(row.due_on + dt.timedelta(days=1))
        else:
            title, due = _("请大客户确认答复"), None
        yield Item(title, row.get_absolute_url(), row.record.number or "", due)


def _rechecks(actor: Actor) -> Iterable[Item]:
    rows = (
        Recheck.objects.visible_to(actor)
        .filter(status=Recheck.Status.DRAWN)
        .select_related("record")
        .order_by("-pk")[:LIMIT]
    )
    for row in rows:
        yield Item(_("真实性回访"), row.get_absolute_url(), row.record.number or "", row.due_at)


def findings_of(person_id: int, since: dt.date, until: dt.date) -> Any:
    """What was found untrue in the records of a person, for the appraisal: objections that were lifted don't count."""
    standing = (Recheck.Status.FALSE, Recheck.Status.UPHELD)
    rows = Recheck.objects.filter(concerned_id=person_id, status__in=standing, checked_at__gte=clock.day_start(since))
    return rows.filter(checked_at__lt=clock.day_start(until)).select_related("record").order_by("pk")


def open_promises_of(person_id: int) -> Any:
    """What somebody still has to keep: for the hand-over of a post."""
    return (
        Promise.objects.filter(owner_id=person_id, status=Promise.Status.OPEN)
        .select_related("customer")
        .order_by("due_at", "pk")
    )


__all__ = ["caller_notes", "care_notes", "findings_of", "of_customer", "open_promises_of", "promises_of", "todo"]
