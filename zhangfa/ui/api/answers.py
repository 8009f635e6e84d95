"""Every answer of the interface is JSON in the caller's language, the errors too."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel

from zhangfa.core.decisions import Refused
from zhangfa.runtime.trouble import trouble_of
from zhangfa.ui import unavailable
from zhangfa.ui.access import NotPermitted
from zhangfa.ui.api.call import InvalidInput, Missing, TooMany, Unreadable
from zhangfa.ui.api.shapes import Invalid, Problem, Refusals, refusals_out

logger = logging.getLogger("zhangfa.api")
KIND = "application/json"

READ_ERRORS: dict[int, type[BaseModel]] = {
    401: Problem,
    403: Refusals,
    404: Problem,
    422: Invalid,
    429: Problem,
    503: Problem,
}
WRITE_ERRORS: dict[int, type[BaseModel]] = {**READ_ERRORS, 400: Problem, 409: Refusals, 413: Problem, 415: Problem}


def answer(body: BaseModel, status: int = 200, **headers: str) -> HttpResponse:
    response = HttpResponse(body.model_dump_json(), status=status, content_type=KIND, headers=headers)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def problem(status: int, code: str, text: str, **headers: str) -> HttpResponse:
    return answer(Problem(code=code, text=text), status, **headers)


def missing(_request: HttpRequest | None = None, _error: Any = None) -> HttpResponse:
    return problem(404, "missing", _("没有找到，或不在您可见的范围之内。"))


def _unsigned(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(
        401, "unsigned", _("请先登录，或在 Authorization 中给出有效的令牌。"), **{"WWW-Authenticate": "Bearer"}
    )


def _refused(_request: HttpRequest, error: Refused) -> HttpResponse:
    return answer(Refusals(code="refused", text=_("未办理：不符合规定。"), refusals=refusals_out(error.refusals)), 409)


def _forbidden(_request: HttpRequest, error: NotPermitted) -> HttpResponse:
    return answer(
        Refusals(code="forbidden", text=_("您的岗位不能使用这项功能。"), refusals=refusals_out(error.refusals)), 403
    )


def _invalid(_request: HttpRequest, error: InvalidInput) -> HttpResponse:
    return answer(
        Invalid(code="invalid", text=_("输入有误，请按提示修改。"), fields=error.fields, errors=error.errors), 422
    )


def _unreadable(_request: HttpRequest, error: Unreadable) -> HttpResponse:
    texts = {
        413: _("请求太大。"), 415: _("请求的内容类型不对。"), 400: _("请求无法读取，请检查格式。"),
    }  # fmt: skip
    return problem(error.status, error.code, texts[error.status])


def _too_many(_request: HttpRequest, error: TooMany) -> HttpResponse:
    return problem(429, "too_many", _("请求太频繁，请稍后再试。"), **{"Retry-After": str(error.wait)})


def _http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "http", str(error))


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: the log has it, the caller learns no more than that. A full disk or a lost database passes by itself."""
    logger.error(
        "%s %s failed", request.method, request.resolver_match and request.resolver_match.route, exc_info=error
    )
    if trouble := trouble_of(error):
        return problem(503, "unavailable", unavailable.text(trouble), **unavailable.headers(trouble))
    got_request_exception.send(sender=None, request=request)
    return problem(500, "fault", _("系统出错，请求未执行。"))


HANDLERS: dict[type[Exception], Callable[..., HttpResponse]] = {
    Exception: _broken, HttpError: _http, AuthenticationError: _unsigned, Http404: missing, Missing: missing,
    # Only addresses are read by the framework itself: one that can't be read leads nowhere.
    ValidationError: missing, Refused: _refused, NotPermitted: _forbidden, InvalidInput: _invalid, Unreadable: _unreadable,
    TooMany: _too_many,
}  # fmt: skip


def install(api: NinjaAPI) -> None:
    """Give the interface its answers for everything that can go wrong."""
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, partial(handler))


def wrong_method(allowed: str) -> HttpResponse:
    return problem(405, "method", _("这个地址不支持这种请求方法。"), Allow=allowed)
