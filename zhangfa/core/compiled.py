"""Queries whose text never changes, compiled once for a connection.

Putting a wide query into words takes Django longer than the database takes to answer it. What every request asks in the
same shape (who acts, which row is locked) is declared as a `Compiled`; only its values change from call to call.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db import connections, models
from django.db.models import sql
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators

DATABASE = "default"
Reader = Callable[[Iterable[Sequence[Any]]], list[Any]]


class _Text(NamedTuple):
    """A query in words, where each of its values stands, and how its rows are read."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]
    read: Reader


class Compiled:
    """A query built once from sample values and then asked with others of the same types."""

    def __init__(self, build: Callable[..., models.QuerySet[Any]], **samples: tuple[Any, Any]):
        """`samples`: two values for each name that stand nowhere else in the query, so that their places are found."""
        self.build, self.samples = build, samples
        self._texts: dict[str, _Text] = {}

    def __call__(self, **values: Any) -> list[Any]:
        """The rows for these values. Values are int, str, UUID, date or datetime."""
        text, params = self._filled(values)
        with connections[DATABASE].cursor() as cursor:
            cursor.execute(text.sql, params)
            return text.read(cursor.fetchall())

    def _filled(self, values: Mapping[str, Any]) -> tuple[_Text, tuple[Any, ...]]:
        vendor = connections[DATABASE].vendor
        text = self._texts.get(vendor)
        if text is None:
            text = self._texts[vendor] = self._compile()
        params = list(text.params)
        for place, name in text.places:
            params[place] = _adapted(values[name])
        return text, tuple(params)

    def _compile(self) -> _Text:
        words, params, read = self._words(0)
        again, others, _read = self._words(1)
        adapted = {name: _adapted(pair[0]) for name, pair in self.samples.items()}
        pairs = enumerate(zip(params, others, strict=False))
        moving = [(place, one) for place, (one, two) in pairs if one != two]
        places = [(place, name) for place, one in moving for name, value in adapted.items() if value == one]
        if words != again or len(places) != len(moving) or {name for _place, name in places} != set(self.samples):
            raise ValueError("the text of a compiled query must not depend on its values")
        return _written(words, params, places, read)

    def _words(self, which: int) -> tuple[str, tuple[Any, ...], Reader]:
        queryset = self.build(**{name: pair[which] for name, pair in self.samples.items()})
        compiler = queryset.query.get_compiler(connection=connections[DATABASE])
        words, params = compiler.as_sql()
        return words, tuple(params), _reader(queryset, compiler)


class CompiledUpdate(Compiled):
    """The same for rows that are changed: `build` gives them, `changes` says what is set; calling it tells how many there were."""

    def __init__(
        self, build: Callable[..., models.QuerySet[Any]], changes: Callable[..., Mapping[str, Any]],
        **samples: tuple[Any, Any],
    ):  # fmt: skip
        super().__init__(build, **samples)
        self.changes = changes

    def __call__(self, **values: Any) -> Any:
        text, params = self._filled(values)
        with connections[DATABASE].cursor() as cursor:
            cursor.execute(text.sql, params)
            return cursor.rowcount

    def _words(self, which: int) -> tuple[str, tuple[Any, ...], Reader]:
        values = {name: pair[which] for name, pair in self.samples.items()}
        query: Any = self.build(**values).query.chain(sql.UpdateQuery)
        query.add_update_values(self.changes(**values))
        words, params = query.get_compiler(connection=connections[DATABASE]).as_sql()
        return words, tuple(params), list


