"""After the acceptance: report and review, the form with its four signatures, payment and the insurer (CC-W1.5 – CC-W1.7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from zhangfa.claims import customer_file
from zhangfa.claims.actions.settle import tell
from zhangfa.claims.models import Case, Settlement
from zhangfa.claims.permissions import handler_for, posts
from zhangfa.claims.queries import above_outlet, head_of, limits_at, outlet_of, person_in
from zhangfa.claims.rules import OUTLET, needs_review
from zhangfa.claims.settlement_rules import refuse_account
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.money import ZERO, yuan
from zhangfa.core.text import _
from zhangfa.core.transitions import transition
from zhangfa.finance.actions import pay as pay_out
from zhangfa.finance.models import Payment
from zhangfa.organisation.actor import Actor
from zhangfa.records.actions import ask_signatures, assign_number, concern_many, send_copies, void_signatures
from zhangfa.records.registry import forms

C, S = Case.Status, Settlement.Status


@transition(
    Settlement, sources=[S.ACCEPTED, S.SIGNED, S.PAID], target=None, label=_("确认收到报告"), event="report_acknowledged",
    permit=posts("CC-W1.5", "cs"), guard=lambda s, **_: _guard_report(s), clause="CC-W1.5",
    applies=lambda s: not [*_guard_report(s)],
)  # fmt: skip
def acknowledge_report(settlement: Settlement, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """The manager has read the settlement that the specialist decided alone."""
    settlement.report_acknowledged_at = at
    return {"codes": {"handler": settlement.case.handler_id}}


def _guard_report(settlement: Settlement) -> Iterator[Refusal]:
    if settlement.reported_at is None:
        yield Refusal("report.none", _("这份理赔不是专员自行决定的，无需报告。"), {}, "CC-W1.5")
    elif settlement.report_acknowledged_at:
        yield Refusal("report.done", _("报告已确认。"), {}, "CC-W1.5")


@transition(
    Settlement, sources=[S.APPROVED, S.ACCEPTED, S.SIGNED, S.PAID], target=None, label=_("复核网点理赔"), event="reviewed",
    permit=posts("CC-W1.5", "cc", "cs"), guard=lambda s, **_: _guard_review(s), clause="CC-W1.5",
    applies=lambda s: not [*_guard_review(s)],
)  # fmt: skip
def review(settlement: Settlement, *, by: Actor, at: dt.datetime, opinion: str = "") -> dict[str, Any]:
    """The specialist has looked at an outlet's own settlement."""
    settlement.reviewed_at, settlement.reviewed_by_id = at, by.person_id
    return {"values": {"opinion": opinion}}


def _guard_review(settlement: Settlement) -> Iterator[Refusal]:
    if settlement.authority != "oa" or not needs_review(
        handled_by=OUTLET, amount=settlement.total, limits=limits_at(settlement.proposed_at)
    ):
        yield Refusal("review.none", _("这份理赔无需专员复核。"), {}, "CC-W1.5")
    elif settlement.reviewed_at:
        yield Refusal("review.done", _("已经复核。"), {}, "CC-W1.5")


def signers_of(case: Case, at: dt.datetime) -> list[tuple[str, int | None]]:
    """CC-W1.7, domain.md A-54: handler, worker, department manager and outlet; SUP countersigns where the outlet itself handled it.

    An empty seat is signed for from above, and nobody signs twice: where the department manager is also next above the
    outlet, the one above them countersigns (domain.md A-22, A-41).
    """
    manager = head_of(case, at)
    others = (case.handler_id, case.worker_id, manager.pk if manager else None)
    outlet = above_outlet(case, at, others) if case.is_outlet_handled else outlet_of(case, at, others)
    signers = [
        ("handler", case.handler_id),
        ("worker", case.worker_id),
        ("manager", manager.pk if manager else None),
        ("outlet", outlet.pk if outlet else None),
    ]
    # A complaint about nobody's fault has three signatures; an accident always has its person responsible.
    return [line for line in signers if case.is_accident or line != ("worker", None)]


def _refuse_signers(signers: list[tuple[str, int | None]]) -> Iterator[Refusal]:
    for role, signer in signers:
        if signer is None and role == "worker":
            text = _("还没有登记责任服务员，没有人能在“事故责任人”一栏签字；请先补登。")
            yield Refusal("form.worker", text, {}, "CC-W1.7")
        elif signer is None:
            yield Refusal(
                "form.signer",
                _("找不到应签字的人（%(role)s），请先在“组织机构”里安排任职。"),
                {"role": forms.get("F11").role(role).label},
                "CC-W1.7",
                "",
                ("am",),
            )


