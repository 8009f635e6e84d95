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
from zhangfa.claims.actions.survey import survey_of, tell_line
from zhangfa.claims.models import LIVE, Case, Settlement, Talk
from zhangfa.claims.permissions import handler_for, posts
from zhangfa.claims.queries import LIMIT_KEYS, limits_at, person_in, pick_specialist, stamped, sums_for
from zhangfa.claims.rules import OUTLET, Proposal, authority_for, needs_review, payer_for, refuse_proposal, refuse_recourse
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.money import ZERO, yuan
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.finance.actions import pay as pay_out
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.organisation.queries import holders, manager_seat_of, seats_with_post
from zhangfa.policy.queries import figure
from zhangfa.records.actions import ask_signatures, assign_number, concern, concern_many, open_record, send_copies, void_signatures
from zhangfa.records.models import Attachment

C, S = Case.Status, Settlement.Status
KIND = "claims.settlement"


def _proposal(case: Case, cash: Decimal, in_kind: Decimal, over_ground: str, has_tie: bool, tie_note: str) -> Proposal:
    return Proposal(yuan(cash), yuan(in_kind), case.payable or ZERO, over_ground, has_tie, tie_note)


def _guard_propose(
    case: Case, *, by: Actor, at: dt.datetime, methods: Sequence[str], cash_amount: Decimal, in_kind_amount: Decimal, over_ground: str = "",
    has_tie: bool = False, tie_note: str = "", claimant: str = "customer", recourse_amount: Decimal = ZERO, fault: str = "none",
    recourse_basis: str = "",
) -> Iterator[Refusal]:  # fmt: skip
    proposal = _proposal(case, cash_amount, in_kind_amount, over_ground, has_tie, tie_note)
    sums = sums_for(case, proposal.total, at)
    survey = survey_of(case)
    yield from refuse_proposal(
        proposal, handled_by=case.handled_by, sums=sums, limits=limits_at(at),
        is_survey_confirmed=case.kind == Case.Kind.COMPLAINT or bool(survey and survey.confirmed_by_id),
    )  # fmt: skip
    if not methods:
        yield Refusal("settlement.methods", _("请选择赔偿方式。"), {}, "CC-W1.5", "methods")
    yield from refuse_recourse(amount=recourse_amount, fault=fault, total=proposal.total)
    if recourse_amount > 0 and len(recourse_basis.strip()) < 5:
        yield Refusal("recourse.basis", _("请写明追偿依据(不少于 5 个字)。"), {}, "CC-W1.6", "recourse_basis")
    if case.settlements.filter(claimant=claimant, status__in=(S.PROPOSED, S.APPROVED)).exists():
        yield Refusal("settlement.open", _("同一赔付对象已有办理中的理赔方案,请先撤回。"), {}, "CC-W1.5")


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
    sums, limits = sums_for(case, proposal.total, at), limits_at(at)
    authority = authority_for(sums, handled_by=case.handled_by, limits=limits, has_tie=has_tie)
    paper = open_record("F11", unit=case.unit, by=by, at=at, title=case.record.title, parent=case.record)
    facts = {
        "authority": authority.post, "clause": authority.clause, "key": authority.key, "comparison": authority.comparison,
        "basis": str(authority.basis), "limit": str(authority.limit), "own": str(sums.own), "event": str(sums.event),
        "customer": str(sums.customer), "reason": sums.reason, "handled_by": case.handled_by, "has_tie": has_tie,
        "payer": payer_for(case.guarantee, case.contract_model), "policy": stamped(LIMIT_KEYS, at),
    }  # fmt: skip
    is_own = authority.post in ("oa", "cc")
    settlement = Settlement.objects.create(
        record=paper, case=case, event_id=case.event_id, customer_id_copy=case.customer_id, claimant=claimant,
        status=S.APPROVED if is_own else S.PROPOSED, methods=list(methods), cash_amount=proposal.cash, in_kind_amount=proposal.in_kind,
        total=proposal.total, approved_total=proposal.total if is_own else None, over_ground=over_ground, has_tie=has_tie,
        tie_note=tie_note, recourse_amount=yuan(recourse_amount), fault=fault, recourse_basis=recourse_basis, authority=authority.post,
        facts=facts, proposed_at=at, proposed_by_id=by.person_id, decided_at=at if is_own else None,
        decided_by_id=by.person_id if is_own else None,
    )  # fmt: skip
    paper.url = settlement.get_absolute_url()
    paper.save(update_fields=["url"])
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
            _tell([reviewer.pk], "claims.review", case, settlement, at)


