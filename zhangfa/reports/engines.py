"""Where the pack's statements run: in the database itself, or in DuckDB over the mirror. Both understand the same text.

Everything between the statements lives in temporary tables of the connection: nothing of the company's is written or locked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import connection

from zhangfa.reports import mirror

MEMORY = "128MB"
# Kinds of columns that are handed in: key, money and count, text.
KINDS = {"id": "BIGINT", "n": "BIGINT", "t": "VARCHAR(40)"}


class Engine(Protocol):
    name: str
    uses: str
    sums: str
    months: str

    def run(self, text: str) -> None: ...
    def rows(self, text: str) -> list[tuple[Any, ...]]: ...
    def load(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None: ...


class Database:
    """The company's own database."""

    name, uses, sums, months = "database", "reports_use", "reports_customersum", "reports_monthsum"

    def run(self, text: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(text)

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(text)
            return list(cursor.fetchall())

    def load(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        declared = ", ".join(f"{name} {KINDS[kind]}" for name, kind in columns.items())
        self.run(f"CREATE TEMP TABLE {table} ({declared})")
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                return
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(columns))})", rows)

    def clear(self, tables: Sequence[str]) -> None:
        for table in tables:
            self.run(f"DROP TABLE IF EXISTS {table}")


class Duck:
    """DuckDB over the mirror: one file a month."""

    name, uses, sums, months = "duckdb", "uses", "sums", "months"

    def __init__(self, link: Any):
        self.link = link

    def run(self, text: str) -> None:
        self.link.execute(text)

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        return list(self.link.execute(text).fetchall())

    def load(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        made = ", ".join(
            f"unnest(${n}::{KINDS[kind]}[]) AS {name}" for n, (name, kind) in enumerate(columns.items(), start=1)
        )
        lists = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _name in columns]
        self.link.execute(f"CREATE TEMP TABLE {table} AS SELECT {made}", lists)


@contextmanager
def engine(prefer: str = "") -> Iterator[Engine]:
    """The fastest engine that stands on current figures; `prefer` names one, for tests and measurements."""
    link = mirror.opened() if prefer in ("", "duckdb") else None
    if link is not None:
        with contextlib.closing(link):
            yield Duck(link)
        return
    base = Database()
    with _roomy():
        base.clear(TABLES)
        try:
            yield base
        finally:
            base.clear(TABLES)


@contextmanager
def _roomy() -> Iterator[None]:
    """Half a million rows are sorted in memory: PostgreSQL gives a statement four megabytes, and goes to the disk beyond."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET work_mem = '{MEMORY}'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET work_mem")


TABLES = (
    "pack_all", "pack_dep", "pack_known", "pack_owed", "pack_class", "pack_listed", "pack_sold", "pack_curve", "pack_point", "pack_new", "pack_before",
)  # fmt: skip
