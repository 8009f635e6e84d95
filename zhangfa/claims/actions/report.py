"""Intake: the report routes by estimated loss, the alert is acknowledged, the clock runs to the customer's door (CC-W1.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from zhangfa.claims.actions.complaint import open_form
from zhangfa.claims.actions.talks import keep_talk
from zhangfa.claims.models import Case, Talk
from zhangfa.claims.permissions import REPORTING_POSTS, handler_for, handler_or
from zhangfa.claims.queries import limits_at, person_in, pick_specialist, stamped
from zhangfa.claims.rules import route_for
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.money import ZERO, yuan
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.customers.models import Customer
from zhangfa.notices.actions import notify
from zhangfa.orders.models import Order
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.policy.queries import figure
from zhangfa.records.actions import concern_many, open_record

S = Case.Status
PAST_HOUR = Refusal("case.past_hour", _("约定的到场时间不能早于现在。"), {}, "CC-W1.1", "customer_hour")
FORM = {Case.Kind.ACCIDENT: "SG", Case.Kind.COMPLAINT: "TS"}


def refuse_report(*, by: Actor, at: dt.datetime, unit: Unit, occurred_at: dt.datetime, estimate: Decimal, order: Order | None, customer: Customer | None, customer_hour: dt.datetime | None = None) -> Iterator[Refusal]:  # fmt: skip
    """CC-W1.1: who reports, for which outlet, and that the report makes sense."""
    if not by.holds(*REPORTING_POSTS):
        yield Refusal("case.post", _("您的岗位不能登记案件。"), {}, "CC-W1.1", "", REPORTING_POSTS)
    elif not by.holds("op", "ops", "cc", "cs") and not by.holds("oa", "sl", unit_id=unit.pk):
        yield Refusal("case.unit", _("只能为本网点登记案件。"), {}, "CC-W1.1", "unit", ("op", "cc"))
    if occurred_at > at:
        yield Refusal("case.future", _("发生时间不能晚于现在。"), {}, "CC-W1.1", "occurred_at")
    if customer_hour and customer_hour < at:
        yield PAST_HOUR
    if estimate < ZERO:
        yield Refusal("case.estimate", _("初估损失不能为负数。"), {}, "CC-W1.1", "estimate")
    if order and customer and order.customer_id != customer.pk:
        yield Refusal("case.order", _("订单不属于所选客户。"), {}, "CC-W1.1", "order")


def report(
    *, by: Actor, at: dt.datetime, unit: Unit, source: str, reporter: str, occurred_at: dt.datetime, place: str, guarantee: str,
    summary: str, estimate: Decimal, kind: str = Case.Kind.ACCIDENT, reporter_phone: str = "", customer: Customer | None = None,
    order: Order | None = None, worker: Person | None = None, severity: str = Case.Severity.MINOR,
    customer_hour: dt.datetime | None = None, id: UUID | None = None, category: str = "quality", channel: str = "phone",
    relation: str = "", remedies: Sequence[str] = (),
) -> Case:  # fmt: skip
    """Open a case: numbered at once, routed by its estimate (CC-W1.1). `estimate` in CNY. Raises `Refused`."""
    estimate = yuan(estimate)
    customer = customer or (order.customer if order else None)
    worker = worker or (order.worker if order else None)
    demand(
        refuse_report(
            by=by,
            at=at,
            unit=unit,
            occurred_at=occurred_at,
            estimate=estimate,
            order=order,
            customer=customer,
            customer_hour=customer_hour,
        )
    )
    route = route_for(estimate, limits_at(at))
    is_outlet = route.post == "oa" and kind == Case.Kind.ACCIDENT
    worker_id = worker.pk if worker else None
    handler = (
        (person_in("oa", at, unit=unit, exclude=(worker_id,)) or person_in("sl", at, unit=unit, exclude=(worker_id,)))
        if is_outlet
        else None
    )
    if handler is None:
        is_outlet, handler = False, pick_specialist(at, exclude=(worker_id,))
    if handler is None:
        raise Refused(
            [
                Refusal(
                    "case.nobody",
                    _("没有可受理的投诉与客户维护专员，请先在“组织机构”里安排任职。"),
                    {},
                    "CC-W1.1",
                    "",
                    ("am",),
                )
            ]
        )
    with work():
        record = open_record(
            FORM[Case.Kind(kind)], unit=unit, by=by, at=at, title=summary[:60], id=id, url=Case.url_of, retention="R2",
            is_handed_in=True,
        )  # fmt: skip
        case = Case(
            record=record, event_id=record.pk, kind=kind, status=S.ACCEPTED if is_outlet else S.ALERTED, unit=unit,
            department_id=unit.department_id, region_id=unit.region_id, customer=customer, order=order, worker=worker,
            contract_model=order.contract_model if order else "employee_model", source=source, reporter=reporter,
            reporter_phone=reporter_phone, reported_at=at, occurred_at=occurred_at, place=place, guarantee=guarantee, summary=summary,
            estimate=estimate, severity=severity, handled_by="outlet" if is_outlet else "specialist", handler=handler,
            route={
                "post": route.post, "comparison": route.comparison, "basis": str(route.basis), "limit": str(route.limit),
                "clause": route.clause, "policy": stamped((route.key,), at),
            },
        )  # fmt: skip
        start_clock(case, at, customer_hour)
        case.save(force_insert=True)
        if case.is_complaint:
            open_form(case, by=by, at=at, category=category, channel=channel, relation=relation, remedies=remedies)
        people = [(by.person_id, "reporter"), (handler.pk, "handler"), (worker_id, "worker")]
        concern_many(record, [(person, role) for person, role in people if person])
        codes = {"route": route.post, "handler": handler.pk, "unit": unit.pk, "kind": kind, "estimate": estimate}
        announce(
            "claims.case.reported", case, by=by, at=at, label=_("登记案件"), record_id=record.pk, codes=codes,
            values={"summary": summary, "reporter": reporter, "place": place}, clause="CC-W1.1",
        )  # fmt: skip
        if case.is_complaint:
            _announce_complaint(case, by=by, at=at)
        elif is_outlet:
            announce_outlet(case, by=by, at=at)
        else:
            announce_alert(case, by=by, at=at)
        notify(
            [handler.pk], _notice_for(case), {"number": record.number, "estimate": str(estimate)},
            record_id=record.pk, url=case.get_absolute_url(), at=at,
        )  # fmt: skip
    return case


def _notice_for(case: Case) -> str:
    if case.is_complaint:
        return "claims.complaint"
    return "claims.outlet_case" if case.is_outlet_handled else "claims.alerted"


def start_clock(case: Case, at: dt.datetime, customer_hour: dt.datetime | None) -> None:
    """CC-W1.1: minutes to acknowledge, hours to arrive or the hour the customer chose; figures read once and kept."""
    if not case.is_outlet_handled:
        case.alerted_at = at
        case.acknowledge_due_at = at + dt.timedelta(minutes=int(figure("claims.alert_ack_minutes", at).value))
    if case.is_complaint:
        return
    case.customer_hour = customer_hour if customer_hour and customer_hour > at else None
    case.arrive_due_at = case.customer_hour or at + dt.timedelta(hours=float(figure("claims.survey_hours", at).value))


def announce_alert(case: Case, *, by: Actor, at: dt.datetime) -> None:
    announce(
        "claims.case.alerted", case, by=by, at=at, label=_("通报专员"), record_id=case.pk,
        codes={"handler": case.handler_id, "due_at": case.acknowledge_due_at, "arrive_due_at": case.arrive_due_at}, clause="CC-W1.1",
    )  # fmt: skip


def announce_outlet(case: Case, *, by: Actor, at: dt.datetime) -> None:
    """An outlet's own accident needs no acknowledging, but somebody has to be at the customer's in time all the same."""
    announce(
        "claims.case.outlet_alerted", case, by=by, at=at, label=_("通知网点处理"), record_id=case.pk,
        codes={"handler": case.handler_id, "arrive_due_at": case.arrive_due_at}, clause="CC-W1.1",
    )  # fmt: skip


def _announce_complaint(case: Case, *, by: Actor, at: dt.datetime) -> None:
    announce(
        "claims.complaint.alerted", case, by=by, at=at, label=_("通报专员"), record_id=case.pk,
        codes={
            "handler": case.handler_id, "due_at": case.acknowledge_due_at,
            "answer_due_at": case.complaint_form.first_answer_due_at,
        },
        clause="CC-D1",
    )  # fmt: skip


@transition(
    Case, sources=[S.ALERTED], target=S.ACCEPTED, label=_("确认受理"), event="acknowledged", permit=handler_for("CC-W1.1"), clause="CC-W1.1",
    hint=_("确认后请立即联系客户并赶赴现场。"), applies=lambda case: case.is_accident,
)  # fmt: skip
def acknowledge(case: Case, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """The specialist takes the alert."""
    case.acknowledged_at = at
    assert case.acknowledge_due_at is not None
    return {
        "codes": {"handler": case.handler_id, "is_late": at > case.acknowledge_due_at, "due_at": case.arrive_due_at}
    }


def _guard_call(case: Case, *, by: Actor, at: dt.datetime, content: str, customer_hour: dt.datetime | None = None, **_rest: Any) -> Iterator[Refusal]:  # fmt: skip
    if customer_hour and customer_hour < at:
        yield PAST_HOUR


@transition(
    Case, sources=[S.ALERTED, S.ACCEPTED], target=None, label=_("联系客户"), event="called",
    permit=handler_or("CC-W1.1", "op", "ops"), guard=_guard_call, clause="CC-W1.1",
    applies=lambda case: case.is_accident,
)  # fmt: skip
def log_call(
    case: Case, *, by: Actor, at: dt.datetime, content: str, customer_hour: dt.datetime | None = None, archive_note: str = ""
) -> dict[str, Any]:  # fmt: skip
    """The customer is called; an hour that the customer chooses moves the arrival clock (domain.md A-53).

    Like every contact it is followed by the visit sheet (CC-D8).
    """
    case.called_at = at
    if customer_hour:
        case.customer_hour = customer_hour
        if case.arrive_due_at is None or at <= case.arrive_due_at:
            # Who is late already stays late, whatever hour the customer agrees to then.
            case.arrive_due_at = customer_hour
    keep_talk(
        case, kind=Talk.Kind.CONTACT, mode=Talk.Mode.PHONE, content=content, archive_note=archive_note, by=by, at=at
    )
    return {"codes": {"arrive_due_at": case.arrive_due_at}, "values": {"content": content}}
