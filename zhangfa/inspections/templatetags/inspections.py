"""What the page of a visit needs to show again what was typed."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()
NAMES = ("answer", "verdict", "deduction", "observation", "version")


@register.simple_tag
def kept(typed: Any, key: Any, answer: Any) -> dict[str, Any]:
    """What stands in the fields of a question: what was typed and refused, else what is kept."""
    if typed and str(key) in typed:
        return dict(typed[str(key)])
    return {name: getattr(answer, name, "" if name != "deduction" else 0) if answer else "" for name in NAMES}


@register.filter
def at_key(table: Any, key: Any) -> Any:
    return table.get(str(key), ()) if table else ()
