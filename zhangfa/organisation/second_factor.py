"""Of whom the company demands a second factor when they sign in, and whether they have one."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from zhangfa.organisation.actor import Actor

TECHNICAL = "admin"
# Kept in the session: whoever has one is not asked for again with every page.
PROVEN = "second-factor"


def is_demanded_of(actor: Actor) -> bool:
    """Posts are those that decide, as their holder or for an absent one; the technical administrator goes by `admin`."""
    posts = settings.SECOND_FACTOR_POSTS
    return bool(posts) and (actor.holds(*posts) or (actor.is_technical and TECHNICAL in posts))


def is_lacking(request: Any) -> bool:
    """Demanded, and not there: nothing is asked where nothing is demanded, and once a session of who has it."""
    if not settings.SECOND_FACTOR_POSTS or not request.user.is_authenticated or request.session.get(PROVEN):
        return False
    if not is_demanded_of(request.actor):
        return False
    if not Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists():
        return True
    request.session[PROVEN] = True
    return False
