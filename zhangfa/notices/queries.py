"""What a person has been told."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from zhangfa.notices import registry
from zhangfa.notices.models import Notice
from zhangfa.ui import words

MOST_COUNTED = 100


def unread_count(actor: Any, at: dt.datetime) -> int:
    """How many wait; counting stops at a hundred."""
    if actor.person_id is None:
        return 0
    unread = Notice.objects.filter(person_id=actor.person_id, read_at=None)
    return unread.order_by()[:MOST_COUNTED].count()


def latest(actor: Any, *, before: int | None = None, limit: int = 30) -> list[Notice]:
    """The person's newest notices, a page at a time."""
    own: QuerySet[Notice] = Notice.objects.filter(person_id=actor.person_id).order_by("-pk")
    return list((own if before is None else own.filter(pk__lt=before))[:limit])


def sentence(notice: Notice) -> str:
    """The notice in the reader's language."""
    template = registry.sentence_for(notice.code)
    if template is None:
        return gettext("有一条与您有关的新动态。")
    try:
        return words.fill(template, notice.params) if isinstance(template, str) else template(notice.params)
    except (KeyError, ValueError, TypeError):
        return gettext("有一条与您有关的新动态。")
