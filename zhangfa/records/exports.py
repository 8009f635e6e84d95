"""Lists that leave the house as xlsx: as shown, watermarked, never a formula, each with a log entry."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused
from zhangfa.core.text import _ as mark
from zhangfa.records import sensitive
from zhangfa.records.models import Export
from zhangfa.ui import words

if TYPE_CHECKING:
    from zhangfa.organisation.actor import Actor

ROW_LIMIT = 20_000
CELL_LIMIT = 32_000
RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """One column: heading, kind (text, number, money, date, when) and width in characters."""

    label: Any
    kind: str = "text"
    width: int = 16


@dataclass(frozen=True)
class Sheet:
    """A list to write: its title, columns and rows as shown to the person who takes it."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    total: Sequence[Any] = ()
    notes: Sequence[tuple[str, str]] = ()


def write(
    sheets: Sequence[Sheet], *, subject: str, by: Actor, at: dt.datetime, filters: str = "",
    is_masked: bool = True, limit: int = ROW_LIMIT,
) -> bytes:  # fmt: skip
    """An xlsx of one or more lists and the log entry for it; rows beyond the limit are refused."""
    # Ten megabytes that a process carries only once it has written a workbook.
    import xlsxwriter

    from zhangfa.records import watermark

    stamp = stamp_for(by, at)
    out = io.BytesIO()
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "in_memory": False,
    }  # fmt: skip
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"author": by.name, "comments": stamp, "created": _naive(at)})
    formats = _formats(book)
    picture = watermark.picture(stamp)
    count = sum(_write_sheet(book, sheet, stamp, formats, picture, limit) for sheet in sheets)
    _write_about(book, sheets, stamp, filters, count, is_masked, formats)
    book.close()
    log(
        subject=subject, filters=filters, rows=count, is_masked=is_masked, watermark_text=stamp,
        by=by, at=at,
    )  # fmt: skip
    return out.getvalue()


def log(
    *, subject: str, filters: str, rows: int, is_masked: bool, watermark_text: str, by: Actor,
    at: dt.datetime,
) -> Export:  # fmt: skip
    """Note who took which list, with how many rows, and whether personal data stood in clear (P20)."""
    return Export.objects.create(
        person_id=by.person_id, subject=subject[:60], filters=filters[:500], rows=rows,
        is_masked=is_masked, watermark=watermark_text[:120], at=at,
    )  # fmt: skip


def write_list(page: Any, title: str, columns: Sequence[Any], rows: Iterable[Sequence[Any]], filters: str) -> bytes:
    """A list page as xlsx: its columns as shown, its rows as filtered."""
    label = page.model._meta.label_lower
    secret = {entry.field for entry in sensitive.declared(label)}
    shown = {column.key.rpartition(".")[2] for column in columns}
    sheet = Sheet(title, [Column(words.text(column.label), column.kind) for column in columns], rows)
    return write([sheet], subject=label, by=page.actor, at=page.at, filters=filters, is_masked=not (secret & shown))


def stamp_for(by: Actor, at: dt.datetime) -> str:
    """The words on every sheet: who took it, and when."""
    local = at.astimezone(clock.TZ)
    return _("%(who)s 于 %(when)s 导出，内部资料") % {
        "who": by.name or by.system, "when": f"{local:%Y-%m-%d %H:%M}",
    }  # fmt: skip


