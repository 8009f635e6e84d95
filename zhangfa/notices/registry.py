"""The sentences behind notice codes, declared by the apps that send them."""

from __future__ import annotations

_texts: dict[str, str] = {}


def text(code: str, sentence: str) -> None:
    """Declare a notice: a whole Chinese sentence with named placeholders, marked with `core.text._`."""
    _texts[code] = sentence


def sentence_for(code: str) -> str | None:
    return _texts.get(code)


def codes() -> list[str]:
    return sorted(_texts)