def is_past_promise(settlement: Settlement) -> bool:
    """Settled after the day that was promised to the customer (CC-W1.3)."""
    accepted, promised = settlement.accepted_at, settlement.case.promised_on
    return bool(accepted and promised and clock.local_date(accepted) > promised)


def _guard_fill(settlement: Settlement, *, by: Actor, at: dt.datetime, late_reason: str = "", **_rest: Any) -> Iterator[Refusal]:  # fmt: skip
    if is_past_promise(settlement) and len(late_reason.strip()) < 5:
        text = _("超过了向客户承诺的日期，请写明原因（不少于 5 个字）。")
        yield Refusal("form.late_reason", text, {}, "CC-W1.7", "late_reason")


@transition(
    Settlement, sources=[S.ACCEPTED], target=None, label=_("填写理赔处理表"), event="form_filled", permit=handler_for("CC-W1.7"),
    guard=_guard_fill, clause="CC-W1.7", hint=_("填写后通知四方签字；修改已签内容会使签名失效。"),
)  # fmt: skip
def fill_form(
    settlement: Settlement, *, by: Actor, at: dt.datetime, root_cause: str, customer_opinion: str, handling: str, prevention: str,
    late_reason: str = "",
) -> dict[str, Any]:  # fmt: skip
    """《事故理赔处理表》 is filled, keeps the customer's file as it is now, and goes to its four signers; filling it anew voids what was signed."""
    case, paper = settlement.case, settlement.record
    signers = signers_of(case, at)
    demand(_refuse_signers(signers))
    settlement.root_cause, settlement.customer_opinion = root_cause, customer_opinion
    settlement.handling, settlement.prevention = handling, prevention
    settlement.late_reason = late_reason if is_past_promise(settlement) else ""
    file = customer_file.taken(case, at)
    settlement.customer_file = file.text() if file else ""
    is_first = paper.number is None
    if is_first:
        assign_number(paper, at=at)
    else:
        void_signatures(paper, by=by, at=at)
    ask_signatures(paper, signers, by=by, at=at, is_first=is_first)
    people = {person for _role, person in signers if person}
    concern_many(case.record, [(person, "signer") for person in people])
    tell(sorted(people), "claims.sign", case, settlement, at)
    return {"codes": {"form": paper.pk, "number": paper.number}}


def when_signature(record: Any, signature: Any, *, by: Actor, at: dt.datetime) -> None:
    """After each signature: with the last of the four, late or not is settled once and stays (CC-W1.7)."""
    settlement = Settlement.objects.lock(record.pk)
    if settlement.status != S.ACCEPTED:
        return
    if is_objection(signature):
        tell([settlement.case.handler_id], "claims.disagreed", settlement.case, settlement, at)
    rows = list(record.signatures.exclude(state="void"))
    if not any(row.state == "waiting" or is_objection(row) for row in rows):
        sign_off(settlement, by=by, at=at)


def is_objection(signature: Any) -> bool:
    """Whether somebody who has to agree does not; the worker's name only says that the facts were read (domain.md A-22)."""
    return bool(signature.state == "signed" and signature.result == "disagree" and signature.role != "worker")


