"""Text made fit for print: what no font has becomes a numbered box with a note, never a silent gap."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from zhangfa.records import fonts

BOX = "□"
MARKS = "①②③④⑤⑥⑦⑧⑨⑩"
BREAK = "\u200b"
LONG_RUN = re.compile(r"[!-~]{19,}")
# Joiners, direction marks, variation selectors: they shape their neighbours and print nothing.
DROPPED = {"Cf", "Cc", "Cs"}
KEPT = {"\n", BREAK}


@dataclass
class Printer:
    """Cleans the texts of one form and remembers which characters it had to replace."""

    covered: Set[int] = field(default_factory=fonts.coverage)
    missing: list[str] = field(default_factory=list)

    def text(self, value: str) -> str:
        """The text as it can be printed; a character without a glyph becomes □ and its number."""
        plain = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\t", " "))
        out = "".join(self._char(char) for char in plain)
        return LONG_RUN.sub(_breakable, out)

    def _char(self, char: str) -> str:
        if char in KEPT:
            return char
        if unicodedata.category(char) in DROPPED or 0xFE00 <= ord(char) <= 0xFE0F:
            return ""
        if ord(char) in self.covered:
            return char
        # An emoji's skin colour is part of the character before it.
        if 0x1F3FB <= ord(char) <= 0x1F3FF:
            return ""
        if char not in self.missing:
            self.missing.append(char)
        return BOX + self._mark(char)

    def _mark(self, char: str) -> str:
        place = self.missing.index(char)
        return MARKS[place] if place < len(MARKS) else f"({place + 1})"

    def notes(self) -> list[str]:
        """`□① U+1F600 GRINNING FACE`, one line for each replaced character."""
        return [f"{BOX}{self._mark(char)} {fonts.describe(char)}" for char in self.missing]

    def walk(self, value: Any) -> Any:
        """Every text in a plain structure, cleaned."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.walk(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.walk(item) for item in value]
        return value


def _breakable(match: re.Match[str]) -> str:
    """A long run without spaces may break after every twelfth character, or it would leave its cell."""
    run = match.group()
    return BREAK.join(run[i : i + 12] for i in range(0, len(run), 12))
