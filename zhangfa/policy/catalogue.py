"""The handbook and the preset as they stand in the files beside this one: clauses, value definitions, first versions."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from zhangfa.organisation.posts import POSTS
from zhangfa.policy.values import KINDS, UNITS, canonical, typed

FOLDER = Path(__file__).parent / "presets"
DEFAULT_PRESET = "ningbo"
ALL_POSTS = "all"
CHAPTERS = ("AM", "HR", "CS", "CC", "HS", "LS", "X")  # the order of the handbook
PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")
CLAUSE_ID = re.compile(r"(?:AM|HR|CS|CC|HS|LS)-[DW][0-9]+(?:\.[0-9]+)?|X-[0-9]+")
NUMERIC = ("money", "int", "decimal", "percent")
CLAUSE_FIELDS = {"post", "with", "zh", "en", "forms"}
VALUE_FIELDS = {
    "type", "unit", "value", "versions", "clause", "zh", "en", "origin", "empty", "step", "min", "max", "below",
    "legal_max", "legal_min", "law_zh", "law_en",
}  # fmt: skip


class CatalogueError(ValueError):
    """A preset file that contradicts itself or the handbook."""


@dataclass(frozen=True)
class Clause:
    """One promise of the handbook: who answers for it, in plain words, with the papers it names."""

    id: str
    post: str
    zh: str
    en: str
    forms: tuple[str, ...] = ()
    posts_with: tuple[str, ...] = ()

    @property
    def is_procedure(self) -> bool:
        return "-W" in self.id

    def concerns(self, post: str) -> bool:
        return self.post in (post, ALL_POSTS) or post in self.posts_with


@dataclass(frozen=True)
class Definition:
    """One named figure: kind, unit, clause, what may be typed, and the law's limit with its article."""

    key: str
    kind: str
    unit: str
    clause: str
    zh: str
    en: str
    versions: tuple[tuple[dt.date, str], ...]
    origin: str = "handbook"
    is_empty_allowed: bool = False
    step: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    below: str = ""
    legal_max: Decimal | None = None
    legal_min: Decimal | None = None
    law_zh: str = ""
    law_en: str = ""


@dataclass(frozen=True)
class Catalogue:
    clauses: Mapping[str, Clause]
    definitions: Mapping[str, Definition]
    name_zh: str
    name_en: str

    def keys_of(self, clause: str) -> tuple[str, ...]:
        """The values that a clause uses: its own, and those that its text names."""
        own = [key for key, definition in self.definitions.items() if definition.clause == clause]
        named = PLACEHOLDER.findall(self.clauses[clause].zh)
        return tuple(dict.fromkeys([*own, *named]))


def preset_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.toml") if not path.stem.startswith("handbook"))


@lru_cache(maxsize=8)
def catalogue(preset: str = DEFAULT_PRESET, folder: Path = FOLDER) -> Catalogue:
    """The handbook with one preset, checked. Raises CatalogueError for anything doubtful."""
    clauses = _clauses(folder)
    data = _read(folder / f"{preset}.toml")
    head = data.pop("preset")
    definitions = {key: _definition(key, entry, head["effective_from"]) for key, entry in data.items()}
    for definition in definitions.values():
        if definition.clause not in clauses:
            raise CatalogueError(f"{definition.key}: unknown clause {definition.clause}")
        if definition.below and definition.below not in definitions:
            raise CatalogueError(f"{definition.key}: unknown value {definition.below}")
    for clause in clauses.values():
        for key in PLACEHOLDER.findall(clause.zh) + PLACEHOLDER.findall(clause.en):
            if key not in definitions:
                raise CatalogueError(f"{clause.id}: unknown value {key}")
    return Catalogue(clauses, definitions, head["name_zh"], head["name_en"])


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path.name}: {error}") from None


def _clauses(folder: Path) -> dict[str, Clause]:
    found: dict[str, Clause] = {}
    for path in sorted(folder.glob("handbook_*.toml")):
        for clause_id, entry in _read(path).items():
            if clause_id in found:
                raise CatalogueError(f"{clause_id}: twice")
            if not CLAUSE_ID.fullmatch(clause_id) or set(entry) - CLAUSE_FIELDS:
                raise CatalogueError(f"{clause_id}: not a clause")
            posts_with = tuple(entry.get("with", ()))
            if set(posts_with) - set(POSTS) or entry["post"] not in {*POSTS, ALL_POSTS}:
                raise CatalogueError(f"{clause_id}: unknown post")
            if sorted(PLACEHOLDER.findall(entry["zh"])) != sorted(PLACEHOLDER.findall(entry["en"])):
                raise CatalogueError(f"{clause_id}: figures differ between the languages")
            found[clause_id] = Clause(
                clause_id, entry["post"], entry["zh"], entry["en"], tuple(entry.get("forms", ())), posts_with
            )
    return dict(sorted(found.items(), key=lambda item: CHAPTERS.index(item[0].split("-")[0])))


def _definition(key: str, entry: Mapping[str, Any], since: dt.date) -> Definition:
    kind, unit = entry.get("type", ""), entry.get("unit", "")
    if kind not in KINDS or unit not in UNITS or set(entry) - VALUE_FIELDS:
        raise CatalogueError(f"{key}: unknown type, unit or field")
    if ("legal_max" in entry or "legal_min" in entry) != ("law_zh" in entry and "law_en" in entry):
        raise CatalogueError(f"{key}: a legal limit needs its article")
    dated = [(since, entry["value"]), *((later["from"], later["value"]) for later in entry.get("versions", ()))]
    is_empty_allowed = bool(entry.get("empty", False))
    versions = tuple((day, _text(key, kind, value, is_empty_allowed)) for day, value in dated)
    if [day for day, _value in versions] != sorted({day for day, _value in versions}):
        raise CatalogueError(f"{key}: versions out of order")
    numbers = {name: Decimal(entry[name]) for name in ("step", "min", "max", "legal_max", "legal_min") if name in entry}
    minimum = numbers.get("min", Decimal(0)) if kind in NUMERIC else None
    maximum = numbers.get("max", Decimal(100) if kind == "percent" else None)
    return Definition(
        key, kind, unit, entry["clause"], entry["zh"], entry["en"], versions, entry.get("origin", "handbook"), is_empty_allowed,
        numbers.get("step"), minimum, maximum, entry.get("below", ""), numbers.get("legal_max"), numbers.get("legal_min"),
        entry.get("law_zh", ""), entry.get("law_en", ""),
    )  # fmt: skip


def _text(key: str, kind: str, value: Any, is_empty_allowed: bool) -> str:
    if isinstance(value, float):
        raise CatalogueError(f"{key}: a number with decimals must be quoted")
    raw = str(value).lower() if isinstance(value, bool) else str(value)
    try:
        text = canonical(kind, raw)
    except ValueError as error:
        raise CatalogueError(f"{key}: not a {error}") from None
    if typed(kind, text) is None and not is_empty_allowed:
        raise CatalogueError(f"{key}: empty")
    return text
