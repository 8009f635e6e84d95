"""A person's own calendar address: made anew, read by its token, ended at will (X-1)."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.duties.models import Feed
from zhangfa.duties.permissions import CLAUSE, read_duties


def open_feed(*, by: Any, at: dt.datetime) -> str:
    """A new address, whose token is shown this one time; the one before ends."""
    demand(read_duties(by=by, at=at))
    token = secrets.token_urlsafe(32)
    with work():
        _end(by, at)
        feed = Feed.objects.create(person_id=by.person_id, digest=digest_of(token), created_at=at)
        announce("duties.feed.opened", feed, by=by, at=at, label=_("生成日历订阅地址"), clause=CLAUSE)
    return token


def close_feed(*, by: Any, at: dt.datetime) -> int:
    """End the address; calendar programs that know it get nothing from now on. Returns how many there were."""
    with work():
        return _end(by, at)


def _end(by: Any, at: dt.datetime) -> int:
    running = list(Feed.objects.select_for_update().filter(person_id=by.person_id, revoked_at=None))
    for feed in running:
        announce("duties.feed.closed", feed, by=by, at=at, label=_("停用日历订阅地址"), clause=CLAUSE)
    return Feed.objects.filter(pk__in=[feed.pk for feed in running]).update(revoked_at=at)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
