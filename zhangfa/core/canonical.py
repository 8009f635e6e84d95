"""Canonical text for digests: sorted keys, UTC microseconds, decimals as strings."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from decimal import Decimal
from typing import Any


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, dt.date | uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted(str(item) for item in value)
    return str(value)


def canonical(value: Any) -> str:
    """The one text for a value, the same on every machine and day."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
