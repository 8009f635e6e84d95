"""Gives every request its actor, built on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.organisation.actor import Actor, actor_for


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))
        return self.get_response(request)


def _actor(request: Any) -> Actor:
    at = clock.now()
    if request.user.is_authenticated:
        return actor_for(request.user, at)
    return Actor(None, "", at)


class OwnPasswordMiddleware:
    """Whoever signed in with a password that somebody else set goes no further than to choosing their own: a name under a paper is one person's."""

    open_to_all = ("account_change_password", "account_logout", "account_reauthenticate", "set_language", "ui:theme")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if not getattr(request.user, "has_given_password", False) or self._is_open(request.path):
            return self.get_response(request)
        address = reverse("account_change_password")
        if urlsplit(request.headers.get("HX-Current-URL", "")).path == address:
            # What the page itself asks for, such as its counts, must not load the page again and again.
            return HttpResponse(status=204)
        messages.info(request, _("现在的密码是别人设的。请先改成只有您知道的密码，再开始使用。"))
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": address})
        return HttpResponseRedirect(address, status=303)

    def _is_open(self, path: str) -> bool:
        # The interface answers for itself, in its own words; the page's own menu is drawn with its icons.
        if path.startswith(("/api/", reverse("ui:menu-icons", args=["-"]).removesuffix("-.svg"))):
            return True
        return path in {reverse(name) for name in self.open_to_all}
