"""What is registered at start-up is whole: addresses, permissions, transitions, sinks, texts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from zhangfa.core import transitions
from zhangfa.ui import registry
from zhangfa.ui.pages import RecordPage

ROOT = Path(__file__).resolve().parents[2]
# Addresses of packages, which do their own asking, and the two switches that a visitor may use.
OPEN = re.compile(r"^(accounts/|language/|theme/|menu-|api/v1/)")


def addresses(patterns: list, before: str = "") -> Iterator[tuple[str, object]]:
    for entry in patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


def test_every_page_has_a_permission():
    open_pages = []
    for route, view in addresses(get_resolver().url_patterns):
        if OPEN.match(route):
            continue
        page = getattr(view, "view_class", None)
        permission = getattr(page, "permission", None) or getattr(view, "permission", None)
        if not callable(permission):
            open_pages.append(route)
    assert not open_pages


def test_addresses_are_named_once():
    names: dict[str, list[str]] = {}
    for route, view in addresses(get_resolver().url_patterns):
        if not OPEN.match(route):
            names.setdefault(route, []).append(getattr(view, "__name__", ""))
    assert not {route: views for route, views in names.items() if len(views) > 1}


@pytest.mark.parametrize("arrow", transitions.registry(), ids=lambda arrow: arrow.key)
def test_a_transition_is_whole(arrow):
    statuses = set(dict(arrow.model._meta.get_field("status").flatchoices))
    assert set(arrow.sources) <= statuses
    assert arrow.target is None or arrow.target in statuses
    assert arrow.clause, "a transition names the clause that it serves"
    assert re.search(r"[\u4e00-\u9fff]", str(arrow.label))
    assert arrow.event.startswith(f"{arrow.model._meta.app_label}.")


def test_every_status_can_be_reached():
    for model in {arrow.model for arrow in transitions.registry()}:
        field = model._meta.get_field("status")
        reached = {arrow.target for arrow in transitions.registry(model)} | {field.get_default()} | set(written(model))
        unreached = set(dict(field.flatchoices)) - reached
        assert not unreached, f"{model.__name__}: nothing leads to {unreached}"


def written(model: type) -> Iterator[str]:
    """The statuses that an action of the app writes itself: at creation, or where the target depends on the facts."""
    folder = ROOT / "zhangfa" / model._meta.app_label
    names = {
        name
        for path in [*folder.glob("actions.py"), *folder.glob("actions/*.py")]
        for line in re.findall(r"status\b[^\n=]*=(?!=)([^\n]*)", path.read_text(encoding="utf-8"))
        for name in re.findall(r"\b[A-Za-z]\w*\.([A-Z_]{3,})\b", line)
    }
    yield from (value for value in dict(model._meta.get_field("status").flatchoices) if value.upper() in names)


def test_what_happens_is_heard():
    assert "audit" in " ".join(transitions.sinks())


def test_no_page_has_two_parts_of_one_name():
    """The first one would answer for both, and what the other one holds would be nowhere."""
    twice = []
    for _route, view in addresses(get_resolver().url_patterns):
        page = getattr(view, "view_class", None)
        if isinstance(page, type) and issubclass(page, RecordPage) and getattr(page, "model", None):
            lent = registry.panels.of(page.model._meta.label_lower)
            # Some pages choose their parts by the reader: theirs are met by the tests of those pages.
            own = () if isinstance(page.parts, property) else page.parts
            keys = [part.key for part in (*own, *lent)]
            twice += [f"{page.__name__}: {key}" for key in set(keys) if keys.count(key) > 1]
    assert not sorted(set(twice))
