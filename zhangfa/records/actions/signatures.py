"""Asking for signatures, giving them, refusing them before a witness, and voiding them with a change."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

from zhangfa.core import compiled
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.records import files, queries, rules
from zhangfa.records.actions.papers import lock
from zhangfa.records.models import Record, Signature
from zhangfa.records.registry import forms

if TYPE_CHECKING:
    from zhangfa.organisation.actor import Actor

S = Signature.State


def ask_signatures(
    record: Record, roles: Sequence[tuple[str, int | None]], *, by: Actor, at: dt.datetime, is_first: bool = False
) -> list[Signature]:
    """Open the signing roles of a paper in order; a signer of None is found by the role's post.

    Roles that are already open or done stay as they are; an open one changes to the given signer.
    `is_first`: the paper has just got its number, so nobody can have been asked before.
    """
    with work():
        locked = lock(record)
        known = {} if is_first else {s.role: s for s in locked.signatures.exclude(state=S.VOID)}
        asked = []
        for order, (role, signer_id) in enumerate(roles, start=1):
            row = known.get(role) or Signature(record=locked, role=role, asked_at=at, version=locked.version)
            if row.state == S.WAITING:
                row.order, row.signer_id = order, signer_id
            asked.append(row)
        if again := [row for row in asked if row.pk and row.state == S.WAITING]:
            Signature.objects.bulk_update(again, ["order", "signer"])
        Signature.objects.bulk_create([row for row in asked if not row.pk])
        announce(
            "records.signature.asked", locked, by=by, at=at, label=_("请求签字"),
            record_id=locked.pk, codes={"roles": {s.role: s.signer_id for s in asked}},
        )  # fmt: skip
        return asked


def sign(
    record: Record, *, role: str, by: Actor, at: dt.datetime,
    content: Mapping[str, Any] | None = None, method: str = "password", is_verified: bool = False,
    drawing: bytes = b"", result: str = "agree", opinion: str = "", seen: str = "",
) -> Signature:  # fmt: skip
    """Sign one role of a paper (domain.md 4.0 SGN).

    `content` are the form's declared fields (asked of its app when not given); `is_verified` says
    that the interface has just checked the password; `drawing` is a PNG; `seen` is the digest that
    was on the signer's page: if the paper changed since, the signer must look again.
    """
    ink_png, ink = _ink(drawing) if method == "drawn" else (b"", 0)
    with work():
        locked = lock(record)
        row = _open_role(locked, role)
        facts = queries.signing_facts(locked, row, by, at)
        demand(
            rules.refuse_sign(
                facts, method=method, is_verified=is_verified, result=result, opinion=opinion,
                ink=ink,
            )
        )  # fmt: skip
        row.digest = queries.digest_now(locked, content)
        if seen and seen != row.digest:
            raise Refused([Refusal("changed", _("单据内容在您查看之后有改动，请重新核对后再签字。"))])
        row.manner = rules.manner_of(facts, method)
        row.signer_id = row.signer_id or by.person_id
        row.acted_by_id, row.at, row.version = by.person_id, at, locked.version
        row.state, row.method, row.result, row.opinion = S.SIGNED, method, result, opinion
        row.drawing = base64.b64encode(ink_png).decode()
        row.save()
        _tell(locked, row, by, at, "signed", _("签字"), {"opinion": opinion} if opinion else {})
        return row


@dataclass(frozen=True)
class Outcome:
    """What became of one paper of a batch: signed, or the reasons why not."""

    record: Record
    role: str
    refusals: tuple[Refusal, ...] = ()


def sign_many(
    papers: Iterable[tuple[Record, str, str]], *, by: Actor, at: dt.datetime, method: str = "password",
    is_verified: bool = False, drawing: bytes = b"",
) -> list[Outcome]:  # fmt: skip
    """Sign several papers (record, role, seen digest) in one act; each stands for itself."""
    outcomes = []
    for record, role, seen in papers:
        try:
            sign(
                record, role=role, by=by, at=at, method=method, is_verified=is_verified,
                drawing=drawing, seen=seen,
            )  # fmt: skip
            outcomes.append(Outcome(record, role))
        except Refused as refused:
            outcomes.append(Outcome(record, role, refused.refusals))
    return outcomes


def refuse_to_sign(record: Record, *, role: str, by: Actor, reason: str, at: dt.datetime) -> Signature:
    """Note that the signer refused; `by` is the witness. The paper counts as served (A-22)."""
    with work():
        locked = lock(record)
        row = _open_role(locked, role)
        facts = queries.signing_facts(locked, row, by, at)
        demand(rules.refuse_refusal(facts, reason=reason, witness_id=by.person_id))
        row.state, row.reason, row.at = S.REFUSED, reason, at
        row.witness_id = row.acted_by_id = by.person_id
        row.version, row.digest = locked.version, queries.digest_now(locked)
        row.save()
        _tell(locked, row, by, at, "refused", _("登记拒签"), {"reason": reason})
        return row


def void_signatures(record: Record, *, by: Actor, at: dt.datetime) -> int:
    """A signed paper changed: a new version, old signatures kept as void, the same roles open again.

    Without any signature nothing happens. Returns how many were voided.
    """
    with work():
        locked = lock(record)
        done = list(locked.signatures.filter(state__in=[S.SIGNED, S.REFUSED]).order_by("order"))
        if not done:
            return 0
        Signature.objects.filter(pk__in=[s.pk for s in done]).update(state=S.VOID)
        locked.version += 1
        if locked.status == Record.Status.SIGNED:
            locked.status = Record.Status.SUBMITTED
        locked.save(update_fields=["version", "status"])
        # The caller's instance would otherwise print the old version.
        record.version, record.status = locked.version, locked.status
        locked.signatures.filter(state=S.WAITING).update(version=locked.version)
        Signature.objects.bulk_create(
            Signature(
                record=locked,
                role=old.role,
                order=old.order,
                signer_id=old.signer_id,
                asked_at=at,
                version=locked.version,
            )
            for old in done
        )
        announce(
            "records.signature.voided", locked, by=by, at=at, label=_("签字失效"),
            record_id=locked.pk, codes={"version": locked.version, "roles": [s.role for s in done]},
        )  # fmt: skip
        return len(done)


def _open_role(record: Record, role: str) -> Signature:
    found = compiled.rows(_open_of, record=record.pk, role=role)
    if not found:
        raise Refused([Refusal("no_role", _("这张单据没有这个签字栏。"), field="role")])
    row: Signature = found[0]
    return row


def _open_of(record: UUID, role: str) -> QuerySet[Signature]:
    return Signature.objects.filter(record_id=record, role=role).exclude(state=S.VOID).order_by("pk")


def _ink(drawing: bytes) -> tuple[bytes, int]:
    try:
        return files.signature_of(drawing) if drawing else (b"", 0)
    except files.Unreadable:
        raise Refused([Refusal("drawing", _("签名图像读不出来，请重新签一次。"), field="drawing")]) from None


def _tell(
    record: Record, row: Signature, by: Actor, at: dt.datetime, verb: str, label: str,
    values: dict[str, Any],
) -> None:  # fmt: skip
    codes = {
        "role": row.role, "signer": row.signer_id, "method": row.method, "manner": row.manner,
        "result": row.result, "digest": row.digest, "version": row.version,
    }  # fmt: skip
    if not record.signatures.filter(state=S.WAITING).exists():
        record.status = Record.Status.SIGNED
        record.save(update_fields=["status"])
    announce(
        f"records.signature.{verb}", record, by=by, at=at, label=label, record_id=record.pk,
        codes=codes, values=values, clause="CC-W1.7" if verb == "refused" else "",
    )  # fmt: skip
    forms.get(record.form_code).signed(record, row, by, at)
