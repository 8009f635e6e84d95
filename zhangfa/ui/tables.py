"""Declarations of what a page shows: columns and facts, links, empty states."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from zhangfa.core.decisions import Refusal
from zhangfa.ui import display, words
from zhangfa.ui.access import Permission, everyone, is_open
from zhangfa.ui.addresses import address

SHORT = 18
TAGS = re.compile("<[^>]*>")


def follow(obj: Any, path: str) -> Any:
    """The value at a dotted path; None as soon as a step is missing."""
    for name in path.split("."):
        if obj is None:
            return None
        obj = getattr(obj, name, None)
        if callable(obj) and not isinstance(obj, type):
            obj = obj()
    return obj


@dataclass(frozen=True)
class Column:
    """One column of a list, or one fact of a record.

    kind: text, no (a paper's number, kept on one line), number, money, pct, when, date, due, status, bool. phone: title, badge, meta or hide on a card.
    `value(row, page)` replaces the path; `optional` columns are off until the reader chooses them.
    """

    key: str
    label: Any
    kind: str = "text"
    value: Callable[[Any, Any], Any] | None = None
    link: bool = False
    sort: str = ""
    phone: str = "meta"
    optional: bool = False
    export: bool = True
    wide: bool = False

    @property
    def name(self) -> str:
        return self.key.replace(".", "-")

    @property
    def is_figure(self) -> bool:
        return self.kind in {"number", "money", "pct"}

    def raw(self, row: Any, page: Any) -> Any:
        if self.value is not None:
            return self.value(row, page)
        if self.kind == "status":
            owner, _sep, field = self.key.rpartition(".")
            owner_obj = follow(row, owner) if owner else row
            return None if owner_obj is None else display.status_of(owner_obj, field)
        return follow(row, self.key)

    def cell(self, row: Any, page: Any) -> SafeString:
        """The value as HTML."""
        return self.drawn(self.raw(row, page), row, page)

    def drawn(self, value: Any, row: Any, page: Any) -> SafeString:
        """A value that `raw` has found, as HTML."""
        if value is None or value == "":
            return display.NONE
        if self.kind == "status":
            html = value if isinstance(value, SafeString) else display.badge(value.label, value.tone)
        else:
            html = conditional_escape(display.shown(value, self.kind, page.at))
        if self.kind == "no":
            html = mark_safe(f'<span class="no">{html}</span>')  # noqa: S308 escaped above
        if self.link and (url := page.row_url(row)):
            return mark_safe(f'<a href="{escape(url)}">{html}</a>')  # noqa: S308 escaped above
        return html

    def opening(self) -> tuple[SafeString, SafeString]:
        """The cell's start tag for long and for short text; on a phone its data-label becomes the line's name."""
        classes = f"p-{self.phone}" + (" n" if self.is_figure else "") + (" w" if self.wide else "")
        label = format_html(' data-label="{}"', words.text(self.label)) if self.phone == "meta" else ""
        return format_html('<td class="{}"{}>', classes, label), format_html('<td class="{} s"{}>', classes, label)

    def plain(self, row: Any, page: Any) -> Any:
        """The value for a spreadsheet: numbers stay numbers, the rest is text."""
        value = self.raw(row, page)
        if value is None or isinstance(value, bool | int | dt.date):
            return value
        if self.kind == "status":
            return words.text(getattr(value, "label", value))
        return value if self.is_figure else words.text(value) if not isinstance(value, str) else value


def body(columns: Sequence[Column], rows: Iterable[Any], page: Any) -> SafeString:
    """The rows of a table; written here and not in a template because it is most of a list's time."""
    openings: list[tuple[Any, ...]] = [(column, {}, *column.opening()) for column in columns]
    lines = []
    for row in rows:
        cells = []
        for column, known, long, short in openings:
            value = column.raw(row, page)
            # The same word, name or status stands in many rows: it is drawn for the first of them.
            key = value if type(value) is str else id(value) if column.kind == "status" else None
            if key is None or column.link:
                cells.append(_cell(column, column.drawn(value, row, page), long, short))
                continue
            if key not in known:
                known[key] = value, _cell(column, column.drawn(value, row, page), long, short)
            cells.append(known[key][1])
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return mark_safe("\n".join(lines))  # noqa: S308 every cell is escaped by Column.drawn


def _cell(column: Column, html: str, long: str, short: str) -> str:
    # A number or a name stays on one line; only sentences wrap.
    is_short = len(html if "<" not in html else TAGS.sub("", html)) <= SHORT
    inner = f'<div class="clamp">{html}</div>' if column.wide and not is_short else html
    return f"{short if is_short else long}{inner}</td>"


@dataclass(frozen=True)
class Link:
    """A button to another page, shown only to those who may open it."""

    url_name: str
    label: Any
    icon: str = ""
    permission: Permission = everyone
    is_primary: bool = True
    kwargs: tuple[tuple[str, Any], ...] = ()
    why_not: Permission | None = None  # what stands in the way just now, for somebody who may in general

    def reasons(self, actor: Any, at: dt.datetime) -> list[Refusal]:
        """Why the page would refuse just now: shown at the button instead of after the form."""
        return list(self.why_not(None, by=actor, at=at)) if self.why_not else []

    @property
    def url(self) -> str:
        return address(self.url_name, **dict(self.kwargs))

    def is_open(self, actor: Any, at: dt.datetime) -> bool:
        return is_open(self.permission, by=actor, at=at)


@dataclass(frozen=True)
class Empty:
    """What an empty list says: that there is nothing, and what to do; `others` is for those who may not do it."""

    title: Any
    text: Any = ""
    icon: str = "inbox"
    permission: Permission | None = None
    others: Any = ""

    def said_to(self, by: Any, at: dt.datetime) -> Any:
        may = self.permission is None or is_open(self.permission, by=by, at=at)
        return self.text if may else self.others


@dataclass(frozen=True)
class Explanation:
    """Who decides and why, shown beside a decision: the clause, the figures and the comparison in words."""

    authority: Any
    clause: str = ""
    why: tuple[Any, ...] = ()
    values: tuple[tuple[Any, Any, Any], ...] = ()  # name, value, since when (with version)
    route: tuple[Any, ...] = ()
