"""Settlement: authority by the largest sum, approval, talks, acceptance, the form, payment (CC-W1.5 – CC-W1.7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from zhangfa.approvals.actions import decide as decide_step
from zhangfa.approvals.actions import request_step, void_steps
from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import refusals_for, waiting_for, who_has
from zhangfa.claims.actions.complaint import compensated
from zhangfa.claims.actions.report import announce_alert, start_clock
from zhangfa.claims.actions.survey import survey_of, tell_line
from zhangfa.claims.actions.talks import SCORE, forget_low_score, keep_talk
from zhangfa.claims.models import LIVE, Case, Settlement, Talk
from zhangfa.claims.permissions import handler_for
from zhangfa.claims.queries import (
    DECIDING_KEYS,
    decided_by,
    limits_at,
    needs_agreement,
    person_in,
    pick_specialist,
    stamped,
    sums_for,
)
from zhangfa.claims.rules import (
    OUTLET,
    Proposal,
    Sums,
    authority_for,
    needs_review,
    payer_for,
    refuse_proposal,
    refuse_recourse,
)
from zhangfa.claims.settlement_rules import refuse_account, refuse_methods
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused
from zhangfa.core.money import ZERO, yuan
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import held, hold
from zhangfa.notices.actions import notify
from zhangfa.orders.promises import INTERMEDIARY
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.queries import seats_with_post
from zhangfa.policy.queries import value
from zhangfa.records.actions import concern, concern_many, open_record

C, S = Case.Status, Settlement.Status
KIND = "claims.settlement"
NOBODY = _("没有可受理的投诉与客户维护专员，请先在“组织机构”里安排任职。")


def _proposal(case: Case, cash: Decimal, in_kind: Decimal, over_ground: str, has_tie: bool, tie_note: str) -> Proposal:
    return Proposal(yuan(cash), yuan(in_kind), case.payable or ZERO, over_ground, has_tie, tie_note)


def _sums(case: Case, total: Decimal, at: dt.datetime) -> Sums:
    """Read once under the customer's lock, for the rule and for the route."""
    return held(("sums", case.pk, total, at), lambda: sums_for(case, total, at))


def _guard_propose(
    case: Case, *, by: Actor, at: dt.datetime, methods: Sequence[str], cash_amount: Decimal, in_kind_amount: Decimal, over_ground: str = "",
    has_tie: bool = False, tie_note: str = "", claimant: str = "customer", recourse_amount: Decimal = ZERO, fault: str = "none",
    recourse_basis: str = "",
) -> Iterator[Refusal]:  # fmt: skip
    proposal = _proposal(case, cash_amount, in_kind_amount, over_ground, has_tie, tie_note)
    sums = _sums(case, proposal.total, at)
    survey = survey_of(case)
    yield from refuse_proposal(
        proposal, handled_by=case.handled_by, sums=sums, limits=limits_at(at),
        is_survey_confirmed=case.kind == Case.Kind.COMPLAINT or bool(survey and survey.confirmed_by_id),
    )  # fmt: skip
    yield from refuse_methods(methods, cash=proposal.cash, total=proposal.total)
    yield from refuse_recourse(amount=recourse_amount, fault=fault, total=proposal.total)
    if recourse_amount > 0 and len(recourse_basis.strip()) < 5:
        yield Refusal("recourse.basis", _("请写明追偿依据（不少于 5 个字）。"), {}, "CC-W1.6", "recourse_basis")
    if case.settlements.filter(claimant=claimant, status__in=(S.PROPOSED, S.APPROVED)).exists():
        yield Refusal("settlement.open", _("同一赔付对象已有办理中的理赔方案，请先撤回。"), {}, "CC-W1.5")


