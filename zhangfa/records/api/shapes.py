"""How papers and what hangs on them look in JSON."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.records import permissions
from zhangfa.records.models import Attachment, Comment, Copy, Record
from zhangfa.records.registry import forms
from zhangfa.records.trail import Entry
from zhangfa.ui.api import Call, RefusalOut, Schema, refusals_out
from zhangfa.ui.words import text


class RecordOut(Schema):
    """One paper: its form, number and place; `url` is where people open it."""

    id: str
    number: str
    form_code: str
    form: str
    status: str
    version: int
    unit: int
    parent: str
    created_at: dt.datetime
    submitted_at: dt.datetime | None
    due_at: dt.datetime | None
    url: str


class AttachmentOut(Schema):
    """One file; `has_view` says whether there is a copy to look at."""

    id: str
    kind: str
    name: str
    content_type: str
    size: int
    sha256: str
    has_view: bool
    place: str
    taken_at: dt.datetime | None
    created_at: dt.datetime


class AttachmentsOut(Schema):
    items: list[AttachmentOut]


class SignatureOut(Schema):
    """One signing role; `seen` is the digest to send back when signing, `is_intact` whether a given name still stands."""

    role: str
    label: str
    signer: str
    state: str
    result: str
    opinion: str
    manner: str
    at: dt.datetime | None
    is_intact: bool
    refusals: list[RefusalOut]


class SignaturesOut(Schema):
    seen: str
    items: list[SignatureOut]


class CopyOut(Schema):
    id: int
    record: str
    number: str
    form: str
    sent_at: dt.datetime
    received_at: dt.datetime | None
    is_extract: bool


class CommentOut(Schema):
    id: int
    who: str
    text: str
    at: dt.datetime


class CommentsOut(Schema):
    items: list[CommentOut]


class EntryChange(Schema):
    label: str
    old: str
    new: str
    is_hidden: bool


class EntryOut(Schema):
    """One line of what happened to a paper."""

    at: dt.datetime
    event: str
    label: str
    who: str
    post: str
    principal: str
    clause: str
    paper: str
    text: str
    is_comment: bool
    changes: list[EntryChange]


class TrailOut(Schema):
    items: list[EntryOut]


def record(_call: Call, row: Record) -> RecordOut:
    return RecordOut(
        id=str(row.pk), number=row.number or "", form_code=row.form_code, form=text(forms.get(row.form_code).title), status=row.status,
        version=row.version, unit=row.unit_id, parent=str(row.parent_id or ""), created_at=row.created_at, submitted_at=row.submitted_at,
        due_at=row.due_at, url=row.url,
    )  # fmt: skip


def attachment(_call: Call, row: Attachment) -> AttachmentOut:
    return AttachmentOut(
        id=str(row.pk), kind=row.kind, name=row.name, content_type=row.content_type, size=row.size, sha256=row.sha256,
        has_view=bool(row.view_sha256), place=row.place, taken_at=row.taken_at, created_at=row.created_at,
    )  # fmt: skip


def signature(line: dict[str, Any]) -> SignatureOut:
    row = line["row"]
    return SignatureOut(
        role=row.role, label=text(line["role"].label), signer=line["signer"], state=row.state,
        result=row.result, opinion=row.opinion, manner=row.manner, at=row.at, is_intact=line["is_intact"],
        refusals=refusals_out(line["refusals"]),
    )  # fmt: skip


def copy(_call: Call, row: Copy) -> CopyOut:
    return CopyOut(
        id=row.pk, record=str(row.record_id), number=row.record.number or "", form=text(forms.get(row.record.form_code).title),
        sent_at=row.sent_at, received_at=row.received_at, is_extract=row.is_extract,
    )  # fmt: skip


def comment(_call: Call, row: Comment, hidden: frozenset[int] = frozenset()) -> CommentOut:
    return CommentOut(id=row.pk, who=permissions.name_for(row.person, hidden), text=row.text, at=row.at)


def entry(row: Entry) -> EntryOut:
    changes = [EntryChange(label=text(c.label), old=c.old, new=c.new, is_hidden=c.is_hidden) for c in row.changes]
    return EntryOut(
        at=row.at, event=row.codes_event, label=text(row.label), who=row.who, post=row.post, principal=row.principal, clause=row.clause,
        paper=row.paper, text=row.text, is_comment=row.is_comment, changes=changes,
    )  # fmt: skip
