"""The lines of a kept file as cells by field, one after the other: however long it is, little of it is held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhangfa.core.text import TextError, clean
from zhangfa.imports import books, headers
from zhangfa.imports.models import Import

LONGEST_CELL = 2_000


def lines_of(batch: Import) -> Iterator[tuple[str, int, dict[str, str] | None]]:
    """Every line below the headings of the chosen sheets as cells by field; None for what is no row (blank, total, heading again)."""
    wanted = {int(n): name for n, name in batch.mapping["columns"].items()}
    constants = {name: value for name, value in batch.mapping.get("constants", {}).items() if value}
    shapes = {sheet["name"]: sheet for sheet in batch.shape["sheets"]}
    with books.opened(batch.pieces) as handle:
        book = books.read(handle, batch.kind)
        for name in batch.mapping["sheets"]:
            last, names = shapes[name]["last"], shapes[name]["names"]
            for index, (number, row) in enumerate(book.rows(name)):
                if index <= last:
                    continue
                if headers.is_blank(row) or headers.is_total(row) or _is_heading(row, names):
                    yield name, number, None
                    continue
                cells = {field: _kept(row[n]) for n, field in wanted.items() if n < len(row) and row[n].strip()}
                yield name, number, {**constants, **cells} if cells else None


def _is_heading(row: Sequence[str], names: Sequence[str]) -> bool:
    """The heading again, as long lists have it on every page."""
    return bool(names) and row[0].strip() == names[0] and [cell.strip() for cell in row[: len(names)]] == list(names)


def _kept(cell: str) -> str:
    """A cell as it can be kept: what no database holds is left out, so that somebody can mend the rest."""
    text = cell.strip()[:LONGEST_CELL]
    try:
        return clean(text, multiline=True)
    except TextError:
        return "".join(char for char in text if char.isprintable())
