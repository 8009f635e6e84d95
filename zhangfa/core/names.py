"""Finding a row by its name at any size: the search key's look-up and the index behind it on each database.

SQLite keeps a full-text table of the spaced key, held current by triggers; PostgreSQL has a trigram index. Neither is known to
migrations, for SQLite rebuilds tables without their triggers: `ensure` makes what is missing after every migration.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError, connections, models, transaction

from zhangfa.core.text import search_term

log = logging.getLogger(__name__)
# Beginnings that have an index of their own: a surname in pinyin is as long as five letters, and thousands of names begin with it.
PREFIXES = "1 2 3 4 5"
# More than a list counts: the newest of these hold its first page.
NEWEST = 501


class SearchKeyField(models.CharField):
    """The spaced characters, pinyin and initials of a name; `search_key__named="王小"` finds it by any of them."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"max_length": 300, "default": "", "editable": False, **kwargs})


@SearchKeyField.register_lookup
class Named(models.Lookup[Any]):
    """Begins a character run, the pinyin or the initials with what was typed."""

    lookup_name = "named"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        term = connection.ops.prep_for_like_query(search_term(str(self.rhs)))
        return f"{left} LIKE %s", (*params, f"%{term}%")

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column = self.lhs
        table, key = index_of(column.target.model), column.target.model._meta.pk.column
        quoted = search_term(str(self.rhs)).strip().replace('"', '""')
        rows = f'SELECT "rowid" FROM "{table}" WHERE "{table}" MATCH %s'
        return f'"{column.alias}"."{key}" IN ({rows})', (f'"{quoted}" *',)


@models.CharField.register_lookup
class Listed(models.Lookup[Any]):
    """`status__listed=("planned", "started")`: as `in`, with the codes written into the statement.

    SQLite takes an index with a condition only where the statement says that very condition; a list of parameters is none.
    """

    lookup_name = "listed"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        codes = [str(code) for code in self.rhs]
        if not codes or not all(code.isidentifier() for code in codes):
            raise ValueError(f"not codes: {codes}")
        listed = ", ".join(f"'{code}'" for code in codes)
        return f"{left} IN ({listed})", tuple(params)


@SearchKeyField.register_lookup
class NamedNewest(Named):
    """The newest rows that are named so, at most `NEWEST`: enough for the first page of a list that nothing else narrows.

    SQLite would otherwise collect and sort everybody called so; PostgreSQL reads from the newest backwards by itself.
    """

    lookup_name = "named_newest"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = super().as_sqlite(compiler, connection)
        return f'{sql[:-1]} ORDER BY "rowid" DESC LIMIT {NEWEST})', params


@SearchKeyField.register_lookup
class NamedWidely(Named):
    """A name that very many have: tested row by row of whatever else leads, never the way in.

    On SQLite the key itself is read: the list of all who are named so would be made anew for every statement.
    """

    lookup_name = "named_widely"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = self.as_sql(compiler, connection)
        return f"{sql} ESCAPE '\\'", params


def index_of(model: type[models.Model]) -> str:
    """The name of a model's index of names."""
    return f"{model._meta.db_table}_names"


def indexed(models_of: Any) -> Iterator[type[models.Model]]:
    for model in models_of:
        if any(isinstance(field, SearchKeyField) for field in model._meta.local_fields):
            yield model


def ensure(sender: Any, using: str, **_rest: Any) -> None:
    """After migrations: make the index of every model of this app that is found by name."""
    connection = connections[using]
    for model in indexed(sender.get_models()):
        if model._meta.db_table not in connection.introspection.table_names():
            continue
        if connection.vendor == "sqlite":
            _full_text(connection, model)
        else:
            _trigrams(connection, model)


def _full_text(connection: Any, model: type[models.Model]) -> None:
    table, names, key = model._meta.db_table, index_of(model), model._meta.pk.column
    remove = f"INSERT INTO {names}({names}, rowid, search_key) VALUES ('delete', old.{key}, old.search_key);"
    add = f"INSERT INTO {names}(rowid, search_key) VALUES (new.{key}, new.search_key);"
    changed = "WHEN old.search_key IS NOT new.search_key"
    triggers = {
        f"{names}_added": f"AFTER INSERT ON {table} BEGIN {add} END",
        f"{names}_removed": f"AFTER DELETE ON {table} BEGIN {remove} END",
        f"{names}_changed": f"AFTER UPDATE OF search_key ON {table} {changed} BEGIN {remove} {add} END",
    }
    options = f"content='{table}', content_rowid='{key}', tokenize='unicode61 remove_diacritics 0', prefix='{PREFIXES}'"
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name IN (%s, %s)", [table, names])
        known = dict(cursor.fetchall())
        is_current = options in (known.get(names) or "")
        if is_current and known.keys() >= triggers.keys():
            return
        if not is_current:
            cursor.execute(f"DROP TABLE IF EXISTS {names}")
        cursor.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {names} USING fts5(search_key, {options})")
        for name, body in triggers.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")
        cursor.execute(f"INSERT INTO {names}({names}) VALUES ('rebuild')")


def _trigrams(connection: Any, model: type[models.Model]) -> None:
    """Without the extension a name is still found, by reading every row; the doctor says so."""
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {index_of(model)} ON {model._meta.db_table} USING gin (search_key gin_trgm_ops)"
            )
    except DatabaseError as error:
        log.warning("names of %s are found slowly, for their index could not be made: %s", model._meta.label, error)


def missing(connection: Any, models_of: Any) -> list[str]:
    """The indexes of names that PostgreSQL does not have."""
    if connection.vendor != "postgresql":
        return []
    wanted = {index_of(model) for model in indexed(models_of)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname = ANY(%s)", [sorted(wanted)])
        return sorted(wanted - {row[0] for row in cursor.fetchall()})
