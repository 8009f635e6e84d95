"""Clauses, titles and articles in the reader's language; the handbook carries both, the catalogue has no part in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.functional import lazystr
from django.utils.translation import get_language

from zhangfa.organisation.posts import name_of
from zhangfa.policy import queries
from zhangfa.policy.catalogue import PLACEHOLDER, Clause, Definition


def language() -> str:
    """`en` or `zh`: the language of the reader."""
    return "en" if (get_language() or "").startswith("en") else "zh"


class _Pair:
    """A text in both languages that becomes the reader's when it is shown."""

    def __init__(self, zh: str, en: str):
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        return self.en if language() == "en" else self.zh


def pair(zh: str, en: str) -> Any:
    """The text in the reader's language, chosen when it is shown."""
    return lazystr(_Pair(zh, en))


def law(definition: Definition) -> Any:
    return pair(definition.law_zh, definition.law_en)


def title(definition: Definition) -> str:
    return definition.en if language() == "en" else definition.zh


def post_name(code: str) -> str:
    """The post's name in the reader's language; codes that stand for nobody in particular have words too."""
    return name_of(code, is_english=language() == "en")


def clause_text(clause: Clause, lang: str, at: dt.datetime) -> str:
    """The clause with the figures of the day in it."""
    text = clause.en if lang == "en" else clause.zh
    return PLACEHOLDER.sub(lambda match: queries.in_words(queries.figure(match[1], at), lang), text)
