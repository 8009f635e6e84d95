"""Bringing a workbook in, and reading what it looks like."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from typing import Any

from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.imports import books, headers
from zhangfa.imports.models import Import, Remembered
from zhangfa.imports.permissions import import_rows
from zhangfa.imports.rules import CLAUSE, LARGEST, UNREADABLE, refuse_file
from zhangfa.imports.targets import TARGETS
from zhangfa.organisation.actor import Actor

LOOKED_AT = 60
SAMPLES = 3
WIDEST = 200
S = Import.Status
# Read at once while the person waits; what is larger goes to the worker.
AT_ONCE = 2 * 2**20


def keep_file(upload: Any, *, name: str = "") -> books.Kept:
    """Check a file and put it into the vault; before the transaction, for it may be large. Raises `Refused`."""
    shown = (name or getattr(upload, "name", "") or "").replace("\\", "/").rsplit("/", 1)[-1]
    kept = books.keep(upload, "".join(char for char in shown if char.isprintable())[:120], most=LARGEST)
    demand(refuse_file(size=kept.size, kind=kept.kind))
    return kept


def upload(kept: books.Kept, *, target: str, by: Actor, at: dt.datetime) -> Import:
    """Begin an import; a small file is looked at now, a large one by the worker."""
    with work():
        demand(import_rows(target, by=by, at=at))
        batch = Import(
            target=target, name=kept.name or f"import.{kept.kind}", kind=kept.kind, size=kept.size, sha256=kept.sha256,
            pieces=list(kept.pieces), made_by_id=by.person_id, made_user_id=by.user_id, made_at=at,
        )  # fmt: skip
        batch.save(force_insert=True)
        if kept.size <= AT_ONCE:
            inspect(batch)
        announce(
            "imports.import.uploaded", batch, by=by, at=at, label=_("上传导入文件"), clause=CLAUSE, is_new=True,
            codes={"target": target, "sha256": kept.sha256, "size": kept.size}, values={"name": batch.name},
        )  # fmt: skip
    return batch


def inspect(batch: Import, *, heads: dict[str, int] | None = None) -> None:
    """Look at every sheet's first lines: where its heading is, what its columns are. `heads` says it better (0 = none)."""
    try:
        shape = outline(batch, heads or {})
    except books.Unreadable as error:
        batch.status = S.FAILED
        batch.trouble = UNREADABLE[error.why]
        batch.save(update_fields=["status", "trouble"])
        return
    batch.outline, batch.status = json.dumps(shape, ensure_ascii=False), S.MAPPING
    best = max(shape["sheets"], key=lambda one: (one["score"], one["height"]), default=None)
    batch.total = sum(one["height"] for one in shape["sheets"] if best and one["signature"] == best["signature"])
    batch.save(update_fields=["outline", "status", "total"])


def outline(batch: Import, heads: dict[str, int]) -> dict[str, Any]:
    """The sheets of the file with what is guessed of them. Raises Unreadable."""
    target = TARGETS[batch.target]
    found, has_rows = [], []
    with books.opened(batch.pieces) as handle:
        book = books.read(handle, batch.kind)
        for name in book.names:
            lines = [row[:WIDEST] for _number, row in itertools.islice(book.rows(name), LOOKED_AT)]
            if not any(not headers.is_blank(row) for row in lines):
                continue
            heading = _heading(lines, target, heads.get(name))
            first = heading.last + 1 if heading else 0
            body = [row for row in lines[first:] if not headers.is_blank(row) and not headers.is_total(row)]
            has_rows.append(bool(body) or len(lines) == LOOKED_AT or heads.get(name) is not None)
            names = heading.names if heading else ("",) * max(len(row) for row in body or [[]])
            signature = heading.signature if heading else ""
            known = Remembered.objects.filter(target=batch.target, signature=signature).first() if signature else None
            guesses = headers.guesses(heading, body, target, known.columns if known else None)
            found.append(
                {
                    "name": name, "first": heading.first if heading else -1, "last": heading.last if heading else -1, "names": list(names),
                    "score": heading.score if heading else 0, "signature": signature, "height": max(0, book.height(name) - first),
                    "samples": [[row[n] for row in body if n < len(row) and row[n].strip()][:SAMPLES] for n in range(len(names))],
                    "guesses": {str(n): [guess.field, guess.sure, guess.why] for n, guess in guesses.items()},
                    "constants": known.constants if known else {},
                }
            )  # fmt: skip
    if not found:
        raise books.Unreadable("blank")
    if not any(has_rows):
        raise books.Unreadable("heading")
    return {"sheets": found}


def _heading(lines: list[list[str]], target: Any, said: int | None) -> headers.Heading | None:
    if said is not None:
        if said == 0:
            return None
        row = lines[said - 1] if said <= len(lines) else []
        return headers.Heading(said - 1, said - 1, tuple(cell.strip() for cell in row), 0)
    found = headers.heading_of(lines, target)
    if found is not None:
        return found
    # Nothing is known of it: the first full line is the heading unless it looks like data.
    for n, row in enumerate(lines):
        filled = [cell for cell in row if cell.strip()]
        if len(filled) >= 2:
            is_data = any(headers.looks_like(kind, cell) for cell in filled for kind in ("phone", "date", "money"))
            return None if is_data else headers.Heading(n, n, tuple(cell.strip() for cell in row), 0)
    return None
