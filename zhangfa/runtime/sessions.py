"""Sessions as Django keeps them, looked up by a query that is put into words once: every request asks it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from zhangfa.core.compiled import SAMPLE_INSTANTS, Compiled

_running = Compiled(
    lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at), key=("sample-1", "sample-2"), at=SAMPLE_INSTANTS
)  # fmt: skip


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        # An ended or expired session has no row that is found: the visitor begins anew.
        found = _running(key=self.session_key, at=timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None
