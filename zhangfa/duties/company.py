"""The catalogue as the company lives by it: the handbook's duties with its own versions and its own duties beside (X-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

from zhangfa.core.work import held
from zhangfa.duties.catalogue import Catalogue, DutyRow, from_files, in_turn, made_of
from zhangfa.duties.models import Duty
from zhangfa.policy import queries as policy

# The reason of a duty that the company itself has switched off; its words stand in `why`.
SWITCHED_OFF = "company"
TUPLES = ("others", "also", "audience", "opens", "closes", "voids", "moves", "copies")
MAPPINGS = ("due", "need", "match", "asks")
WRITABLE = {field.name for field in fields(DutyRow)} - {"from_at", "until_at", "version", "is_own"}
_kept: tuple[str, Catalogue | None] = ("", None)


def standing() -> Catalogue:
    """One copy per process under the company's stamp, asked for once in a piece of work."""
    return held(("duties", "catalogue"), _standing)


def _standing() -> Catalogue:
    global _kept
    now = policy.stamp()
    if not now:
        return from_files()
    stamp, known = _kept
    if known is None or stamp != now:
        known = merged(Duty.objects.filter(made__isnull=False).order_by("code", "stage", "version"))
        _kept = (now, known)
    return known


def merged(own: Iterable[Duty]) -> Catalogue:
    """The files' duties and the company's versions; with none of them the files' own copy."""
    rows = list(own)
    if not rows:
        return from_files()
    stems: dict[str, list[DutyRow]] = {}
    for row in from_files().rows:
        stems.setdefault(row.stem, []).append(row)
    for duty in rows:
        stem = f"{duty.code}.{duty.stage}."
        known = stems.setdefault(stem, [])
        base = max(known, key=lambda row: row.version, default=None)
        if (version := version_of(duty, base)) is not None:
            known.append(version)
    return made_of(row for versions in stems.values() for row in in_turn(versions))


def version_of(duty: Duty, base: DutyRow | None) -> DutyRow | None:
    """A company's version: its own duty whole, else the handbook's with what was changed of it."""
    facts = plain(duty.made or {})
    if base is None and "post" not in facts:
        return None  # the handbook's duty that it changed is gone from the files
    facts |= {"version": duty.version, "from_at": duty.from_at}
    if base is None:
        return DutyRow(**(facts | {"code": duty.code, "stage": duty.stage}), is_own=True)
    if base.off and base.off != SWITCHED_OFF:
        # What the program can't watch stays unwatched, whatever else is changed of it.
        facts.pop("off", None)
    return replace(base, until_at=None, **facts)


def plain(made: Mapping[str, Any]) -> dict[str, Any]:
    """What a version says, from its stored form."""
    facts = {name: value for name, value in made.items() if name in WRITABLE}
    facts |= {name: tuple(facts[name]) for name in TUPLES if name in facts}
    return facts | {name: MappingProxyType(dict(facts[name])) for name in MAPPINGS if name in facts}
