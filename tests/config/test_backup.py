"""A backup comes back whole, and only whole."""

import datetime as dt
import json
import sqlite3
import stat
from contextlib import closing

import pytest
from django.conf import settings
from django.db import connection

from zhangfa.organisation.actions.founding import found

pytestmark = pytest.mark.postgres
AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def zhangfa(start_zhangfa):
    """Run a command to its end; give its exit code and what it said."""

    def run(*arguments, **environment):
        process = start_zhangfa(*map(str, arguments), **environment)
        shown, _ = process.communicate(timeout=120)
        return process.returncode, shown

    return run


@pytest.fixture
def company(transactional_db):
    founded = found(name="测试家政", administrator="root", password="a-long-password", at=AT, manager_name="䶮一")
    files = settings.ATTACHMENTS_ROOT / "ab"
    files.mkdir(parents=True, exist_ok=True)
    (files / "abcd").write_bytes(b"sealed photo" * 1000)
    return founded


@pytest.fixture
def elsewhere(tmp_path, transactional_db):
    """An empty database of the same engine and an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    if connection.vendor == "sqlite":
        yield {"ZHANGFA_HOME": str(home), "DATABASE_URL": f"sqlite:///{home / 'new.sqlite3'}"}
        return
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    facts = connection.settings_dict
    yield {"ZHANGFA_HOME": str(home), "DATABASE_URL": f"postgres://{facts['USER']}@/{name}?host={facts['HOST']}"}
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.clause("X-3")
def test_a_backup_comes_back_whole(company, zhangfa, elsewhere, tmp_path):
    folder, keys = tmp_path / "monday", tmp_path / "keys.tar"
    code, shown = zhangfa("backup", folder, "--keys", keys)
    assert code == 0, shown
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert not any("ring" in path.name for path in folder.rglob("*"))
    code, shown = zhangfa("restore", folder, "--keys", keys, **elsewhere)
    assert code == 0, shown
    assert (tmp_path / "home/attachments/ab/abcd").read_bytes() == b"sealed photo" * 1000
    code, shown = zhangfa("audit", "verify", **elsewhere)
    assert code == 0, shown
    assert zhangfa("token", "root", **elsewhere)[0] == 0
    code, shown = zhangfa("restore", folder, **elsewhere)
    assert code == 1
    assert "isn't empty" in shown


def test_a_damaged_backup_is_refused(company, zhangfa, elsewhere, tmp_path):
    folder = tmp_path / "monday"
    assert zhangfa("backup", folder)[0] == 0
    (folder / "attachments/ab/abcd").write_bytes(b"other")
    code, shown = zhangfa("restore", folder, **elsewhere)
    assert code == 1
    assert "has changed" in shown
    assert not (tmp_path / "home/attachments").exists()


def test_a_manifest_can_name_nothing_outside(company, zhangfa, elsewhere, tmp_path):
    folder = tmp_path / "monday"
    assert zhangfa("backup", folder)[0] == 0
    (tmp_path / "outside").write_text("x")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["attachments/../../outside"] = "0"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    code, shown = zhangfa("restore", folder, **elsewhere)
    assert code == 1
    assert "outside the backup" in shown


def test_keys_never_lie_in_the_backup(company, zhangfa, tmp_path):
    code, shown = zhangfa("backup", tmp_path / "monday", "--keys", tmp_path / "monday" / "keys.tar")
    assert code == 1
    assert "apart" in shown
    assert not (tmp_path / "monday").exists()


def test_another_engine_is_refused(company, zhangfa, elsewhere, tmp_path):
    folder = tmp_path / "monday"
    assert zhangfa("backup", folder)[0] == 0
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["engine"] = "postgresql" if manifest["engine"] == "sqlite" else "sqlite"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    code, shown = zhangfa("restore", folder, **elsewhere)
    assert code == 1
    assert "the configured database is" in shown


def test_a_sqlite_copy_is_one_sound_file(company, zhangfa, tmp_path):
    if connection.vendor != "sqlite":
        return
    assert zhangfa("backup", tmp_path / "monday")[0] == 0
    with closing(sqlite3.connect(tmp_path / "monday" / "database.sqlite3")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM organisation_user").fetchone()[0] == 2
