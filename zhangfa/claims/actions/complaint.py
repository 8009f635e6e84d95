"""A complaint from its first answer to the reply the customer accepts, on the same case record (CC-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from zhangfa.claims.actions.talks import forget_low_score, keep_talk
from zhangfa.claims.choices import REMEDIES
from zhangfa.claims.complaint_rules import agreed_default, refuse_agreed, refuse_moving, refuse_resolution
from zhangfa.claims.models import LIVE, Case, ComplaintForm, Improvement, Talk
from zhangfa.claims.permissions import handler_for
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.money import ZERO, yuan
from zhangfa.core.periods import week_of
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.organisation.actor import Actor
from zhangfa.policy.queries import figure
from zhangfa.records.actions import ask_signatures, open_record, void_signatures

S = Case.Status


def is_complaint(case: Case) -> bool:
    return case.is_complaint


def form_of(case: Case) -> ComplaintForm:
    """The form of a case, loaded with its lock."""
    form: ComplaintForm = case.complaint_form
    return form


def open_form(case: Case, *, by: Actor, at: dt.datetime, category: str, channel: str = "phone", relation: str = "", remedies: Sequence[str] = ()) -> ComplaintForm:  # fmt: skip
    """The form is opened at the first contact; the default day and the day of the first answer are set at once."""
    form = _begin_form(case, by=by, at=at, category=category, channel=channel, relation=relation, remedies=remedies)
    form.save(force_insert=True)
    return form


def _begin_form(case: Case, *, by: Actor, at: dt.datetime, category: str, channel: str = "phone", relation: str = "", remedies: Sequence[str] = ()) -> ComplaintForm:  # fmt: skip
    paper = open_record(
        "F12", unit=case.unit, by=by, at=at, title=case.record.title, url=case.get_absolute_url(), parent=case.record, is_handed_in=True
    )  # fmt: skip
    days = int(figure("complaints.default_days", at).value)
    today = clock.local_date(at)
    recurrent = bool(
        case.customer_id
        and Case.objects.filter(customer_id=case.customer_id, kind=Case.Kind.COMPLAINT).exclude(pk=case.pk).exists()
    )
    answer_days = int(figure("complaints.first_answer_days", at).value)
    return ComplaintForm(
        record=paper, case=case, category=category, channel=channel, relation=relation, remedies=list(remedies), is_recurrent=recurrent,
        responsible_unit=case.unit, agreed_on=agreed_default(reported_on=today, days=days),
        first_answer_due_at=clock.day_end(at + dt.timedelta(days=answer_days)),
    )  # fmt: skip


def _guard_take(
    case: Case, *, by: Actor, at: dt.datetime, agreed_on: dt.date | None = None, agreed_consent: str = "", **_rest: Any
) -> Iterator[Refusal]:
    if agreed_on is not None:
        default_on = agreed_default(
            reported_on=clock.local_date(case.reported_at),
            days=int(figure("complaints.default_days", case.reported_at).value),
        )
        yield from refuse_agreed(
            agreed_on=agreed_on, today=clock.local_date(at), default_on=default_on, consent=agreed_consent
        )


@transition(
    Case, sources=[S.ALERTED], target=S.ANSWERING, label=_("受理投诉"), event="complaint_taken", permit=handler_for("CC-D1"),
    guard=_guard_take, clause="CC-D1", hint=_("与客户核定完成日；未约定的按默认天数。"), applies=is_complaint,
)  # fmt: skip
def take_up(
    case: Case, *, by: Actor, at: dt.datetime, agreed_on: dt.date | None = None, agreed_consent: str = "", complexity: str = "low",
    impact: str = "low", is_safety_related: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The specialist takes the complaint, judges how grave it is, and agrees with the customer by when it will be solved."""
    form = form_of(case)
    form.acknowledged_at = at
    form.complexity, form.impact, form.is_safety_related = complexity, impact, is_safety_related
    if agreed_on is not None:
        form.agreed_on, form.agreed_consent = agreed_on, agreed_consent
    form.save()
    case.acknowledged_at, case.promised_on = at, form.agreed_on
    assert form.agreed_on is not None
    due = clock.day_start(form.agreed_on + dt.timedelta(days=1))
    return {"codes": {"handler": case.handler_id, "due_at": due}, "values": {"agreed_consent": agreed_consent}}


def _guard_move(case: Case, *, by: Actor, at: dt.datetime, agreed_on: dt.date, agreed_consent: str, **_rest: Any) -> Iterator[Refusal]:  # fmt: skip
    form = form_of(case)
    assert form.agreed_on is not None
    yield from refuse_moving(
        agreed_on=agreed_on, current_on=form.agreed_on, today=clock.local_date(at), consent=agreed_consent,
        is_answered_in_time=form.replied_at is not None and not form.is_late,
    )  # fmt: skip


