"""What every page of the shell shows around its content; nothing is asked for until a template uses it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from zhangfa.core import clock
from zhangfa.ui import menu, registry, words
from zhangfa.ui.addresses import address

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


class Shell:
    """Menu, badges, company name and theme for one request."""

    def __init__(self, request: HttpRequest):
        self.request = request

    @cached_property
    def is_signed_in(self) -> bool:
        user = getattr(self.request, "user", None)
        return bool(user and user.is_authenticated)

    @cached_property
    def at(self) -> Any:
        return clock.now()

    @cached_property
    def actor(self) -> Any:
        return getattr(self.request, "actor", None) if self.is_signed_in else None

    @cached_property
    def entries(self) -> list[menu.Entry]:
        return menu.entries_for(self.actor, self.at) if self.is_signed_in else []

    @cached_property
    def groups(self) -> list[Any]:
        counts = self.counts
        return [
            (label, [(entry, counts.get(entry.key, 0)) for entry in mine]) for label, mine in menu.grouped(self.entries)
        ]

    def menu(self, template: str, nav: str) -> SafeString:
        keys = tuple(entry.key for entry in self.entries)
        return menu.drawn(template, keys, nav, self.company, get_language() or "")

    @property
    def badges(self) -> list[tuple[str, int, bool]]:
        """Every count that this person has, zero included, and whether the phone's bar shows it too."""
        bar = [entry.key for entry in self.entries if entry.phone][: menu.PHONE_ENTRIES]
        return [(e.key, self.counts.get(e.key, 0), e.key in bar) for e in self.entries if e.key in registry.badges]

    @cached_property
    def counts(self) -> dict[str, int]:
        if not self.is_signed_in:
            return {}
        return {source.key: source.give(self.actor, self.at) for source in registry.badges}

    @cached_property
    def notices_url(self) -> str:
        return next((entry.url for entry in self.entries if entry.key == "notices"), "")

    @cached_property
    def company(self) -> str:
        return words.text(words.company())

    @property
    def theme(self) -> str:
        chosen = self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def account(self) -> dict[str, str]:
        """Who is signed in, in the words of the organisation."""
        return words.account(self.actor) if self.is_signed_in else {}

    @cached_property
    def links(self) -> dict[str, str]:
        """Addresses that may be missing in a small installation."""
        names = {
            "absence": "organisation:absences", "guide": "policy:guide", "mfa": "mfa_index", "access": "organisation:access", "password": "account_change_password",
        }  # fmt: skip
        return {key: found for key, name in names.items() if (found := _address(name))}


def _address(name: str) -> str:
    try:
        return address(name)
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"shell": Shell(request)}
