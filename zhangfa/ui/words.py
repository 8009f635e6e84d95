"""Saying refusals in the reader's language, with the names of posts and the addresses of clauses lent by other apps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from zhangfa.core.decisions import Refusal
from zhangfa.ui.registry import Slot

post_names = Slot(lambda codes: list(codes))
clause_url = Slot(lambda clause: "")
company = Slot(lambda: gettext("章法"))
account = Slot(lambda actor: {"name": actor.name, "post": join(post_names(tuple(sorted(actor.posts)))), "absence": ""})


# Papers and notices keep an amount as text with its cents.
AMOUNT = re.compile(r"-?[0-9]{1,10}\.[0-9]{2}")


def amount(value: Decimal) -> str:
    """1,500 or 1,499.99: as people in the trade write a sum before 元."""
    return f"{value:,}".removesuffix(".00")


def _shown(value: Any) -> Any:
    if isinstance(value, Decimal):
        return amount(value)
    if isinstance(value, str) and AMOUNT.fullmatch(value):
        return amount(Decimal(value))
    # Labels of statuses and actions travel as marked Chinese words; the catalogue knows them.
    return gettext(value) if isinstance(value, str) and value else value


def fill(text: str, params: Any) -> str:
    """A marked sentence in the reader's language with its placeholders filled."""
    return (
        gettext(text) % {key: _shown(value) for key, value in params.items()}
        if params
        else gettext(text).replace("%%", "%")
    )


def say(refusal: Refusal) -> str:
    return fill(refusal.text, refusal.params)


def separator() -> str:
    return "、" if (get_language() or "zh").startswith("zh") else ", "


def join(names: Iterable[str]) -> str:
    return separator().join(names)


def who_could(refusal: Refusal) -> str:
    """The names of the posts that could do what was refused, or nothing."""
    return join(post_names(refusal.who)) if refusal.who else ""


def text(value: Any) -> str:
    """Any label as a string in the reader's language, whether marked lazily or with `core.text._`."""
    if value is None:
        return ""
    return str(value) if isinstance(value, Promise) else gettext(str(value)) if value else ""
