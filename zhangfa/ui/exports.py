"""A list as a spreadsheet: exactly the rows and columns on the page; the writer, its watermark and its log are lent by records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, resolve
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.core.text import mask_phones
from zhangfa.ui import filters, registry, words
from zhangfa.ui.access import NotPermitted
from zhangfa.ui.page import Page
from zhangfa.ui.tables import Column

CHUNK = 1_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(page: Any) -> HttpResponse:
    """The list's spreadsheet; one too long to wait for is offered as a file that the worker writes."""
    limit, url = registry.whole()
    if limit and page.narrow(page.rows()).order_by()[: limit + 1].count() > limit:
        address = f"{page.request.path}{page.address()}"
        return HttpResponseRedirect(f"{url}?{urlencode({'from': address})}")
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
    """The filters that are on, as the reader sees them: what the sheet and the log say it holds, no telephone number in clear (HS-D10)."""
    on = [f"{name}={value}" for name, value, _without in filters.chips(page.filterset, page.request.GET)]
    return mask_phones(words.join([*on, *([page.query[0]] if page.query[0] else [])]))


def _lines(page: Any, columns: list[Column]) -> Iterator[list[Any]]:
    rows = page.load(page.narrow(page.rows())).order_by(*page.sorts[page.sort][1:])
    found = rows.iterator(chunk_size=CHUNK)
    while some := list(islice(found, CHUNK)):
        page.complete(some)
        yield from ([column.plain(row, page) for column in columns] for row in some)


def lines(page: Any) -> tuple[list[Column], Iterator[list[Any]]]:
    """The columns shown and the rows, one chunk of them in memory at a time."""
    columns = [column for column in page.shown_columns if column.export]
    return columns, _lines(page, columns)


def reopened(address: str, user: Any, actor: Any, at: dt.datetime) -> Any:
    """The list page of an address as this person would see it at this instant; None where it is no list they may open."""
    path, _mark, query = address.partition("?")
    try:
        found = resolve(path)
    except Resolver404:
        return None
    view = getattr(found.func, "view_class", None)
    if not (isinstance(view, type) and issubclass(view, Page) and getattr(view, "is_exportable", False)):
        return None
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.META |= {"QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    request.GET = QueryDict(query)
    request.user, request.actor = user, actor  # type: ignore[attr-defined]
    page = view()
    page.setup(request, *found.args, **found.kwargs)
    page.at = at
    try:
        page.check(page.subject())
    except (NotPermitted, Http404):
        return None
    return page
