"""How cases and settlements look in JSON; what a person may not know is masked or left empty, as on the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.claims.models import Case, DamagedItem, Pressure, Settlement, Survey, Talk
from zhangfa.claims.queries import may_know_worker
from zhangfa.claims.web.similar import similar_to
from zhangfa.claims.web.state import due_of
from zhangfa.records.sensitive import is_clear, shown
from zhangfa.ui.api import Call, Money, Percent, Schema, plain
from zhangfa.ui.display import status_of
from zhangfa.ui.words import text


class CaseLine(Schema):
    """A case as lists show it."""

    id: str
    number: str
    kind: str
    status: str
    status_label: str
    unit: int
    unit_name: str
    customer: int | None
    customer_name: str
    estimate: Money
    severity: str
    guarantee: str
    handled_by: str
    handler: int | None
    handler_name: str
    reported_at: dt.datetime
    due_at: dt.datetime | None
    version: int
    url: str


class PriceOut(Schema):
    source: str
    seller: str
    model: str
    price: Money
    checked_at: dt.datetime


class ItemOut(Schema):
    """One damaged object with its price checks."""

    id: int
    name: str
    brand_model: str
    count: int
    damaged_part: str
    level: str
    is_repairable: bool
    location: str
    rough_value: Money | None
    bought_on: dt.date | None
    bought_price: Money | None
    market_price: Money | None
    depreciation_pct: Percent | None
    repair_price: Money | None
    loss: Money | None
    prices: list[PriceOut]


class SurveyOut(Schema):
    """What was found at the customer's; the sum that the customer expects only for those who deal with the case."""

    id: str
    narrative: str
    worker_statement: str
    customer_statement: str
    judgement: str
    cause: str
    remedies: list[str]
    claimed_amount: Money | None
    expected_amount: Money | None
    no_photo_reason: str
    is_confirmed: bool
    is_insurer_told: bool | None
    returned_at: dt.datetime | None
    surveyed_at: dt.datetime | None
    registered_at: dt.datetime | None


class SettlementLine(Schema):
    """A settlement as lists show it; `facts` keeps why it went to this authority."""

    id: str
    number: str
    case: str
    case_number: str
    status: str
    status_label: str
    claimant: str
    total: Money
    approved_total: Money | None
    authority: str
    proposed_at: dt.datetime
    form_due_at: dt.datetime | None
    is_late: bool
    version: int
    url: str


class SettlementOut(SettlementLine):
    methods: list[str]
    cash_amount: Money
    in_kind_amount: Money
    over_ground: str
    has_tie: bool
    tie_note: str
    recourse_amount: Money
    fault: str
    recourse_basis: str
    facts: dict[str, Any]
    decided_at: dt.datetime | None
    accepted_at: dt.datetime | None
    signed_at: dt.datetime | None
    paid_at: dt.datetime | None
    root_cause: str
    customer_opinion: str
    handling: str
    prevention: str
    payee: str
    payee_account: str


class CaseOut(CaseLine):
    """One accident or complaint with everything that the caller may know of it."""

    event: str
    source: str
    reporter: str
    reporter_phone: str
    occurred_at: dt.datetime
    place: str
    summary: str
    route: dict[str, Any]
    order: str
    worker: int | None
    worker_name: str
    acknowledge_due_at: dt.datetime | None
    acknowledged_at: dt.datetime | None
    called_at: dt.datetime | None
    arrive_due_at: dt.datetime | None
    arrived_at: dt.datetime | None
    promised_on: dt.date | None
    company_pct: Percent | None
    worker_pct: Percent | None
    customer_pct: Percent | None
    third_party_pct: Percent | None
    liability_basis: str
    exclusions: list[dict[str, Any]]
    assessed_loss: Money | None
    payable: Money | None
    satisfaction: int | None
    nature: str
    closed_at: dt.datetime | None
    survey: SurveyOut | None
    items: list[ItemOut]
    settlements: list[SettlementLine]


class SimilarOut(Schema):
    """A case that may be the same; `id` and `url` only where the caller may see it."""

    id: str
    number: str
    kind: str
    reported_at: dt.datetime
    handler_name: str
    url: str


class ReportedOut(CaseOut):
    """The case as it was opened, with earlier ones of the last 72 hours that may be the same."""

    similar: list[SimilarOut]


class TalkOut(Schema):
    id: int
    kind: str
    mode: str
    amount: Money | None
    content: str
    attitude: str
    opinion: str
    archive_note: str
    at: dt.datetime
    by: str


class TalksOut(Schema):
    items: list[TalkOut]


def _line(call: Call, case: Case) -> dict[str, Any]:
    return {
        "id": str(case.pk), "number": case.record.number or "", "kind": case.kind, "status": case.status,
        "status_label": text(status_of(case).label), "unit": case.unit_id, "unit_name": case.unit.shown_name, "customer": case.customer_id,
        "customer_name": case.customer.name if case.customer else "", "estimate": case.estimate, "severity": case.severity,
        "guarantee": case.guarantee, "handled_by": case.handled_by, "handler": case.handler_id,
        "handler_name": case.handler.shown_name if case.handler else "", "reported_at": case.reported_at, "due_at": due_of(case),
        "version": case.version, "url": case.get_absolute_url(),
    }  # fmt: skip


