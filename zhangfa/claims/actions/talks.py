"""Talks with the customer, and the visit sheet and archive that follow each of them (CC-W1.6, CC-D8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from zhangfa.claims import permissions
from zhangfa.claims.models import Case, Settlement, Talk
from zhangfa.claims.permissions import handler_for
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.customers.actions.learnt import refuse_learnt, write_learnt
from zhangfa.organisation.actor import Actor
from zhangfa.policy.queries import figure

C, S = Case.Status, Settlement.Status
SCORE = ("satisfaction", "satisfaction_at", "satisfaction_by", "satisfaction_channel")


def _guard_talk(case: Case, *, by: Actor, at: dt.datetime, kind: str, content: str, amount: Decimal | None = None, **_rest: Any) -> Iterator[Refusal]:  # fmt: skip
    if kind == Talk.Kind.ACCEPTANCE:
        yield Refusal("talk.acceptance", _("客户接受请在理赔方案上登记。"), {}, "CC-W1.6", "kind")
    if kind in (Talk.Kind.OFFER, Talk.Kind.COUNTER) and amount is None:
        yield Refusal("talk.amount", _("报价和还价须填写金额。"), {}, "CC-W1.6", "amount")
    if kind == Talk.Kind.OFFER and amount is not None:
        approved = [
            s.approved_total for s in case.settlements.filter(status=S.APPROVED) if s.approved_total is not None
        ]
        if not approved:
            yield Refusal("talk.unapproved", _("理赔方案尚未批准，不能向客户报价。"), {}, "CC-W1.5", "kind")
        elif amount > max(approved):
            yield Refusal(
                "talk.over", _("报价 %(amount)s 元高于批准金额 %(approved)s 元，请撤回后按新金额重新提交。"),
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
    talk = keep_talk(
        case, kind=kind, mode=mode, content=content, archive_note=archive_note, by=by, at=at, amount=amount, attitude=attitude, opinion=opinion,
        settlement=case.settlements.filter(status=S.APPROVED).order_by("-seq").first(),
    )  # fmt: skip
    return {"codes": {"handler": case.handler_id, "talk": talk.pk, "kind": kind}, "values": {"content": content}}


def forget_low_score(case: Case, at: dt.datetime) -> None:
    """A dissatisfied customer with a new offer or answer is asked again; what they said before stands in the trail (CC-W1.6)."""
    if case.satisfaction is not None and case.satisfaction < figure("claims.close_min_satisfaction", at).value:
        case.satisfaction = case.satisfaction_at = case.satisfaction_by = None
        case.satisfaction_channel = ""


def keep_talk(
    case: Case, *, by: Actor, at: dt.datetime, archive_note: str = "", met_at: dt.datetime | None = None, **facts: Any
) -> Talk:
    """Write a contact down, with when it was if not just now; without its visit sheet that stays owed (CC-D8)."""
    facts |= {"archive_note": archive_note, "archived_at": at if archive_note else None, "by_id": by.person_id}
    talk = Talk.objects.create(case=case, at=met_at or at, **facts)
    if not archive_note:
        codes = {"handler": case.handler_id, "talk": talk.pk, "kind": talk.kind}
        announce(
            "claims.contact.logged", talk, by=by, at=at, label=_("访问记录待补"), record_id=case.pk, codes=codes, clause="CC-D8",
            is_new=True,
        )  # fmt: skip
    return talk


def _refuse_archive(talk: Talk, *, by: Actor, at: dt.datetime, note: str) -> Iterator[Refusal]:
    yield from permissions.archive_talk(talk, by=by, at=at)
    if talk.archived_at:
        yield Refusal("talk.archived", _("这次沟通的访问记录已经完成。"), {}, "CC-D8")
    if not note.strip():
        yield Refusal("talk.note", _("请写明客户档案需要更新的内容；没有变化请写“无”。"), {}, "CC-D8", "archive_note")


def archive_talk(talk: Talk, *, archive_note: str, opinion: str = "", by: Actor, at: dt.datetime, **sheet: str) -> Talk:
    """《访问客户登记记录表》 is written and the customer's archive brought up to date after a contact (CC-D8).

    `sheet` says which lines of the file F15 change (`file_field_1`, `file_value_1`, …): they are written in the same act.
    """
    with work():
        case = Case.objects.lock(talk.case_id)
        locked = Talk.objects.select_related("case", "by").select_for_update(of=("self",)).get(pk=talk.pk)
        demand(_refuse_archive(locked, by=by, at=at, note=archive_note))
        written: dict[str, str] = {}
        if case.customer is not None:
            demand(refuse_learnt(case.customer, sheet))
            written = write_learnt(case.customer_id, sheet, by=by, at=at)
        locked.archive_note, locked.archived_at = archive_note, at
        if opinion:
            locked.opinion = opinion
        locked.save()
        announce(
            "claims.contact.archived", locked, by=by, at=at, label=_("更新客户档案"), record_id=locked.case_id,
            codes={"handler": locked.case.handler_id, "talk": locked.pk, "fields": sorted(written)}, values={"archive_note": archive_note}, clause="CC-D8",
        )  # fmt: skip
    return locked
