"""Writing the trail: events under the record's lock, looks beside it."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from zhangfa.audit.models import Event, EventDetail, Head, Look
from zhangfa.core.bulk import write, write_together
from zhangfa.core.canonical import canonical, digest
from zhangfa.core.compiled import Compiled
from zhangfa.core.transitions import Happened
from zhangfa.core.work import owe

LOOK_MINUTES = 5
LAST = 90  # after everything else of a transaction, as in the order of locks


@lru_cache(maxsize=16)
def _heads(count: int) -> Compiled:
    """The heads of so many chains, locked; each step asks it."""
    samples = {f"chain{n}": (f"sample:{n}:1", f"sample:{n}:2") for n in range(count)}
    return Compiled(
        lambda **chains: Head.objects.select_for_update().filter(pk__in=list(chains.values())).order_by("pk"), **samples
    )


def record_event(happened: Happened) -> None:
    """Append one event to its chain (X-3). The caller holds the row lock of the chain's subject and a transaction."""
    owe(LAST, append, happened)


def append(happenings: Sequence[Happened]) -> None:
    """Append what happened in one transaction, in the order in which it did: three or four statements however much it is."""
    chains = {happened.chain for happened in happenings}
    heads = {head.pk: head for head in _heads(len(chains))(**{f"chain{n}": chain for n, chain in enumerate(chains)})}
    links = []
    for happened in happenings:
        head = heads.setdefault(happened.chain, Head(chain=happened.chain))
        event, detail = link(happened, n=head.n + 1, previous=head.digest)
        head.n, head.digest, head.is_open = event.n, event.digest, True
        links.append((event, detail))
    write([event for event, _detail in links])
    for event, detail in links:
        detail.event_id = event.pk
    # What is sealed is the worker's column: it stays out of this write.
    write_together(
        ([detail for _event, detail in links], ""),
        (
            list(heads.values()),
            "(chain) DO UPDATE SET n = EXCLUDED.n, digest = EXCLUDED.digest, is_open = EXCLUDED.is_open",
        ),
    )


def link(happened: Happened, *, n: int, previous: str) -> tuple[Event, EventDetail]:
    """The n-th link of a chain with its erasable detail, unsaved: codes stand in the digest, values only as salted digests."""
    values = json.loads(canonical(dict(happened.values)))
    salt = secrets.token_hex(8)
    actor = happened.by
    facts = {
        "chain": happened.chain, "n": n, "name": happened.event, "at": happened.at, "person": actor.person_id,
        "principal": actor.principal_id, "post": actor.post, "clause": happened.clause,
        "codes": json.loads(canonical(dict(happened.codes))),
        "values": {name: digest(salt + canonical(value)) for name, value in values.items()}, "previous": previous,
    }  # fmt: skip
    text = canonical(facts)
    event = Event(
        chain=happened.chain, n=n, record_id=happened.record_id, name=happened.event, label=happened.label, at=happened.at,
        person_id=actor.person_id, principal_id=actor.principal_id, post=actor.post, clause=happened.clause, text=text,
        previous=previous, digest=digest(text),
    )  # fmt: skip
    return event, EventDetail(salt=salt, values=values)


def look(
    *, person_id: int, record_id: UUID | None, kind: str, at: dt.datetime, field: str = "", reason: str = ""
) -> None:
    """Note that a person saw a record or opened a sensitive field (CC-D3); the same look within five minutes counts once."""
    slot = at.replace(minute=at.minute - at.minute % LOOK_MINUTES, second=0, microsecond=0)
    Look.objects.bulk_create(
        [Look(person_id=person_id, record_id=record_id, kind=kind, field=field, slot=slot, reason=reason[:200])],
        ignore_conflicts=True,
    )


def look_when_opened(obj: Any, actor: Any, at: dt.datetime) -> None:
    """Opening a paper on its page or through the interface is a look; what is no paper is not watched (CC-D3)."""
    record_id = getattr(obj, "record_id", None)
    if actor.person_id is not None and isinstance(record_id, UUID):
        look(person_id=actor.person_id, record_id=record_id, kind="open", at=at)


def erase_detail(event_ids: list[int], *, at: dt.datetime) -> int:
    """Empty the values of events for a lawful erasure; the chain stays whole and the marker says when."""
    empty: dict[str, Any] = {}
    return EventDetail.objects.filter(pk__in=event_ids, erased_at=None).update(values=empty, erased_at=at)
