"""The same form sent twice has one effect: a hidden key, kept with its outcome in the action's own transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from zhangfa.core.ids import uuid7
from zhangfa.runtime.once import MAX_KEY, Answer, digest_of, run

FIELD = "once"
# These change when a page is opened again; the form's own content is what must be the same.
NOT_CONTENT = {FIELD, "csrfmiddlewaretoken"}


def fresh(request: HttpRequest) -> str:
    """The key for a form: the one already sent while the form comes back for mending, else a new one."""
    return request.POST.get(FIELD, "")[:MAX_KEY] or str(uuid7())


def once(request: HttpRequest, *, by: Any, at: dt.datetime, act: Callable[[], str], leads_to: str = "") -> str:
    """Carry out the act and return the address to open next; a repeat returns the first one's address and does nothing.

    `leads_to` is that address where it is known before.
    """
    key = request.POST.get(FIELD, "")
    if not key:
        return act()
    scope = digest_of(str(getattr(by, "user_id", None)), request.path)
    expected = Answer(303, location=leads_to) if leads_to else None
    answer = run(key, scope, _digest(request), lambda: Answer(303, location=act()), at=at, expected=expected)
    return answer.location


def _digest(request: HttpRequest) -> str:
    # Passwords stay out of anything that is stored, digests included.
    names = [name for name in sorted(request.POST) if name not in NOT_CONTENT and not name.endswith("password")]
    parts = [f"{name}={value}" for name in names for value in request.POST.getlist(name)]
    parts += [f"{name}={file.name}:{file.size}" for name, files in sorted(request.FILES.lists()) for file in files]
    return digest_of(*parts)