def _all_signed(settlement: Settlement, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    rows = list(settlement.record.signatures.exclude(state="void"))
    if not rows or any(row.state == "waiting" for row in rows):
        yield Refusal("form.unsigned", _("四方尚未全部签字。"), {}, "CC-W1.7")
    if any(is_objection(row) for row in rows):
        yield Refusal("form.disagreed", _("有人签字表示不同意：请修改理赔处理表，重新请四方签字。"), {}, "CC-W1.7")


@transition(
    Settlement,
    sources=[S.ACCEPTED],
    target=S.SIGNED,
    label=_("签署完成"),
    event="signed",
    permit=_all_signed,
    clause="CC-W1.7",
    is_automatic=True,
)
def sign_off(settlement: Settlement, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """All four stand on the form: copies go to CS, finance and administration, and finance may pay."""
    case = settlement.case
    settlement.signed_at = at
    settlement.is_late = settlement.form_due_at is not None and at > settlement.form_due_at
    # A customer who was dissatisfied before the last signature has reopened the case: it stays open.
    if case.status == C.SETTLED:
        case.status = C.SIGNED
        case.save(update_fields=["status"])
    readers = {p.pk for p in (person_in("cs", at), person_in("fin", at), person_in("am", at)) if p}
    concern_many(case.record, [(reader, "copy") for reader in readers])
    send_copies(settlement.record, sorted(readers), by=by, at=at)
    return {"codes": {"handler": case.handler_id, "is_late": settlement.is_late}}


def _guard_pay(settlement: Settlement, *, method: str, payee: str = "", payee_account: str = "", **_rest: Any) -> Iterator[Refusal]:  # fmt: skip
    if not (settlement.payee or payee.strip()):
        yield Refusal("payment.payee", _("还没有登记收款人，请填写。"), {}, "CC-W1.6", "payee")
    if method == Payment.Method.TRANSFER and not (settlement.payee_account or payee_account.strip()):
        text = _("银行转账须有收款账号：请填写账号，或改用其他付款方式。")
        yield Refusal("payment.account", text, {}, "CC-W1.6", "payee_account")
    yield from refuse_account(settlement.payee_account or payee_account, is_transfer=method == Payment.Method.TRANSFER)


@transition(
    Settlement, sources=[S.SIGNED], target=S.PAID, label=_("付款"), event="paid", permit=posts("CC-W1.6", "fin"), guard=_guard_pay, clause="CC-W1.6",
    hint=_("只凭四方签署的理赔处理表付款。"), applies=lambda s: cash_due(s) > ZERO,
)  # fmt: skip
def pay(
    settlement: Settlement, *, by: Actor, at: dt.datetime, amount: Decimal, method: str, voucher_no: str, payee: str = "",
    payee_account: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Finance pays the accepted cash part against the signed form; whoever approved does not pay (domain.md A-43).

    Payee and account that were signed stand; what was left open then is said here and kept with the payment.
    """
    due = cash_due(settlement)
    pay_out(
        record=settlement.record, amount=yuan(amount), approved=due, payee=settlement.payee or payee, method=method,
        account=settlement.payee_account or payee_account, voucher_no=voucher_no, by=by, at=at, approver_ids={settlement.decided_by_id, settlement.proposed_by_id} - {None},
    )  # fmt: skip
    settlement.paid_at = at
    tell([settlement.case.handler_id], "claims.paid", settlement.case, settlement, at)
    return {"codes": {"amount": amount, "method": method}}


def _guard_insurer(settlement: Settlement, *, by: Actor, at: dt.datetime, claimed: Decimal, approved: Decimal | None = None, paid: Decimal | None = None, paid_on: dt.date | None = None, refusal: str = "") -> Iterator[Refusal]:  # fmt: skip
    survey = getattr(settlement.case, "survey", None)
    if survey is None or not survey.is_insurer_told:
        text = _("还没有登记保险报案：索赔须与勘察记录和报案一致，请先登记报案时间和报案号。")
        yield Refusal("insurer.untold", text, {}, "CC-D7")
    settled = settlement.approved_total or ZERO
    if claimed > settled:
        text = _("向保险索赔 %(claimed)s 元，高于本案的理赔金额 %(approved)s 元。")
        yield Refusal("insurer.above", text, {"claimed": str(claimed), "approved": str(settled)}, "CC-D7", "claimed")
    if approved is not None and approved > claimed:
        yield Refusal("insurer.approved", _("保险核定金额不能超过索赔金额。"), {}, "CC-D4", "approved")
    if paid is not None and paid > (claimed if approved is None else approved):
        what = _("保险到账不能超过索赔金额。") if approved is None else _("保险到账不能超过保险核定金额。")
        yield Refusal("insurer.over", what, {}, "CC-D4", "paid")
    if paid is not None and paid_on is None:
        yield Refusal("insurer.day", _("请填写到账日期。"), {}, "CC-D4", "paid_on")
    if paid_on and paid_on > clock.local_date(at):
        yield Refusal("insurer.future", _("到账日期不能晚于今天。"), {}, "CC-D4", "paid_on")


@transition(
    Settlement, sources=[S.ACCEPTED, S.SIGNED, S.PAID], target=None, label=_("登记保险回收"), event="insurer_logged",
    permit=handler_for("CC-D4"), guard=_guard_insurer, clause="CC-D4", applies=lambda s: s.case.is_accident,
)  # fmt: skip
def log_insurer(settlement: Settlement, *, by: Actor, at: dt.datetime, claimed: Decimal, approved: Decimal | None = None, paid: Decimal | None = None, paid_on: dt.date | None = None, refusal: str = "") -> dict[str, Any]:  # fmt: skip
    """What was claimed from the insurer and what came back; RPT-13 shows the net."""
    settlement.insurer_claimed, settlement.insurer_approved, settlement.insurer_paid = claimed, approved, paid
    settlement.insurer_paid_on, settlement.insurer_refusal = paid_on, refusal
    return {"codes": {"claimed": claimed, "paid": paid}, "values": {"refusal": refusal}}


def cash_due(settlement: Settlement) -> Decimal:
    """What finance owes: the accepted sum less what is given in kind. CNY."""
    return yuan(max(ZERO, (settlement.approved_total or ZERO) - settlement.in_kind_amount))
