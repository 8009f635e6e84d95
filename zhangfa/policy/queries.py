"""The figures in force on a day, from one copy per process that a stamp keeps honest (X-2)."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import OperationalError, ProgrammingError
from django.db.models import Q, QuerySet, Subquery
from django.urls import reverse

from zhangfa.core import clock, compiled
from zhangfa.organisation.models import Person
from zhangfa.organisation.queries import Problem, company
from zhangfa.policy.catalogue import Catalogue, Definition, catalogue
from zhangfa.policy.models import PolicyValue, Stamp
from zhangfa.policy.rules import SECOND_DECIDER_KEY
from zhangfa.policy.values import typed, words

STAMP = "values"
UNREAD, NO_STAMP = "unread", "none"


class UnknownKey(LookupError):
    """No such policy value."""


@dataclass(frozen=True)
class Figure:
    """A figure as it stands on a day, ready to be kept with the paper that it decides."""

    key: str
    value: Any  # the typed figure: Decimal, int, bool, date, str, or None where the company has set nothing
    version: int
    effective_from: dt.date
    clause: str
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        """Key, canonical value, version and day: what a record, the API and `explain` show."""
        return {
            "key": self.key,
            "value": self.text,
            "version": self.version,
            "effective_from": self.effective_from.isoformat(),
        }


Copy = Mapping[str, tuple[Figure, ...]]
_copy: tuple[str, Copy] = (UNREAD, {})
_guard = threading.Lock()
# The stamp as read in this request or job; None outside of both, where every call reads it.
_seen: ContextVar[str | None] = ContextVar("zhangfa_policy_stamp", default=None)


def definitions() -> Mapping[str, Definition]:
    return catalogue().definitions


def handbook() -> Catalogue:
    return catalogue()


def definition_of(key: str) -> Definition:
    """Raises UnknownKey."""
    try:
        return definitions()[key]
    except KeyError:
        raise UnknownKey(key) from None


def figure(key: str, at: dt.datetime) -> Figure:
    """The version in force on the instant's day in Shanghai; before the first version, the first. Raises UnknownKey."""
    return figure_on(key, clock.local_date(at))


def figure_on(key: str, day: dt.date) -> Figure:
    """As `figure`, for a calendar day."""
    found = versions(key)
    return max(
        (f for f in found if f.effective_from <= day), key=lambda f: (f.effective_from, f.version), default=found[0]
    )


def value(key: str, at: dt.datetime) -> Any:
    """The bare figure in force: for callers that don't keep where it came from."""
    return figure(key, at).value


def figures(keys: Iterable[str], at: dt.datetime) -> dict[str, Figure]:
    return {key: figure(key, at) for key in keys}


def facts(keys: Iterable[str], at: dt.datetime) -> list[dict[str, Any]]:
    """The figures as a decided paper keeps them."""
    return [figure(key, at).as_json() for key in keys]


def history(key: str) -> tuple[Figure, ...]:
    """Every version of a figure, newest first."""
    return tuple(sorted(versions(key), key=lambda f: (f.effective_from, f.version), reverse=True))


def next_change(key: str, at: dt.datetime) -> Figure | None:
    """The next version that is enacted and not yet in force, where it changes anything on its day."""
    days = sorted({f.effective_from for f in versions(key) if f.effective_from > clock.local_date(at)})
    coming = ((figure_on(key, day - dt.timedelta(days=1)), figure_on(key, day)) for day in days)
    return next((after for before, after in coming if after.text != before.text), None)


def versions(key: str) -> tuple[Figure, ...]:
    """The versions of a figure by day: those enacted here, else those of the preset."""
    definition = definition_of(key)
    return _current().get(key) or _preset_versions(definition)


def in_words(shown: Figure, lang: str) -> str:
    """A figure with its unit: 1,000 元, 2 days."""
    return words_of(definition_of(shown.key), shown.value, lang)


