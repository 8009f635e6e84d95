"""Who points to a table: asked where rows move with another row or stand in the way of taking it back."""

from __future__ import annotations

from typing import Any


def pointers(model: Any) -> list[Any]:
    """Every column of any table that points to this one, those without a name on this side (`related_name="+"`) included."""
    found = model._meta.get_fields(include_hidden=True)
    return [one for one in found if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)]
