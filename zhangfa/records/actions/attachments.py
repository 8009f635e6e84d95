"""Files on papers: the work on the bytes first, without any lock; then one short transaction for the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from zhangfa.audit.actions import look
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.ids import uuid7
from zhangfa.core.text import TextError, _, clean
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.records import files, permissions, rules, vault
from zhangfa.records.actions.papers import lock
from zhangfa.records.models import Attachment, Record, Signature
from zhangfa.records.registry import forms

if TYPE_CHECKING:
    from zhangfa.organisation.actor import Actor

LATEST = dt.timedelta(days=1)


@dataclass(frozen=True)
class Prepared:
    """A file that is in the vault with its copies, ready for its row."""

    name: str
    content_type: str
    size: int
    sha256: str
    view_sha256: str = ""
    thumb_sha256: str = ""
    width: int = 0
    height: int = 0
    taken_at: dt.datetime | None = None


def prepare(upload: Any, *, name: str = "") -> Prepared:
    """Check a file (bytes or an uploaded file), copy images without metadata and put all into the vault.

    Call it before the transaction: it may take a second for a large photo. Raises Refused.
    """
    shown = _file_name(name or getattr(upload, "name", "") or "")
    data = upload if isinstance(upload, bytes) else upload.read(rules.MAX_BYTES + 1)
    kind = files.sniff(data) if len(data) <= rules.MAX_BYTES else ""
    facts = rules.UploadFacts(len(data), kind, 0, is_void=False, is_signed=False, name=shown)
    demand(rules.refuse_upload(facts))
    prepared = Prepared(shown, kind, len(data), vault.sha_of(data))
    if kind in files.IMAGES:
        try:
            copies = files.copies_of(data, kind)
        except files.Unreadable as error:
            raise Refused(rules.refuse_upload(replace(facts, problem=error.code))) from None
        prepared = replace(
            prepared, view_sha256=vault.put(copies.view), thumb_sha256=vault.put(copies.thumb),
            width=copies.width, height=copies.height, taken_at=copies.taken_at,
        )  # fmt: skip
    vault.put(data)
    return prepared


def attach(
    record: Record, prepared: Prepared, *, kind: str, by: Actor, at: dt.datetime,
    taken_at: dt.datetime | None = None, place: str = "", id: UUID | None = None,
) -> Attachment:  # fmt: skip
    """Hang a prepared file on a paper; the same file of the same kind twice stays one."""
    return attach_many(record, [prepared], kind=kind, by=by, at=at, taken_at=taken_at, place=place, id=id)[0]


def attach_many(
    record: Record, files: Sequence[Prepared], *, kind: str, by: Actor, at: dt.datetime,
    taken_at: dt.datetime | None = None, place: str = "", id: UUID | None = None,
) -> list[Attachment]:  # fmt: skip
    """Hang what was sent together on a paper, all or nothing: one step in its trail, whatever the number."""
    with work():
        locked = lock(record)
        rows, added = list(locked.attachments.filter(removed_at=None, forgotten_at=None)), []
        found = []
        for prepared in files:
            row = next((r for r in rows if r.pk == id or (r.sha256 == prepared.sha256 and r.kind == kind)), None)
            if row is None:
                demand(
                    [
                        *_refuse(locked, prepared, len(rows), by),
                        *forms.get(locked.form_code).refuse_file(locked, kind, at),
                    ]
                )
                row = Attachment.objects.create(
                    id=id or uuid7(at), record=locked, kind=kind, name=prepared.name, size=prepared.size,
                    content_type=prepared.content_type, sha256=prepared.sha256,
                    view_sha256=prepared.view_sha256, thumb_sha256=prepared.thumb_sha256,
                    width=prepared.width, height=prepared.height, place=place[:120], created_at=at,
                    taken_at=_sane(prepared.taken_at, at) or _sane(taken_at, at),
                    created_by_id=by.person_id,
                )  # fmt: skip
                rows.append(row)
                added.append(row)
            found.append(row)
        if added:
            more = {"more": [[str(row.pk), row.sha256] for row in added[1:]]} if added[1:] else {}
            names = {"name": "、".join(row.name for row in added if row.name), "place": added[0].place}
            _tell(added[0], by, at, "added", _("添加附件"), names, more)
        return found


def _refuse(record: Record, prepared: Prepared, count: int, by: Actor) -> Iterator[Refusal]:
    yield from rules.refuse_upload(
        rules.UploadFacts(
            prepared.size, prepared.content_type, count, name=prepared.name, is_void=record.status == Record.Status.VOID,
            is_signed=record.signatures.filter(state=Signature.State.SIGNED).exists(),
            may_write=by.is_system or permissions.may_write(by, record),
        )
    )  # fmt: skip


def store(
    record: Record, *, kind: str, upload: Any, name: str = "", by: Actor, at: dt.datetime,
    taken_at: dt.datetime | None = None, place: str = "", id: UUID | None = None,
) -> Attachment:  # fmt: skip
    """Prepare and attach in one call, for callers that hold no transaction."""
    prepared = prepare(upload, name=name)
    return attach(record, prepared, kind=kind, by=by, at=at, taken_at=taken_at, place=place, id=id)


def remove(attachment: Attachment, *, by: Actor, at: dt.datetime, reason: str = "") -> Attachment:
    """Take a file off a paper that is still being written; it is kept and marked."""
    with work():
        record = lock(attachment.record)
        row = Attachment.objects.select_for_update().get(pk=attachment.pk)
        if row.removed_at is not None:
            return row
        people = {row.created_by_id, *permissions.handlers_of(record)}
        open_states = (Record.Status.DRAFT, Record.Status.RETURNED)
        demand(rules.refuse_removal(is_handed_in=record.status not in open_states, is_own=by.is_any_of(people)))
        row.removed_at, row.removed_by_id, row.removed_reason = at, by.person_id, reason[:200]
        row.save(update_fields=["removed_at", "removed_by", "removed_reason"])
        _tell(row, by, at, "removed", _("删除附件"), {"name": row.name, "removed_reason": reason})
        return row


def reveal(attachment: Attachment, *, by: Actor, at: dt.datetime, reason: str) -> bytes:
    """Open the original, with a reason that is logged under the person's name."""
    demand(permissions.open_original(attachment, by=by, at=at))
    demand(rules.refuse_reveal(reason=reason.strip()))
    if by.person_id is not None:
        look(
            person_id=by.person_id, record_id=attachment.record_id, kind="original", at=at,
            field=str(attachment.pk), reason=reason.strip(),
        )  # fmt: skip
    return vault.get(attachment.sha256)


def _file_name(name: str) -> str:
    """The last part of a name as far as it can be kept; people see it, nothing opens by it."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    try:
        text = clean(last)
    except TextError:
        text = clean("".join(char for char in last if char.isprintable()))
    return text if len(text) <= 120 else f"{text[:80]}…{text[-30:]}"


def _sane(taken_at: dt.datetime | None, at: dt.datetime) -> dt.datetime | None:
    """A camera's clock may stand wrong; a time in the future or before digital photos is no time."""
    if taken_at is None or taken_at > at + LATEST or taken_at.year < 1995:
        return None
    return taken_at


def _tell(
    row: Attachment, by: Actor, at: dt.datetime, verb: str, label: str, values: dict[str, Any], more: dict[str, Any] | None = None
) -> None:  # fmt: skip
    codes = {"attachment": row.pk, "kind": row.kind, "sha256": row.sha256, **(more or {})}
    announce(
        f"records.attachment.{verb}", row, by=by, at=at, label=label, record_id=row.record_id,
        codes=codes, values={k: v for k, v in values.items() if v},
    )  # fmt: skip
