"""The market of one engine brought to the other: every table of the SQLite file into a PostgreSQL of its own.

`python -m benchmarks.carry FILE.sqlite3` fills DATABASE_URL, whose tables are emptied first. SQLite writes the lines itself, COPY
reads them, indexes are made afterwards: ten million orders take minutes, and both engines are measured with the same rows.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

LINES = 5_000
# Tables whose secondary indexes are worth dropping for the time of filling.
LARGE = ("customers.Customer", "orders.Order", "finance.Receipt")
# Columns in which no sign can end a cell.
PLAIN = (
    "AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "DateField", "DateTimeField", "DecimalField", "FloatField", "IntegerField",
    "PositiveIntegerField", "PositiveSmallIntegerField", "SmallIntegerField", "UUIDField",
)  # fmt: skip


def main(path: str) -> None:
    """Empty the tables, copy each, set the sequences, count."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhangfa.config.settings"
    import django

    django.setup()
    from django.apps import apps
    from django.core.management import call_command
    from django.core.management.color import no_style
    from django.db import connection, transaction

    from benchmarks.market import _Bare

    call_command("migrate", verbosity=0)
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    known = {row[0] for row in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    models: list[Any] = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table in known
    ]
    with connection.cursor() as cursor:
        for setting in ("maintenance_work_mem = '1GB'", "session_replication_role = replica", "work_mem = '256MB'"):
            cursor.execute(f"SET {setting}")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(model._meta.db_table for model in models)}")
    for model in models:
        began = time.monotonic()
        with ExitStack() as stack:
            if model._meta.label in LARGE:
                stack.enter_context(_Bare(model))
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")
                columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
                with cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
                    for part in lines(source, model):
                        copy.write(part)
            if model._meta.label in LARGE:
                print(f"{model._meta.label}: rows {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        if model._meta.label in LARGE:
            print(f"{model._meta.label}: indexes {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    connection.close()
    # Row by row visible to everybody, so that an index answers without the table; as it is after a night of autovacuum.
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def lines(source: sqlite3.Connection, model: Any) -> Iterator[str]:
    """The rows as COPY reads them, made by SQLite: one text a row."""
    cells = " || char(9) || ".join(map(cell, model._meta.concrete_fields))
    key = model._meta.pk.column
    found = source.execute(f'SELECT {cells} FROM "{model._meta.db_table}" ORDER BY "{key}"')
    while rows := found.fetchmany(LINES):
        yield "\n".join(row[0] for row in rows) + "\n"


def cell(field: Any) -> str:
    """One column as text: empty is empty, nothing is nothing, and no sign ends a cell."""
    name, kind = f'"{field.column}"', field.target_field if field.is_relation else field
    if kind.get_internal_type() == "BinaryField":
        return f"coalesce('\\\\x' || hex({name}), '\\N')"
    if kind.get_internal_type() in PLAIN:
        return f"coalesce({name}, '\\N')"
    text = f"replace({name}, '\\', '\\\\')"
    for number, sign in ((9, "t"), (10, "n"), (13, "r")):
        text = f"replace({text}, char({number}), '\\{sign}')"
    return f"coalesce({text}, '\\N')"


def ensure(orders: int) -> None:
    """Where PostgreSQL has no market of this size yet and SQLite has: carry it over, without waiting for the disk."""
    from benchmarks import __main__ as bench
    from tests import postgres

    file, home, folder = (
        bench.HOME / f"market-{orders}.sqlite3",
        bench.HOME / f"postgres-market-{orders}",
        postgres.binaries(),
    )
    if folder is None or not file.exists() or (home / "data").exists():
        return
    server = postgres.Server(folder, durable=False, kept=home).start()
    try:
        server.create("floor")
        bench._run([sys.executable, "-m", "benchmarks.carry", str(Path(file))], server.create("product"))
    finally:
        server.stop()


if __name__ == "__main__":
    main(sys.argv[1])
