"""What can be brought in, as data: the fields of a target with the words that head their columns; pure Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Field:
    """One thing to know of a row.

    kind: text, phone, date, time, money, number, flag, choice, or a look-up (outlet, product, person, customer, post).
    `zh` is its marked name; `words` head its column elsewhere; `choices` are codes with the words that mean them.
    """

    name: str
    zh: Any
    kind: str = "text"
    required: bool = False
    words: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limit: int = 60
    is_multiline: bool = False
    can_fill: bool = False  # an empty one of a known object is filled from the file
    is_common: bool = True  # one answer for all rows makes sense where the file has no such column


@dataclass(frozen=True)
class Issue:
    """What is wrong with a row, at its field; worded where it is shown."""

    field: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "code": self.code, "params": dict(self.params), "text": self.text}


@dataclass
class Draft:
    """A row on its way: the cells by field, what they mean, what is wrong, whom it is about already."""

    n: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    key: str = ""  # the same key = the same customer, order or person
    rank: int = 0  # lower ones are written first
    known: Any = None  # what stands in the house already
    known_label: str = ""
    choice: str = ""

    def blame(self, name: str, code: str, **params: Any) -> None:
        self.issues.append(Issue(name, code, params))


@dataclass(frozen=True)
class Made:
    """What a row has become: a new row of a table, or one that was filled, with what stood there before."""

    n: int
    label: str
    key: int
    ref: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Target:
    """A kind of import. `judge` looks at a chunk of drafts and `prepare` makes them ready, both before the lock; `write` writes them."""

    key: str
    zh: Any
    about: Any
    posts: tuple[str, ...]
    fields: tuple[Field, ...]
    judge: Callable[[Sequence[Draft], Any], None]
    write: Callable[[Sequence[Draft], Any], list[Made]]
    remove: Callable[[Sequence[Any], Any], None]
    prepare: Callable[[Sequence[Draft], Any], None] | None = None
    chunk: int = 500
    choices: tuple[str, ...] = ("skip", "fill", "new")
    may: Callable[..., Any] | None = None
    asks_source: bool = True
    labels: tuple[str, ...] = ()
    unique: str = ""  # the field of the key where two rows with the same one can't both be new

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {one.name: one for one in self.fields}


@dataclass
class Setting:
    """Who brings in what, when, and what was said for all rows."""

    batch: Any
    by: Any
    at: dt.datetime
    options: Mapping[str, Any]
    memory: dict[str, Any] = field(default_factory=dict)
