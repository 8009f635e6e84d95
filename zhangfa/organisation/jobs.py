"""Regular work on logins."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from zhangfa.organisation.models import SignIn
from zhangfa.runtime.schedule import every


@every("organisation.sign_ins", daily_at=dt.time(3, 50))
def prune_sign_ins(at: dt.datetime) -> None:
    """Forget browsers whose session is gone."""
    SignIn.objects.exclude(Exists(Session.objects.filter(session_key=OuterRef("session_key")))).delete()
