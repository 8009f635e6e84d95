"""Papers about a person who is made anonymous: their words go, what was signed stays proved by its digest (PIPL 47, ADR 31)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID

from zhangfa.audit.actions import erase_detail
from zhangfa.audit.models import Event
from zhangfa.records import queries
from zhangfa.records.models import Attachment, Comment, Print, Signature

S = Signature.State
BATCH = 200
GONE = "***"


def forget_words(records: Sequence[UUID], empty: Callable[[Sequence[UUID]], object], *, at: dt.datetime) -> None:
    """Have `empty` take the person's words off these papers, in the caller's transaction.

    The digest that was signed stays as it is: whoever holds the signed paper can still show that it is the one. Beside it stands a digest of
    what is left, taken only where the signature still held, so that a later change is still found out. What was written beside a signature
    goes from every one, broken and void ones too. Prints, pictures, comments and the erasable part of the trail go with the words.
    """
    for start in range(0, len(records), BATCH):
        part = records[start : start + BATCH]
        given = Signature.objects.filter(record_id__in=part, state__in=(S.SIGNED, S.REFUSED)).select_related("record")
        held = [row for row in given if queries.is_intact(row)]
        empty(part)
        for row in held:
            row.rest_digest = queries.digest_now(row.record, version=row.version, at=row.at)
        Signature.objects.bulk_update(held, ["rest_digest"])
        # A refusal has its reason on every paper; here nobody can read which.
        every = Signature.objects.filter(record_id__in=part)
        every.exclude(opinion="").update(opinion="")
        every.exclude(reason="").update(reason=GONE)
        Print.objects.filter(record_id__in=part).delete()
        Comment.objects.filter(record_id__in=part).update(text="")
        Attachment.objects.filter(record_id__in=part, forgotten_at=None).update(
            forgotten_at=at, name="", place="", removed_reason=""
        )
        events = Event.objects.filter(record_id__in=part)
        erase_detail(list(events.values_list("pk", flat=True)), at=at)
