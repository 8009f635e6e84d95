"""Two versions of a text beside each other, line by line, with the pieces that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


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
    for tag, i, i_end, j, j_end in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", before[i:i_end]
            continue
        if i_end > i:
            yield "removed", before[i:i_end]
        if j_end > j:
            yield "added", after[j:j_end]
