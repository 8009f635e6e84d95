"""One kind of thing through the interface: its list, one of it, and its steps, as its pages show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from ninja import Router
from pydantic import BaseModel

from zhangfa.ui.access import Permission
from zhangfa.ui.api.call import Call, Missing
from zhangfa.ui.api.operations import Input, lists, reads, transitions

LONGEST = 19


def by_uuid(key: str) -> dict[str, Any]:
    try:
        return {"pk": UUID(key)}
    except ValueError:
        raise Missing from None


def by_number(prefix: str = "") -> Callable[[str], dict[str, Any]]:
    """By the key, also written with the letters in front that people see."""

    def which(key: str) -> dict[str, Any]:
        digits = key.upper().removeprefix(prefix)
        return {"pk": int(digits) if digits.isascii() and digits.isdigit() and len(digits) < LONGEST else 0}

    return which


def by_paper(key: str) -> dict[str, Any]:
    """A paper by its id or its number."""
    try:
        return {"pk": UUID(key)}
    except ValueError:
        return {"record__number": key.upper()}


def finder(
    model: Any, permission: Permission, *joined: str, key: str = "id", which: Callable[[str], dict[str, Any]] = by_paper,
    fetched: tuple[str, ...] = (),
) -> Callable[[Call], Any]:  # fmt: skip
    """The object of an address among what the caller may see, with the page's own permission."""

    def find(call: Call) -> Any:
        rows = model.objects.visible_to(call.actor).select_related(*joined).prefetch_related(*fetched)
        found = call.one(rows, **which(str(call.path[key])))
        call.check(permission, found)
        return found

    return find


def making(action: Callable[..., Any], **fixed: Any) -> Callable[[Input], Any]:
    """An action that makes something from what the form read."""
    return lambda given: action(**fixed, **given.params, by=given.call.actor, at=given.call.at)


def doing(action: Callable[..., Any]) -> Callable[[Input], Any]:
    """An action on the object of the address."""
    return lambda given: action(given.target, **given.params, by=given.call.actor, at=given.call.at)


def things(
    router: Router, path: str, *, noun: str, list_id: str, one: Any, many: Any, page: type[Any], find: Callable[[Call], Any],
    show: Callable[[Call, Any], BaseModel], out: type[BaseModel], model: Any = None, forms_of: Mapping[str, Any] | None = None,
    key: str = "id", ids: Mapping[str, Any] | None = None, about: str = "",
) -> None:  # fmt: skip
    """List, one, and — with a `model` — the steps of one kind of thing."""
    lists(router, path, id=list_id, summary=many, page=page, line=show, out=out, about=about)
    reads(
        router, f"{path}/{{{key}}}", id=noun, summary=one, give=lambda call: show(call, find(call)), out=out, ids=ids,
    )  # fmt: skip
    if model is not None:
        transitions(
            router, f"{path}/{{{key}}}", model=model, noun=noun, forms_of=forms_of or {}, find=find, show=show, out=out
        )


__all__ = ["by_number", "by_paper", "by_uuid", "doing", "finder", "making", "things"]
