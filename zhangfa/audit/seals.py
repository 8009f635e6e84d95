"""Seals and verification: a changed, removed or cut-off event is found."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from zhangfa.audit.models import Event, EventDetail, Head, Seal
from zhangfa.core.canonical import canonical, digest

BATCH = 5_000
# What is read of the file outside to find its newest seal.
TAIL = 4_096
# A whole line of the file outside; half of one is no seal.
LINE = re.compile(r"^([1-9][0-9]*) ([0-9a-f]{64})$", re.MULTILINE)


def seal_file() -> Path:
    return Path(settings.ZHANGFA_HOME) / "seals.log"


def seal(at: dt.datetime, limit: int = BATCH) -> int:
    """Seal the heads that moved since their last seal into the company chain, here and outside the database. Returns how many."""
    with transaction.atomic():
        last = Seal.objects.select_for_update().order_by("-n").first()
        heads = list(Head.objects.select_for_update().filter(is_open=True).order_by("chain")[:limit])
        if not heads:
            return 0
        body = {
            "n": (last.n if last else 0) + 1,
            "at": at,
            "previous": last.digest if last else "",
            "heads": {head.chain: [head.n, head.digest] for head in heads},
        }
        text = canonical(body)
        Seal.objects.create(n=body["n"], at=at, text=text, previous=body["previous"], digest=digest(text))
        for chains in _chunks([head.chain for head in heads], 500):
            Head.objects.filter(pk__in=chains).update(sealed_n=F("n"), is_open=False)
        # Only what is committed goes outside, so that whatever stands there and not here was taken away.
        transaction.on_commit(write_outside)
    return len(heads)


def write_outside() -> None:
    """Write the seals that the file outside lacks: the newest, and those whose line a crash or a full disk kept from it."""
    last = max((int(n) for n, _digest in _outside(TAIL)), default=0)
    rows = Seal.objects.filter(n__gt=last).order_by("n").values_list("n", "digest")
    if lines := "".join(f"{n} {digest}\n" for n, digest in rows.iterator(chunk_size=BATCH)):
        _append(lines)


def _outside(most: int | None = None) -> list[tuple[str, str]]:
    """Number and digest of every whole line of the file outside, or of those in its last so many bytes."""
    path = seal_file()
    if not path.exists():
        return []
    with path.open("rb") as handle:
        if most is not None:
            # A first line cut in its number only shows a smaller one.
            handle.seek(max(0, path.stat().st_size - most))
        return LINE.findall(handle.read().decode(errors="replace"))


def _append(lines: str) -> None:
    """Add lines whole: what a full disk or a killed worker leaves of one is ended first, so that the next stands alone."""
    path = seal_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as handle:
        if handle.tell() and handle.seek(-1, os.SEEK_END) and handle.read() != b"\n":
            lines = f"\n{lines}"
        handle.write(lines.encode())
        handle.flush()
        os.fsync(handle.fileno())


@dataclass(frozen=True)
class Break:
    """Where the trail does not hold: chain, position, what is wrong."""

    chain: str
    n: int
    what: str


def verify() -> Iterator[Break]:
    """Every break of the trail: event digests, links, heads, erasable values, seals, and the file outside."""
    yield from _verify_events()
    yield from _verify_seals()


def _verify_events() -> Iterator[Break]:
    previous: dict[str, tuple[int, str]] = {}
    heads = {head.chain: head for head in Head.objects.all().iterator(chunk_size=BATCH)}
    details = {}
    chain_name = ""
    events = Event.objects.order_by("chain", "n").iterator(chunk_size=BATCH)
    batch: list[Event] = []

    def check(batch: list[Event]) -> Iterator[Break]:
        nonlocal chain_name, details
        details = {d.event_id: d for d in EventDetail.objects.filter(event_id__in=[e.id for e in batch])}
        for event in batch:
            n, link = previous.get(event.chain, (0, ""))
            if event.chain != chain_name and chain_name:
                yield from _end(chain_name, previous.pop(chain_name), heads)
            chain_name = event.chain
            if event.n != n + 1:
                yield Break(event.chain, n + 1, "missing")
            elif event.previous != link or digest(event.text) != event.digest or not _matches(event):
                yield Break(event.chain, event.n, "changed")
            elif not _values_match(event, details.get(event.id)):
                yield Break(event.chain, event.n, "values")
            previous[event.chain] = (event.n, event.digest)

    for event in events:
        batch.append(event)
        if len(batch) >= BATCH:
            yield from check(batch)
            batch = []
    yield from check(batch)
    if chain_name:
        yield from _end(chain_name, previous.pop(chain_name), heads)
    for chain, head in heads.items():
        if head.n:
            yield Break(chain, 1, "removed")


def _end(chain: str, last: tuple[int, str], heads: dict[str, Head]) -> Iterator[Break]:
    head = heads.pop(chain, None)
    if head is None or (head.n, head.digest) != last:
        yield Break(chain, last[0] + 1, "tail")


def _matches(event: Event) -> bool:
    """The plain columns say the same as the text under the digest."""
    facts = json.loads(event.text)
    columns = (event.chain, event.n, event.name, event.person_id, event.previous, event.clause, event.post)
    return columns == tuple(
        facts[k] for k in ("chain", "n", "name", "person", "previous", "clause", "post")
    ) and canonical(event.at) == canonical(facts["at"])


def _values_match(event: Event, detail: EventDetail | None) -> bool:
    if detail is None:
        return False
    if detail.erased_at:
        return not detail.values
    expected = json.loads(event.text)["values"]
    return expected == {name: digest(detail.salt + canonical(value)) for name, value in detail.values.items()}


def _verify_seals() -> Iterator[Break]:
    # A number that stands there twice, with two digests, was sealed anew: one of them differs.
    outside: dict[int, set[str]] = {}
    for number, said in _outside():
        outside.setdefault(int(number), set()).add(said)
    previous, n = "", 0
    sealed: dict[str, tuple[int, str]] = {}
    for link in Seal.objects.order_by("n").iterator(chunk_size=200):
        n += 1
        if link.n != n or link.previous != previous or digest(link.text) != link.digest:
            yield Break("seal", n, "changed")
            return
        if outside.get(n, {link.digest}) != {link.digest}:
            yield Break("seal", n, "differs outside")
        previous = link.digest
        sealed |= {
            chain: (n_then, digest_then) for chain, (n_then, digest_then) in json.loads(link.text)["heads"].items()
        }
    if outside and max(outside) > n:
        yield Break("seal", n + 1, "removed")
    for chains in _chunks(list(sealed), 500):
        found = {(e.chain, e.n): e.digest for e in Event.objects.filter(chain__in=chains).only("chain", "n", "digest")}
        for chain in chains:
            if found.get((chain, sealed[chain][0])) != sealed[chain][1]:
                yield Break(chain, sealed[chain][0], "sealed event gone")


def _chunks(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
