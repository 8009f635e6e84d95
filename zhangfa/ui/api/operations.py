"""Declaring operations: an app says what is read or done; reading input, refusing, paging and once-keys are the same for all."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from django.core.exceptions import RequestDataTooBig
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router
from pydantic import BaseModel

from zhangfa.core import clock
from zhangfa.core import transitions as core_transitions
from zhangfa.core.decisions import demand
from zhangfa.core.text import _ as mark
from zhangfa.runtime import once
from zhangfa.ui import words
from zhangfa.ui.access import Permission, everyone
from zhangfa.ui.api import bodies, forms
from zhangfa.ui.api.answers import READ_ERRORS, WRITE_ERRORS, answer
from zhangfa.ui.api.call import Call, InvalidInput, Missing, Unreadable
from zhangfa.ui.api.fields import Shape, Wrong, text_reader
from zhangfa.ui.api.shapes import RefusalOut, Schema, page_of, refusals_out
from zhangfa.ui.paging import decode

MOST = 100
ONCE_HEADER = "Idempotency-Key"
ONCE_KEY = re.compile(r"[\x21-\x7e]{1,80}\Z")
ONCE_PARAMETER = {
    "name": ONCE_HEADER, "in": "header", "required": False, "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,80}$"},
    "description": mark("防重复键：同一键、同一请求再次发送不会重复办理，得到同样的回答"),
}  # fmt: skip
Key = Annotated[str, Path(max_length=60, description=mark("编号或 id"))]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


def _register(
    router: Router, method: str, path: str, run: Callable[[Call], HttpResponse], *, id: str, summary: Any, about: str,
    responses: Mapping[int, Any], extra: dict[str, Any], ids: Mapping[str, Any],
) -> None:  # fmt: skip
    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        return run(Call(request, request.actor, clock.now(), given))  # type: ignore[attr-defined]

    names = re.findall(r"{(\w+)}", path)
    kinds = inspect.Parameter.KEYWORD_ONLY
    view.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest)]
        + [inspect.Parameter(name, kinds, annotation=ids.get(name, Key)) for name in names]
    )
    view.__name__ = id
    router.add_api_operation(
        path, [method], view, operation_id=id, summary=summary, description=about or None, response=dict(responses),
        openapi_extra=extra, url_name=id,
    )  # fmt: skip


def reads(
    router: Router, path: str, *, id: str, summary: Any, give: Callable[[Call], BaseModel], out: Any, about: str = "",
    query: Mapping[str, Shape] | None = None, ids: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """An operation that only looks: `give(call)` returns the answer."""
    known = dict(query or {})

    def run(call: Call) -> HttpResponse:
        forms.checked_query(call.request.GET, known, {})
        return answer(give(call))

    parameters = [_parameter(name, shape) for name, shape in known.items()]
    _register(
        router, "GET", path, run, id=id, summary=summary, about=about, responses={200: out, **READ_ERRORS},
        extra={"parameters": parameters} if parameters else {}, ids=ids or {},
    )  # fmt: skip


def _parameter(name: str, shape: Shape) -> dict[str, Any]:
    schema = dict(shape.schema)
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": schema.pop("description", ""),
        "schema": schema,
    }


def text_parameter(limit: int, about: str = "") -> Shape:
    """A search text or a page token in an address."""
    return Shape({"type": "string", "maxLength": limit, "description": about}, text_reader(limit))


def _limit(value: Any) -> str:
    if not re.fullmatch(r"[0-9]{1,3}", str(value), re.ASCII) or not 1 <= int(value) <= MOST:
        raise Wrong(_("应为 1 到 %(most)s 的整数。") % {"most": MOST})
    return str(value)


def _limit_parameter(usual: int) -> Shape:
    about = mark("每页行数")
    return Shape({"type": "integer", "minimum": 1, "maximum": MOST, "default": usual, "description": about}, _limit)


def lists(
    router: Router, path: str, *, id: str, summary: Any, page: type[Any], line: Callable[[Call, Any], BaseModel], out: type[BaseModel],
    about: str = "", prepare: Callable[[Call, Sequence[Any]], None] | None = None,
) -> None:  # fmt: skip
    """The rows of a list page: its permission, rows, filters, search and sorts; only the paper around them differs."""
    shapes = forms.filter_shapes(page.filterset_class, page.model)
    known = {
        "limit": _limit_parameter(page.per_page),
        "after": text_parameter(2000, mark("下一页的标记")),
        "before": text_parameter(2000, mark("上一页的标记")),
    }
    if page.is_searchable:
        known["q"] = text_parameter(60, mark("搜索"))
    known["sort"] = Shape({"type": "string", "enum": list(page.sorts), "default": next(iter(page.sorts))}, _sort(page))
    result = page_of(out)

    def run(call: Call) -> HttpResponse:
        view = _list_page(page, call)
        view.check(view.subject())
        forms.checked_query(call.request.GET, shapes, known)
        view.per_page = int(call.request.GET.get("limit", page.per_page))
        _check_list(view)
        window = view.window()
        if prepare:
            prepare(call, window.rows)
        items = [line(call, row) for row in window.rows]
        return answer(
            result(
                items=items, after=window.after, before=window.before, count=window.count, is_counted=window.is_counted
            )
        )

    parameters = [_parameter(name, shape) for name, shape in {**shapes, **known}.items()]
    _register(
        router, "GET", path, run, id=id, summary=summary, about=about, responses={200: result, **READ_ERRORS},
        extra={"parameters": parameters}, ids={},
    )  # fmt: skip


def _sort(page: type[Any]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in page.sorts:
            raise Wrong(_("不在可选范围之内。"))
        return str(value)

    return read


def _list_page(page: type[Any], call: Call) -> Any:
    view = page()
    view.setup(call.request)
    view.actor, view.at = call.actor, call.at
    # A line in JSON says more than the columns of the page.
    view.only = ()
    return view


def _check_list(view: Any) -> None:
    mistakes: dict[str, list[str]] = {}
    if view.filterset is not None and view.filterset.is_bound and not view.filterset.form.is_valid():
        mistakes |= {name: [str(e) for e in errors] for name, errors in view.filterset.form.errors.items()}
    if not view.query[1]:
        mistakes["q"] = [_("含有不能保存的字符，请删去后再试。")]
    data, keys = view.request.GET, view.keys()
    for name in ("after", "before"):
        if data.get(name) and decode(data[name], keys) is None:
            mistakes[name] = [_("这个翻页标记已不能使用，请从第一页开始。")]
    if data.get("after") and data.get("before"):
        mistakes["before"] = [_("after 和 before 只能给出一个。")]
    if mistakes:
        raise InvalidInput(mistakes)


@dataclass(frozen=True)
class Input:
    """What a write has read: the valid form, its params, and the object it is about."""

    call: Call
    target: Any = None
    form: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)


def writes(
    router: Router, path: str, *, id: str, summary: Any, act: Callable[[Input], Any], show: Callable[[Call, Any], BaseModel], out: Any,
    form: Any = None, find: Callable[[Call], Any] | None = None, status: int = 200, about: str = "", method: str = "POST",
    ids: Mapping[str, Any] | None = None, permission: Permission = everyone, refuse: Permission | None = None, is_kept: bool = True,
) -> None:  # fmt: skip
    """An operation that changes something: the page's form reads the body, one action does it, once per key.

    `permission` closes the operation to a person (403); `refuse` tells beforehand what the action would refuse whatever the body.
    `is_kept=False`: the answer says something in clear that must not rest among the kept answers; asked again it is done again.
    """

    def run(call: Call) -> HttpResponse:
        forms.checked_query(call.request.GET, {}, {})
        target = find(call) if find else None
        call.check(permission, target)
        if refuse and not _is_repeat(call):
            demand(refuse(target, by=call.actor, at=call.at))
        body = bodies.json_body(call.request)
        if form is None:
            forms.empty(body)
            given = Input(call, target)
        else:
            made = forms.filled(form, body, call, target)
            given = Input(call, target, made, made.params() if hasattr(made, "params") else made.cleaned_data)
        if not is_kept:
            return _made(show(call, act(given)).model_dump_json(), status)
        return _once(call, lambda: show(call, act(given)).model_dump_json(), status, call.request.body)

    content = {"application/json": {"schema": forms.schema_of(form)}}
    _register(
        router, method, path, run, id=id, summary=summary, about=about, responses={status: out, **WRITE_ERRORS},
        extra={"parameters": [ONCE_PARAMETER] if is_kept else [], "requestBody": {"required": bool(forms.schema_of(form).get("required")), "content": content}},
        ids=ids or {},
    )  # fmt: skip


def creates(router: Router, path: str, **kwargs: Any) -> None:
    """A write that makes something new: 201."""
    writes(router, path, status=201, **kwargs)


def _is_repeat(call: Call) -> bool:
    """A repeat gets the first answer, also where the step can't be taken again."""
    key = call.request.headers.get(ONCE_HEADER, "")
    return bool(ONCE_KEY.match(key)) and once.is_known(key, _scope(call))


