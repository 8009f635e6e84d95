"""API tokens: issued once in clear, kept as a digest, revoked at will."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

from zhangfa.runtime.models import ApiToken

PREFIX = "zf_"
USE_STEP = dt.timedelta(minutes=10)


def issue(user: Any, *, at: dt.datetime, label: str = "") -> str:
    """A new token for the user, shown this one time."""
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, digest=_digest(token), label=label[:60], created_at=at)
    return token


def authenticate(token: str, at: dt.datetime) -> Any | None:
    """The active user behind a token, or None."""
    row = ApiToken.objects.filter(digest=_digest(token), revoked_at=None).select_related("user").first()
    if row is None or not row.user.is_active:
        return None
    # One write in ten minutes: reading through the API stays reading.
    if row.last_used_at is None or row.last_used_at < at - USE_STEP:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=at)
    return row.user


def revoke_all(user: Any, *, at: dt.datetime) -> int:
    """End every token of the user; how many there were."""
    return ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=at)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
