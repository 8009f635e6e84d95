"""A list as a spreadsheet: exactly the rows and columns on the page; the writer, its watermark and its log are lent by records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.ui import filters, registry, words
from zhangfa.ui.tables import Column

CHUNK = 1_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(page: Any) -> HttpResponse:
    """The list's spreadsheet, or a message when the writer refuses (too long to wait for)."""
    title = words.text(page.page_title()) or _("列表")
    columns = [column for column in page.shown_columns if column.export]
    try:
        content = registry.spreadsheet(page, title, columns, _lines(page, columns), in_words(page))
    except Refused as refused:
        for refusal in refused.refusals:
            messages.error(page.request, words.say(refusal))
        return HttpResponseRedirect(page.request.path + page.address())
    name = f"{title}-{clock.local_date(page.at):%Y%m%d}.xlsx"
    return HttpResponse(content, XLSX, headers={"Content-Disposition": content_disposition_header(True, name)})


def in_words(page: Any) -> str:
    """The filters that are on, as the reader sees them: what the sheet says it holds."""
    on = [f"{name}={value}" for name, value, _without in filters.chips(page.filterset, page.request.GET)]
    return words.join([*on, *([page.query[0]] if page.query[0] else [])])


def _lines(page: Any, columns: list[Column]) -> Iterator[list[Any]]:
    rows = page.load(page.narrow(page.rows())).order_by(*page.sorts[page.sort][1:])
    for row in rows.iterator(chunk_size=CHUNK):
        yield [column.plain(row, page) for column in columns]
