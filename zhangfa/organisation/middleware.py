"""Gives every request its actor, built on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

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
