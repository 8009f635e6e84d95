"""The database goes away and comes back: PostgreSQL is stopped, SQLite's file is held by another writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tests import postgres
from tests.conftest import address_of_database

PATIENCE = "0.3"  # seconds that a process waits for SQLite's lock before it gives up


class Postgres:
    """A server apart: the one of the whole run serves other tests at the same time."""

    def __init__(self, server: postgres.Server, name: str) -> None:
        self.server = server
        server.copy(address_of_database(), name)
        self.former = dict(connection.settings_dict)
        connection.close()
        facts = {"HOST": str(server.home), "PORT": "", "NAME": name, "USER": server.user, "PASSWORD": ""}
        connection.settings_dict.update(facts)

    def begin(self) -> None:
        self.server.halt()

    def end(self) -> None:
        self.server.resume()
        connection.close()

    def blink(self) -> None:
        self.server.restart()
        connection.close()

    def over(self) -> None:
        connection.close()
        connection.settings_dict.update(self.former)


class Sqlite:
    """Another writer, who doesn't let go."""

    def __init__(self) -> None:
        self.other = sqlite3.connect(connection.settings_dict["NAME"], timeout=30, isolation_level=None)

    def begin(self) -> None:
        self.other.execute("BEGIN IMMEDIATE")

    def end(self) -> None:
        self.other.execute("ROLLBACK")

    def blink(self) -> None:
        self.begin()
        self.end()

    def over(self) -> None:
        self.other.close()


@contextmanager
def during(outage: Any) -> Iterator[None]:
    outage.begin()
    try:
        yield
    finally:
        outage.end()
