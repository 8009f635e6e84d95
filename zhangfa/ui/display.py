"""Values as people in the trade write them: money, percentages, times, masked numbers, status badges."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.ui import registry, words

NONE = mark_safe('<span class="none">—</span>')
ICONS = Path(__file__).with_name("icons.zip")
# A point, drawn when an icon's file is not there, so that a page never fails for a picture.
FALLBACK = '<circle cx="12" cy="12" r="3"/>'


@lru_cache(maxsize=1)
def _archive(_process: int) -> zipfile.ZipFile:
    """All icons, their list read once: for each icon anew it takes longer than the page. Forks would share a file's place."""
    return zipfile.ZipFile(ICONS)


@lru_cache(maxsize=256)
def _icon_paths(name: str) -> str:
    try:
        text = _archive(os.getpid()).read(f"outline/{name}.svg").decode()
    except (OSError, KeyError):
        return FALLBACK
    body = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
    return "".join(line.strip().replace(" />", "/>") for line in body.splitlines() if 'stroke="none"' not in line)


@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """An icon drawn in the text's colour; without a label it is hidden from screen readers."""
    paths = mark_safe(_icon_paths(name))  # noqa: S308 our own file
    if label:
        return format_html('<svg class="i" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, paths)
    return format_html('<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', paths)


def sprite(names: Iterable[str]) -> str:
    """Many icons in one file, each to be drawn by its name."""
    drawn = (f'<symbol id="{name}" viewBox="0 0 24 24">{_icon_paths(name)}</symbol>' for name in sorted(set(names)))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(drawn)}</svg>'


def money(value: Any) -> str:
    """¥1,800.00"""
    if value is None or value == "":
        return ""
    amount = Decimal(value)
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,.2f}"


def pct(value: Any) -> str:
    """70% or 12.5%"""
    if value is None or value == "":
        return ""
    return f"{Decimal(value).normalize():f}%"


def when_text(value: dt.datetime | dt.date, now: dt.datetime) -> str:
    """今天 14:05, 昨天 09:10, 11月3日 08:00, 2025-11-03; the clock is left out for whole days."""
    return _when_text(value, clock.local_date(now))


def _when_text(value: dt.datetime | dt.date, today: dt.date) -> str:
    is_instant = isinstance(value, dt.datetime)
    day, hour = day_and_hour(value) if is_instant else (value, "")
    names = {0: _("今天"), -1: _("昨天"), 1: _("明天")}
    if (distance := (day - today).days) in names:
        head = names[distance]
    elif day.year == today.year:
        head = formats.date_format(day, _("n月j日"))
    else:
        return day.isoformat()
    return f"{head} {hour}" if is_instant else head


def day_and_hour(value: dt.datetime) -> tuple[dt.date, str]:
    """The Shanghai day and clock; midnight is 24:00 of the day that ends, as deadlines are spoken of."""
    local = value.astimezone(clock.TZ)
    if local.time() == dt.time():
        return local.date() - dt.timedelta(days=1), "24:00"
    return local.date(), f"{local:%H:%M}"


def since(value: dt.datetime | None) -> dt.datetime | dt.date | None:
    """What begins at midnight begins on that day: a beginning is never said as 24:00 of the day before."""
    local = value and value.astimezone(clock.TZ)
    return local.date() if local and local.time() == dt.time() else value


def when(value: dt.datetime | dt.date | None, now: dt.datetime | None = None) -> SafeString:
    """The instant in a reader's words, with the exact one in `datetime` and as a tooltip."""
    if not value:
        return NONE
    now = now or clock.now()
    return _when(value, isinstance(value, dt.datetime), clock.local_date(now), get_language() or "")


@lru_cache(maxsize=8192)
def _when(value: dt.datetime | dt.date, is_instant: bool, today: dt.date, _language: str) -> SafeString:
    # The same instants stand on page after page; what they read changes only with the day and the language.
    exact = " ".join(map(str, day_and_hour(value))) if isinstance(value, dt.datetime) else value.isoformat()
    machine = value.isoformat(timespec="seconds") if isinstance(value, dt.datetime) else exact
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, exact, _when_text(value, today))


def due(value: dt.datetime | None, now: dt.datetime | None = None) -> SafeString:
    """A deadline: red with the word 已超期 once it has passed, amber within a day."""
    if not value:
        return NONE
    now = now or clock.now()
    if value < now:
        return format_html('<span class="due is-late">{} <b>{}</b></span>', when(value, now), _("已超期"))
    return format_html(
        '<span class="due{}">{}</span>', " is-soon" if value - now < dt.timedelta(days=1) else "", when(value, now)
    )


def mask(value: Any) -> str:
    """138****5678: the first three and the last four of a long number, the last two of a short one."""
    text = str(value or "")
    if len(text) >= 9:
        return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"
    return "*" * max(len(text) - 2, 0) + text[-2:] if len(text) > 2 else "*" * len(text)


def badge(label: Any, tone: str = "grey") -> SafeString:
    return _badge(words.text(label), tone)


@lru_cache(maxsize=512)
def _badge(label: str, tone: str) -> SafeString:
    return format_html('<span class="zf-tag is-{}">{}</span>', tone, label)


def status_of(obj: Any, field: str = "status") -> registry.Status:
    """Label and tone of a status: as its app declared them or finds them for this row, else the choice's own label in grey."""
    value = getattr(obj, field)
    declared = registry.statuses.get(f"{obj._meta.label_lower}.{field}") or {}
    if known := declared.get(str(value)):
        return known(obj) if callable(known) else known
    display = getattr(obj, f"get_{field}_display", None)
    return registry.Status(display() if display else value)


def status(obj: Any, field: str = "status") -> SafeString:
    known = status_of(obj, field)
    return badge(known.label, known.tone)


def shown(value: Any, kind: str, now: dt.datetime) -> Any:
    """A value as its kind is shown on a page."""
    if value is None or value == "":
        return NONE
    if kind == "money":
        return money(value)
    if kind == "pct":
        return pct(value)
    if kind in {"when", "date"}:
        return when(value, now)
    if kind == "due":
        return due(value, now)
    if kind == "bool":
        return _("是") if value else _("否")
    if kind == "number":
        return f"{value:,}"
    return value if isinstance(value, SafeString) else words.text(value) if not isinstance(value, str) else value
