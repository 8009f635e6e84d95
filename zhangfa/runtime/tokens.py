"""API tokens: issued once in clear, kept as a digest, revoked at will."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.db.models import Q, QuerySet

from zhangfa.runtime.models import ApiToken

PREFIX = "zf_"
USE_STEP = dt.timedelta(minutes=10)
NOT_OVER = Q(expires_at=None)


def issue(user: Any, *, at: dt.datetime, label: str = "", expires_at: dt.datetime | None = None) -> str:
    """A new token for the user, shown this one time."""
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, digest=_digest(token), label=label[:60], created_at=at, expires_at=expires_at)
    return token


def standing(user_id: int, at: dt.datetime) -> QuerySet[ApiToken]:
    """The tokens with which the user's programs may sign in."""
    return ApiToken.objects.filter(NOT_OVER | Q(expires_at__gt=at), user_id=user_id, revoked_at=None)


def authenticate(token: str, at: dt.datetime) -> Any | None:
    """The active user behind a token, or None."""
    known = ApiToken.objects.filter(NOT_OVER | Q(expires_at__gt=at), digest=_digest(token), revoked_at=None)
    row = known.select_related("user").first()
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
