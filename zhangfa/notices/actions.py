"""Writing notices: one insert for all readers, in the transaction of what they are told about."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from zhangfa.core.canonical import canonical
from zhangfa.core.work import owe
from zhangfa.notices import channels, registry
from zhangfa.notices.models import Notice, Outbox

ORDER = 40  # before the trail


def notify(
    person_ids: Iterable[int | None],
    code: str,
    params: Mapping[str, Any],
    *,
    at: dt.datetime,
    record_id: UUID | None = None,
    url: str = "",
    clause: str = "",
) -> int:
    """Tell each person once. `params` holds codes, numbers and ids, nothing personal. Returns how many were told.

    Raises KeyError for a code that no app declared.
    """
    if registry.sentence_for(code) is None:
        raise KeyError(f"undeclared notice {code}")
    people = sorted({person for person in person_ids if person is not None})
    if not people:
        return 0
    plain = json.loads(canonical(dict(params)))
    told = [
        Notice(person_id=person, code=code, params=plain, record_id=record_id, url=url, clause=clause, created_at=at)
        for person in people
    ]
    owe(ORDER, _send, *told)
    return len(told)


def _send(notices: Sequence[Notice]) -> None:
    """All that one transaction tells anybody, in one insert."""
    made = Notice.objects.bulk_create(notices)
    if names := channels.names():
        Outbox.objects.bulk_create(
            [Outbox(channel=name, notice=notice, next_try_at=notice.created_at) for notice in made for name in names]
        )


def read(person_id: int, notice_id: int, *, at: dt.datetime) -> bool:
    """Mark one of the person's own notices as read."""
    own = Notice.objects.filter(pk=notice_id, person_id=person_id, read_at=None)
    return bool(own.update(read_at=at))


def read_all(person_id: int, *, at: dt.datetime, up_to: int | None = None) -> int:
    """Mark all as read, those that arrived after the page was drawn (`up_to` = its newest id) excepted."""
    own = Notice.objects.filter(person_id=person_id, read_at=None)
    return (own if up_to is None else own.filter(pk__lte=up_to)).update(read_at=at)


def read_when_opened(obj: Any, actor: Any, at: dt.datetime) -> None:
    """Opening a paper reads what was told about it; nothing is written where nothing waits."""
    record_id = getattr(obj, "record_id", None) or obj.pk
    if actor.person_id is None or not isinstance(record_id, UUID):
        return
    own = Notice.objects.filter(person_id=actor.person_id, record_id=record_id, read_at=None)
    if own.exists():
        own.update(read_at=at)
