"""Start-up checks: the preset is sound, and nobody reads a value or serves a clause that doesn't exist."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from zhangfa.core.transitions import registry as transitions
from zhangfa.policy import registry
from zhangfa.policy.catalogue import CatalogueError, catalogue, preset_names


@register()
def check_presets(app_configs: Any, **_kwargs: Any) -> list[Error]:
    """Every preset loads; a mistake in the file stops the start-up in words."""
    errors = []
    for name in preset_names():
        try:
            catalogue(name)
        except CatalogueError as error:
            errors.append(Error(f"preset {name}: {error}", id="policy.E001"))
    return errors


@register()
def check_readers(app_configs: Any, **_kwargs: Any) -> list[Error]:
    """Keys that are read, clauses that are served or named by a transition stand in the handbook."""
    try:
        book = catalogue()
    except CatalogueError:
        return []  # already reported above
    named = registry.served_clauses() | {arrow.clause for arrow in transitions() if arrow.clause}
    errors = [
        Error(f"unknown policy value {key}", id="policy.E002")
        for key in sorted(registry.read_keys() - set(book.definitions))
    ]
    errors += [Error(f"unknown clause {clause}", id="policy.E003") for clause in sorted(named - set(book.clauses))]
    return errors
