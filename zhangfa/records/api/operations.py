"""What can be asked of any paper, by its id or number; a case's id is the id of its paper."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.utils.translation import get_language
from ninja import Router

from zhangfa.audit.actions import look
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.records import actions, permissions, prints, queries, rules, vault
from zhangfa.records.api import shapes
from zhangfa.records.models import Attachment, Record, Signature
from zhangfa.records.registry import forms
from zhangfa.records.trail import timeline
from zhangfa.records.web.copies import MyCopies
from zhangfa.records.web.forms import CommentForm, RefusalForm, SignForm
from zhangfa.records.web.parts import signature_lines
from zhangfa.ui import forms as ui
from zhangfa.ui.api import Call, Missing, downloads, lists, reads, uploads, writes
from zhangfa.ui.api.operations import Input, Number

router = Router()
# Long enough for the rule: here only the person is asked about.
SOME_REASON = "—" * 20
NUMBER = re.compile(r"[A-Za-z0-9-]{1,32}\Z")


class FileForm(ui.Form):
    """What is said about an uploaded file."""

    kind = django_forms.ChoiceField(label=_("类别"), choices=Attachment.Kind.choices)
    place = ui.TextField(label=_("位置"), max_length=120, required=False)
    taken_at = ui.DateTimeField(label=_("拍摄时间"), required=False)


def key_lookup(key: str, number: str = "number") -> dict[str, Any]:
    """The look-up behind an id or a number. Raises Missing for what is neither."""
    try:
        return {"pk": UUID(key)}
    except ValueError:
        if not NUMBER.match(key):
            raise Missing from None
        return {number: key}


def find(call: Call) -> Record:
    """The paper of an address, if this person may see it."""
    found: Record = call.one(Record.objects.select_related("unit", "parent"), **key_lookup(call.path["key"]))
    if not permissions.is_visible(call.actor, found):
        raise Missing
    return found


def _files(call: Call) -> shapes.AttachmentsOut:
    return shapes.AttachmentsOut(items=[shapes.attachment(call, row) for row in queries.attachments_of(find(call))])


def _attach(given: Input, prepared: Any) -> Attachment:
    by, at, told = given.call.actor, given.call.at, given.params
    return actions.attach(
        given.target, prepared, kind=told["kind"], place=told["place"] or "", taken_at=told["taken_at"], by=by, at=at
    )


def _view(call: Call) -> HttpResponse:
    try:
        row = call.one(Attachment.objects.filter(forgotten_at=None).select_related("record"), pk=UUID(call.path["id"]))
    except ValueError:
        raise Missing from None
    if not permissions.is_visible(call.actor, row.record) or not row.view_sha256:
        raise Missing
    headers = {
        "Cache-Control": "private, no-cache",
        "ETag": f'"{row.view_sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(vault.get(row.view_sha256), content_type="image/jpeg", headers=headers)


def _print(call: Call) -> HttpResponse:
    record = find(call)
    if forms.get(record.form_code).build is None:
        raise Missing
    data = prints.print_of(record, actor=call.actor, at=call.at, language=get_language() or "zh-hans")
    if call.actor.person_id is not None:
        look(person_id=call.actor.person_id, record_id=record.pk, kind="print", at=call.at)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


def _signatures(call: Call, record: Record) -> shapes.SignaturesOut:
    lines = signature_lines(record, call.actor, call.at)
    return shapes.SignaturesOut(seen=queries.digest_now(record), items=[shapes.signature(line) for line in lines])


def _role(call: Call) -> Signature:
    """The signing role of an address, as it stands."""
    record = find(call)
    if "\x00" in call.path["role"]:
        raise Missing
    rows = record.signatures.exclude(state=Signature.State.VOID).select_related("signer")
    found: Signature = call.one(rows, role=call.path["role"])
    found.record = record
    return found


def _refuse_sign(row: Signature, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    yield from rules.refuse_role(queries.signing_facts(row.record, row, by, at))


def _refuse_refusal(row: Signature, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    facts = queries.signing_facts(row.record, row, by, at)
    yield from rules.refuse_refusal(facts, reason=SOME_REASON, witness_id=by.person_id)


def _refuse_file(record: Record, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """Nobody's file is worked on who may not add one."""
    may_write = permissions.may_write(by, record)
    is_void = record.status == Record.Status.VOID
    yield from rules.refuse_upload(
        rules.UploadFacts(1, "image/jpeg", 0, is_void=is_void, is_signed=False, may_write=may_write)
    )


