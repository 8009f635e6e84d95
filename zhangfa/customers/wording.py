"""Answers as people type and read them: the codes of the no-blank rule in words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import lazystr
from django.utils.translation import gettext

from zhangfa.core.text import _
from zhangfa.customers import queries
from zhangfa.customers.entry_rules import OBSERVATION
from zhangfa.customers.models import Customer, PersonalRequest, Profile
from zhangfa.customers.profile_rules import BY_NAME, CODES, SECRET

# Of an entry: what is masked on every page and paper.
HIDDEN = (*SECRET, "phone", "address")


def grounds_said(row: PersonalRequest) -> list[str]:
    """Why the law keeps the data, as it stood at the answer, in the reader's language."""
    said = ((text, {name: gettext(str(v)) for name, v in params.items()}) for _code, text, params in row.grounds)
    return [gettext(text) % params for text, params in said]


def grounds_words(row: PersonalRequest) -> str:
    return " ".join(grounds_said(row))


def word(value: str) -> str:
    """A stored answer in the reader's language."""
    return gettext(CODES[value]) if value in CODES else value


def shown(name: str, value: str) -> str:
    """An answer as a page shows it; a choice by its label."""
    choices = BY_NAME[name].choices
    return gettext(choices[value]) if value in choices else word(value)


def code(text: str) -> str:
    """What is stored for a typed text: 无, none or 不适用 become their codes, whatever the language of the page."""
    return _codes().get(text.strip().casefold(), text.strip())


def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {gettext(label).casefold(): stored for stored, label in CODES.items()}
    return found


def label_of(model: Any, name: str) -> Any:
    return lazystr(model._meta.get_field(name).verbose_name)


def masked(name: str, value: str) -> str:
    """An answer of the file as pages and papers show it."""
    return shown(name, queries.masked(name, value) if name in SECRET else value)


def learnt_label(name: str) -> Any:
    """How an answer of an entry is called."""
    return (
        lazystr(_("今天了解到的情况"))
        if name == OBSERVATION
        else label_of(Profile if name in BY_NAME else Customer, name)
    )


def learnt_value(name: str, value: str) -> str:
    """An answer of an entry as pages and papers show it: sensitive ones masked."""
    if name in HIDDEN:
        return queries.masked(name, value)
    return shown(name, value) if name in BY_NAME else value
