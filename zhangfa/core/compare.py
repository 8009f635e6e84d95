"""Two versions of a text beside each other, line by line, with the pieces that differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,:%-]*|.", re.DOTALL)
# So many signs in common are worth being shown between two changes.
SHORTEST = 2


@dataclass(frozen=True)
class Change:
    """One line of the comparison of two versions: the clause before and after, with the pieces that differ."""

    kind: str  # same, changed, added, removed
    before: str = ""
    after: str = ""
    seq: int = 0
    pieces: tuple[tuple[str, str], ...] = ()


def compare(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """The clauses of two versions beside each other; a clause that was only reworded stands as one line."""
    found: list[Change] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(a=list(before), b=list(after), autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Change("same", text, text, j + n + 1) for n, text in enumerate(before[i:i_end])]
            continue
        old, new = list(before[i:i_end]), list(after[j:j_end])
        for n in range(max(len(old), len(new))):
            one, other = old[n] if n < len(old) else "", new[n] if n < len(new) else ""
            kind = "changed" if one and other else "added" if other else "removed"
            pieces = tuple(_pieces(one, other)) if kind == "changed" else ()
            found.append(Change(kind, one, other, j + n + 1 if other else 0, pieces))
    return found


def _pieces(before: str, after: str) -> Iterator[tuple[str, str]]:
    """What a reader can follow: a number or a Latin word is one piece, and a single sign between two changes goes with them."""
    one, other = WORD.findall(before), WORD.findall(after)
    found: list[list[str]] = []
    codes = SequenceMatcher(a=one, b=other, autojunk=False).get_opcodes()
    for n, (tag, i, i_end, j, j_end) in enumerate(codes):
        old, new = "".join(one[i:i_end]), "".join(other[j:j_end])
        is_kept = tag == "equal" and (i_end - i >= SHORTEST or n in (0, len(codes) - 1))
        if is_kept:
            found.append(["same", old, old])
        elif found and found[-1][0] == "changed":
            found[-1][1] += old
            found[-1][2] += new
        else:
            found.append(["changed", old, new])
    for kind, old, new in found:
        if kind == "same":
            yield "same", old
            continue
        if old:
            yield "removed", old
        if new:
            yield "added", new
