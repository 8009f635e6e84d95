"""A list as a spreadsheet: exactly the rows and columns on the page, with who took it and when on every sheet."""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.ui import registry, words

ROW_LIMIT = 20_000  # above this a spreadsheet is made in a job
CHUNK = 1_000


def answer(page: Any) -> HttpResponse:
    """The list's spreadsheet, or a message when it would be too long to wait for."""
    rows = page.load(page.narrow(page.rows())).order_by(*page.sorts[page.sort][1:])
    columns = [column for column in page.shown_columns if column.export]
    count = page.narrow(page.rows()).order_by().values("pk")[: ROW_LIMIT + 1].count()
    if count > ROW_LIMIT:
        messages.error(page.request, _("结果超过 %(limit)s 行，请先用筛选缩小范围再导出。") % {"limit": f"{ROW_LIMIT:,}"})
        return HttpResponseRedirect(page.address())
    title = words.text(page.page_title()) or _("列表")
    stamp = _("%(who)s 于 %(when)s 导出，共 %(count)s 行。内部资料，请勿外传。") % {
        "who": page.actor.name, "when": f"{page.at.astimezone(clock.TZ):%Y-%m-%d %H:%M}", "count": count,
    }  # fmt: skip
    file = tempfile.TemporaryFile()
    _write(file, title, stamp, [words.text(c.label) for c in columns], [c.kind for c in columns], _lines(rows, columns, page))
    file.seek(0)
    registry.exported.tell(page, [column.name for column in columns], count, page.actor, page.at)
    name = f"{title}-{clock.local_date(page.at):%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name)


def _lines(rows: Any, columns: list[Any], page: Any) -> Any:
    for row in rows.iterator(chunk_size=CHUNK):
        yield [column.plain(row, page) for column in columns]


def _write(file: Any, title: str, stamp: str, heads: list[str], kinds: list[str], lines: Any) -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F0"}),
        "stamp": book.add_format({"font_color": "#777777"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "when": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    sheet = book.add_worksheet("".join(char for char in title if char not in r"[]:*?/\\")[:31] or "1")
    sheet.set_footer(f"&L{stamp}&R&P / &N".replace("&amp;", "&&"))
    sheet.repeat_rows(0, 1)
    sheet.freeze_panes(2, 0)
    sheet.write_string(0, 0, stamp, formats["stamp"])
    for index, head in enumerate(heads):
        sheet.set_column(index, index, 18)
        sheet.write_string(1, index, head, formats["head"])
    for number, line in enumerate(lines, start=2):
        for index, value in enumerate(line):
            _cell(sheet, number, index, value, formats, kinds[index])
    book.close()


def _cell(sheet: Any, row: int, column: int, value: Any, formats: dict[str, Any], kind: str) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, _("是") if value else _("否"))
    elif isinstance(value, Decimal | int):
        sheet.write_number(row, column, float(value), formats["money"] if kind == "money" else None)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, column, value.astimezone(clock.TZ).replace(tzinfo=None), formats["when"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), formats["date"])
    else:
        # Written as a string whatever it begins with: no cell of ours is ever a formula.
        sheet.write_string(row, column, str(value)[:32_000])
