"""Reading what a caller sent: everything that can't be read is an answer, never an accident."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from zhangfa.ui.api.call import InvalidInput, Unreadable


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The body as one JSON object; an empty body is an empty object. Raises Unreadable or InvalidInput."""
    raw = _raw(request)
    if not raw.strip():
        return {}
    if request.content_type not in ("application/json", "application/problem+json"):
        raise Unreadable(415, "content_type")
    try:
        found = json.loads(raw.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_doubles)
    except (ValueError, RecursionError):
        raise Unreadable(400, "json") from None
    if not isinstance(found, dict):
        raise InvalidInput({}, [_("请求内容应为一个 JSON 对象。")])
    return found


def multipart_body(request: HttpRequest) -> tuple[dict[str, str], dict[str, Any]]:
    """Fields and files of a multipart body, one of each name."""
    if request.content_type != "multipart/form-data":
        raise Unreadable(415, "content_type")
    try:
        return request.POST.dict(), request.FILES.dict()
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        raise Unreadable(413, "too_big") from None
    except (MultiPartParserError, SuspiciousOperation, BadRequest, UnreadablePostError, UnicodeError, ValueError):
        raise Unreadable(400, "multipart") from None


def _raw(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise Unreadable(413, "too_big") from None
    except UnreadablePostError:
        raise Unreadable(400, "broken") from None


def _no_constant(_name: str) -> Any:
    raise ValueError("NaN and Infinity are no JSON")


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
