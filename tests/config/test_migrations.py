"""The other tests make their tables straight from the models; here migrations are walked from the first to the last."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests import postgres

pytestmark = pytest.mark.postgres
PROGRAM = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from zhangfa.config import upgrading
call_command("migrate", verbosity=0) if sys.argv[1] == "walked" else upgrading.migrate()
assert not upgrading.pending_migrations()
with connection.cursor() as cursor:
    found = {}
    for table in connection.introspection.table_names(cursor):
        # Django's own tables of many to many count in 4 or in 8 bytes, by which way they were made.
        width = {"23": "20"} if table.startswith("auth_") or table.startswith("organisation_user_") else {}
        columns = [[column.name, width.get(str(column.type_code), str(column.type_code)), column.null_ok] for column in connection.introspection.get_table_description(cursor, table)]
        rules = connection.introspection.get_constraints(cursor, table)
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        found[table] = {
            "columns": sorted(columns),
            "rules": sorted(json.dumps([rule["columns"], rule["unique"], rule["primary_key"], rule["index"], rule["check"], rule["foreign_key"], rule.get("orders")]) for rule in rules.values()),
            "names": sorted(rules),
            "rows": cursor.fetchone()[0],
        }
print(json.dumps(found))
"""


def tables_of(way: str, folder: Path, url: str) -> dict[str, dict[str, Any]]:
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, way], capture_output=True, text=True, check=False,
        env={**os.environ, "DATABASE_URL": url or f"sqlite:///{folder / 'a.sqlite3'}", "ZHANGFA_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "zhangfa.config.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def test_migrations_and_an_empty_database_lead_to_the_same_tables(tmp_path: Path) -> None:
    server, urls = None, {"walked": "", "created": ""}
    if connection.vendor == "postgresql":
        binaries = postgres.binaries()
        assert binaries is not None
        server = postgres.Server(binaries).start()
        urls = {way: server.create(way) for way in urls}
    try:
        walked, created = (tables_of(way, tmp_path / way, url) for way, url in urls.items())
    finally:
        if server is not None:
            server.stop()
    assert sorted(walked) == sorted(created)
    for table, found in walked.items():
        for part in ("columns", "rules", "rows"):
            assert found[part] == created[table][part], (table, part)
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("tests."):
            continue
        found = created[model._meta.db_table]
        assert sorted(name for name, _type, _null in found["columns"]) == sorted(
            field.column for field in model._meta.local_concrete_fields
        ), model
        for way in (walked, created):
            missing = {index.name for index in model._meta.indexes} - set(way[model._meta.db_table]["names"])
            assert not missing, (model, missing)
