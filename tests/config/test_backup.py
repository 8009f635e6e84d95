"""A backup comes back whole, and only whole."""

import datetime as dt
import sqlite3
import stat
import tarfile
from contextlib import closing

import pytest
from django.conf import settings
from django.db import connection

from zhangfa.config import backup, cli, restore
from zhangfa.config.storehouse import Manifest, Unable, checksum
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
    assert cli.main(["backup", str(folder), "--keys", str(keys)]) == 0
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert not any("ring" in path.name for path in folder.rglob("*"))
    code, shown = zhangfa("restore", folder, "--keys", keys, **elsewhere)
    assert code == 0, shown
    assert (tmp_path / "home/attachments/ab/abcd").read_bytes() == b"sealed photo" * 1000
    code, shown = zhangfa("audit", "verify", **elsewhere)
    assert code == 0, shown
    assert zhangfa("token", "root", **elsewhere)[0] == 0


def test_a_restore_without_keys_says_what_stays_closed_and_the_doctor_how_to_open_it(
    company, zhangfa, elsewhere, tmp_path
):
    folder, keys = tmp_path / "monday", tmp_path / "keys.tar"
    backup.make(folder, keys)
    code, shown = zhangfa("restore", folder, **elsewhere)
    assert code == 0 and "photos stay closed" in shown
    assert "unpack the file of `zhangfa backup --keys`" in zhangfa("doctor", **elsewhere)[1]
    with tarfile.open(keys) as archive:
        archive.extractall(tmp_path / "home", filter="data")
    assert "no key ring" not in zhangfa("doctor", **elsewhere)[1]


@pytest.fixture
def folder(company, tmp_path):
    backup.make(tmp_path / "monday", None)
    return tmp_path / "monday"


def test_a_damaged_backup_is_refused(folder):
    (folder / "attachments/ab/abcd").write_bytes(b"other")
    with pytest.raises(Unable, match="has changed"):
        restore.check_files(folder, Manifest.read(folder))
    (folder / "attachments/ab/abcd").unlink()
    with pytest.raises(Unable, match="is missing"):
        restore.check_files(folder, Manifest.read(folder))


def test_a_half_made_backup_is_none(folder):
    (folder / "manifest.json").unlink()
    with pytest.raises(Unable, match="no complete backup"):
        Manifest.read(folder)


def test_a_manifest_can_name_nothing_outside(folder):
    (folder.parent / "outside").write_text("x")
    manifest = Manifest.read(folder)
    manifest.files["attachments/../../outside"] = checksum(folder.parent / "outside")
    with pytest.raises(Unable, match="outside the backup"):
        restore.check_files(folder, manifest)


def test_keys_never_lie_in_the_backup(company, tmp_path, capsys):
    assert cli.main(["backup", str(tmp_path / "monday"), "--keys", str(tmp_path / "monday" / "keys.tar")]) == 1
    assert "apart" in capsys.readouterr().err
    assert not (tmp_path / "monday").exists()


def test_a_database_with_tables_is_left_alone(folder):
    with pytest.raises(Unable, match="isn't empty"):
        restore.bring_back(folder, None)


def test_another_engine_is_refused(folder):
    manifest = Manifest.read(folder)
    manifest.engine = "postgresql" if manifest.engine == "sqlite" else "sqlite"
    manifest.write(folder)
    with pytest.raises(Unable, match="the configured database is"):
        restore.bring_back(folder, None)


def test_the_copy_of_sqlite_is_one_sound_file(folder):
    copies = list(folder.glob("database.*"))
    assert len(copies) == 1
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(copies[0])) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert copy.execute("SELECT count(*) FROM organisation_user").fetchone()[0] == 2
