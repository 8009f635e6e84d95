"""Where rows of the house came from, and what they are called in the books that they came from."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from typing import Any

from zhangfa.imports.models import Result


def objects_of(label: str, refs: Collection[str], model: Any, *, without: Collection[str] = ()) -> dict[str, Any]:
    """Rows by their earlier number, some columns left for later; what was taken back is forgotten."""
    if not refs:
        return {}
    found = dict(
        Result.objects.filter(label=label, ref__among=refs, undone_at=None).order_by("pk").values_list("ref", "key")
    )
    kept = model._default_manager.filter(pk__among=list(found.values())).defer(*without)
    rows = {row.pk: row for row in kept}
    return {ref: rows[key] for ref, key in found.items() if key in rows}


def text_of(values: Mapping[str, Any] | None) -> str:
    """Values as they rest in a result."""
    return "" if values is None else json.dumps(values, ensure_ascii=False, default=_plain)


def values_of(text: str | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
