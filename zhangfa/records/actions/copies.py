"""Copies with their receipts, and comments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from zhangfa.core.decisions import Refusal, Refused
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.records.actions.papers import concern_many, lock
from zhangfa.records.models import Comment, Copy, Record
from zhangfa.records.registry import forms

if TYPE_CHECKING:
    from zhangfa.organisation.actor import Actor

COPIES_URL = "/records/copies/"


def send_copies(
    record: Record, person_ids: Iterable[int], *, by: Actor, at: dt.datetime, is_extract: bool = False
) -> list[Copy]:
    """Send a copy to each person and tell them (domain.md 4.0 DST); who has one gets no second."""
    with work():
        locked = lock(record)
        known = set(locked.copies.values_list("person_id", flat=True))
        fresh = [pk for pk in dict.fromkeys(person_ids) if pk not in known]
        copies = Copy.objects.bulk_create(
            Copy(record=locked, person_id=pk, number=number, sent_at=at, is_extract=is_extract)
            for number, pk in enumerate(fresh, start=len(known) + 1)
        )
        if copies:
            announce(
                "records.copy.sent", locked, by=by, at=at, label=_("发送副本"),
                record_id=locked.pk, codes={"people": fresh, "extract": is_extract},
            )  # fmt: skip
            params = {"form": forms.get(locked.form_code).title, "number": locked.number or ""}
            notify(fresh, "records.copy", params, record_id=locked.pk, url=COPIES_URL, at=at)
        return copies


def copy_to(
    record: Record, people: Iterable[int], *, by: Actor, at: dt.datetime, is_extract: bool = False
) -> list[Copy]:
    """Send a paper to everybody it is for but its author: they may open it, and acknowledge their copy."""
    readers = sorted({*people} - {by.person_id})
    concern_many(record, [(pk, "copy") for pk in readers])
    return send_copies(record, readers, by=by, at=at, is_extract=is_extract)


def receive_copy(copy: Copy, *, by: Actor, at: dt.datetime) -> Copy:
    """Acknowledge a copy; the first time counts."""
    with work():
        locked = lock(copy.record)
        row = Copy.objects.select_for_update().get(pk=copy.pk)
        delegated = {seat.person_id for seat in by.seats if seat.is_delegated}
        if row.person_id not in {by.person_id, *delegated}:
            raise Refused([Refusal("not_yours", _("这份副本不是发给您的。"))])
        if row.received_at is None:
            row.received_at = at
            row.save(update_fields=["received_at"])
            announce(
                "records.copy.received", locked, by=by, at=at, label=_("签收副本"),
                record_id=locked.pk, codes={"copy": row.pk, "person": row.person_id},
            )  # fmt: skip
        return row


def comment(record: Record, *, text: str, by: Actor, at: dt.datetime) -> Comment:
    """Leave a remark on a paper for those who may see it."""
    if not text.strip():
        raise Refused([Refusal("empty", _("请先写下内容。"), field="text")])
    if len(text) > 1000:
        raise Refused([Refusal("too_long", _("留言最多 1000 个字。"), field="text")])
    with work():
        locked = lock(record)
        row = Comment.objects.create(record=locked, person_id=by.person_id, text=text, at=at)
        announce(
            "records.comment.added", locked, by=by, at=at, label=_("留言"), record_id=locked.pk,
            codes={"comment": row.pk},
        )  # fmt: skip
        return row
