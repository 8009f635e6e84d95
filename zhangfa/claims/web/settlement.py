"""The page of a settlement: what is proposed, why this authority, the form, its signatures, its payment."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.approvals.queries import who_has
from zhangfa.claims.actions import settle
from zhangfa.claims.actions.paying import cash_due
from zhangfa.claims.choices import METHODS
from zhangfa.claims.confidential import shown_account
from zhangfa.claims.models import Settlement
from zhangfa.claims.queries import may_know_worker
from zhangfa.claims.web import access, explain, parts, progress
from zhangfa.core.transitions import Transition
from zhangfa.policy.wording import post_name
from zhangfa.records.models import Signature
from zhangfa.records.sensitive import shown
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.pages import RecordPage
from zhangfa.ui.registry import Part
from zhangfa.ui.tables import Column
from zhangfa.ui.words import join

S = Settlement.Status
FIRST = ("agree", "send_back", "accept", "fill_form", "pay", "acknowledge_report", "review", "log_insurer", "withdraw")


FACTS = [
    Column("total", lazy("理赔总额"), kind="money"),
    Column("approved_total", lazy("批准金额"), kind="money"),
    Column("cash_amount", lazy("现金"), kind="money"),
    Column("in_kind_amount", lazy("非现金折价"), kind="money"),
    Column("methods", lazy("赔偿方式"), value=lambda row, page: methods(row)),
    Column("claimant", lazy("赔付对象"), value=lambda row, page: row.get_claimant_display()),
    Column("assessed_loss", lazy("认定损失"), kind="money", value=lambda row, page: row.case.assessed_loss),
    Column("payable", lazy("公司应承担"), kind="money", value=lambda row, page: row.case.payable),
    Column(
        "customer",
        lazy("客户"),
        value=lambda row, page: row.case.customer.name if row.case.customer else row.case.reporter,
    ),
    Column("unit", lazy("网点"), value=lambda row, page: row.case.unit.shown_name),
    Column("proposed_by", lazy("提交人"), value=lambda row, page: row.proposed_by.shown_name),
    Column("proposed_at", lazy("提交时间"), kind="when"),
    Column("over_ground", lazy("高于公司应承担金额的理由"), wide=True),
    Column("tie_note", lazy("与客户的关系"), value=lambda row, page: shown(page.actor, row, "tie_note"), wide=True),
]


class SettlementRecord(RecordPage):
    """One settlement with its form 《事故理赔处理表》."""

    model = Settlement
    permission = access.read_settlements
    template_name = "claims/settlement.html"
    nav = "settlements"
    do_url = "claims:settlement-do"
    select_related = (
        "record", "case__record", "case__customer", "case__unit", "case__handler", "case__worker", "case__survey", "proposed_by", "decided_by",
        "reviewed_by", "record__payment",
    )  # fmt: skip

    @property
    def facts(self) -> list[Column]:  # type: ignore[override]
        # A reason that nobody had to give is no fact.
        return [fact for fact in FACTS if not fact.wide or getattr(self.object, fact.key)]

    @property
    def parts(self) -> list[Part]:  # type: ignore[override]
        # Nobody signs a form that has no number yet.
        signatures = records_parts("signatures") if self.object.record.number else []
        return [
            *signatures,
            *parts.of_settlement(self.object.case),
            *records_parts("copies", "comments", "trail"),
        ]

    def open_parts(self) -> list[Part]:
        found = super().open_parts()
        # The signatures are what the page is for once the form is filled.
        return [Part(p.key, p.label, p.give, open=True) if p.key == "signatures" else p for p in found]

    def find(self) -> Any:
        return access.opened(Settlement.objects, self)

    def number(self) -> Any:
        return self.object.record.number or self.object.case.record.number

    def page_title(self) -> Any:
        return _("理赔方案：%(title)s") % {"title": self.object.case.record.title}

    @cached_property
    def waiting(self) -> list[Signature]:
        # Nobody is asked to sign before the form has its number.
        if self.object.status != S.ACCEPTED or self.object.record.number is None:
            return []
        rows = Signature.objects.filter(record_id=self.object.pk, state=Signature.State.WAITING).select_related(
            "signer"
        )
        return list(rows.order_by("order"))

    def next_step(self) -> Any:
        row = self.object
        if row.status == S.PROPOSED:
            return _("等%(post)s审批") % {"post": progress.waits_for(row, settle.open_step(row))}
        if row.status == S.ACCEPTED:
            if self.waiting:
                return lazy("四方签署理赔处理表")
            # A filled form for which nobody waits any more and that is not signed off: somebody has signed against it.
            return progress.OBJECTED if row.root_cause else lazy("填写《事故理赔处理表》，请四方签字")
        if row.status == S.SIGNED:
            return lazy("财务付款") if cash_due(row) > 0 else ""
        return lazy("与客户商谈，谈成后登记客户接受") if row.status == S.APPROVED else ""

    def holder(self) -> Any:
        row = self.object
        if row.status == S.PROPOSED:
            step = settle.open_step(row)
            return join(person.shown_name for person in (who_has(step, self.at) if step else [])) or post_name(
                row.authority
            )
        if row.status == S.ACCEPTED and self.waiting:
            return join(name for signature in self.waiting if (name := self.signer(signature)))
        if row.status in (S.APPROVED, S.ACCEPTED):
            return row.case.handler.shown_name if row.case.handler else ""
        return _("财务部") if row.status == S.SIGNED and cash_due(row) > 0 else ""

    def signer(self, signature: Signature) -> str:
        if signature.role == "worker" and not may_know_worker(self.object.case, self.actor):
            return _("事故责任人")
        return signature.signer.shown_name if signature.signer else ""

    def buttons(self) -> list[tuple[Transition, list[Any], str]]:
        order = {name: place for place, name in enumerate(FIRST)}
        return sorted(super().buttons(), key=lambda button: order.get(button[0].name, len(order)))

    def status_context(self) -> dict[str, Any]:
        self.__dict__.pop("waiting", None)
        context = super().status_context()
        # While others sign or pay, what the handler may still do is not what the paper waits for.
        first = context["ready"][0][0].name if context["ready"] else ""
        is_quiet = first == "log_insurer" or (first == "fill_form" and bool(self.waiting))
        return context | ({"is_quiet_head": True} if is_quiet else {})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        own = next((s for s in self.waiting if s.signer_id in _people(self.actor)), None)
        payment = getattr(row.record, "payment", None)
        return super().get_context_data(
            settlement=row, case=row.case, why=explain.stored(row), due=cash_due(row), own_signature=own, payment=payment,
            has_form=bool(row.root_cause), account=shown_account(row.payee_account, row, self.actor),
            paid_account=shown_account(payment.payee_account, row, self.actor) if payment else "", **kwargs,
        )  # fmt: skip


def methods(settlement: Settlement) -> str:
    names = dict(METHODS)
    return join(str(names.get(code, code)) for code in settlement.methods)


def _people(actor: Any) -> set[int | None]:
    return {actor.person_id, *(seat.person_id for seat in actor.seats if seat.is_delegated)}