def words_of(definition: Definition, value: Any, lang: str) -> str:
    """A value of the figure's kind in words; a person by name."""
    if definition.kind == "person" and value is not None:
        named = Person.objects.filter(pk=value).first()
        return (lang == "en" and named.name_en) or named.name if named else str(value)
    return words(definition.kind, definition.unit, value, lang)


def second_decider(at: dt.datetime) -> Person | None:
    """Who decides what its only decider applied for (X-5), while on the staff."""
    working = Q(left_on=None) | Q(left_on__gte=clock.local_date(at))
    return Person.objects.filter(working, pk=value(SECOND_DECIDER_KEY, at)).first()


def chain_problems(at: dt.datetime) -> Iterator[Problem]:
    """Nobody could decide what the GM applies for (X-5)."""
    founded = company()
    if founded is not None and second_decider(at) is None:
        url = reverse("policy:value", args=[SECOND_DECIDER_KEY])
        yield Problem("no_second_decider", None, None, founded.name, url)


@contextmanager
def one_reading() -> Iterator[None]:
    """Read the stamp once for everything inside: one job, one report."""
    token = _seen.set(_stamp())
    try:
        yield
    finally:
        _seen.reset(token)


def forget() -> None:
    """The stamp has changed in this request or job: read it again."""
    if _seen.get() is not None:
        _seen.set(UNREAD)


def _begin_request(**_kwargs: Any) -> None:
    _seen.set(UNREAD)


def _end_request(**_kwargs: Any) -> None:
    _seen.set(None)


request_started.connect(_begin_request, dispatch_uid="policy-begin")
request_finished.connect(_end_request, dispatch_uid="policy-end")


def stamp() -> str:
    """The company's stamp, read once in a request or job; "" where there is none yet and nothing may be kept."""
    found = _standing()
    return "" if found == NO_STAMP else found


def read_beside(token: str | None) -> None:
    """The stamp came with the actor's seats: the request need not ask for it again."""
    if _seen.get() == UNREAD:
        _seen.set(token or NO_STAMP)


def stamp_expression() -> Subquery:
    return Subquery(Stamp.objects.filter(name=STAMP).values("token")[:1])


def _standing() -> str:
    seen = _seen.get()
    if seen is not None and seen != UNREAD:
        return seen
    found = _stamp()
    if seen == UNREAD:
        _seen.set(found)
    return found


def _stamp() -> str:
    """The company's stamp; an installation without tables yet has none and lives by the preset."""
    try:
        row = next(iter(compiled.rows(_tokens)), None)
    except (OperationalError, ProgrammingError) as error:
        if not _is_missing_table(error):
            raise
        return NO_STAMP
    return row or NO_STAMP


def _tokens() -> QuerySet[Stamp, str]:
    return Stamp.objects.filter(name=STAMP).values_list("token", flat=True)


def _is_missing_table(error: Exception) -> bool:
    return isinstance(error, ProgrammingError) or "no such table" in str(error)


def _current() -> Copy:
    global _copy
    now = stamp()
    if not now:
        return {}
    held, copy = _copy
    if held == now:
        return copy
    copy = _read()
    with _guard:
        _copy = (now, copy)
    return copy


def _read() -> Copy:
    found: dict[str, list[Figure]] = {}
    rows = PolicyValue.objects.filter(key__in=list(definitions()), withdrawn_at=None)
    for row in rows.order_by("key", "effective_from", "version"):
        found.setdefault(row.key, []).append(read(row))
    return {key: tuple(rows) for key, rows in found.items()}


def read(row: PolicyValue) -> Figure:
    """A stored version as the figure that it sets."""
    typed_value = typed(definition_of(row.key).kind, row.value)
    return Figure(row.key, typed_value, row.version, row.effective_from, row.clause, row.value)


def _preset_versions(definition: Definition) -> tuple[Figure, ...]:
    return tuple(
        Figure(definition.key, typed(definition.kind, text), number, day, definition.clause, text)
        for number, (day, text) in enumerate(definition.versions, start=1)
    )
