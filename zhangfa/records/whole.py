"""A list of any length as a file: written row by row, encrypted block by block, so that memory stays flat.

The file holds what the list shows to its maker: columns, filters, order, masks. Its watermark says who took it and when.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from zhangfa.core import clock, crypto
from zhangfa.records.exports import RISKY, _formats, clean_cell, put
from zhangfa.ui import words

# A sheet of Excel ends after 1,048,576 rows.
SHEET = 1_000_000
TELL = 2_000
BLOCK = 1 << 20


def folder() -> Path:
    found = Path(settings.ZHANGFA_HOME) / "exports"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def path_of(key: UUID) -> Path:
    return folder() / f"{key}.sealed"


def write(
    key: UUID, kind: str, title: str, columns: Sequence[Any], rows: Iterable[Sequence[Any]], *, stamp: str, about: Sequence[tuple[str, str]],
    at: dt.datetime, told: Callable[[int], None],
) -> tuple[int, int]:  # fmt: skip
    """Write the file under its key; returns rows and bytes. Broken off it leaves nothing that could be taken for whole."""
    with tempfile.TemporaryDirectory(dir=folder()) as place:
        plain = Path(place) / "list"
        writer = _csv if kind == "csv" else _xlsx
        count = writer(plain, title, columns, _counted(rows, told), stamp, about, at)
        return count, _seal(plain, path_of(key))


def _counted(rows: Iterable[Sequence[Any]], told: Callable[[int], None]) -> Iterator[Sequence[Any]]:
    for count, row in enumerate(rows, start=1):
        yield row
        if not count % TELL:
            told(count)


def _csv(
    path: Path, title: str, columns: Sequence[Any], rows: Iterable[Sequence[Any]], stamp: str, about: Sequence[tuple[str, str]], at: dt.datetime
) -> int:  # fmt: skip
    """Comma-separated text that Excel opens as UTF-8; what could be taken for a formula is text, the stamp stands last."""
    count = 0
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.writer(out)
        writer.writerow([words.text(column.label) for column in columns])
        for count, row in enumerate(rows, start=1):  # noqa: B007 the last number is the count
            writer.writerow([_cell(value) for value in row])
        writer.writerow([stamp])
    return count


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Decimal | int | float):
        return str(value)
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(clock.TZ):%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    text = clean_cell(str(value))
    return f"'{text}" if text.startswith(RISKY) else text


def _xlsx(
    path: Path, title: str, columns: Sequence[Any], rows: Iterable[Sequence[Any]], stamp: str, about: Sequence[tuple[str, str]], at: dt.datetime
) -> int:  # fmt: skip
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "tmpdir": str(path.parent),
    }  # fmt: skip
    import xlsxwriter

    from zhangfa.records import watermark

    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"comments": stamp, "created": at.astimezone(clock.TZ).replace(tzinfo=None)})
    formats, picture = _formats(book), watermark.picture(stamp)
    heads, kinds = [words.text(column.label) for column in columns], [column.kind for column in columns]
    sheet, count = None, 0
    for count, row in enumerate(rows, start=1):
        place = (count - 1) % SHEET
        if sheet is None or place == 0:
            sheet = _sheet(book, heads, stamp, formats, picture, (count - 1) // SHEET + 1)
        for index, value in enumerate(row):
            put(sheet, place + 2, index, value, kinds[index], formats)
    if sheet is None:
        _sheet(book, heads, stamp, formats, picture, 1)
    last = book.add_worksheet(_("说明"))
    last.set_column(0, 0, 16)
    last.set_column(1, 1, 90)
    for n, (label, text) in enumerate([(_("内容"), title), (_("导出"), stamp), (_("行数"), str(count)), *about]):
        put(last, n, 0, label, "text", formats)
        put(last, n, 1, text, "text", formats)
    book.close()
    return count


def _sheet(book: Any, heads: Sequence[str], stamp: str, formats: Any, picture: bytes, number: int) -> Any:
    page = book.add_worksheet(str(number))
    escaped = stamp.replace("&", "&&")
    page.set_landscape()
    page.set_paper(9)
    page.set_header(f"&L&8{escaped}&R&8&A")
    page.set_footer(f"&L&8{escaped}&R&8&P / &N")
    page.set_background(io.BytesIO(picture))
    page.freeze_panes(2, 0)
    page.write_string(0, 0, stamp, formats["stamp"])
    for index, head in enumerate(heads):
        page.write_string(1, index, head, formats["head"])
    return page


def _seal(plain: Path, place: Path) -> int:
    """Encrypt block by block, each with its length before it; moved to its place when whole."""
    draft = place.with_suffix(".part")
    with (
        plain.open("rb") as source,
        os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
    ):
        while block := source.read(BLOCK):
            sealed = crypto.encrypt_bytes(block)
            out.write(len(sealed).to_bytes(4, "big") + sealed)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(place)
    return plain.stat().st_size


def opened(key: UUID) -> Iterator[bytes]:
    """The file's bytes again, block by block."""
    with path_of(key).open("rb") as source:
        while head := source.read(4):
            yield crypto.decrypt_bytes(source.read(int.from_bytes(head, "big")))


def drop(key: UUID) -> None:
    for path in (path_of(key), path_of(key).with_suffix(".part")):
        path.unlink(missing_ok=True)