def _tell(people: Sequence[int], code: str, case: Case, settlement: Settlement, at: dt.datetime, **params: Any) -> None:
    notify(
        list(people), code, {"number": case.record.number, "total": str(settlement.total), **params}, record_id=case.pk,
        url=settlement.get_absolute_url(), at=at,
    )  # fmt: skip


def _open_step(settlement: Settlement) -> Step | None:
    return next(iter(waiting_for(settlement.record)), None)


def let_deciders_see(step: Step, at: dt.datetime) -> None:
    """Whoever a settlement's step lies before may open its case (CC-D3)."""
    settlement = Settlement.objects.select_related("case__record").filter(pk=step.record_id).first()
    if settlement:
        concern_many(settlement.case.record, [(person.pk, "decider") for person in who_has(step, at)])


def decider(settlement: Settlement, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """CC-W1.5, X-5: the person to whom the limits send the paper; never its handler, applicant or the worker concerned."""
    step = _open_step(settlement)
    if step is None:
        yield Refusal("approval.none", _("没有等待审批的步骤。"), {}, "CC-W1.5")
    else:
        yield from refusals_for(step, by)


def _guard_agree(settlement: Settlement, *, by: Actor, at: dt.datetime, opinion: str = "", amount: Decimal | None = None) -> Iterator[Refusal]:
    if amount is not None and not ZERO <= amount <= settlement.total:
        yield Refusal("approval.amount", _("批准金额应在 0 到申报金额 %(total)s 元之间。"), {"total": str(settlement.total)}, "CC-W1.5", "amount")
    elif amount is not None and amount < settlement.in_kind_amount:
        yield Refusal("settlement.in_kind", _("批准金额不能低于非现金折价部分。"), {}, "CC-W1.5", "amount")


@transition(
    Settlement, sources=[S.PROPOSED], target=S.APPROVED, label=_("同意"), event="approved", permit=decider, guard=_guard_agree, clause="CC-W1.5"
)
def agree(settlement: Settlement, *, by: Actor, at: dt.datetime, opinion: str = "", amount: Decimal | None = None) -> dict[str, Any]:
    """The manager agrees to the plan or the deputy GM rules, at the sum proposed or a lower one."""
    step = _open_step(settlement)
    assert step is not None
    _agreed(settlement, amount, by=by, at=at)
    decide_step(step, by=by, at=at, result="agree", opinion=opinion)
    return {"codes": {"amount": settlement.approved_total, "step": step.pk}, "values": {"opinion": opinion}}


def _agreed(settlement: Settlement, amount: Decimal | None, *, by: Actor, at: dt.datetime) -> None:
    settlement.status = S.APPROVED
    settlement.approved_total = yuan(amount) if amount is not None else settlement.total
    settlement.decided_at, settlement.decided_by_id = at, by.person_id
    settlement.save()
    _tell([settlement.proposed_by_id], "claims.approved", settlement.case, settlement, at, amount=str(settlement.approved_total))


def _returned(settlement: Settlement, *, by: Actor, at: dt.datetime) -> None:
    settlement.status, settlement.decided_at, settlement.decided_by_id = S.RETURNED, at, by.person_id
    settlement.save()
    _back_to_assessed(settlement.case, but=settlement.pk)
    _tell([settlement.proposed_by_id], "claims.returned", settlement.case, settlement, at)


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
    name, label = ("approved", _("同意")) if is_agreed else ("returned", _("退回"))
    announce(
        f"claims.settlement.{name}", settlement, by=by, at=at, label=label, record_id=settlement.pk, codes={"step": step.pk}, clause="CC-W1.5"
    )


def _guard_opinion(settlement: Settlement, *, by: Actor, at: dt.datetime, opinion: str) -> Iterator[Refusal]:
    if len(opinion.strip()) < 5:
        yield Refusal("approval.opinion", _("请写明意见(不少于 5 个字)。"), {}, "CC-W1.5", "opinion")


@transition(
    Settlement, sources=[S.PROPOSED], target=S.RETURNED, label=_("退回"), event="returned", permit=decider, guard=_guard_opinion, clause="CC-W1.5"
)
def send_back(settlement: Settlement, *, by: Actor, at: dt.datetime, opinion: str) -> dict[str, Any]:
    """The plan goes back with a reason; a new one may be handed in."""
    step = _open_step(settlement)
    assert step is not None
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


@transition(
    Case, sources=[C.ASSESSED, C.REGISTERED, C.SURVEYED, C.ACCEPTED, C.ARRIVED], target=None, label=_("移交专员"), event="handed_over",
    permit=handler_for("CC-W1.5"), guard=lambda case, **_: _guard_hand_over(case), clause="CC-W1.5",
)  # fmt: skip
def hand_over(case: Case, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """An outlet's case that reaches the limit goes to the specialist."""
    specialist = pick_specialist(at, exclude=(case.worker_id,))
    assert specialist is not None
    case.handled_by, case.handler = Case.HandledBy.SPECIALIST, specialist
    concern(case.record, specialist.pk, "handler")
    notify([specialist.pk], "claims.handed_over", {"number": case.record.number}, record_id=case.pk, url=case.get_absolute_url(), at=at)
    return {"codes": {"handler": specialist.pk}}


def _guard_hand_over(case: Case) -> Iterator[Refusal]:
    if not case.is_outlet_handled:
        yield Refusal("case.specialist", _("案件已由专员办理。"), {}, "CC-W1.5")
    elif pick_specialist(clock.now(), exclude=(case.worker_id,)) is None:
        yield Refusal("case.nobody", _("没有可受理的投诉与客户维护专员,请先在组织架构中安排任职。"), {}, "CC-W1.1", "", ("am",))


def _guard_talk(case: Case, *, by: Actor, at: dt.datetime, kind: str, content: str, amount: Decimal | None = None, **_rest: Any) -> Iterator[Refusal]:  # fmt: skip
    if kind == Talk.Kind.ACCEPTANCE:
        yield Refusal("talk.acceptance", _("客户接受请在理赔方案上登记。"), {}, "CC-W1.6", "kind")
    if kind in (Talk.Kind.OFFER, Talk.Kind.COUNTER) and amount is None:
        yield Refusal("talk.amount", _("报价和还价须填写金额。"), {}, "CC-W1.6", "amount")
    if kind == Talk.Kind.OFFER and amount is not None:
        approved = [s.approved_total for s in case.settlements.filter(status=S.APPROVED) if s.approved_total is not None]
        if not approved:
            yield Refusal("talk.unapproved", _("理赔方案尚未批准,不能向客户报价。"), {}, "CC-W1.5", "kind")
        elif amount > max(approved):
            yield Refusal(
                "talk.over", _("报价 %(amount)s 元高于批准金额 %(approved)s 元,请撤回后按新金额重新提交。"),
                {"amount": str(amount), "approved": str(max(approved))}, "CC-W1.5", "amount",
            )  # fmt: skip


@transition(
    Case, sources=[C.ARRIVED, C.SURVEYED, C.REGISTERED, C.ANSWERING, C.ASSESSED, C.SETTLING, C.SETTLED, C.SIGNED], target=None,
    label=_("记录沟通"), event="talked", permit=handler_for("CC-W1.6"), guard=_guard_talk, clause="CC-W1.6",
)  # fmt: skip
def log_talk(
    case: Case, *, by: Actor, at: dt.datetime, kind: str, content: str, mode: str = "phone", amount: Decimal | None = None,
    attitude: str = "", opinion: str = "", archive_note: str = "",
) -> dict[str, Any]:  # fmt: skip
    """One contact with the customer; the visit sheet and the archive follow within hours (CC-D8)."""
    talk = Talk.objects.create(
        case=case, settlement=case.settlements.filter(status=S.APPROVED).order_by("-record_id").first(), kind=kind, mode=mode, amount=amount,
        content=content, attitude=attitude, opinion=opinion, archive_note=archive_note, archived_at=at if archive_note else None, at=at,
        by_id=by.person_id,
    )  # fmt: skip
    codes = {"handler": case.handler_id, "talk": talk.pk, "kind": kind}
    announce("claims.contact.logged", talk, by=by, at=at, label=_("记录沟通"), record_id=case.pk, codes=codes, clause="CC-D8")
    if archive_note:
        announce("claims.contact.archived", talk, by=by, at=at, label=_("更新客户档案"), record_id=case.pk, codes=codes, clause="CC-D8")
    return {"codes": codes, "values": {"content": content}}


def _guard_accept(settlement: Settlement, *, by: Actor, at: dt.datetime, amount: Decimal, content: str, payee: str = "", payee_account: str = "", customer_opinion: str = "") -> Iterator[Refusal]:  # fmt: skip
    approved = settlement.approved_total or ZERO
    if amount > approved:
        yield Refusal(
            "settlement.over_approved", _("接受金额 %(amount)s 元高于批准金额 %(approved)s 元,请撤回后按新金额重新提交。"),
            {"amount": str(amount), "approved": str(approved)}, "CC-W1.5", "amount",
        )  # fmt: skip
    if amount < settlement.in_kind_amount:
        yield Refusal("settlement.in_kind", _("接受金额不能低于非现金折价部分。"), {}, "CC-W1.6", "amount")
    if amount > settlement.in_kind_amount and not payee.strip():
        yield Refusal("settlement.payee", _("现金赔付须填写收款人。"), {}, "CC-W1.6", "payee")
    agreements = Attachment.objects.filter(record_id=settlement.case_id, kind=Attachment.Kind.AGREEMENT, removed_at=None)
    if amount > figure("claims.outlet_max_estimate", settlement.proposed_at).value and not agreements.exists():
        yield Refusal("settlement.agreement", _("金额较大,请先上传客户签字的赔偿协议照片。"), {}, "CC-W1.6", "agreement")


@transition(
    Settlement, sources=[S.APPROVED], target=S.ACCEPTED, label=_("客户接受"), event="accepted", permit=handler_for("CC-W1.6"),
    guard=_guard_accept, clause="CC-W1.6", hint=_("客户接受即为处理完毕,理赔处理表当天填写并签署。"),
)  # fmt: skip
def accept(settlement: Settlement, *, by: Actor, at: dt.datetime, amount: Decimal, content: str, payee: str = "", payee_account: str = "", customer_opinion: str = "") -> dict[str, Any]:  # fmt: skip
    """The customer accepts: from now the form is due the same calendar day (CC-W1.7)."""
    case = settlement.case
    settlement.approved_total = yuan(amount)
    settlement.accepted_at, settlement.form_due_at = at, clock.day_end(at)
    settlement.payee, settlement.payee_account, settlement.customer_opinion = payee, payee_account, customer_opinion
    settlement.record.due_at = settlement.form_due_at
    settlement.record.save(update_fields=["due_at"])
    Talk.objects.create(
        case=case, settlement=settlement, kind=Talk.Kind.ACCEPTANCE, mode=Talk.Mode.VISIT, amount=amount, content=content,
        opinion=customer_opinion, at=at, by_id=by.person_id,
    )  # fmt: skip
    case.status, case.attempts = C.SETTLED, case.attempts + 1
    case.save(update_fields=["status", "attempts"])
    codes = {"handler": case.handler_id, "amount": amount, "due_at": settlement.form_due_at}
    if settlement.authority == "cc":
        settlement.reported_at = at
        manager = person_in("cs", at, exclude=(by.person_id,))
        if manager:
            _tell([manager.pk], "claims.self_decided", case, settlement, at)
        announce(
            "claims.settlement.self_decided", settlement, by=by, at=at, label=_("自行决定的理赔报告经理"), record_id=settlement.pk,
            codes={"handler": case.handler_id}, clause="CC-W1.5",
        )  # fmt: skip
    tell_line(case, "claims.settled", at=at, by=by, amount=str(amount))
    return {"codes": codes, "values": {"content": content, "opinion": customer_opinion}}


@transition(
    Settlement, sources=[S.ACCEPTED, S.SIGNED, S.PAID], target=None, label=_("确认收到报告"), event="report_acknowledged",
    permit=posts("CC-W1.5", "cs"), guard=lambda s, **_: _guard_report(s), clause="CC-W1.5",
)  # fmt: skip
def acknowledge_report(settlement: Settlement, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """The manager has read the settlement that the specialist decided alone."""
    settlement.report_acknowledged_at = at
    return {"codes": {"handler": settlement.case.handler_id}}


def _guard_report(settlement: Settlement) -> Iterator[Refusal]:
    if settlement.reported_at is None:
        yield Refusal("report.none", _("这份理赔不是专员自行决定的,无需报告。"), {}, "CC-W1.5")
    elif settlement.report_acknowledged_at:
        yield Refusal("report.done", _("报告已确认。"), {}, "CC-W1.5")


@transition(
    Settlement, sources=[S.APPROVED, S.ACCEPTED, S.SIGNED, S.PAID], target=None, label=_("复核网点理赔"), event="reviewed",
    permit=posts("CC-W1.5", "cc", "cs"), guard=lambda s, **_: _guard_review(s), clause="CC-W1.5",
)  # fmt: skip
def review(settlement: Settlement, *, by: Actor, at: dt.datetime, opinion: str = "") -> dict[str, Any]:
    """The specialist has looked at an outlet's own settlement."""
    settlement.reviewed_at, settlement.reviewed_by_id = at, by.person_id
    return {"values": {"opinion": opinion}}


def _guard_review(settlement: Settlement) -> Iterator[Refusal]:
    if settlement.authority != "oa" or not needs_review(handled_by=OUTLET, amount=settlement.total, limits=limits_at(settlement.proposed_at)):
        yield Refusal("review.none", _("这份理赔无需专员复核。"), {}, "CC-W1.5")
    elif settlement.reviewed_at:
        yield Refusal("review.done", _("已经复核。"), {}, "CC-W1.5")


def signers_of(case: Case, at: dt.datetime) -> list[tuple[str, int | None]]:
    """CC-W1.7, domain.md A-54: handler, worker, department manager and outlet; SUP countersigns where the outlet itself handled it."""
    manager = manager_seat_of(case.unit)
    found = {seat: people[0].pk for seat, people in holders([manager.pk] if manager else [], at).items() if people}
    if case.is_outlet_handled:
        outlet: Person | None = person_in("sup", at, exclude=(case.handler_id,))
    else:
        outlet = person_in("oa", at, unit=case.unit, exclude=(case.handler_id,))
    return [
        ("handler", case.handler_id),
        ("worker", case.worker_id),
        ("manager", found.get(manager.pk) if manager else None),
        ("outlet", outlet.pk if outlet else None),
    ]


def _guard_form(settlement: Settlement, *, by: Actor, at: dt.datetime, root_cause: str, customer_opinion: str, handling: str, prevention: str) -> Iterator[Refusal]:  # fmt: skip
    for role, signer in signers_of(settlement.case, at):
        if signer is None and role != "worker":
            yield Refusal("form.signer", _("找不到应签字的人(%(role)s),请先在组织架构中安排任职。"), {"role": role}, "CC-W1.7", "", ("am",))


@transition(
    Settlement, sources=[S.ACCEPTED], target=None, label=_("填写理赔处理表"), event="form_filled", permit=handler_for("CC-W1.7"),
    guard=_guard_form, clause="CC-W1.7", hint=_("填写后通知四方签字;修改已签内容会使签名失效。"),
)  # fmt: skip
def fill_form(settlement: Settlement, *, by: Actor, at: dt.datetime, root_cause: str, customer_opinion: str, handling: str, prevention: str) -> dict[str, Any]:  # fmt: skip
    """《事故理赔处理表》 is filled and handed to its four signers; filling it anew voids what was signed."""
    case, paper = settlement.case, settlement.record
    settlement.root_cause, settlement.customer_opinion = root_cause, customer_opinion
    settlement.handling, settlement.prevention = handling, prevention
    if paper.number is None:
        assign_number(paper, at=at)
    else:
        void_signatures(paper, by=by, at=at)
    signers = signers_of(case, at)
    ask_signatures(paper, signers, by=by, at=at)
    people = {person for _role, person in signers if person}
    concern_many(case.record, [(person, "signer") for person in people])
    _tell(sorted(people), "claims.sign", case, settlement, at)
    return {"codes": {"form": paper.pk, "number": paper.number}}


def when_signature(record: Any, *, by: Actor, at: dt.datetime) -> None:
    """After each signature: with the last of the four, late or not is settled once and stays (CC-W1.7)."""
    if not record.signatures.filter(state="waiting").exists():
        settlement = Settlement.objects.get(pk=record.pk)
        if settlement.status == S.ACCEPTED:
            sign_off(settlement, by=by, at=at)


def _all_signed(settlement: Settlement, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    waiting = settlement.record.signatures.filter(state="waiting")
    if waiting.exists() or not settlement.record.signatures.filter(state__in=("signed", "refused")).exists():
        yield Refusal("form.unsigned", _("四方尚未全部签字。"), {}, "CC-W1.7")


@transition(Settlement, sources=[S.ACCEPTED], target=S.SIGNED, label=_("签署完成"), event="signed", permit=_all_signed, clause="CC-W1.7")
def sign_off(settlement: Settlement, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """All four stand on the form: copies go to CS, finance and administration, and finance may pay."""
    case = settlement.case
    settlement.signed_at = at
    settlement.is_late = settlement.form_due_at is not None and at > settlement.form_due_at
    case.status = C.SIGNED
    case.save(update_fields=["status"])
    readers = {p.pk for p in (person_in("cs", at), person_in("fin", at), person_in("am", at)) if p}
    concern_many(case.record, [(reader, "copy") for reader in readers])
    send_copies(settlement.record, sorted(readers), by=by, at=at)
    return {"codes": {"handler": case.handler_id, "is_late": settlement.is_late}}


@transition(
    Settlement, sources=[S.SIGNED], target=S.PAID, label=_("付款"), event="paid", permit=posts("CC-W1.6", "fin"), clause="CC-W1.6",
    hint=_("只凭四方签署的理赔处理表付款。"),
)  # fmt: skip
def pay(settlement: Settlement, *, by: Actor, at: dt.datetime, amount: Decimal, method: str, voucher_no: str) -> dict[str, Any]:
    """Finance pays the accepted cash part against the signed form; whoever approved does not pay (domain.md A-43)."""
    due = cash_due(settlement)
    pay_out(
        record=settlement.record, amount=yuan(amount), approved=due, payee=settlement.payee, method=method, account=settlement.payee_account,
        voucher_no=voucher_no, by=by, at=at, approver_ids={settlement.decided_by_id, settlement.proposed_by_id} - {None},
    )  # fmt: skip
    settlement.paid_at = at
    _tell([settlement.case.handler_id], "claims.paid", settlement.case, settlement, at)
    return {"codes": {"amount": amount, "method": method}}


def cash_due(settlement: Settlement) -> Decimal:
    """What finance owes: the accepted sum less what is given in kind. CNY."""
    return yuan(max(ZERO, (settlement.approved_total or ZERO) - settlement.in_kind_amount))