@transition(
    Case, sources=[S.ANSWERING, S.ASSESSED, S.SETTLING], target=None, label=_("与客户改约完成日"), event="day_moved",
    permit=handler_for("CC-D1"), guard=_guard_move, clause="CC-D1", hint=_("须客户同意；原定日期已过的不能再改。"), applies=is_complaint,
)  # fmt: skip
def move_day(
    case: Case, *, by: Actor, at: dt.datetime, agreed_on: dt.date, agreed_consent: str, mode: str = Talk.Mode.PHONE, archive_note: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The customer agrees to another day by which the complaint is solved; like every contact it is followed by the visit sheet."""
    form = form_of(case)
    former, form.agreed_on, form.agreed_consent = form.agreed_on, agreed_on, agreed_consent
    form.save(update_fields=["agreed_on", "agreed_consent"])
    case.promised_on = agreed_on
    keep_talk(case, kind=Talk.Kind.CONTACT, mode=mode, content=agreed_consent, archive_note=archive_note, by=by, at=at)
    due = clock.day_start(agreed_on + dt.timedelta(days=1))
    return {
        "codes": {"handler": case.handler_id, "former": former, "due_at": due},
        "values": {"agreed_consent": agreed_consent},
    }


@transition(
    Case, sources=[S.ANSWERING], target=None, label=_("首次答复"), event="first_answered", permit=handler_for("CC-D1"), clause="CC-D1",
    applies=lambda case: case.is_complaint and form_of(case).first_answered_at is None,
)  # fmt: skip
def first_answer(
    case: Case, *, by: Actor, at: dt.datetime, content: str, mode: str = "phone", archive_note: str = ""
) -> dict[str, Any]:
    """The customer gets a first answer; like every contact it is followed by the visit sheet (CC-D8)."""
    form = form_of(case)
    form.first_answered_at = at
    form.save(update_fields=["first_answered_at"])
    keep_talk(case, kind=Talk.Kind.CONTACT, mode=mode, content=content, archive_note=archive_note, by=by, at=at)
    is_late = form.first_answer_due_at is not None and at > form.first_answer_due_at
    return {"codes": {"handler": case.handler_id, "is_late": is_late}, "values": {"content": content}}


@transition(
    Case, sources=[S.ANSWERING], target=None, label=_("记录调查"), event="investigated", permit=handler_for("CC-D1"), clause="CC-D1",
    applies=is_complaint,
)  # fmt: skip
def investigate(case: Case, *, by: Actor, at: dt.datetime, investigation: str, cause: str = "", root_cause: str = "", avoidable: str = "") -> dict[str, Any]:  # fmt: skip
    """What was found, so far."""
    form = form_of(case)
    form.investigation, form.cause = investigation, cause
    form.root_cause, form.avoidable = root_cause, avoidable
    form.save()
    void_signatures(form.record, by=by, at=at)
    return {"values": {"investigation": investigation, "root_cause": root_cause}}


def _guard_compensate(case: Case, *, by: Actor, at: dt.datetime, amount: Decimal, ground: str) -> Iterator[Refusal]:
    if amount <= ZERO:
        yield Refusal("complaint.amount", _("补偿金额必须大于零。"), {}, "CC-D1", "amount")
    if len(ground.strip()) < 5:
        yield Refusal("complaint.ground", _("请写明补偿理由（不少于 5 个字）。"), {}, "CC-W1.6", "ground")


@transition(
    Case, sources=[S.ANSWERING], target=S.ASSESSED, label=_("认定补偿"), event="compensation_assessed", permit=handler_for("CC-W1.5"),
    guard=_guard_compensate, clause="CC-W1.5", hint=_("补偿按理赔同样的权限审批。"), applies=is_complaint,
)  # fmt: skip
def compensate(case: Case, *, by: Actor, at: dt.datetime, amount: Decimal, ground: str) -> dict[str, Any]:
    """A complaint is worth money: the sum goes the same way as a settlement."""
    case.assessed_loss = case.payable = yuan(amount)
    case.liability_basis, case.assessed_at = ground, at
    hundred, zero = Decimal(100), Decimal(0)
    case.company_pct, case.worker_pct, case.customer_pct, case.third_party_pct = hundred, zero, zero, zero
    return {"codes": {"amount": case.payable}, "values": {"ground": ground}}


def compensated(case: Case, *, by: Actor, at: dt.datetime) -> None:
    """Accepted compensation answers the complaint: in time or late is settled with it."""
    form = form_of(case)
    form.replied_at, form.is_accepted = at, True
    form.is_late = form.agreed_on is not None and clock.local_date(at) > form.agreed_on
    form.save(update_fields=["replied_at", "is_accepted", "is_late"])
    announce(
        "claims.case.complaint_resolved", case, by=by, at=at, label=_("补偿已接受"), record_id=case.pk,
        codes={"handler": case.handler_id, "is_late": form.is_late}, clause="CC-D1",
    )  # fmt: skip


def _guard_resolve(
    case: Case, *, by: Actor, at: dt.datetime, root_cause: str, avoidable: str, is_accepted: bool, is_external_route_told: bool = False,
    investigation: str = "", cause: str = "", **_rest: Any,
) -> Iterator[Refusal]:  # fmt: skip
    form = form_of(case)
    yield from refuse_resolution(
        is_answered=form.first_answered_at is not None, investigation=investigation or form.investigation, cause=cause or form.cause,
        root_cause=root_cause, avoidable=avoidable, is_accepted=is_accepted, is_external_route_told=is_external_route_told,
    )  # fmt: skip


@transition(
    Case, sources=[S.ANSWERING], target=S.SIGNED, label=_("答复客户并了结"), event="complaint_resolved", permit=handler_for("CC-D1"),
    guard=_guard_resolve, clause="CC-D1", hint=_("原因和今后如何避免必须写明。"), applies=is_complaint,
)  # fmt: skip
def resolve(
    case: Case, *, by: Actor, at: dt.datetime, root_cause: str, avoidable: str, resolutions: Sequence[str], resolution: str, is_accepted: bool,
    is_external_route_told: bool = False, investigation: str = "", cause: str = "", external_source: str = "", external_no: str = "",
    external_due_on: dt.date | None = None, mode: str = Talk.Mode.PHONE, archive_note: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The customer has the answer: what was done, why it happened, how it will not happen again.

    Like every contact it is followed by the visit sheet (CC-D8).
    """
    form = form_of(case)
    form.root_cause, form.avoidable, form.cause = root_cause, avoidable, cause or form.cause
    form.investigation = investigation or form.investigation
    form.resolutions, form.resolution = list(resolutions), resolution
    form.external_source, form.external_no, form.external_due_on = external_source, external_no, external_due_on
    form.is_accepted, form.is_external_route_told, form.replied_at = is_accepted, is_external_route_told, at
    form.is_late = form.agreed_on is not None and clock.local_date(at) > form.agreed_on
    form.save()
    # Answered a second time, the form is another: what was signed before no longer stands for it.
    void_signatures(form.record, by=by, at=at)
    ask_signatures(form.record, [("handler", case.handler_id)], by=by, at=at)
    keep_talk(case, kind=Talk.Kind.CONTACT, mode=mode, content=resolution, archive_note=archive_note, by=by, at=at)
    case.attempts += 1
    forget_low_score(case, at)
    return {
        "codes": {"handler": case.handler_id, "is_accepted": is_accepted, "is_late": form.is_late},
        "values": {"resolution": resolution},
    }


def _take_over(case: Case, form: ComplaintForm) -> None:
    """The complaint form of an accident says what the other two forms say; nothing is typed a second time (domain.md A-51)."""
    form.acknowledged_at = case.acknowledged_at or case.reported_at
    form.first_answered_at = case.called_at or case.arrived_at
    form.agreed_on = case.promised_on or form.agreed_on
    form.is_safety_related = case.guarantee != Case.Guarantee.PROPERTY
    survey = getattr(case, "survey", None)
    if survey is not None:
        form.remedies = survey.remedies
        form.investigation = "\n".join(text for text in (survey.narrative, survey.judgement) if text)
    given = case.settlements.filter(status__in=LIVE).exclude(accepted_at=None)
    methods = {method for row in given for method in row.methods}
    form.resolutions = [code for code, _label in REMEDIES if code in methods]


def keep_improvement(case: Case, *, by: Actor, at: dt.datetime) -> None:
    """At closing, every case leaves its improvement for the week's bundle; an accident's complaint form is generated (A-51)."""
    form = getattr(case, "complaint_form", None)
    is_new = form is None
    if form is None:
        form = _begin_form(case, by=by, at=at, category=ComplaintForm.Category.ACCIDENT)
    if case.is_accident:
        _take_over(case, form)
    last = case.settlements.exclude(prevention="").order_by("-seq").first()
    if last and not form.root_cause:
        form.root_cause, form.avoidable = last.root_cause, last.prevention
        form.cause = case.survey.cause if hasattr(case, "survey") else form.cause
    if last and last.accepted_at and form.replied_at is None:
        form.replied_at, form.is_accepted = last.accepted_at, True
        form.resolution = form.resolution or last.handling
        form.is_late = form.agreed_on is not None and clock.local_date(last.accepted_at) > form.agreed_on
    form.save(force_insert=is_new)
    if case.is_complaint:
        ask_signatures(form.record, [("handler", case.handler_id)], by=by, at=at)
    kept = Improvement(
        case=case, week_on=week_of(clock.local_date(at)), category=form.category, cause=form.cause, measure=form.avoidable,
        owner_id=case.handler_id,
    )  # fmt: skip
    # Closed a second time, a case keeps the improvement that it left before.
    Improvement.objects.bulk_create([kept], ignore_conflicts=True)
    announce(
        "claims.improvement.kept",
        case,
        by=by,
        at=at,
        label=_("留下改正意见"),
        record_id=case.pk,
        codes={"category": form.category},
        clause="CC-D1",
    )
