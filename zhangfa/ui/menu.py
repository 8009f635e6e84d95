"""The menu: entries that apps register, each shown only to those who may open it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.checks import Error
from django.core.checks import register as register_check
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhangfa.ui import display, registry
from zhangfa.ui.access import Permission, everyone, is_open
from zhangfa.ui.addresses import address

GROUPS = {
    "work": _("日常工作"),
    "customers": _("客户与订单"),
    "people": _("人员"),
    "governance": _("章程与职责"),
    "company": _("公司"),
    "system": _("系统"),
}


@dataclass(frozen=True)
class Entry:
    key: str
    label: Any
    url_name: str
    icon: str
    permission: Permission
    order: int
    group: str
    phone: bool
    short: Any

    @property
    def url(self) -> str:
        return address(self.url_name)


_entries: dict[str, Entry] = {}
PHONE_ENTRIES = 3


def register(
    key: str, label: Any, url_name: str, *, icon: str = "point", permission: Permission = everyone, order: int = 50,
    group: str = "work", phone: bool = False, short: Any = "",
) -> None:  # fmt: skip
    """Put a page on the menu; `phone=True` also on the bar at the bottom of a phone (the first two by order)."""
    if group not in GROUPS:
        raise ValueError(f"unknown menu group {group}")
    drawn.cache_clear()
    _ordered.cache_clear()
    icons.cache_clear()
    _entries[key] = Entry(key, label, url_name, icon, permission, order, group, phone, short or label)


def entries_for(actor: Any, at: dt.datetime) -> list[Entry]:
    """The entries that this person may open, in order."""
    return [entry for entry in _ordered() if is_open(entry.permission, by=actor, at=at)]


@lru_cache(maxsize=1)
def _ordered() -> list[Entry]:
    groups = list(GROUPS)
    return sorted(_entries.values(), key=lambda entry: (groups.index(entry.group), entry.order, entry.key))


def grouped(entries: list[Entry]) -> list[tuple[Any, list[Entry]]]:
    return [(label, mine) for key, label in GROUPS.items() if (mine := [e for e in entries if e.group == key])]


@lru_cache(maxsize=1)
def icons() -> tuple[str, str]:
    """Every entry's icon in one file that the browser keeps, and its stamp: written into each page they'd be half of it."""
    text = display.sprite(entry.icon for entry in _entries.values())
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]


@lru_cache(maxsize=512)
def drawn(template: str, keys: tuple[str, ...], nav: str, company: str, language: str) -> SafeString:
    """The menu as HTML, drawn once for everybody who sees the same entries; counts are filled in afterwards."""
    mine = [(_entries[key], key in registry.badges) for key in keys]
    context = {
        "groups": [(label, [line for line in mine if line[0] in some]) for label, some in grouped([e for e, _ in mine])],
        "phone": [line for line in mine if line[0].phone][:PHONE_ENTRIES],
        "nav": nav, "company": company, "icons": reverse("ui:menu-icons", args=[icons()[1]]),
    }  # fmt: skip
    return render_to_string(template, context)


@register_check()
def check_entries(app_configs: Any, **_kwargs: Any) -> list[Error]:
    """An entry without its page is a start-up error, not a dead link."""
    errors = []
    for entry in list(_entries.values()):
        try:
            reverse(entry.url_name)
        except NoReverseMatch:
            errors.append(Error(f"menu entry {entry.key}: no address named {entry.url_name}", id="ui.E001"))
    return errors
