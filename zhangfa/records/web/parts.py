"""Blocks that record pages of every app take over: files, signatures, copies, comments and the trail.

`parts = records_parts()` on a `RecordPage` whose object is a record or has one.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhangfa.core.ids import uuid7
from zhangfa.records import permissions, queries, rules
from zhangfa.records.models import Attachment, Record, Signature
from zhangfa.records.registry import forms
from zhangfa.records.trail import timeline
from zhangfa.ui.registry import Part

Given = tuple[str, dict[str, Any]]
WITH_ALL = ("files", "signatures", "copies", "comments", "trail")


def record_of(obj: Any) -> Record:
    return obj if isinstance(obj, Record) else obj.record


def files_part(page: Any, obj: Any) -> Given:
    from zhangfa.records.web.forms import UploadForm

    record = record_of(obj)
    handlers = permissions.handlers_of(record)
    form = UploadForm(auto_id="upload_%s", actor=page.actor, at=page.at, target=record)
    return "records/parts/files.html", {
        "record": record, "upload": form, "once": str(uuid7()),
        "files": [
            (row, can_remove(row, record, page.actor, handlers), permissions.may_open(row, page.actor, handlers))
            for row in queries.attachments_of(record)
        ],
        "may_write": permissions.may_write(page.actor, record) and record.status != Record.Status.VOID,
    }  # fmt: skip


def can_remove(row: Attachment, record: Record, actor: Any, handlers: frozenset[int]) -> bool:
    is_open = record.status in (Record.Status.DRAFT, Record.Status.RETURNED)
    return is_open and actor.is_any_of({row.created_by_id, *handlers})


def signatures_part(page: Any, obj: Any) -> Given:
    record = record_of(obj)
    papers = [record, *queries.papers_of(record)]
    shown = [
        p
        for p in papers
        if p == record or forms.get(p.form_code).follows_parent or permissions.is_visible(page.actor, p)
    ]
    hidden = permissions.concealed(page.actor, record, obj)
    groups = [(p, forms.get(p.form_code), signature_lines(p, page.actor, page.at, hidden)) for p in shown]
    return "records/parts/signatures.html", {"record": record, "groups": [g for g in groups if g[2]]}


def signature_lines(record: Record, actor: Any, at: Any, hidden: frozenset[int] | None = None) -> list[dict[str, Any]]:
    """Each role of a paper: the row, its label, whether it still stands, and what this person may do."""
    if hidden is None:
        hidden = permissions.concealed(actor, record)
    form = forms.get(record.form_code)
    rows = queries.signatures_of(record)
    waiting = [row for row in rows if row.state == Signature.State.WAITING]
    known = queries.signing_of(record, waiting, at) if waiting else None
    content = queries.content_of(record) if len(waiting) < len(rows) else None
    lines = []
    for row in rows:
        is_waiting = row.state == Signature.State.WAITING
        facts = queries.signing_facts(record, row, actor, at, known) if is_waiting else None
        lines.append(
            {
                "row": row, "role": form.role(row.role), "signer": permissions.name_for(row.signer, hidden),
                "refusals": list(rules.refuse_role(facts)) if facts else [],
                "may_refuse": facts is not None and not any(rules.refuse_refusal(facts, reason="—" * 9, witness_id=actor.person_id)),
                "is_presence": facts is not None and rules.is_in_presence(facts),
                "is_intact": is_waiting or queries.is_intact(row, content),
                "sign_url": reverse("records:sign", kwargs={"pk": record.pk, "role": row.role}),
                "refusal_url": reverse("records:refusal", kwargs={"pk": record.pk, "role": row.role}),
            }
        )  # fmt: skip
    return lines


def copies_part(page: Any, obj: Any) -> Given:
    record = record_of(obj)
    hidden = permissions.concealed(page.actor, record, obj)
    rows = record.copies.select_related("person").order_by("number")
    return "records/parts/copies.html", {
        "record": record,
        "copies": [(copy, permissions.name_for(copy.person, hidden)) for copy in rows],
    }


def comments_part(page: Any, obj: Any) -> Given:
    from zhangfa.records.web.forms import CommentForm

    record = record_of(obj)
    rows = record.comments.select_related("person").order_by("-pk")[:100]
    hidden = permissions.concealed(page.actor, record, obj)
    form = CommentForm(auto_id="comment_%s", actor=page.actor, at=page.at, target=record)
    return "records/parts/comments.html", {
        "record": record,
        "comments": [(row, permissions.name_for(row.person, hidden)) for row in rows],
        "comment_form": form,
        "once": str(uuid7()),
    }


def trail_part(page: Any, obj: Any) -> Given:
    record = record_of(obj)
    return "records/parts/trail.html", {"record": record, "entries": timeline(record, page.actor, obj=obj)}


PARTS = {
    "files": Part("files", _("照片与附件"), files_part),
    "signatures": Part("signatures", pgettext_lazy("part", "签字"), signatures_part),
    "copies": Part("copies", _("副本与签收"), copies_part),
    "comments": Part("comments", _("留言"), comments_part),
    "trail": Part("trail", _("经过"), trail_part),
}


def records_parts(*keys: str) -> list[Part]:
    """The named blocks, or all of them, in their usual order."""
    return [PARTS[key] for key in (keys or WITH_ALL)]
