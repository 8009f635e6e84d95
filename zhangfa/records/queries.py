"""Reads around a paper: signing facts, digests, the trail, what waits for a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet

from zhangfa.core import compiled
from zhangfa.core.canonical import canonical, digest
from zhangfa.organisation.models import User
from zhangfa.organisation.queries import grades_of
from zhangfa.records import permissions, registry, rules
from zhangfa.records.models import Attachment, Copy, Publication, Record, Signature
from zhangfa.records.registry import forms

if TYPE_CHECKING:
    from zhangfa.organisation.actor import Actor

S = Signature.State


def attachment_hashes(record: Record, at: dt.datetime | None = None) -> list[str]:
    """The SHA-256 of the paper's files as they hung on it at an instant (now, without one)."""
    rows = Attachment.objects.filter(record=record)
    if at is None:
        rows = rows.filter(removed_at=None)
    else:
        rows = rows.filter(Q(removed_at=None) | Q(removed_at__gt=at), created_at__lte=at)
    return sorted(rows.values_list("sha256", flat=True))


def content_of(record: Record) -> Mapping[str, Any]:
    """The declared fields of a paper as its app gives them."""
    content = forms.get(record.form_code).content
    return content(record) if content else {}


def digest_now(
    record: Record, content: Mapping[str, Any] | None = None, *, version: int | None = None,
    at: dt.datetime | None = None,
) -> str:  # fmt: skip
    """The digest that a signature given now would stand for."""
    return rules.paper_digest(
        form_code=record.form_code, number=record.number, version=version or record.version,
        content=content_of(record) if content is None else content,
        attachments=attachment_hashes(record, at),
    )  # fmt: skip


def is_intact(signature: Signature, content: Mapping[str, Any] | None = None) -> bool:
    """Whether a given signature still stands for the paper as it is."""
    if signature.state not in (S.SIGNED, S.REFUSED):
        return False
    record = signature.record
    now = digest_now(record, content, version=signature.version, at=signature.at)
    return now == (signature.rest_digest or signature.digest)


@dataclass(frozen=True)
class Signing:
    """What all roles of a paper share: the names given so far, its handlers, and who of the signers has a login and which grade."""

    signed: tuple[Signature, ...]
    handlers: frozenset[int]
    logins: frozenset[int]
    grades: Mapping[int, int]


def signing_of(record: Record, rows: Iterable[Signature], at: dt.datetime) -> Signing:
    """Four queries for all roles of a paper."""
    people = {row.signer_id for row in rows if row.signer_id is not None}
    return Signing(
        tuple(compiled.rows(_signed, record=record.pk)),
        permissions.handlers_of(record),
        frozenset(compiled.rows(_logins, people=people)),
        grades_of(people, at),
    )


def _signed(record: UUID) -> QuerySet[Signature]:
    return Signature.objects.filter(record_id=record, state=S.SIGNED)


def _logins(people: Sequence[int]) -> QuerySet[User, int | None]:
    return User.objects.filter(person_id__in=people, is_active=True).values_list("person_id", flat=True)


def signing_facts(
    record: Record, row: Signature, by: Actor, at: dt.datetime, known: Signing | None = None
) -> rules.SigningFacts:
    """What the signing rules need of one role; `known` is what its paper's other roles asked already."""
    known = known or signing_of(record, [row], at)
    form = forms.get(record.form_code)
    role = form.role(row.role)
    post = role.post
    signer_id = row.signer_id if row.signer_id is not None else by.person_id
    may_double = bool(form.may_double and signer_id and form.may_double(record, signer_id, row.role, at))
    return rules.SigningFacts(
        state=row.state, is_void=record.status == Record.Status.VOID,
        is_numbered=bool(record.number), signer_id=row.signer_id,
        signer_has_login=row.signer_id is None or row.signer_id in known.logins,
        actor_id=by.person_id,
        principal_ids=frozenset(s.person_id for s in by.seats if s.is_delegated),
        holds_post=bool(post) and _holds(by, post, record),
        handler_ids=known.handlers, signer_grade=known.grades.get(row.signer_id or 0, 0), actor_grade=by.grade,
        signed=tuple(
            rules.Hand(
                other.role, other.signer_id,
                other.signer_id if other.manner == "presence" else other.acted_by_id,
            )
            for other in known.signed
            if other.role != row.role
        ),
        may_double=may_double, is_at_hand=role.is_at_hand,
    )  # fmt: skip


def _holds(by: Actor, post: str, record: Record) -> bool:
    """A role without a named signer is signed by a holder of its post for the paper's unit or department."""
    if by.holds(post, unit_id=record.unit_id):
        return True
    return record.department_id is not None and by.holds(post, department_id=record.department_id)


def signatures_of(record: Record) -> list[Signature]:
    """The signing roles of the current version, in order."""
    rows = record.signatures.exclude(state=S.VOID).select_related("signer", "witness", "acted_by")
    return list(rows.order_by("order", "pk"))


def waiting_signatures(actor: Actor) -> Any:
    """Papers that wait for this person's name, also as a delegate; oldest first."""
    return signatures_of_people(signing_for(actor))


def signing_for(actor: Actor) -> set[int]:
    """The people whose name this person may give: their own, and that of whom they stand in for."""
    people = {actor.person_id, *(s.person_id for s in actor.seats if s.is_delegated)}
    return {person for person in people if person is not None}


def signatures_of_people(people: Iterable[int]) -> Any:
    rows = Signature.objects.filter(signer_id__in=people, state=S.WAITING, record__number__isnull=False)
    return rows.exclude(record__status="void").select_related("record", "signer").order_by("pk")


def copies_for(actor: Actor) -> Any:
    """The copies sent to this person, newest first."""
    rows = Copy.objects.filter(person_id=actor.person_id or 0).select_related("record__unit")
    return rows.order_by("-pk")


def attachments_of(record: Record, kind: str = "") -> list[Attachment]:
    rows = record.attachments.filter(removed_at=None, forgotten_at=None).select_related("created_by")
    return list((rows.filter(kind=kind) if kind else rows).order_by("pk"))


def papers_of(record: Record) -> list[Record]:
    """The papers that belong to a case, oldest first."""
    return list(Record.objects.filter(parent=record).order_by("pk"))


def published_digest(publication: Publication) -> str:
    """The digest over what a publication froze."""
    return digest(
        canonical(
            {
                "kind": publication.kind, "period": publication.period,
                "revision": publication.revision, "figures": publication.figures,
                "policy": publication.policy, "record": str(publication.record_id),
            }
        )
    )  # fmt: skip


def used_hashes(hashes: Sequence[str]) -> set[str]:
    """Which of these files some row still names."""
    from zhangfa.records.models import Print

    used: set[str] = set()
    for field in ("sha256", "view_sha256", "thumb_sha256"):
        rows = Attachment.objects.filter(**{f"{field}__in": hashes}, forgotten_at=None)
        used.update(rows.values_list(field, flat=True))
    used.update(Print.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    for keeper in registry.keepers_of_files.values():
        used.update(keeper(hashes))
    return used
