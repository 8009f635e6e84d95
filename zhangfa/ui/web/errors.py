"""Error pages in words: what happened and what to do next."""

from __future__ import annotations

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from zhangfa.runtime.trouble import trouble_of
from zhangfa.ui import unavailable, words


def _answer(request: HttpRequest, status: int, title: str, text: str, **context: Any) -> HttpResponse:
    return render(request, "ui/error.html", {"title": title, "text": text, "code": status, **context}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _answer(request, 400, _("内容太长"), _("没有保存。请返回上一页，把太长的内容缩短，或改用附件，再提交。"))
    return _answer(request, 400, _("这个请求看不懂"), _("地址或表单的内容不完整。请返回上一页，刷新后再试。"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say why, and who could."""
    reasons = [
        (words.say(refusal), words.who_could(refusal), refusal.clause) for refusal in getattr(exception, "refusals", ())
    ]
    return _answer(
        request, 403, _("您不能打开这个页面"), "" if reasons else _("您的岗位没有这项权限。"), reasons=reasons
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(
        request, 404, _("没有找到"), _("地址可能写错了，或者这份资料与您的岗位无关。可以在上方搜索编号或姓名。")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours, or a disk or database that can't be reached just now; drawn without either, for they may be what broke."""
    with translation.override(translation.get_language_from_request(request)):
        if trouble := trouble_of(sys.exc_info()[1]):
            return _unavailable(request, trouble)
        text = _(
            "这次没有办成，也没有改动任何资料。错误已记录，请稍后再试；一直不行时，请告诉系统管理员出错的时间和页面。"
        )
        return HttpResponse(
            render_to_string("ui/500.html", {"code": 500, "title": _("系统出错了"), "text": text}), status=500
        )


def _unavailable(request: HttpRequest, trouble: str) -> HttpResponse:
    """It passes: what was typed can be sent again, and has one effect by its once-key."""
    is_sent = request.method == "POST"
    words_for = {
        "title": unavailable.title(trouble),
        "text": unavailable.text(trouble),
        "code": 503,
        "is_sent": is_sent,
    }
    again = "" if is_sent else request.get_full_path()
    html = render_to_string("ui/500.html", {**words_for, "again": again})
    return HttpResponse(html, status=503, headers={"Cache-Control": "no-store", **unavailable.headers(trouble)})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    answer = _answer(
        request, 403, _("这个页面已过期"),
        _("打开的时间太久，或在别处重新登录过。请返回上一页，刷新后再提交；刚才填写的内容先复制出来。"),
    )  # fmt: skip
    if getattr(request, "user", None) and request.user.is_authenticated and "HX-Request" in request.headers:
        # Signed in again beside the form: its page takes the new mark if it is the same person's. No other site reads this answer.
        answer["X-CSRFToken"], answer["X-Signed-In"] = get_token(request), str(request.user.pk)
    return answer