def _scope(call: Call) -> str:
    return f"api:{call.request.user.pk}"


def _once(call: Call, work: Callable[[], str], status: int, *parts: bytes | str) -> HttpResponse:
    key = call.request.headers.get(ONCE_HEADER)
    if key is None:
        return _made(work(), status)
    if not ONCE_KEY.match(key):
        raise InvalidInput({ONCE_HEADER: [_("应为 1 到 80 个可见的 ASCII 字符。")]})
    digest = once.digest_of(call.request.method or "", call.request.path, *parts)
    found = once.run(key, _scope(call), digest, lambda: once.Answer(status, work()), at=call.at)
    response = _made(found.body, found.status)
    if found.is_replay:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _made(body: str, status: int) -> HttpResponse:
    return HttpResponse(
        body, status=status, content_type="application/json", headers={"Cache-Control": "private, no-store"}
    )


class TransitionOut(Schema):
    """A step that leaves the present status; with refusals it is closed to the caller."""

    name: str
    label: str
    clause: str
    hint: str
    is_open: bool
    refusals: list[RefusalOut]


class TransitionsOut(Schema):
    items: list[TransitionOut]


def transitions(
    router: Router, path: str, *, model: type[Model], noun: str, forms_of: Mapping[str, Any], find: Callable[[Call], Any],
    show: Callable[[Call, Any], BaseModel], out: Any, only: Sequence[str] = (),
) -> None:  # fmt: skip
    """Every transition of a model, or `only` those that people take: one operation that lists them, and one each to do them."""
    steps = [t for t in core_transitions.registry(model) if not only or t.name in only]

    def give(call: Call) -> BaseModel:
        found = [
            (t, refusals)
            for t, refusals in core_transitions.available(find(call), by=call.actor, at=call.at)
            if t in steps
        ]
        return TransitionsOut(
            items=[
                TransitionOut(
                    name=t.name, label=words.text(t.label), clause=t.clause, hint=words.text(t.hint), is_open=not refusals,
                    refusals=refusals_out(refusals),
                )
                for t, refusals in found
            ]
        )  # fmt: skip

    reads(
        router, f"{path}/transitions", id=f"{noun}_transitions", summary=mark("可办理的步骤"), give=give, out=TransitionsOut,
    )  # fmt: skip
    for transition in steps:
        writes(
            router, f"{path}/transitions/{transition.name}", id=f"{noun}_{transition.name}", summary=transition.label, find=find,
            refuse=transition.refuse_now, form=forms_of.get(transition.name), act=_doing(transition), show=show, out=out, about=transition.clause,
        )  # fmt: skip