def _formats(book: Any) -> dict[str, Any]:
    border = {"border": 1, "border_color": "#C8CDD2", "valign": "top"}
    return {
        "head": book.add_format({**border, "bold": True, "bg_color": "#E9EEF2", "text_wrap": True}),
        "text": book.add_format({**border, "text_wrap": True}),
        # Marked as text, so that it stays text when somebody edits or re-saves the cell.
        "risky": book.add_format({**border, "text_wrap": True, "quote_prefix": True}),
        "number": book.add_format({**border, "num_format": "#,##0.##"}),
        "money": book.add_format({**border, "num_format": "#,##0.00"}),
        "date": book.add_format({**border, "num_format": "yyyy-mm-dd", "align": "left"}),
        "when": book.add_format({**border, "num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "stamp": book.add_format({"font_color": "#7A828A", "font_size": 9}),
    }


def _write_sheet(book: Any, sheet: Sheet, stamp: str, formats: dict[str, Any], picture: bytes, limit: int) -> int:
    page = book.add_worksheet(_sheet_name(book, sheet.title))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    escaped = stamp.replace("&", "&&")
    page.set_header(f"&L&8{escaped}&R&8&A")
    page.set_footer(f"&L&8{escaped}&R&8&P / &N")
    page.set_background(io.BytesIO(picture))
    page.repeat_rows(2)
    page.freeze_panes(3, 0)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
    page.write_string(0, 0, sheet.title, formats["title"])
    page.write_string(1, 0, stamp, formats["stamp"])
    for index, column in enumerate(sheet.columns):
        page.write_string(2, index, str(column.label), formats["head"])
    count = 0
    for count, row in enumerate(sheet.rows, start=1):
        if count > limit:
            book.close()
            raise Refused([_too_long(limit)])
        for index, column in enumerate(sheet.columns):
            put(page, count + 2, index, row[index], column.kind, formats)
    for index, value in enumerate(sheet.total):
        put(page, count + 3, index, value, sheet.columns[index].kind, formats)
    return count


def _too_long(limit: int) -> Refusal:
    text = mark("结果超过 %(limit)s 行，请先用筛选条件缩小范围再导出。")
    return Refusal("too_many_rows", text, {"limit": limit})


def put(page: Any, row: int, column: int, value: Any, kind: str, formats: dict[str, Any]) -> None:
    """One cell: numbers and dates as such, everything else as text, whatever it begins with."""
    if value is None or value == "":
        page.write_blank(row, column, None, formats["text"])
    elif isinstance(value, bool):
        page.write_string(row, column, _("是") if value else _("否"), formats["text"])
    elif isinstance(value, Decimal | int | float):
        page.write_number(row, column, value, formats["money" if kind == "money" else "number"])
    elif isinstance(value, dt.datetime):
        page.write_datetime(row, column, _naive(value), formats["when"])
    elif isinstance(value, dt.date):
        page.write_datetime(row, column, value, formats["date"])
    else:
        text = clean_cell(str(value))
        page.write_string(row, column, text, formats["risky" if text.startswith(RISKY) else "text"])


def clean_cell(text: str) -> str:
    """Text as XML can hold it, cut to what a cell holds."""
    kept = "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and not 0xD800 <= ord(c) < 0xE000))
    return kept[:CELL_LIMIT]


def _write_about(
    book: Any, sheets: Sequence[Sheet], stamp: str, filters: str, count: int, is_masked: bool,
    formats: dict[str, Any],
) -> None:  # fmt: skip
    about = book.add_worksheet(_sheet_name(book, _("说明")))
    about.set_column(0, 0, 16)
    about.set_column(1, 1, 90)
    lines = [
        (_("内容"), words.join(sheet.title for sheet in sheets)),
        (_("导出"), stamp),
        (_("行数"), str(count)),
        (_("筛选"), filters or _("无")),
        (_("个人信息"), _("已遮盖") if is_masked else _("含明文，请妥善保管，用后删除")),
        *(note for sheet in sheets for note in sheet.notes),
    ]
    for row, (label, text) in enumerate(lines):
        put(about, row, 0, label, "text", formats)
        put(about, row, 1, text, "text", formats)


def _sheet_name(book: Any, title: str) -> str:
    """A name that Excel takes: 31 characters, none of []:*?/\\, each once."""
    base = "".join(c for c in clean_cell(title) if c not in "[]:*?/\\'\n\t").strip()[:28] or "1"
    taken = {sheet.name.lower() for sheet in book.worksheets()}
    name, n = base, 2
    while name.lower() in taken:
        name, n = f"{base} {n}", n + 1
    return name


def _naive(at: dt.datetime) -> dt.datetime:
    return at.astimezone(clock.TZ).replace(tzinfo=None)
