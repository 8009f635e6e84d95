"""What a line of each list says in JSON."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from zhangfa.care.models import (
    Alliance,
    Bundle,
    CarePlan,
    Feedback,
    GiftItem,
    KeyAccount,
    MonthPlan,
    Promise,
    Recheck,
    Thread,
    Visit,
)
from zhangfa.care.permissions import MONEY_POSTS
from zhangfa.care.wording import name_of
from zhangfa.ui.api import Call, Money, Schema


class MonthOut(Schema):
    id: UUID
    month_on: dt.date
    status: str
    drawn_at: dt.datetime
    issued_at: dt.datetime | None


class CarePlanOut(Schema):
    id: int
    month_on: dt.date
    customer: int
    customer_name: str
    manager: int
    classes: list[str]
    offer: str | None
    planned_on: dt.date
    order: str | None
    found: str
    advice: str
    status: str


class VisitOut(Schema):
    id: UUID
    number: str | None
    kind: str
    status: str
    customer: int
    customer_name: str
    visitor: int
    order: int | None
    arrived_at: dt.datetime | None
    service_started_at: dt.datetime | None
    delay_minutes: int | None
    is_on_time: bool | None
    sheet_due_at: dt.datetime | None
    written_at: dt.datetime | None
    is_late: bool
    satisfaction: int | None
    opinion: str
    needs_action: bool


class BundleOut(Schema):
    id: UUID
    number: str | None
    week_on: dt.date
    status: str
    visits: int
    problems: int
    summary: str
    conclusion: str


class VisitThreadOut(Schema):
    id: UUID
    number: str | None
    visit: UUID
    status: str
    problem: str
    meeting_due_at: dt.datetime
    rule_due_at: dt.datetime | None
    answer_due_at: dt.datetime | None
    answered_at: dt.datetime | None


class GiftOut(Schema):
    id: int
    kind: str
    name: str
    value: Money
    on_hand: int


class GivingOut(Schema):
    """What a visit left: `id` is what taking back asks for as `giving`."""

    id: int
    item: int
    name: str
    count: int
    returned: int
    amount: Money
    number: str
    status: str


class GivingsOut(Schema):
    items: list[GivingOut]


class PromiseOut(Schema):
    id: int
    customer: int
    customer_name: str
    text: str
    owner: int
    due_at: dt.datetime
    status: str
    result: str


class RecheckOut(Schema):
    id: UUID
    number: str | None
    kind: str
    subject_title: str
    status: str
    concerned: int
    evidence: str
    objection: str
    decision: str


class AccountOut(Schema):
    id: UUID
    number: str | None
    customer: int
    customer_name: str
    status: str
    owner: int | None
    amount: Money | None
    renews_on: dt.date | None
    is_filed: bool


class FeedbackOut(Schema):
    id: UUID
    number: str | None
    account: UUID
    visited_on: dt.date
    roles: list[str]
    satisfaction: int
    opinion: str
    status: str
    owner: int
    due_on: dt.date
    answer: str


class AllianceOut(Schema):
    id: UUID
    number: str | None
    kind: str
    partner: str
    owner: int
    from_on: dt.date
    to_on: dt.date
    status: str


def month(_call: Call, row: MonthPlan) -> MonthOut:
    return MonthOut(id=row.pk, month_on=row.month_on, status=row.status, drawn_at=row.drawn_at, issued_at=row.issued_at)


def plan(call: Call, row: CarePlan) -> CarePlanOut:
    return CarePlanOut(
        id=row.pk, month_on=row.month.month_on, customer=row.customer_id, customer_name=name_of(row.customer, call), manager=row.manager_id, classes=row.classes,
        offer=row.offer_id, planned_on=row.planned_on, order=row.order.number if row.order else None, found=row.found, advice=row.advice, status=row.status,
    )  # fmt: skip


def visit(call: Call, row: Visit) -> VisitOut:
    return VisitOut(
        id=row.pk, number=row.record.number, kind=row.kind, status=row.status, customer=row.customer_id, customer_name=name_of(row.customer, call),
        visitor=row.visitor_id, order=row.order_id, arrived_at=row.arrived_at, service_started_at=row.service_started_at, delay_minutes=row.delay_minutes,
        is_on_time=row.is_on_time, sheet_due_at=row.sheet_due_at, written_at=row.written_at, is_late=row.is_late, satisfaction=row.satisfaction,
        opinion=row.opinion, needs_action=row.needs_action,
    )  # fmt: skip


def bundle(_call: Call, row: Bundle) -> BundleOut:
    return BundleOut(
        id=row.pk, number=row.record.number, week_on=row.week_on, status=row.status, visits=row.figures.get("all", 0), problems=row.figures.get("problems", 0),
        summary=row.summary, conclusion=row.conclusion,
    )  # fmt: skip


def thread(_call: Call, row: Thread) -> VisitThreadOut:
    return VisitThreadOut(
        id=row.pk, number=row.record.number, visit=row.visit_id, status=row.status, problem=row.visit.problem_text, meeting_due_at=row.meeting_due_at,
        rule_due_at=row.rule_due_at, answer_due_at=row.answer_due_at, answered_at=row.answered_at,
    )  # fmt: skip


def gift(_call: Call, row: GiftItem) -> GiftOut:
    return GiftOut(id=row.pk, kind=row.kind, name=row.name, value=row.value, on_hand=row.on_hand)


def givings(_call: Call, row: Visit) -> GivingsOut:
    found = row.givings.select_related("item").order_by("pk")
    return GivingsOut(
        items=[
            GivingOut(
                id=one.pk, item=one.item_id, name=one.item.name, count=one.count, returned=one.returned, amount=one.amount, number=one.number, status=one.status
            )
            for one in found
        ]
    )  # fmt: skip


def promise(call: Call, row: Promise) -> PromiseOut:
    return PromiseOut(
        id=row.pk, customer=row.customer_id, customer_name=name_of(row.customer, call), text=row.text, owner=row.owner_id, due_at=row.due_at, status=row.status,
        result=row.result,
    )  # fmt: skip


def recheck(_call: Call, row: Recheck) -> RecheckOut:
    return RecheckOut(
        id=row.pk, number=row.record.number, kind=row.kind, subject_title=row.subject_title, status=row.status, concerned=row.concerned_id, evidence=row.evidence,
        objection=row.objection, decision=row.decision,
    )  # fmt: skip


def account(call: Call, row: KeyAccount) -> AccountOut:
    amount = row.amount if call.actor.holds(*MONEY_POSTS) else None
    return AccountOut(
        id=row.pk, number=row.record.number, customer=row.customer_id, customer_name=name_of(row.customer, call), status=row.status, owner=row.owner_id, amount=amount,
        renews_on=row.renews_on, is_filed=row.is_filed,
    )  # fmt: skip


def feedback(_call: Call, row: Feedback) -> FeedbackOut:
    return FeedbackOut(
        id=row.pk, number=row.record.number, account=row.account_id, visited_on=row.visited_on, roles=row.roles, satisfaction=row.satisfaction, opinion=row.opinion,
        status=row.status, owner=row.owner_id, due_on=row.due_on, answer=row.answer,
    )  # fmt: skip


def alliance(_call: Call, row: Alliance) -> AllianceOut:
    return AllianceOut(
        id=row.pk, number=row.record.number, kind=row.kind, partner=row.partner, owner=row.owner_id, from_on=row.from_on, to_on=row.to_on, status=row.status,
    )  # fmt: skip
