"""Many new rows at once: keys taken beforehand, so that numbers made of them are written along, and as little per row as can be.

Django's own way asks every field of every row several questions; for thousands of rows that is most of the time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction

PLAIN = {str, int, bool, type(None)}
Convert = Callable[[Any], Any]
FEW = 100


def reserve(model: type[models.Model], count: int) -> list[int]:
    """Keys for so many new rows; inside the transaction that writes them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # There is one writer, and it is this transaction.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            cursor.execute(f"SELECT max(id) FROM {connection.ops.quote_name(table)}")  # noqa: S608 the model's own name
            first = max(found[0] if found else 0, cursor.fetchone()[0] or 0) + 1
            return list(range(first, first + count))
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def insert(model: type[models.Model], rows: Sequence[Any], *, with_keys: bool = False) -> None:
    """Write new rows as they stand; nothing is read back."""
    if not rows:
        return
    columns = _columns(model, with_keys, connection.vendor)
    names = ", ".join(connection.ops.quote_name(str(column)) for column, _attname, _convert in columns)
    # Column by column: what is plain all the way down needs no look at each value.
    values = zip(*(_values(rows, attname, convert) for _column, attname, convert in columns), strict=True)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", list(values))  # noqa: S608
            return
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for line in values:
                copy.write_row(line)


def update(model: type[models.Model], rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Write these fields of known rows: one prepared statement, many times."""
    if not rows:
        return
    wanted = {model._meta.get_field(name).attname for name in fields}  # type: ignore[union-attr]
    named = [one for one in _columns(model, True, connection.vendor) if one[1] in wanted]
    sets = ", ".join(f"{connection.ops.quote_name(str(column))} = %s" for column, _attname, _convert in named)
    values = zip(
        *(_values(rows, attname, convert) for _column, attname, convert in named), (row.pk for row in rows), strict=True
    )
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", list(values))  # noqa: S608


def line_of(model: type[models.Model]) -> Callable[..., Any]:
    """A row to be inserted that is nothing but its values: a model's own instance takes ten times as long to make."""
    defaults = {f.attname: None if f.primary_key else f.get_default() for f in model._meta.concrete_fields}
    return type(f"{model.__name__}Line", (_Line,), defaults)


class _Line:
    def __init__(self, **values: Any):
        self.__dict__ = values


def _values(rows: Sequence[Any], attname: str, convert: Convert | None) -> list[Any]:
    found = list(map(attrgetter(attname), rows))
    if convert is not None:
        return list(map(convert, found))
    return found if set(map(type, found)) <= PLAIN else list(map(_plain, found))


def write(rows: Sequence[models.Model], *, conflict: str = "") -> None:
    """Write a few new rows of one model in one statement and give each its key; as `bulk_create`, its words made once.

    `conflict`: what follows ON CONFLICT where a row may stand already.
    """
    if not rows:
        return
    model = type(rows[0])
    is_given = _is_given(rows)
    mine = connections[DEFAULT_DB_ALIAS]
    cells = _cells(model, is_given, mine.vendor)
    with transaction.mark_for_rollback_on_error(), mine.cursor() as cursor:
        for start in range(0, len(rows), FEW):
            part = rows[start : start + FEW]
            words = _insertion(model, is_given, len(part), conflict, mine.vendor)
            words += "" if is_given else f" RETURNING {mine.ops.quote_name(str(model._meta.pk.column))}"
            cursor.execute(words, [convert(getattr(row, attname)) for row in part for attname, convert in cells])
            for row, (key,) in zip(part, () if is_given else cursor.fetchall(), strict=False):
                row.pk = key
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def write_together(*groups: tuple[Sequence[models.Model], str]) -> None:
    """Rows of several models in one statement where the database can, each group with its `conflict`; no key is read back.

    A step that waits for the database once instead of three times is done sooner by as much.
    """
    wanted = [(rows, conflict) for rows, conflict in groups if rows]
    mine = connections[DEFAULT_DB_ALIAS]
    if mine.vendor == "sqlite" or any(len(rows) > FEW for rows, _conflict in wanted) or len(wanted) < 2:
        for rows, conflict in wanted:
            write(rows, conflict=conflict)
        return
    shape, values = [], []
    for rows, conflict in wanted:
        model, is_given = type(rows[0]), _is_given(rows)
        shape.append((model, is_given, len(rows), conflict))
        cells = _cells(model, is_given, mine.vendor)
        values += [convert(getattr(row, attname)) for row in rows for attname, convert in cells]
    with transaction.mark_for_rollback_on_error(), mine.cursor() as cursor:
        cursor.execute(_joined(tuple(shape), mine.vendor), values)
    for rows, _conflict in wanted:
        for row in rows:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _is_given(rows: Sequence[models.Model]) -> bool:
    return not isinstance(type(rows[0])._meta.pk, models.AutoField) or rows[0].pk is not None


@lru_cache(maxsize=256)
def _joined(shape: tuple[tuple[type[models.Model], bool, int, str], ...], vendor: str) -> str:
    parts = [_insertion(*one, vendor) for one in shape]
    first = ", ".join(f"part_{n} AS ({part})" for n, part in enumerate(parts[:-1]))
    return f"WITH {first} {parts[-1]}"


@lru_cache(maxsize=256)
def _insertion(model: type[models.Model], is_given: bool, count: int, conflict: str, vendor: str) -> str:
    columns = _columns(model, is_given, vendor)
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(str(column)) for column, _attname, _convert in columns)
    lines = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * count)
    words = f"INSERT INTO {quoted(model._meta.db_table)} ({names}) VALUES {lines}"  # noqa: S608 the model's own names
    return words + (f" ON CONFLICT {conflict}" if conflict else "")


