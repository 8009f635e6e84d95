"""Queries whose text never changes, compiled once for a connection.

Putting a wide query into words takes Django longer than the database takes to answer it. What every request asks in the
same shape (who acts, which row is locked) is declared as a `Compiled`; only its values change from call to call.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from enum import Enum
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
        connection = connections[DATABASE]
        text, params = self._filled(values, connection)
        with connection.cursor() as cursor:
            cursor.execute(text.sql, params)
            return text.read(cursor.fetchall())

    def _filled(self, values: Mapping[str, Any], connection: Any) -> tuple[_Text, tuple[Any, ...]]:
        text = self._texts.get(connection.vendor)
        if text is None:
            text = self._texts[connection.vendor] = self._compile()
        params = list(text.params)
        for place, name in text.places:
            params[place] = _adapted(values[name], connection)
        return text, tuple(params)

    def _compile(self) -> _Text:
        words, params, read = self._words(0)
        again, others, _read = self._words(1)
        adapted = {name: _adapted(pair[0], connections[DATABASE]) for name, pair in self.samples.items()}
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
        return words, tuple(params), reader(queryset, compiler)


class CompiledUpdate(Compiled):
    """The same for rows that are changed: `build` gives them, `changes` says what is set; calling it tells how many there were."""

    def __init__(
        self, build: Callable[..., models.QuerySet[Any]], changes: Callable[..., Mapping[str, Any]],
        **samples: tuple[Any, Any],
    ):  # fmt: skip
        super().__init__(build, **samples)
        self.changes = changes

    def __call__(self, **values: Any) -> Any:
        connection = connections[DATABASE]
        text, params = self._filled(values, connection)
        with connection.cursor() as cursor:
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


def reader(queryset: Any, compiler: Any) -> Reader:
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


Single = int | str | uuid.UUID | dt.date
Value = Single | Iterable[Single] | models.Model | models.Q | None
# Values that fit every column, small numbers too; only that they differ from each other counts.
_FIRST, _FIRST_DAY = 20_000, dt.datetime(1801, 1, 1, tzinfo=dt.UTC)
# A longer list is asked for seldom, and each length is a text of its own.
LONGEST = 40


def rows(build: Callable[..., models.QuerySet[Any]], /, *fixed: Hashable, **values: Value) -> list[Any]:
    """The same as `list(build(*fixed, **values))` for a named function, in words once for each shape of its values: how long a
    list is, and of a condition everything but the values in it. `fixed` is what the words depend on: a model, names of columns."""
    flat: dict[str, Any] = {}
    plans = {name: _taken(name, value, flat) for name, value in values.items()}
    if _is_seldom(plans.values(), flat):
        return list(build(*fixed, **{name: plan(flat) for name, (plan, _form) in plans.items()}))
    shape = (build.__module__, build.__qualname__, fixed, *(form for _plan, form in plans.values()))
    return for_shape(
        shape,
        lambda: Compiled(
            lambda **single: build(*fixed, **{name: plan(single) for name, (plan, _form) in plans.items()}),
            **samples(flat),
        ),
    )(**flat)


def one(build: Callable[..., models.QuerySet[Any]], /, **values: Value) -> Any:
    """The first of these rows. Raises the model's `DoesNotExist` where there is none."""
    found = rows(build, **values)
    if not found:
        raise build(**values).model.DoesNotExist
    return found[0]


_Plan = tuple[Callable[[Mapping[str, Any]], Any], Hashable]


def _taken(name: str, value: Any, flat: dict[str, Any]) -> _Plan:
    """The single values of one, put into `flat` by name; how it is made of them again, and what it looks like without them."""
    if isinstance(value, models.Q):
        return _taken_condition(name, value, flat)
    if isinstance(value, models.Model | Enum):
        value = value.pk if isinstance(value, models.Model) else value.value
    if isinstance(value, bool):
        return (lambda _single: value), (name, "always", value)
    if isinstance(value, str) or not isinstance(value, Iterable):
        flat[name] = value
        return (lambda single: single[name]), (name, type(value))
    listed = sorted(value)
    names = [f"{name}__{n}" for n in range(len(listed))]
    flat.update(zip(names, listed, strict=True))
    return (lambda single: [single[each] for each in names]), (name, len(names))


def _taken_condition(name: str, which: models.Q, flat: dict[str, Any]) -> _Plan:
    plans: list[tuple[str, _Plan]] = []
    children: list[Any] = which.children
    for n, child in enumerate(children):
        key, value = ("", child) if isinstance(child, models.Q) else child
        plans.append((key, _taken(f"{name}_{n}", value, flat)))

    def put(single: Mapping[str, Any]) -> models.Q:
        made = [(key, plan(single)) if key else plan(single) for key, (plan, _form) in plans]
        return models.Q.create(children=made, connector=which.connector, negated=which.negated)

    return put, (name, which.connector, which.negated, *((key, form) for key, (_plan, form) in plans))


def _is_seldom(plans: Iterable[_Plan], flat: Mapping[str, Any]) -> bool:
    return len(flat) > LONGEST or None in flat.values() or any(_is_empty(form) for _plan, form in plans)


def _is_empty(form: Any) -> bool:
    """Whether a list without values is among them: Django answers such a question without asking."""
    return form[-1] == 0 if len(form) == 2 else any(_is_empty(part) for _key, part in form[3:])


def samples(values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Values like these, each with another that differs from all the rest."""
    return {name: (_sample(value, 2 * n), _sample(value, 2 * n + 1)) for n, (name, value) in enumerate(values.items())}


def _sample(like: Any, n: int) -> Single:
    if isinstance(like, dt.datetime):
        return _FIRST_DAY + dt.timedelta(days=n)
    if isinstance(like, dt.date):
        return _FIRST_DAY.date() + dt.timedelta(days=n)
    if isinstance(like, uuid.UUID):
        return uuid.UUID(int=_FIRST + n)
    return f"sample:{n}" if isinstance(like, str) else _FIRST + n


def _adapted(value: Any, connection: Any) -> Any:
    """A value as the database's driver takes it from Django's fields."""
    if isinstance(value, uuid.UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return value