def _written(words: str, params: tuple[Any, ...], places: list[tuple[int, str]], read: Reader) -> _Text:
    """PostgreSQL gets what never changes as words, not as a value: then the plan that it keeps for all values is as good as one
    made for these (an index with a condition is used), and it need not plan for ten milliseconds what it answers in one.
    """
    connection = connections[DATABASE]
    if connection.vendor != "postgresql":
        return _Text(words, params, tuple(places), read)
    from django.db.backends.postgresql.psycopg_any import mogrify

    moving, left, rest = dict(places), [], iter(enumerate(params))

    def put(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return found[0]
        place, value = next(rest)
        if place in moving:
            left.append((place, moving[place]))
            return found[0]
        return str(mogrify("%s", [value], connection)).replace("%", "%%")

    said = re.sub("%%|%s", put, words)
    return _Text(
        said, tuple(params[place] for place, _ in left), tuple((n, name) for n, (_, name) in enumerate(left)), read
    )


def _reader(queryset: Any, compiler: Any) -> Reader:
    """How Django reads the rows of this query; what it finds out for each query anew is found out once."""
    kind, width = queryset._iterable_class, compiler.col_count
    if kind not in (ModelIterable, ValuesListIterable, FlatValuesListIterable) or queryset._known_related_objects:
        raise ValueError("a compiled query gives rows or lists of values")
    expressions = [entry[0] for entry in compiler.select[:width]]
    steps = [
        (place, convert, expression)
        for place, (converters, expression) in compiler.get_converters(expressions).items()
        for convert in converters
    ]

    def converted(rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
        if not steps and not compiler.has_extra_select:
            return rows
        connection = connections[DATABASE]
        found = [list(row[:width]) for row in rows]
        for row in found:
            for place, convert, expression in steps:
                row[place] = convert(row[place], expression, connection)
        return found

    if kind is FlatValuesListIterable:
        return lambda rows: [row[0] for row in converted(rows)]
    if kind is ValuesListIterable:
        return lambda rows: [tuple(row) for row in converted(rows)]
    made = _maker(compiler)
    prefetched = queryset._prefetch_related_lookups

    def read(rows: Iterable[Sequence[Any]]) -> list[Any]:
        found = [made(row) for row in converted(rows)]
        if prefetched:
            models.prefetch_related_objects(found, *prefetched)
        return found

    return read


def _maker(compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """A row of the database as the object with its related ones, as `ModelIterable` makes it."""
    chosen = compiler.klass_info["select_fields"]
    model, start, end = compiler.klass_info["model"], chosen[0], chosen[-1] + 1
    names = [entry[0].target.attname for entry in compiler.select[start:end]]
    populators: Any = get_related_populators
    related = populators(compiler.klass_info, compiler.select, DATABASE)
    beside = list((compiler.annotation_col_map or {}).items())

    def make(row: Sequence[Any]) -> Any:
        found = model.from_db(DATABASE, names, row[start:end])
        for populator in related:
            populator.populate(row, found)
        for name, place in beside:
            setattr(found, name, row[place])
        return found

    return make


SAMPLE_INSTANTS = dt.datetime(1801, 1, 2, tzinfo=dt.UTC), dt.datetime(1801, 1, 3, tzinfo=dt.UTC)
C = TypeVar("C", bound=Compiled)
_known: dict[Hashable, Any] = {}


def for_shape(shape: Hashable, declare: Callable[[], C]) -> C:
    """The query of this shape (how many values, which parts), declared by the first who asks."""
    found: C | None = _known.get(shape)
    if found is None:
        found = _known[shape] = declare()
    return found


Value = int | dt.datetime | Sequence[int] | None
# Values that nobody has.
_FIRST, _FIRST_DAY = 8_123_456_700_000, dt.datetime(1801, 1, 1, tzinfo=dt.UTC)


def rows(build: Callable[..., models.QuerySet[Any]], /, **values: Value) -> list[Any]:
    """The same as `list(build(**values))` for a named function; values are ids, lists of ids and instants, once for each length of a list."""
    given = {name: sorted(value) if isinstance(value, list | tuple | set) else value for name, value in values.items()}
    if any(value is None or value == [] for value in given.values()):
        return list(build(**given))
    flat: dict[str, Any] = {}
    for name, value in given.items():
        flat |= {f"{name}__{n}": one for n, one in enumerate(value)} if isinstance(value, list) else {name: value}
    shape = (build.__module__, build.__qualname__, *flat)
    return for_shape(
        shape,
        lambda: Compiled(
            lambda **single: build(**{n: _gathered(n, v, single) for n, v in given.items()}),
            **samples(flat),
        ),
    )(**flat)


def _gathered(name: str, like: Any, single: Mapping[str, Any]) -> Any:
    return [single[f"{name}__{n}"] for n in range(len(like))] if isinstance(like, list) else single[name]


def samples(values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Values like these (ids and instants) that nobody has."""
    return {name: _sample(value, n) for n, (name, value) in enumerate(values.items())}


def _sample(like: Any, n: int) -> tuple[Any, Any]:
    if isinstance(like, dt.datetime):
        return _FIRST_DAY + dt.timedelta(days=2 * n), _FIRST_DAY + dt.timedelta(days=2 * n + 1)
    return _FIRST + 2 * n, _FIRST + 2 * n + 1


def _adapted(value: Any) -> Any:
    """A value as the database's driver takes it from Django's fields."""
    if isinstance(value, uuid.UUID):
        return value if connections[DATABASE].features.has_native_uuid_field else value.hex
    if isinstance(value, dt.datetime):
        return connections[DATABASE].ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connections[DATABASE].ops.adapt_datefield_value(value)
    return value
