"""Gives every request its actor, built on first use."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as lazy

from zhangfa.core import clock
from zhangfa.organisation.actor import Actor, actor_for
from zhangfa.organisation.second_factor import is_lacking


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


# Every request asks for them: walking the addresses for a dozen names takes as long as half a page.
@lru_cache(maxsize=64)
def _addresses(names: tuple[str, ...], _urlconf: str, _prefix: str) -> frozenset[str]:
    return frozenset(reverse(name) for name in names)


@lru_cache(maxsize=8)
def _icons(_prefix: str) -> str:
    return reverse("ui:menu-icons", args=["-"]).removesuffix("-.svg")


class _OnePage:
    """Lets somebody no further than to the page on which they do what comes first."""

    page = ""
    open_to_all: tuple[str, ...] = ("account_logout", "account_reauthenticate", "set_language", "ui:theme")
    says: Any = ""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if self._is_open(request.path) or not self.holds_back(request):
            return self.get_response(request)
        address = reverse(self.page)
        here = urlsplit(request.headers.get("HX-Current-URL", "")).path
        if here and here in self._addresses():
            # What the page itself asks for, such as its counts, must not load the page again and again.
            return HttpResponse(status=204)
        messages.info(request, str(self.says))
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": address})
        return HttpResponseRedirect(address, status=303)

    def holds_back(self, request: Any) -> bool:
        raise NotImplementedError

    def _addresses(self) -> frozenset[str]:
        return _addresses((self.page, *self.open_to_all), get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())

    def _is_open(self, path: str) -> bool:
        # The interface answers for itself, in its own words; the page's own menu is drawn with its icons.
        return path.startswith(("/api/", _icons(get_script_prefix()))) or path in self._addresses()


class OwnPasswordMiddleware(_OnePage):
    """Whoever signed in with a password that somebody else set goes no further than to choosing their own: a name under a paper is one person's."""

    page = "account_change_password"
    says = lazy("现在的密码是别人设的。请先改成只有您知道的密码，再开始使用。")

    def holds_back(self, request: Any) -> bool:
        return bool(getattr(request.user, "has_given_password", False))


class SecondFactorMiddleware(_OnePage):
    """Whose post signs in with a second factor sets it up before anything else opens (ASVS V6)."""

    page = "mfa_activate_totp"
    open_to_all = (
        *_OnePage.open_to_all, "account_change_password", "mfa_index", "mfa_authenticate", "mfa_reauthenticate",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    )  # fmt: skip
    says = lazy("公司要求您的岗位登录时用两步验证。请先按本页设置，再开始使用。")

    def __call__(self, request: Any) -> HttpResponse:
        if request.path.startswith("/api/"):
            request.lacks_second_factor = SimpleLazyObject(lambda: is_lacking(request))
        return super().__call__(request)

    def holds_back(self, request: Any) -> bool:
        return is_lacking(request)
