"""Who is calling: a program with a token, or a signed-in browser of our own pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.utils import check_csrf

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.runtime import tokens
from zhangfa.ui.access import NotPermitted
from zhangfa.ui.api.call import TooMany

CALLS_PER_MINUTE = 600
READING = ("GET", "HEAD", "OPTIONS")


class Token:
    """`Authorization: Bearer …` with a token from `zhangfa token USER`."""

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: HttpRequest) -> Any:
        given = request.headers.get("Authorization")
        if given is None:
            return None
        scheme, _space, token = given.partition(" ")
        user = tokens.authenticate(token.strip(), clock.now()) if scheme.lower() == "bearer" else None
        if user is None:
            # A wrong token is never helped out by a session that happens to be open.
            raise AuthenticationError
        request.user = user
        _count(user.pk)
        return user


class Session:
    """The session of a signed-in browser; writes also need the `X-CSRFToken` header."""

    openapi_security_schema = {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}

    def __call__(self, request: HttpRequest) -> Any:
        if not request.user.is_authenticated:
            return None
        if request.method not in READING and check_csrf(request) is not None:
            raise NotPermitted([Refusal("csrf", _("缺少防伪标记（X-CSRFToken），请求未执行。"))])
        if request.user.has_given_password:
            raise NotPermitted([Refusal("password.given", _("现在的密码是别人设的，请先在页面上改成自己的密码。"))])
        if getattr(request, "lacks_second_factor", False):
            raise NotPermitted(
                [Refusal("second_factor.none", _("公司要求您的岗位登录时用两步验证，请先在页面上设置。"))]
            )
        _count(request.user.pk)
        return request.user


def _count(user_id: int) -> None:
    """Hold back a program that runs away; each process counts for itself, so the bound is a generous one."""
    limit = getattr(settings, "API_CALLS_PER_MINUTE", CALLS_PER_MINUTE)
    now = int(clock.now().timestamp())
    key = f"api-calls:{user_id}:{now // 60}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > limit:
        raise TooMany(60 - now % 60)
