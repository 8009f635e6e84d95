"""`zhangfa backup FOLDER`: database, files and seals, checked; the keys apart."""

import argparse
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from .cli import start_django
from .storehouse import ATTACHMENTS, DATABASE, SEALS, Manifest, Unable, checksum, copy_checked, pack_keys, postgres_tool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The keys have a place of their own: whoever finds the backup alone can read no encrypted field."""
    parser.add_argument("folder", type=Path, help="a folder that doesn't exist yet")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="also copy the key ring, to a file elsewhere")


def run(options: argparse.Namespace) -> int:
    """Back up while people work; exit 1 with the reason where that fails."""
    start_django()
    folder: Path = options.folder.resolve()
    try:
        if folder.exists():
            raise Unable(f"{folder} exists already: every backup gets its own folder.")
        if options.keys and options.keys.resolve().is_relative_to(folder):
            raise Unable("The keys must lie apart from the backup: name a file outside its folder.")
        manifest = make(folder, options.keys)
    except (Unable, OSError, sqlite3.Error) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{folder}: {len(manifest.files)} files.")
    if not options.keys:
        print("The key ring was not copied; without it encrypted fields stay closed (--keys FILE).")
    return 0


def make(folder: Path, keys: Path | None) -> Manifest:
    """Write the backup beside its final name and move it there when it is whole."""
    from django.conf import settings

    part = folder.with_name(f".{folder.name}.part")
    if part.exists():
        shutil.rmtree(part)
    part.mkdir(parents=True, mode=0o700)
    manifest = _describe()
    database = part / DATABASE[manifest.engine]
    _dump(manifest.engine, database)
    manifest.files[database.name] = checksum(database)
    # After the snapshot: files never change under their name, so every file that a row names is there by now.
    root = Path(settings.ATTACHMENTS_ROOT)
    for path in sorted(p for p in root.rglob("*") if p.is_file()) if root.is_dir() else ():
        name = f"{ATTACHMENTS}/{path.relative_to(root).as_posix()}"
        manifest.files[name] = copy_checked(path, part / name)
    seals = Path(settings.ZHANGFA_HOME) / SEALS
    if seals.exists():
        manifest.files[SEALS] = copy_checked(seals, part / SEALS)
    if keys:
        pack_keys(Path(settings.ZHANGFA_HOME), keys)
    manifest.write(part)
    part.rename(folder)
    return manifest


def _describe() -> Manifest:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    import zhangfa
    from zhangfa.core import clock

    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(
        engine=connection.vendor,
        version=zhangfa.__version__,
        made_at=clock.now().isoformat(timespec="seconds"),
        migrations=sorted(f"{app}.{name}" for app, name in applied),
    )


def _dump(engine: str, target: Path) -> None:
    """Take a consistent copy with the database's own means while others write."""
    if engine == "postgresql":
        postgres_tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
        return
    from django.db import connection

    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        # One file without a journal beside it is easier to keep whole.
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Unable("The copy of the database is damaged; check the disk and try again.")
