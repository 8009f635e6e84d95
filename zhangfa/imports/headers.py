"""Finding the heading of a sheet, reading what each column is, and telling data from totals; pure Python."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from zhangfa.imports.cells import looks_like, narrow
from zhangfa.imports.target import Field, Target

LOOKED_AT = 40
LONGEST_TOTAL = 16
SAMPLES = 30
SURE, LIKELY, SAMPLED = 95, 75, 55
LEAST = 40
TOTALS = ("合计", "总计", "小计", "共计", "累计", "合 计", "total", "grandtotal", "subtotal", "sum")
NOISE = re.compile(r"[\s*#:：/\\|_\-.()（）\[\]【】<>《》“”\"'、，,;；]+")
UNITS = re.compile(r"[(（\[【].*?[)）\]】]")
Row = Sequence[str]


@dataclass(frozen=True)
class Heading:
    """The rows that name the columns (one or two), counted from 0, and the names; data begins below."""

    first: int
    last: int
    names: tuple[str, ...]
    score: int

    @property
    def signature(self) -> str:
        """The same workbook next month has the same."""
        text = "|".join(bare(name) for name in self.names)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True)
class Guess:
    """What a column probably is, how sure that is in percent, and why."""

    field: str
    sure: int
    why: str  # header, part, sample, remembered


@lru_cache(maxsize=8_192)
def bare(name: str) -> str:
    """A heading without blanks, punctuation, units in brackets and width."""
    text = narrow(name).lower()
    return NOISE.sub("", UNITS.sub("", text)) or NOISE.sub("", text)


def is_blank(row: Row) -> bool:
    return not any(cell.strip() for cell in row)


def is_total(row: Row) -> bool:
    """A line that sums up, not one of the rows: its first word says so."""
    words = [cell for cell in row if cell.strip()][:2]
    return any(_sums_up(word) for word in words)


def _sums_up(word: str) -> bool:
    return len(word) <= LONGEST_TOTAL and ("计" in word or word.isascii()) and bare(word) in TOTALS


def fit(name: str, field: Field) -> tuple[int, str]:
    """How well a heading names a field."""
    text = bare(name)
    if not text:
        return 0, ""
    words = [bare(word) for word in (str(field.zh), *field.words)]
    if text in words:
        return SURE, "header"
    longest = max((len(word) for word in words if len(word) >= 2 and word in text), default=0)
    if longest:
        return min(LIKELY, 45 + 40 * longest // len(text)), "part"
    return 0, ""


def heading_of(rows: Sequence[Row], target: Target) -> Heading | None:
    """The row, or the two rows, that name most fields of the target; the first full row where nothing is known."""
    best: Heading | None = None
    for index in range(min(LOOKED_AT, len(rows))):
        for first in (index, index - 1):
            if first < 0 or is_blank(rows[index]) or is_blank(rows[first]):
                continue
            names = _names(rows, first, index)
            score = _score(names, target)
            # Two lines count only where they say more than one does.
            if score and (best is None or score > best.score):
                best = Heading(first, index, names, score)
    return best


def _score(names: Sequence[str], target: Target) -> int:
    """How much of the target these names say: each field once, by its best column; one field alone is chance."""
    fits = [max((fit(name, field)[0] for name in names if name), default=0) for field in target.fields]
    known = [sure for sure in fits if sure >= LEAST]
    columns = sum(1 for name in names if name and any(fit(name, field)[0] >= LEAST for field in target.fields))
    return sum(known) if min(len(known), columns) >= 2 else 0


def _names(rows: Sequence[Row], first: int, last: int) -> tuple[str, ...]:
    below = [cell.strip() for cell in rows[last]]
    if first == last:
        return tuple(below)
    # A merged cell has its words on the left and nothing behind them.
    above, current = [], ""
    for n in range(len(below)):
        word = rows[first][n].strip() if n < len(rows[first]) else ""
        current = word or current
        above.append(current)
    return tuple(
        f"{up} {low}".strip() if low and up != low else low or up for up, low in zip(above, below, strict=True)
    )


def guesses(
    heading: Heading | None, rows: Sequence[Row], target: Target, remembered: Mapping[str, str] | None = None
) -> dict[int, Guess]:
    """A field for every column that has one: what was said last time, then by heading, then by the look of the cells."""
    width = max((len(row) for row in rows), default=0)
    names = heading.names if heading else ("",) * width
    columns = {n: [row[n] for row in rows[:SAMPLES] if n < len(row) and row[n].strip()] for n in range(width)}
    if remembered:
        return {int(n): Guess(name, 100, "remembered") for n, name in remembered.items() if name in target.by_name}
    found: list[tuple[int, int, int, Guess]] = []
    for n in range(width):
        name = names[n] if n < len(names) else ""
        for order, field in enumerate(target.fields):
            sure, why = fit(name, field)
            sure, why = _with_samples(sure, why, field, columns[n])
            if sure >= LEAST:
                found.append((-sure, order, n, Guess(field.name, sure, why)))
    taken: dict[int, Guess] = {}
    used: set[str] = set()
    for _sure, _order, n, guess in sorted(found, key=lambda one: one[:3]):
        if n not in taken and guess.field not in used:
            taken[n] = guess
            used.add(guess.field)
    return dict(sorted(taken.items()))


def _with_samples(sure: int, why: str, field: Field, samples: Sequence[str]) -> tuple[int, str]:
    """What stands in the column speaks for the heading or against it."""
    if not samples or field.kind not in ("phone", "date", "money", "number", "flag", "time"):
        return sure, why
    share = sum(looks_like(field.kind, cell) for cell in samples) / len(samples)
    if sure:
        return (min(100, sure + 4), why) if share >= 0.8 else (sure if share >= 0.4 else sure - 40, why)
    if field.kind == "phone" and share >= 0.8 and all(len(narrow(cell)) >= 7 for cell in samples):
        return SAMPLED, "sample"
    if field.kind == "date" and share >= 0.8 and not all(cell.strip().isdigit() for cell in samples):
        return LEAST + 5, "sample"
    return 0, ""
