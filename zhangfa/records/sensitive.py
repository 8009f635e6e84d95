"""Sensitive fields, declared once: page, API, print, export, search, notice and timeline all ask here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from zhangfa.audit.actions import look
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.records import rules

if TYPE_CHECKING:
    from zhangfa.organisation.actor import Actor

HIDDEN = "••••"


def hide(value: Any) -> str:
    """The mask of a field that declares none: not even its length is told."""
    return HIDDEN if value not in (None, "") else ""


@dataclass(frozen=True)
class Sensitive:
    """One sensitive field: who sees it in clear, what others see, and whether clear needs a reason."""

    model_label: str
    field: str
    may_see: Callable[[Actor, Any], bool]
    mask: Callable[[Any], Any] = hide
    needs_reason: bool = False
    label: str = ""


_fields: dict[tuple[str, str], Sensitive] = {}


def declare(
    model_label: str, field: str, *, may_see: Callable[[Actor, Any], bool],
    mask: Callable[[Any], Any] = hide, needs_reason: bool = False, label: str = "",
) -> None:  # fmt: skip
    """Declare a field of a model (`claims.case`) as sensitive.

    `needs_reason`: even those who may see it get the mask until they `reveal` it.
    """
    key = (model_label.lower(), field)
    _fields[key] = Sensitive(key[0], field, may_see, mask, needs_reason, label)


def declared(model_label: str = "") -> Iterator[Sensitive]:
    """Every declared field, or those of one model."""
    for entry in _fields.values():
        if not model_label or entry.model_label == model_label.lower():
            yield entry


def find(obj: Any, field: str) -> Sensitive | None:
    label = obj if isinstance(obj, str) else obj._meta.label_lower
    return _fields.get((label, field))


def is_clear(actor: Actor, obj: Model, field: str) -> bool:
    """Whether this person sees the field in clear without asking."""
    entry = find(obj, field)
    return entry is None or (not entry.needs_reason and entry.may_see(actor, obj))


def shown(actor: Actor, obj: Any, field: str) -> Any:
    """The field as this person may see it: in clear or masked."""
    value = getattr(obj, field)
    entry = find(obj, field)
    if entry is None or (not entry.needs_reason and entry.may_see(actor, obj)):
        return value
    return entry.mask(value) if value not in (None, "") else value


def reveal(actor: Actor, obj: Any, field: str, *, reason: str, at: dt.datetime, record_id: Any = None) -> Any:
    """The field in clear for somebody who may see it and says why; the look is logged."""
    entry = find(obj, field)
    if entry is not None and not entry.may_see(actor, obj):
        raise Refused([Refusal("not_yours", _("这项内容不对您的岗位开放。"))])
    demand(rules.refuse_reveal(reason=reason.strip()))
    if actor.person_id is not None:
        look(
            person_id=actor.person_id, record_id=record_id or getattr(obj, "record_id", None),
            kind="reveal", at=at, field=f"{obj._meta.model_name}.{field}"[:40],
            reason=reason.strip(),
        )  # fmt: skip
    return getattr(obj, field)
