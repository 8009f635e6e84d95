"""Keeps the session of whoever works; what a page left open asks by itself is no work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


class IdleMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        # A session that nobody opened costs no query here.
        if request.session.accessed and not asks_by_itself(request):
            try:
                request.session.renew()
            except DatabaseError:
                # The page is worth more than its minutes: the next request tries again.
                logger.warning("a session could not be renewed")
        return response


def asks_by_itself(request: Any) -> bool:
    view = getattr(getattr(request.resolver_match, "func", None), "view_class", None)
    return getattr(view, "asks_by_itself", False)
