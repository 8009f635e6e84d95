"""The handbook as data: every clause with its figures, forms and how far the program does it (X-2)."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zhangfa.core import clock
from zhangfa.policy import queries, registry, wording
from zhangfa.policy.catalogue import Clause
from zhangfa.policy.handbook_map import MAP_PATH, handbook_map

USAGE = "usage: zhangfa handbook [--json | --map [--check]]\n"


def handbook_json(at: dt.datetime) -> list[dict[str, Any]]:
    """Every clause in the handbook's order, in the stable shape for scripts."""
    book = queries.handbook()
    return [
        {
            "id": clause.id,
            "post": clause.post,
            "text": {lang: wording.clause_text(clause, lang, at) for lang in ("zh", "en")},
            "policies": list(book.keys_of(clause.id)),
            "forms": list(clause.forms),
            "status": registry.status_of(clause.id),
            "unread": [key for key in book.keys_of(clause.id) if not registry.is_read(key)],
        }
        for clause in book.clauses.values()
    ]


def values_json(at: dt.datetime) -> list[dict[str, Any]]:
    """Every figure in force; `read` is false for one that nothing reads yet."""
    return [
        {
            **queries.figure(key, at).as_json(),
            "clause": definition.clause,
            "unit": definition.unit,
            "read": registry.is_read(key),
        }
        for key, definition in queries.definitions().items()
    ]


def clauses_of(post: str) -> list[Clause]:
    """The clauses in which a post acts: its own first, then those of others, then those of all posts."""
    found = [clause for clause in queries.handbook().clauses.values() if clause.concerns(post)]
    return sorted(found, key=lambda clause: (clause.post != post, clause.post == "all"))


def handbook_command(argv: Sequence[str]) -> int:
    """`zhangfa handbook`: the clauses in words, as JSON, or the map from clause to rule, page and test."""
    given = set(argv)
    if given - {"--json", "--map", "--check", "--values"} or ("--check" in given and "--map" not in given):
        sys.stderr.write(USAGE)
        return 2
    if "--map" in given:
        return _write_map(is_check="--check" in given)
    at = clock.now()
    if "--json" in given:
        sys.stdout.write(
            json.dumps(values_json(at) if "--values" in given else handbook_json(at), ensure_ascii=False, indent=2)
            + "\n"
        )
        return 0
    lang = wording.language()
    for entry in handbook_json(at):
        sys.stdout.write(f"{entry['id']:9} {entry['post']:4} {entry['status']:8} {entry['text'][lang]}\n")
    return 0


def _write_map(*, is_check: bool) -> int:
    root = Path(__file__).resolve().parents[2]
    text, path = handbook_map(root), root / MAP_PATH
    if not is_check:
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{MAP_PATH}\n")
        return 0
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"{MAP_PATH} is out of date: run zhangfa handbook --map\n")
    return 1