def _doing(transition: core_transitions.Transition) -> Callable[[Input], Any]:
    return lambda given: transition(given.target, by=given.call.actor, at=given.call.at, **given.params)


def uploads(
    router: Router, path: str, *, id: str, summary: Any, find: Callable[[Call], Any], form: Any, prepare: Callable[[Any], Any],
    act: Callable[[Input, Any], Any], show: Callable[[Call, Any], BaseModel], out: Any, about: str = "",
    refuse: Permission | None = None,
) -> None:  # fmt: skip
    """One file with its fields as a multipart body; the file is worked on before any transaction begins."""

    def run(call: Call) -> HttpResponse:
        forms.checked_query(call.request.GET, {}, {})
        target = find(call)
        if refuse and not _is_repeat(call):
            demand(refuse(target, by=call.actor, at=call.at))
        fields, files = bodies.multipart_body(call.request)
        made = forms.filled(form, fields, call, target)
        if set(files) != {"file"}:
            raise InvalidInput({"file": [_("请上传一个文件，名称为 file。")]})
        try:
            prepared = prepare(files["file"])
        except RequestDataTooBig:
            raise Unreadable(413, "too_big") from None
        given = Input(call, target, made, made.cleaned_data)
        return _once(
            call,
            lambda: show(call, act(given, prepared)).model_dump_json(),
            201,
            repr(prepared),
            repr(sorted(fields.items())),
        )

    schema = forms.schema_of(form)
    properties = {**schema["properties"], "file": {"type": "string", "format": "binary"}}
    body = {**schema, "properties": properties, "required": [*schema.get("required", []), "file"]}
    _register(
        router, "POST", path, run, id=id, summary=summary, about=about, responses={201: out, **WRITE_ERRORS},
        extra={"parameters": [ONCE_PARAMETER], "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": body}}}},
        ids={},
    )  # fmt: skip


def downloads(
    router: Router, path: str, *, id: str, summary: Any, give: Callable[[Call], HttpResponse], kinds: Sequence[str], about: str = "",
    ids: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """A file as the caller may see it."""

    def run(call: Call) -> HttpResponse:
        forms.checked_query(call.request.GET, {}, {})
        return give(call)

    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    _register(
        router, "GET", path, run, id=id, summary=summary, about=about, responses={200: None, **READ_ERRORS},
        extra={"responses": {200: {"content": content}}}, ids=ids or {},
    )  # fmt: skip


__all__ = [
    "Input",
    "Key",
    "Missing",
    "Number",
    "creates",
    "downloads",
    "lists",
    "reads",
    "transitions",
    "uploads",
    "writes",
]