def _sign(given: Input) -> Record:
    row, call = given.target, given.call
    actions.sign(row.record, role=row.role, by=call.actor, at=call.at, **given.params)
    return Record.objects.get(pk=row.record_id)


def _refuse(given: Input) -> Record:
    row, call = given.target, given.call
    actions.refuse_to_sign(row.record, role=row.role, by=call.actor, at=call.at, **given.params)
    return Record.objects.get(pk=row.record_id)


def _comments(call: Call) -> shapes.CommentsOut:
    record = find(call)
    hidden = permissions.concealed(call.actor, record)
    rows = record.comments.select_related("person").order_by("-pk")[:100]
    return shapes.CommentsOut(items=[shapes.comment(call, row, hidden) for row in rows])


def _trail(call: Call) -> shapes.TrailOut:
    return shapes.TrailOut(items=[shapes.entry(row) for row in timeline(find(call), call.actor)])


def _copy(call: Call) -> Any:
    return call.one(queries.copies_for(call.actor), pk=call.path["id"])


PAPER = "/records/{key}"
reads(
    router,
    PAPER,
    id="record",
    summary=_("一张单据"),
    give=lambda call: shapes.record(call, find(call)),
    out=shapes.RecordOut,
)
reads(router, f"{PAPER}/attachments", id="attachments", summary=_("附件"), give=_files, out=shapes.AttachmentsOut)
uploads(
    router, f"{PAPER}/attachments", id="attachment_add", summary=_("添加附件"), find=find, refuse=_refuse_file, form=FileForm, prepare=actions.prepare,
    act=_attach, show=shapes.attachment, out=shapes.AttachmentOut,
)  # fmt: skip
downloads(
    router, "/attachments/{id}/view", id="attachment_view", summary=_("查看附件"), give=_view, kinds=["image/jpeg"]
)
downloads(router, f"{PAPER}/print", id="record_print", summary=_("打印单据"), give=_print, kinds=["application/pdf"])
reads(
    router, f"{PAPER}/signatures", id="signatures", summary=_("签字"), give=lambda call: _signatures(call, find(call)),
    out=shapes.SignaturesOut,
)  # fmt: skip
writes(
    router, f"{PAPER}/signatures/{{role}}", id="signature_sign", summary=_("签字"), find=_role, refuse=_refuse_sign, form=SignForm, act=_sign, show=_signatures,
    out=shapes.SignaturesOut,
)  # fmt: skip
writes(
    router, f"{PAPER}/signatures/{{role}}/refusal", id="signature_refuse", summary=_("登记拒签"), find=_role, refuse=_refuse_refusal, form=RefusalForm,
    act=_refuse, show=_signatures, out=shapes.SignaturesOut, about="CC-W1.7",
)  # fmt: skip
reads(router, f"{PAPER}/comments", id="comments", summary=_("留言"), give=_comments, out=shapes.CommentsOut)
writes(
    router, f"{PAPER}/comments", id="comment_add", summary=_("发表留言"), find=find, form=CommentForm, status=201,
    act=lambda given: actions.comment(given.target, by=given.call.actor, at=given.call.at, **given.params), show=shapes.comment,
    out=shapes.CommentOut,
)  # fmt: skip
reads(router, f"{PAPER}/trail", id="trail", summary=_("经过"), give=_trail, out=shapes.TrailOut)
lists(router, "/copies", id="copies", summary=_("我的副本"), page=MyCopies, line=shapes.copy, out=shapes.CopyOut)
writes(
    router, "/copies/{id}/receipt", id="copy_receive", summary=_("签收副本"), find=_copy, show=shapes.copy, out=shapes.CopyOut,
    act=lambda given: actions.receive_copy(given.target, by=given.call.actor, at=given.call.at), ids={"id": Number},
)  # fmt: skip
