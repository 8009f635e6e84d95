"""What the apps above lend to duties: papers that may be named as evidence, what a leaver hands over, decisions that can be replayed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.functional import Promise

from zhangfa.core.fields import EncryptedTextField
from zhangfa.core.text import _
from zhangfa.records.models import Publication
from zhangfa.records.registry import forms

_fields: dict[str, dict[str, Any]] = {}
_models: dict[str, Any] = {}
# What a paper carries for the program's own sake, or what never differs: nobody asks for it as evidence.
NEVER = frozenset({"status", "unit", "department", "outlet"})
PUBLISHED = {"period": _("期间"), "revision": _("更正次数")}


def offer(form_code: str, fields: Mapping[str, Any]) -> None:
    """Fields of a paper that a company's own duty may ask for: names as in the form's `content`, labels marked Chinese."""
    _fields.setdefault(form_code, {}).update(fields)


def offer_models(models: Mapping[str, Any]) -> None:
    """Forms whose papers are rows of a model: whatever stands on the paper in a named column may be asked for."""
    for form_code, model in models.items():
        _models[form_code] = model
        offer(
            form_code, {column.name: column.verbose_name for column in model._meta.concrete_fields if _is_asked(column)}
        )


def _is_asked(column: Any) -> bool:
    """Named for people, and not kept secret."""
    return (
        isinstance(column.verbose_name, Promise)
        and column.name not in NEVER
        and not isinstance(column, EncryptedTextField)
    )


def offer_published(*form_codes: str) -> None:
    """Forms that are published reports: which period they are about."""
    for form_code in form_codes:
        _models[form_code] = Publication
        offer(form_code, PUBLISHED)


@dataclass(frozen=True)
class PaperType:
    """A form whose papers can be evidence, with the fields that may be asked for."""

    form: str
    label: Any
    fields: Mapping[str, Any] = field(default_factory=dict)


def papers() -> list[PaperType]:
    """Every form of the house: that a paper was handed in is evidence, and what stands in its fields."""
    return [PaperType(form.code, form.title, _fields.get(form.code, {})) for form in forms]


def paper(form_code: str) -> PaperType | None:
    return next((known for known in papers() if known.form == form_code), None)


def said(record: Any, name: str) -> list[Any]:
    """What a paper says in a field: as it is stored and, of a choice, in words of both languages. Nothing where it is left empty."""
    model = _models.get(record.form_code)
    if model is not None and any(column.name == name for column in model._meta.concrete_fields):
        row = model._default_manager.filter(pk=record.pk).first()
        column = model._meta.get_field(name)
        found = [] if row is None else [getattr(row, column.attname)]
        if row is not None and column.choices:
            found = list(dict.fromkeys([*found, *_in_words(row, name)]))
    else:
        content = forms.get(record.form_code).content
        found = [content(record).get(name)] if content else []
    return [value for value in found if value not in (None, "", [], {}, False)]


def _in_words(row: Any, name: str) -> Iterator[str]:
    """A choice as it is read, whatever language the person uses whose act it was."""
    for language in ("zh-hans", "en"):
        with translation.override(language):
            yield str(getattr(row, f"get_{name}_display")())


@dataclass(frozen=True)
class Open:
    """One thing that the leaver has not finished: `key` is its own within the source."""

    key: str
    title: Any
    number: str = ""
    url: str = ""
    due_at: dt.datetime | None = None
    note: Any = ""


@dataclass(frozen=True)
class HandoverSource:
    """A kind of open thing. `give(person_id, seat, at)` lists it; `move(keys, to, seat, by, at)` puts it into the successor's hands
    when the list is signed, where it doesn't follow the seat by itself. Both run in the caller's transaction.
    `is_personal`: what it leads to opens for the leaver only."""

    key: str
    label: Any
    give: Callable[[int, Any, dt.datetime], Iterable[Open]]
    move: Callable[..., Any] | None = None
    order: int = 50
    is_personal: bool = False


_sources: dict[str, HandoverSource] = {}


def hands_over(source: HandoverSource) -> None:
    _sources[source.key] = source


def handover_sources() -> list[HandoverSource]:
    return sorted(_sources.values(), key=lambda source: (source.order, source.key))


def handover_source(key: str) -> HandoverSource | None:
    return _sources.get(key)


@dataclass(frozen=True)
class Decided:
    """A decision of the past with the facts that it was taken on: who decided it, how much money it was about."""

    at: dt.datetime
    number: str
    url: str
    post: str
    facts: Mapping[str, Any]
    amount: Decimal | None = None
    title: Any = ""


@dataclass(frozen=True)
class Replay:
    """Decisions that a pure rule takes by figures. `past(since, until)` gives them with their stored facts, `again(facts, figures)` asks
    the same rule with other figures and returns the post that would decide."""

    key: str
    label: Any
    figures: Sequence[str]
    past: Callable[[dt.datetime, dt.datetime], Iterator[Decided]]
    again: Callable[[Mapping[str, Any], Mapping[str, Any]], str]
    clause: str = ""
    order: int = 50


_replays: dict[str, Replay] = {}


def replays(replay: Replay) -> None:
    _replays[replay.key] = replay


# Ways from a what-if to a proposal: fn(actor, at, key, query) -> [(label, url)]; `query` is the question for the address of the paper.
proposals: list[Callable[..., Iterable[tuple[Any, str]]]] = []


def all_replays() -> list[Replay]:
    return sorted(_replays.values(), key=lambda replay: (replay.order, replay.key))
