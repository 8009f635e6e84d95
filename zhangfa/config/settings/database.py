"""Turn DATABASE_URL into Django's settings, with the same durability on both engines."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from .environment import ZHANGFA_HOME

# WAL lets readers go on while one writes; FULL keeps an acknowledged write through a power cut.
SQLITE_START = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"


# A page sends the same few statements again and again: PostgreSQL plans each once for a connection (ADR 0018).
# Compiling a plan to machine code pays for reports that run for seconds; a page would only wait for it.
PREPARED = {"server_side_binding": True, "prepare_threshold": 2, "options": "-c jit=off"}


def database(url: str) -> dict[str, Any]:
    """Describe the database that an address names: sqlite:///path or postgres://…/name."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path)[1:] or str(ZHANGFA_HOME / "zhangfa.sqlite3"))
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgres(url)
    raise ValueError(f"DATABASE_URL must begin with sqlite:// or postgres://, not {parts.scheme}://")


def _sqlite(path: str) -> dict[str, Any]:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        # IMMEDIATE takes the write lock at BEGIN: a read that later writes can't fail half-way.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_START,
        },
        # A file and not memory: tests with threads and processes need real locks.
        "TEST": {"NAME": str(ZHANGFA_HOME / "test.sqlite3")},
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "zhangfa.runtime.postgresql",
        "NAME": unquote(parts.path)[1:],
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**PREPARED, **options},
        "TEST": {"TEMPLATE": "template0"},
    }


DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{ZHANGFA_HOME / 'zhangfa.sqlite3'}"
DATABASES = {"default": database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False