@lru_cache(maxsize=256)
def _cells(model: type[models.Model], is_given: bool, vendor: str) -> Sequence[tuple[str, Convert]]:
    return [(attname, _cell(model, attname, many)) for _column, attname, many in _columns(model, is_given, vendor)]


def _cell(model: type[models.Model], attname: str, many: Convert | None) -> Convert:
    """How one value goes into its column: what is plain as it is, unless the field changes even that."""
    field: Any = model._meta.get_field(attname)

    def convert(value: Any) -> Any:
        # The connection itself: the name that Django lends looks it up anew for each thing that is asked of it.
        return field.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])

    if many is not None:
        return convert
    return lambda value: value if type(value) in PLAIN else str(value) if isinstance(value, str) else convert(value)


@lru_cache(maxsize=256)
def _columns(
    model: type[models.Model], with_keys: bool, _vendor: str
) -> Sequence[tuple[str | None, str, Convert | None]]:
    fields = [field for field in model._meta.concrete_fields if with_keys or not field.primary_key]
    return [(field.column, field.attname, _converter(field)) for field in fields]


def _converter(field: Any) -> Convert | None:
    """How a value goes into its column; None where a plain one goes in as it is."""
    changes = any(
        getattr(type(field), name) is not getattr(models.Field, name)
        for name in ("get_db_prep_save", "get_db_prep_value")
    )
    is_plain = not changes or isinstance(field, models.ForeignKey | models.IntegerField)
    owner = next(cls for cls in type(field).__mro__ if "get_prep_value" in vars(cls))
    if is_plain and owner.__module__.startswith("django.db.models.fields"):
        return None
    if not owner.__module__.startswith("django.") and isinstance(field, models.IntegerField | models.TextField):
        # Our own fields of money, percents and secrets say all there: what Django asks besides is asked of plain values.
        return field.get_prep_value
    if type(field) is models.JSONField and field.encoder is None:
        # As text: what both databases keep, without an object around each.
        return lambda value: None if value is None else json.dumps(value)

    def convert(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    # The same days come again and again; a secret is sealed anew each time.
    return lru_cache(maxsize=2_000)(convert) if isinstance(field, models.DateField) else convert


def _plain(value: Any) -> Any:
    """A word of a list of choices as the text that it is."""
    return str(value) if isinstance(value, str) else value


def keyed(model: type[models.Model], rows: Sequence[Any], *, field: str, prefix: str, digits: int) -> None:
    """Write new rows whose number is their key: K0000017."""
    for key, row in zip(reserve(model, len(rows)), rows, strict=True):
        row.pk = key
        setattr(row, field, f"{prefix}{key:0{digits}d}")
        row._state.adding = False
    insert(model, rows, with_keys=True)


__all__ = ["insert", "keyed", "line_of", "reserve", "update", "write", "write_together"]