def case_line(call: Call, case: Case) -> CaseLine:
    return CaseLine(**_line(call, case))


SAME = (
    "source", "occurred_at", "place", "summary", "acknowledge_due_at", "acknowledged_at", "called_at", "arrive_due_at", "arrived_at",
    "promised_on", "company_pct", "worker_pct", "customer_pct", "third_party_pct", "liability_basis", "assessed_loss", "payable",
    "satisfaction", "nature", "closed_at",
)  # fmt: skip


def case(call: Call, row: Case) -> CaseOut:
    knows = may_know_worker(row, call.actor)
    survey = Survey.objects.filter(case_id=row.pk).first()
    items = DamagedItem.objects.filter(case_id=row.pk).prefetch_related("prices").order_by("pk")
    settlements = Settlement.objects.filter(case_id=row.pk).select_related("record", "case__record").order_by("seq")
    return CaseOut(
        **_line(call, row), **{name: getattr(row, name) for name in SAME}, event=str(row.event_id), route=plain(row.route),
        reporter=row.reporter, reporter_phone=shown(call.actor, row, "reporter_phone"),
        order=row.order.number if row.order else "", worker=row.worker_id if knows else None,
        worker_name=row.worker.shown_name if row.worker and knows else "", exclusions=plain(row.exclusions),
        survey=_survey(call, row, survey) if survey else None, items=[_item(item) for item in items],
        settlements=[settlement_line(call, settlement) for settlement in settlements],
    )  # fmt: skip


def reported(call: Call, row: Case) -> ReportedOut:
    found = [
        SimilarOut(
            id=str(other.pk) if other.is_visible else "", number=other.record.number or "", kind=other.kind, reported_at=other.reported_at,
            handler_name=other.handler.shown_name if other.handler else "", url=other.get_absolute_url() if other.is_visible else "",
        )
        for other in similar_to(row, call.actor, call.at)
    ]  # fmt: skip
    return ReportedOut(**dict(case(call, row)), similar=found)


def _survey(call: Call, row: Case, survey: Survey) -> SurveyOut:
    names = (
        "narrative", "worker_statement", "customer_statement", "judgement", "cause", "remedies", "claimed_amount", "no_photo_reason",
        "is_insurer_told", "returned_at", "surveyed_at", "registered_at",
    )  # fmt: skip
    return SurveyOut(
        **{name: getattr(survey, name) for name in names}, id=str(survey.pk), is_confirmed=survey.confirmed_by_id is not None,
        expected_amount=survey.expected_amount if is_clear(call.actor, survey, "expected_amount") else None,
    )  # fmt: skip


def _item(item: DamagedItem) -> ItemOut:
    names = [name for name in ItemOut.model_fields if name not in ("id", "prices")]
    prices = [
        PriceOut(source=p.source, seller=p.seller, model=p.model, price=p.price, checked_at=p.checked_at)
        for p in item.prices.all()
    ]
    return ItemOut(id=item.pk, prices=prices, **{name: getattr(item, name) for name in names})


def _settlement_line(row: Settlement) -> dict[str, Any]:
    names = (
        "status", "claimant", "total", "approved_total", "authority", "proposed_at", "form_due_at", "is_late", "version",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        "id": str(row.pk), "number": row.record.number or "", "case": str(row.case_id), "case_number": row.case.record.number or "",
        "status_label": row.get_status_display(), "url": row.get_absolute_url(),
    }  # fmt: skip


def settlement_line(_call: Call, row: Settlement) -> SettlementLine:
    return SettlementLine(**_settlement_line(row))


def settlement(call: Call, row: Settlement) -> SettlementOut:
    names = (
        "methods", "cash_amount", "in_kind_amount", "over_ground", "has_tie", "recourse_amount", "fault", "recourse_basis",
        "decided_at", "accepted_at", "signed_at", "paid_at", "root_cause", "customer_opinion", "handling", "prevention",
    )  # fmt: skip
    return SettlementOut(
        **_settlement_line(row), **{name: getattr(row, name) for name in names}, facts=plain(row.facts),
        tie_note=shown(call.actor, row, "tie_note"), payee=row.payee, payee_account=shown(call.actor, row, "payee_account"),
    )  # fmt: skip


def talk(row: Talk) -> TalkOut:
    names = ("kind", "mode", "amount", "content", "attitude", "opinion", "archive_note", "at")
    return TalkOut(id=row.pk, by=row.by.shown_name, **{name: getattr(row, name) for name in names})


class PressureOut(Schema):
    """A report of pressure with its answer (CC-D3)."""

    id: int
    person_name: str
    text: str
    reported_at: dt.datetime
    answer: str
    answered_at: dt.datetime | None
    answered_by_name: str


class PressuresOut(Schema):
    items: list[PressureOut]


def pressure(row: Pressure) -> PressureOut:
    return PressureOut(
        id=row.pk, person_name=row.person.shown_name, text=row.text, reported_at=row.reported_at, answer=row.answer,
        answered_at=row.answered_at, answered_by_name=row.answered_by.shown_name if row.answered_by else "",
    )  # fmt: skip
