"""Sessions as Django keeps them, looked up by a query that is put into words once: every request asks it.

A session ends when nothing was asked for a while, and in any case after one shift. When it ends stands in its row, so
that one which was left alone is over in every worker at once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from zhangfa.core.compiled import SAMPLE_INSTANTS, Compiled

BEGUN = "begun"
# A request that comes sooner writes nothing: so much of the idle time may be lost to its owner.
RENEWED_EVERY = dt.timedelta(minutes=5)

_running = Compiled(
    lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at), key=("sample-1", "sample-2"), at=SAMPLE_INSTANTS
)  # fmt: skip


class SessionStore(db.SessionStore):
    ends_at: dt.datetime | None = None

    def _get_session_from_db(self) -> Any:
        # An ended or expired session has no row that is found: the visitor begins anew.
        found = _running(key=self.session_key, at=timezone.now())
        if not found:
            self._session_key = None
            return None
        self.ends_at = found[0].expire_date
        return found[0]

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        if SESSION_KEY in data:
            data.setdefault(BEGUN, timezone.now().timestamp())
        row = super().create_model_instance(data)
        if BEGUN in data:
            row.expire_date = self.ends_at = min(_shift(data[BEGUN]), _idle(timezone.now()))
        return row

    def renew(self) -> None:
        """Somebody asked for something: the idle time begins anew, written every few minutes only."""
        if self.ends_at is None or BEGUN not in self:
            return
        now = timezone.now()
        shift, idle = _shift(self[BEGUN]), _idle(now)
        # Lengthened only: a clock that was set back ends nobody's work.
        if idle - self.ends_at >= RENEWED_EVERY and self.ends_at < shift:
            self.ends_at = min(shift, idle)
            rows = Session.objects.filter(session_key=self.session_key, expire_date__gt=now)
            rows.update(expire_date=self.ends_at)


def _shift(begun: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(begun, dt.UTC) + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)


def _idle(now: dt.datetime) -> dt.datetime:
    return now + dt.timedelta(seconds=settings.SESSION_IDLE_SECONDS or settings.SESSION_COOKIE_AGE)
