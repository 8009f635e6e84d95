"""What backup and restore share: the manifest, checksums and PostgreSQL's own tools."""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

MANIFEST = "manifest.json"
ATTACHMENTS = "attachments"
SEALS = "seals.log"
KEYS = ("keys", "secret_key")
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class Unable(Exception):
    """Backup or restore can't go on; the text says what to do."""


@dataclass
class Manifest:
    """What a backup holds: where it came from, and the checksum of every file in it."""

    engine: str
    version: str
    made_at: str
    migrations: list[str]
    files: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Written last: a folder without it is no backup."""
        part = folder / f"{MANIFEST}.part"
        part.write_text(json.dumps(asdict(self), indent=1, sort_keys=True), encoding="utf-8")
        part.replace(folder / MANIFEST)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        try:
            return cls(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise Unable(f"{folder} is no complete backup: its {MANIFEST} can't be read.") from error


def checksum(path: Path) -> str:
    """Give the SHA-256 of a file of any size."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def copy_checked(source: Path, target: Path) -> str:
    """Copy one file and give the checksum of what arrived."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return checksum(target)


def pack_keys(home: Path, target: Path) -> None:
    """Put the key ring and the signing key into one file for their owner alone."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle, tarfile.open(fileobj=handle, mode="w") as archive:
        for name in KEYS:
            if (home / name).exists():
                archive.add(home / name, arcname=name)


def unpack_keys(source: Path, home: Path) -> None:
    """Bring the keys back, never over keys that are in use."""
    if (home / "keys" / "ring.json").exists():
        raise Unable(f"{home} has a key ring already; restoring another would make its own data unreadable.")
    home.mkdir(parents=True, exist_ok=True)
    # A start-up may have made a signing key; the old one is the one that old links need.
    (home / "secret_key").unlink(missing_ok=True)
    with tarfile.open(source) as archive:
        archive.extractall(home, filter="data")


def postgres_tool(tool: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore against the configured database, the password never on a command line."""
    from django.db import connection

    found = shutil.which(tool)
    if found is None:
        raise Unable(f"{tool} is not installed: install PostgreSQL's client programs of the server's version.")
    settings = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {**os.environ, **{name: str(settings[key]) for name, key in named.items() if settings[key]}}
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unable(f"{tool} failed: {done.stderr.strip()}")
