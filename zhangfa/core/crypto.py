"""Field encryption with a key ring that lives outside the database and outside its backup."""

from __future__ import annotations

import base64
import hmac
import json
import os
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class Ring:
    """Named 256-bit keys; the current one encrypts, all of them decrypt. A separate key makes look-up fingerprints."""

    def __init__(self, current: str, keys: dict[str, bytes], index: bytes):
        self.current, self.keys, self.index = current, keys, index
        self._ciphers: dict[str, AESGCM] = {}

    def cipher(self, name: str) -> AESGCM:
        """The key's cipher, set up once."""
        if name not in self._ciphers:
            self._ciphers[name] = AESGCM(self.keys[name])
        return self._ciphers[name]

    @classmethod
    def load(cls, path: Path) -> Ring:
        data = json.loads(path.read_text())
        return cls(
            data["current"],
            {name: base64.b64decode(key) for name, key in data["keys"].items()},
            base64.b64decode(data["index"]),
        )

    @classmethod
    def create(cls, path: Path) -> Ring:
        """Make the installation's first ring, unless another process has just done so: a written ring is never replaced by a new one."""
        ring = cls("k1", {"k1": os.urandom(32)}, os.urandom(32))
        first = path.with_name(f"{path.name}.{os.getpid()}")
        ring.save(first)
        try:
            os.link(first, path)
        except FileExistsError:
            ring = cls.load(path)
        finally:
            first.unlink()
        return ring

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        data = {
            "current": self.current,
            "keys": {name: base64.b64encode(key).decode() for name, key in self.keys.items()},
            "index": base64.b64encode(self.index).decode(),
        }
        part = path.with_name(f"{path.name}.part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            json.dump(data, handle, indent=1)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(path)

    def add_key(self, path: Path) -> str:
        """Make a new current key; old values stay readable until they are written again."""
        name = f"k{len(self.keys) + 1}"
        self.keys[name], self.current = os.urandom(32), name
        self.save(path)
        return name


_latest: tuple[tuple[Any, int], Ring] | None = None


def ring_path() -> Path:
    return _ring_in(settings.ZHANGFA_HOME)


@lru_cache(maxsize=4)
def _ring_in(home: str | Path) -> Path:
    return Path(home) / "keys" / "ring.json"


@lru_cache(maxsize=4)
def _load(path: Path, _mtime: int) -> Ring:
    return Ring.load(path)


@lru_cache(maxsize=4)
def _current(path: Path, _second: int) -> Ring:
    if not path.exists():
        Ring.create(path)
    return _load(path, path.stat().st_mtime_ns)


def ring(having: str = "") -> Ring:
    """The installation's ring; made at the first use on a new installation.

    The file is looked at once a second, for a page reads many encrypted values; a key that is not known yet is looked for at once.
    """
    global _latest
    now = (settings.ZHANGFA_HOME, int(time.monotonic()))
    if _latest is not None and _latest[0] == now and (not having or having in _latest[1].keys):
        return _latest[1]
    path = ring_path()
    found = _current(path, now[1])
    if having and having not in found.keys:
        _current.cache_clear()
        found = _current(path, now[1])
    _latest = now, found
    return found


def encrypt(text: str) -> str:
    """Text as `key-id:base64(nonce + sealed)`."""
    keys, nonce = ring(), os.urandom(12)
    sealed = keys.cipher(keys.current).encrypt(nonce, text.encode(), None)
    return f"{keys.current}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str) -> str:
    name, _sep, data = stored.partition(":")
    raw = base64.b64decode(data)
    return ring(name).cipher(name).decrypt(raw[:12], raw[12:], None).decode()


def encrypt_bytes(data: bytes) -> bytes:
    keys, nonce = ring(), os.urandom(12)
    return keys.current.encode() + b":" + nonce + AESGCM(keys.keys[keys.current]).encrypt(nonce, data, None)


def decrypt_bytes(stored: bytes) -> bytes:
    prefix, _sep, raw = stored.partition(b":")
    name = prefix.decode()
    return AESGCM(ring(name).keys[name]).decrypt(raw[:12], raw[12:], None)


def fingerprint(value: str) -> str:
    """A keyed digest for exact look-ups of what is stored encrypted (phones, account numbers)."""
    return hmac.digest(ring().index, value.strip().encode(), "sha256").hex()[:32]
