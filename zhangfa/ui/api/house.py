"""Putting the interface together: routers, description, docs page, and addresses that lead nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, path, re_path, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Router

from zhangfa.core.text import _ as mark
from zhangfa.ui import words
from zhangfa.ui.access import everyone
from zhangfa.ui.api import answers
from zhangfa.ui.api.access import Session, Token
from zhangfa.ui.pages import Page

WORDED = ("summary", "description", "title")
TITLE = mark("章法接口")
ABOUT = mark(
    "与页面使用同一套规则：谁能看、谁能办、为什么不能办。令牌由 zhangfa token 用户名 签发；金额一律是写在引号里的字符串；"
    "写操作可带 Idempotency-Key，同一请求重复发送只生效一次。"
)


def build(routers: Iterable[tuple[str, str, Router]]) -> NinjaAPI:
    """The interface over these routers, each with its tag and the tag's words."""
    known = list(routers)
    api = NinjaAPI(
        title=TITLE,
        version="1",
        description=ABOUT,
        openapi_url=None,
        docs_url=None,
        auth=[Token(), Session()],
        urls_namespace="api",
        openapi_extra={"tags": [{"name": tag, "description": label} for tag, label, _router in known]},
    )
    answers.install(api)
    for tag, _label, router in known:
        api.add_router("", router, tags=[tag])
    return api


def addresses(api: NinjaAPI) -> list[URLPattern | URLResolver]:
    """The operations, their description and the docs page; anything else is a JSON 404."""
    found: Any = api.urls
    patterns, app_name, namespace = found
    for pattern in patterns:
        pattern.callback = _json_only(pattern.callback)
    return [
        path("openapi.json", _description(api), name="api-openapi"),
        path("docs", DocsPage.as_view(api=api), name="api-docs"),
        path("", ([p for p in patterns if p.name != "api-root"], app_name, namespace)),
        re_path("", csrf_exempt(answers.missing)),
    ]


def _json_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            return answers.wrong_method(response.headers["Allow"])
        return response

    return wrapped


def _description(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(described(api, translation.get_language() or ""), content_type="application/json")

    return csrf_exempt(view)


@lru_cache(maxsize=4)
def described(api: NinjaAPI, language: str) -> str:
    """The description as it is sent; made once per language and process."""
    with translation.override(language or None):
        return json.dumps(schema(api), ensure_ascii=False)


def schema(api: NinjaAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 description in the reader's language."""
    prefix = reverse("interface:api-openapi").removesuffix("openapi.json").lstrip("/")
    with translation.override(None):
        found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=prefix), default=str))
    translated: dict[str, Any] = _translated(found)
    return translated


def _translated(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: value
            if key == "responses"
            else words.text(value)
            if key in WORDED and isinstance(value, str)
            else _translated(value)
            for key, value in node.items()
        }
    return [_translated(entry) for entry in node] if isinstance(node, list) else node


class DocsPage(Page):
    """Every operation with its input and output, in words, for people who write programs."""

    template_name = "ui/api_docs.html"
    permission = everyone
    title = _("接口说明")
    api: NinjaAPI | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.api is not None
        known = json.loads(described(self.api, translation.get_language() or ""))
        labels = {tag["name"]: tag["description"] for tag in known["tags"]}
        groups: dict[str, list[dict[str, Any]]] = {tag: [] for tag in labels}
        for address, methods in known["paths"].items():
            for method, operation in methods.items():
                groups[operation["tags"][0]].append(_shown(method, address, operation))
        return super().get_context_data(
            about=known["info"]["description"],
            groups=[(tag, label, groups[tag]) for tag, label in labels.items()],
            origin=f"{self.request.scheme}://{self.request.get_host()}",
            **kwargs,
        )


def _shown(method: str, address: str, operation: dict[str, Any]) -> dict[str, Any]:
    contents = list(operation.get("requestBody", {}).get("content", {}).values())
    body: dict[str, Any] = contents[0]["schema"] if contents else {}
    required = body.get("required", [])
    fields = [
        (name, _kind(field), field.get("description", ""), name in required)
        for name, field in body.get("properties", {}).items()
    ]
    parameters = [
        (p["name"], _kind(p["schema"]), p.get("description", ""), p["required"]) for p in operation["parameters"]
    ]
    return {
        "id": operation["operationId"], "method": method.upper(), "path": address, "summary": operation["summary"],
        "clause": operation.get("description", ""), "inputs": parameters + fields,
    }  # fmt: skip


def _kind(field: dict[str, Any]) -> str:
    if "enum" in field:
        return " | ".join(str(value) for value in field["enum"])
    if field.get("type") == "array":
        return f"[{_kind(field['items'])}]"
    kind = field.get("type", "")
    return str(field.get("format") or field.get("pattern") or (" | ".join(kind) if isinstance(kind, list) else kind))
