"""The sentences behind notice codes, declared by the apps that send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Sentence = str | Callable[[Mapping[str, Any]], str]
_texts: dict[str, Sentence] = {}


def text(code: str, sentence: Sentence) -> None:
    """Declare a notice: a whole Chinese sentence with named placeholders, marked with `core.text._`.

    Where a placeholder needs more than its code (a name in the reader's language), a function makes the sentence.
    """
    _texts[code] = sentence


def sentence_for(code: str) -> Sentence | None:
    return _texts.get(code)


def codes() -> list[str]:
    return sorted(_texts)
