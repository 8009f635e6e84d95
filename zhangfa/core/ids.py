"""UUIDv7: identities that a client may mint and that sort by time."""

from __future__ import annotations

import datetime as dt
import os
import time
import uuid


def uuid7(at: dt.datetime | None = None, entropy: bytes | None = None) -> uuid.UUID:
    """A UUID version 7 (RFC 9562): 48 bits of milliseconds, then randomness (or the given ten bytes, for a seeded demo)."""
    millis = int(at.timestamp() * 1000) if at else time.time_ns() // 1_000_000
    rest = int.from_bytes(entropy or os.urandom(10), "big")
    value = (millis & (1 << 48) - 1) << 80 | rest
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return uuid.UUID(int=value)
