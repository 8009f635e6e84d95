"""`zhangfa restore FOLDER`: bring a backup back into an empty database of the same engine."""

import argparse
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from .cli import start_django
from .storehouse import (
    ATTACHMENTS,
    DATABASE,
    SEALS,
    Manifest,
    Unable,
    checksum,
    copy_checked,
    postgres_tool,
    unpack_keys,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The keys come from their own file, or are in place already."""
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keys", type=Path, metavar="FILE", help="the file that `backup --keys` wrote")


def run(options: argparse.Namespace) -> int:
    """Restore everything or nothing; exit 1 with the reason where that fails."""
    start_django()
    try:
        manifest = bring_back(options.folder.resolve(), options.keys)
    except (Unable, OSError, sqlite3.Error) as error:
        print(error, file=sys.stderr)
        return 1
    from zhangfa.core import crypto

    from .upgrading import pending_migrations

    print(f"Restored {len(manifest.files)} files of {manifest.made_at}.")
    if not crypto.ring_path().exists():
        print(
            "The keys are not in place: encrypted fields and original photos stay closed"
            f" until the file of `backup --keys` is unpacked into {crypto.ring_path().parents[1]}."
        )
    if pending_migrations():
        print("The backup is of an older version: run `zhangfa migrate`.")
    print("Now run `zhangfa audit verify` and `zhangfa doctor --data`.")
    return 0


def bring_back(folder: Path, keys: Path | None) -> Manifest:
    """Look at everything first, then write: files before rows, so that no row lacks its file."""
    from django.conf import settings
    from django.db import connection

    home = Path(settings.ZHANGFA_HOME)
    manifest = Manifest.read(folder)
    if manifest.engine != connection.vendor:
        raise Unable(f"This is a backup of {manifest.engine}; the configured database is {connection.vendor}.")
    if tables := connection.introspection.table_names():
        raise Unable(f"The database isn't empty ({len(tables)} tables): restore into a new one.")
    check_files(folder, manifest)
    seals = home / SEALS
    if SEALS in manifest.files and seals.exists() and seals.read_bytes() != (folder / SEALS).read_bytes():
        raise Unable(f"{seals} belongs to another trail: move it away first, and keep it.")
    if keys:
        unpack_keys(keys, home)
    root = Path(settings.ATTACHMENTS_ROOT)
    for name in manifest.files:
        if name.startswith(f"{ATTACHMENTS}/"):
            copy_checked(folder / name, root / name.removeprefix(f"{ATTACHMENTS}/"))
    _load(manifest.engine, folder / DATABASE[manifest.engine])
    if SEALS in manifest.files:
        _write_seals(folder / SEALS, seals)
    return manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Refuse a backup in which a file is missing or has changed."""
    for name, wanted in manifest.files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder):
            raise Unable(f"The manifest names a file outside the backup: {name}")
        if not path.is_file():
            raise Unable(f"{name} is missing from the backup.")
        if checksum(path) != wanted:
            raise Unable(f"{name} has changed since the backup was made.")


def _write_seals(source: Path, target: Path) -> None:
    """Keep the seals that the database knows: those made while the backup ran belong to rows not in it."""
    from zhangfa.audit.models import Seal

    last = Seal.objects.order_by("-n").values_list("n", flat=True).first() or 0
    known = [line for line in source.read_text().splitlines() if line and int(line.split()[0]) <= last]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(f"{line}\n" for line in known))


def _load(engine: str, source: Path) -> None:
    from django.db import connection

    if engine == "postgresql":
        postgres_tool(
            "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
            f"--dbname={connection.settings_dict['NAME']}", str(source),
        )  # fmt: skip
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
        copy.backup(connection.connection)
    connection.close()
