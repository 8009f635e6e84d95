"""Files at rest: encrypted, named by the SHA-256 of what they hold, outside the web root and the database."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from zhangfa.core import crypto


class Missing(Exception):
    """The database names a file that the vault lacks or that no longer matches its digest."""


def root() -> Path:
    return Path(settings.ATTACHMENTS_ROOT)


def path_of(sha256: str) -> Path:
    return root() / sha256[:2] / sha256


def sha_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(data: bytes) -> str:
    """Keep the bytes and give their SHA-256. Kept once, however often they come; safe to repeat.

    Called before the transaction: a file without a row is swept later, a row never lacks its file.
    """
    sha = sha_of(data)
    path = path_of(sha)
    try:
        # A file that waits for the sweeper is young again.
        os.utime(path)
        return sha
    except FileNotFoundError:
        _write(path, crypto.encrypt_bytes(data))
    return sha


def get(sha256: str) -> bytes:
    """The bytes behind a digest, checked against it. Raises Missing."""
    try:
        data = crypto.decrypt_bytes(path_of(sha256).read_bytes())
    except FileNotFoundError as error:
        raise Missing(sha256) from error
    if sha_of(data) != sha256:
        raise Missing(sha256)
    return data


def stored() -> Iterator[Path]:
    """Every finished file of the vault."""
    for folder in sorted(root().glob("??")):
        yield from sorted(p for p in folder.iterdir() if len(p.name) == 64)


def drafts() -> Iterator[Path]:
    """Half-written files that a killed process left."""
    yield from root().glob("??/*.part")


def key_of(path: Path) -> str:
    """The id of the key that a file is encrypted with."""
    with path.open("rb") as handle:
        return handle.read(16).partition(b":")[0].decode()


def encrypt_again(path: Path) -> None:
    """Write a file anew under the current key; readers see the old one or the new one, never a part."""
    _write(path, crypto.encrypt_bytes(crypto.decrypt_bytes(path.read_bytes())))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}.part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