@transition(
    Case, sources=[C.ASSESSED, C.SETTLING], target=C.SETTLING, label=_("提交理赔方案"), event="proposed", permit=handler_for("CC-W1.5"),
    guard=_guard_propose, clause="CC-W1.5", hint=_("提交前请核对审批去向和依据。"),
)  # fmt: skip
def propose(
    case: Case, *, by: Actor, at: dt.datetime, methods: Sequence[str], cash_amount: Decimal, in_kind_amount: Decimal, over_ground: str = "",
    has_tie: bool = False, tie_note: str = "", claimant: str = "customer", recourse_amount: Decimal = ZERO, fault: str = "none",
    recourse_basis: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Hand in a settlement: the sums are read under the customer's lock, the figures of this day decide who rules."""
    proposal = _proposal(case, cash_amount, in_kind_amount, over_ground, has_tie, tie_note)
    sums, limits = _sums(case, proposal.total, at), limits_at(at)
    authority = authority_for(sums, handled_by=case.handled_by, limits=limits, has_tie=has_tie)
    paper = open_record(
        "F11", unit=case.unit, by=by, at=at, title=case.record.title, parent=case.record, url=Settlement.url_of
    )
    facts = {
        **decided_by(authority), "own": str(sums.own), "event": str(sums.event), "customer": str(sums.customer), "reason": sums.reason,
        "handled_by": case.handled_by, "has_tie": has_tie,
        "payer": payer_for(case.guarantee, case.contract_model, to_intermediary=bool(value(INTERMEDIARY, at))), "policy": stamped(DECIDING_KEYS, at),
    }  # fmt: skip
    is_own = authority.post in ("oa", "cc")
    settlement = Settlement.objects.create(
        record=paper, case=case, seq=case.version, event_id=case.event_id, customer_id_copy=case.customer_id, claimant=claimant,
        status=S.APPROVED if is_own else S.PROPOSED, methods=list(methods), cash_amount=proposal.cash, in_kind_amount=proposal.in_kind,
        total=proposal.total, approved_total=proposal.total if is_own else None, over_ground=over_ground, has_tie=has_tie,
        tie_note=tie_note, recourse_amount=yuan(recourse_amount), fault=fault, recourse_basis=recourse_basis, authority=authority.post,
        facts=facts, proposed_at=at, proposed_by_id=by.person_id, decided_at=at if is_own else None,
        decided_by_id=by.person_id if is_own else None,
    )  # fmt: skip
    hold(("settlement", paper.pk), settlement)
    codes = {"settlement": paper.pk, "authority": authority.post, "basis": authority.basis, "total": proposal.total}
    if is_own:
        _decided_alone(case, settlement, by=by, at=at, limits=limits)
    else:
        step = request_step(
            paper, kind=KIND, authority=authority.post, applicant_person_id=by.person_id,
            involved_person_ids=[case.handler_id, case.worker_id], unit=_centre(case), facts=facts, clause=authority.clause,
            policy=facts["policy"], amount=proposal.total, by=by, at=at,
        )  # fmt: skip
        codes["step"] = step.pk
    return {"codes": codes, "values": {"over_ground": over_ground, "tie_note": tie_note}}


def _centre(case: Case) -> Any:
    """The unit whose line decides: the service centre for the specialist's cases, else the case's own outlet."""
    if case.handled_by == OUTLET:
        return case.unit
    seat = next(iter(seats_with_post("cc")), None)
    return seat.unit if seat else case.unit


def _decided_alone(case: Case, settlement: Settlement, *, by: Actor, at: dt.datetime, limits: Any) -> None:
    """Within the handler's own limit: the manager, or the specialist for an outlet, is told and answers (CC-W1.5)."""
    if needs_review(handled_by=case.handled_by, amount=settlement.total, limits=limits):
        reviewer = pick_specialist(at, exclude=(by.person_id,))
        if reviewer:
            concern(case.record, reviewer.pk, "reviewer")
            tell([reviewer.pk], "claims.review", case, settlement, at)


def tell(people: Sequence[int], code: str, case: Case, settlement: Settlement, at: dt.datetime, **params: Any) -> None:
    notify(
        list(people), code, {"number": case.record.number, "total": str(settlement.total), **params}, record_id=case.pk,
        url=settlement.get_absolute_url(), at=at,
    )  # fmt: skip


def open_step(settlement: Settlement) -> Step | None:
    """The step that the paper waits for, read once for the row in hand: buttons, holder and explanation all ask."""
    known: dict[str, Any] = settlement.__dict__
    if "_open_step" not in known:
        known["_open_step"] = next(iter(waiting_for(settlement.record)), None)
    step: Step | None = known["_open_step"]
    return step


def let_deciders_see(step: Step, at: dt.datetime) -> None:
    """Whoever a settlement's step lies before may open its case (CC-D3)."""
    settlement = Settlement.objects.lock(step.record_id)
    concern_many(settlement.case.record, [(person.pk, "decider") for person in who_has(step, at)])


def decider(settlement: Settlement, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """CC-W1.5, X-5: the person to whom the limits send the paper; never its handler, applicant or the worker concerned."""
    step = open_step(settlement)
    if step is None:
        yield Refusal("approval.none", _("没有等待审批的步骤。"), {}, "CC-W1.5")
    else:
        yield from refusals_for(step, by)


def _guard_agree(
    settlement: Settlement, *, by: Actor, at: dt.datetime, opinion: str = "", amount: Decimal | None = None
) -> Iterator[Refusal]:
    if amount is not None and not ZERO <= amount <= settlement.total:
        text = _("批准金额应在 0 到申报金额 %(total)s 元之间。")
        yield Refusal("approval.amount", text, {"total": str(settlement.total)}, "CC-W1.5", "amount")
    elif amount is not None and amount < settlement.in_kind_amount:
        yield Refusal("settlement.in_kind", _("批准金额不能低于非现金折价部分。"), {}, "CC-W1.5", "amount")


@transition(
    Settlement,
    sources=[S.PROPOSED],
    target=S.APPROVED,
    label=_("同意"),
    event="approved",
    permit=decider,
    guard=_guard_agree,
    clause="CC-W1.5",
)
def agree(
    settlement: Settlement, *, by: Actor, at: dt.datetime, opinion: str = "", amount: Decimal | None = None
) -> dict[str, Any]:
    """The manager agrees to the plan or the deputy GM rules, at the sum proposed or a lower one."""
    step = _step_in_hand(settlement)
    _agreed(settlement, amount, by=by, at=at)
    decide_step(step, by=by, at=at, result="agree", opinion=opinion)
    return {"codes": {"amount": settlement.approved_total, "step": step.pk}, "values": {"opinion": opinion}}


def _step_in_hand(settlement: Settlement) -> Step:
    """The step, read under the settlement's lock: nobody decides or moves it without that."""
    step = open_step(settlement)
    assert step is not None
    hold(("step", step.pk), step)
    return step


def _agreed(settlement: Settlement, amount: Decimal | None, *, by: Actor, at: dt.datetime) -> None:
    settlement.status = S.APPROVED
    settlement.approved_total = yuan(amount) if amount is not None else settlement.total
    settlement.decided_at, settlement.decided_by_id = at, by.person_id
    tell(
        [settlement.proposed_by_id],
        "claims.approved",
        settlement.case,
        settlement,
        at,
        amount=str(settlement.approved_total),
    )


def _returned(settlement: Settlement, *, by: Actor, at: dt.datetime) -> None:
    settlement.status, settlement.decided_at, settlement.decided_by_id = S.RETURNED, at, by.person_id
    _back_to_assessed(settlement.case, but=settlement.pk)
    tell([settlement.proposed_by_id], "claims.returned", settlement.case, settlement, at)


def when_decided(step: Step, *, by: Actor, at: dt.datetime) -> None:
    """A decision given in the inbox has the same effect as the settlement's own buttons, once."""
    settlement = Settlement.objects.lock(step.record_id)
    if settlement.status != S.PROPOSED:
        return
    is_agreed = step.state == Step.State.AGREED
    if is_agreed:
        _agreed(settlement, None, by=by, at=at)
    else:
        _returned(settlement, by=by, at=at)
    settlement.save(update_fields=["status", "approved_total", "decided_at", "decided_by"])
    name, label = ("approved", _("同意")) if is_agreed else ("returned", _("退回"))
    announce(
        f"claims.settlement.{name}",
        settlement,
        by=by,
        at=at,
        label=label,
        record_id=settlement.pk,
        codes={"step": step.pk},
        clause="CC-W1.5",
    )


def _guard_opinion(settlement: Settlement, *, by: Actor, at: dt.datetime, opinion: str) -> Iterator[Refusal]:
    if len(opinion.strip()) < 5:
        yield Refusal("approval.opinion", _("请写明意见（不少于 5 个字）。"), {}, "CC-W1.5", "opinion")


@transition(
    Settlement,
    sources=[S.PROPOSED],
    target=S.RETURNED,
    label=_("退回"),
    event="returned",
    permit=decider,
    guard=_guard_opinion,
    clause="CC-W1.5",
)
def send_back(settlement: Settlement, *, by: Actor, at: dt.datetime, opinion: str) -> dict[str, Any]:
    """The plan goes back with a reason; a new one may be handed in."""
    step = _step_in_hand(settlement)
    _returned(settlement, by=by, at=at)
    decide_step(step, by=by, at=at, result="return", opinion=opinion)
    return {"codes": {"step": step.pk}, "values": {"opinion": opinion}}


def _back_to_assessed(case: Case, *, but: Any) -> None:
    if not case.settlements.filter(status__in=LIVE).exclude(pk=but).exists():
        case.status = C.ASSESSED
        case.save(update_fields=["status"])


@transition(
    Settlement, sources=[S.PROPOSED, S.APPROVED], target=S.WITHDRAWN, label=_("撤回方案"), event="withdrawn", permit=handler_for("CC-W1.5"),
    clause="CC-W1.5", hint=_("撤回后可按新的金额重新提交。"),
)  # fmt: skip
def withdraw(settlement: Settlement, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """The handler takes the plan back, for instance to hand in another sum."""
    void_steps(settlement.record, by=by, at=at, reason="withdrawn")
    _back_to_assessed(settlement.case, but=settlement.pk)
    return {}


def take_back(settlement: Settlement, *, by: Actor, at: dt.datetime, reason: str) -> None:
    """A plan ends without its handler: something else has changed what it was decided on."""
    void_steps(settlement.record, by=by, at=at, reason=reason)
    settlement.status, settlement.version = S.WITHDRAWN, settlement.version + 1
    settlement.save(update_fields=["status", "version"])
    _back_to_assessed(settlement.case, but=settlement.pk)
    announce(
        "claims.settlement.withdrawn", settlement, by=by, at=at, label=_("撤回方案"), record_id=settlement.pk, codes={"reason": reason},
        clause="CC-W1.5",
    )  # fmt: skip


@transition(
    Case, sources=[C.ASSESSED, C.REGISTERED, C.SURVEYED, C.ACCEPTED, C.ARRIVED], target=None, label=_("移交专员"), event="handed_over",
    permit=handler_for("CC-W1.5"), clause="CC-W1.5",
    applies=lambda case: case.is_outlet_handled,
)  # fmt: skip
def hand_over(case: Case, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """An outlet's case that reaches the limit goes to the specialist; one that nobody has looked at yet as an alert."""
    specialist = pick_specialist(at, exclude=(case.worker_id,))
    if specialist is None:
        raise Refused([Refusal("case.nobody", NOBODY, {}, "CC-W1.1", "", ("am",))])
    case.handled_by, case.handler = Case.HandledBy.SPECIALIST, specialist
    concern(case.record, specialist.pk, "handler")
    notify(
        [specialist.pk],
        "claims.handed_over",
        {"number": case.record.number},
        record_id=case.pk,
        url=case.get_absolute_url(),
        at=at,
    )
    if case.status == C.ACCEPTED:
        case.status = C.ALERTED
        start_clock(case, at, case.customer_hour)
        announce_alert(case, by=by, at=at)
    return {"codes": {"handler": specialist.pk}}


def _guard_accept(settlement: Settlement, *, by: Actor, at: dt.datetime, amount: Decimal, payee: str = "", payee_account: str = "", **_rest: Any) -> Iterator[Refusal]:  # fmt: skip
    approved = settlement.approved_total or ZERO
    if amount > approved:
        yield Refusal(
            "settlement.over_approved", _("接受金额 %(amount)s 元高于批准金额 %(approved)s 元，请撤回后按新金额重新提交。"),
            {"amount": str(amount), "approved": str(approved)}, "CC-W1.5", "amount",
        )  # fmt: skip
    if amount < settlement.in_kind_amount:
        yield Refusal("settlement.in_kind", _("接受金额不能低于非现金折价部分。"), {}, "CC-W1.6", "amount")
    if amount > settlement.in_kind_amount and not payee.strip():
        yield Refusal("settlement.payee", _("现金赔付须填写收款人。"), {}, "CC-W1.6", "payee")
    yield from refuse_account(payee_account, is_transfer=False)
    if needs_agreement(settlement, amount):
        yield Refusal(
            "settlement.agreement", _("金额较大，请先上传客户签字的赔偿协议照片。"), {}, "CC-W1.6", "agreement"
        )


@transition(
    Settlement, sources=[S.APPROVED], target=S.ACCEPTED, label=_("客户接受"), event="accepted", permit=handler_for("CC-W1.6"),
    guard=_guard_accept, clause="CC-W1.6", hint=_("客户接受即为处理完毕，理赔处理表当天填写并签署。"),
)  # fmt: skip
def accept(
    settlement: Settlement, *, by: Actor, at: dt.datetime, amount: Decimal, content: str, mode: str = Talk.Mode.VISIT, payee: str = "",
    payee_account: str = "", customer_opinion: str = "", archive_note: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The customer accepts: from now the form is due the same calendar day (CC-W1.7).

    Like every contact it is followed by the visit sheet (CC-D8).
    """
    case = settlement.case
    settlement.approved_total = yuan(amount)
    settlement.accepted_at, settlement.form_due_at = at, clock.day_end(at)
    settlement.payee, settlement.payee_account, settlement.customer_opinion = payee, payee_account, customer_opinion
    settlement.record.due_at = settlement.form_due_at
    settlement.record.save(update_fields=["due_at"])
    keep_talk(
        case, settlement=settlement, kind=Talk.Kind.ACCEPTANCE, mode=mode, amount=amount, content=content, opinion=customer_opinion,
        archive_note=archive_note, by=by, at=at,
    )  # fmt: skip
    case.status, case.attempts = C.SETTLED, case.attempts + 1
    forget_low_score(case, at)
    case.save(update_fields=["status", "attempts", *SCORE])
    codes = {"handler": case.handler_id, "amount": amount, "due_at": settlement.form_due_at}
    if settlement.authority == "cc":
        settlement.reported_at = at
        manager = person_in("cs", at, exclude=(by.person_id,))
        if manager:
            tell([manager.pk], "claims.self_decided", case, settlement, at)
        announce(
            "claims.settlement.self_decided", settlement, by=by, at=at, label=_("自行决定的理赔报告经理"), record_id=settlement.pk,
            codes={"handler": case.handler_id}, clause="CC-W1.5",
        )  # fmt: skip
    if case.is_complaint:
        compensated(case, by=by, at=at)
    tell_line(case, "claims.settled", at=at, by=by, amount=str(amount))
    return {"codes": codes, "values": {"content": content, "opinion": customer_opinion}}
