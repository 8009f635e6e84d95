"""The calendar, the year and the tables of the compliance pages in HTML: hundreds of cells that a template would look up one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from zhangfa.duties.web.standing import Square

DUE = '<td class="heat is-{}{}"><a href="{}"><b>{}</b> <span>{}/{}</span></a></td>'
QUIET, OUT = '<td class="heat is-{}{}"><b>{}</b></td>', '<td class="heat is-out"></td>'
RECT = '<rect class="is-{}" y="{}"><title>{}</title></rect>'
LINE = '<tr><td class="p-title">{}</td><td class="p-badge n"><span class="heat-chip is-{}">{}</span></td>%s</tr>'


def month(weeks: Iterable[Iterable[Square | None]]) -> SafeString:
    """A month as rows of a table: each day with how many were done of how many that fell due."""
    rows = ("".join(_day(square) for square in week) for week in weeks)
    return SafeString("".join(f"<tr>{row}</tr>" for row in rows))


def _day(square: Square | None) -> str:
    if square is None:
        return OUT
    tally, today = square.tally, " is-today" if square.is_today else ""
    if not tally.total:
        return QUIET.format(tally.level, today, square.day.day)
    return DUE.format(tally.level, today, escape(square.url), square.day.day, tally.done, tally.total)


def year(weeks: Iterable[tuple[int, Iterable[tuple[int, str, str]]]]) -> SafeString:
    """A year as squares, a column a week: where it stands, how the day was, what is told of it."""
    columns = ((x, _rows(RECT, ((level, y, told) for y, level, told in days))) for x, days in weeks)
    return _rows('<g transform="translate({})">{}</g>', columns)


def lines(found: Iterable[Sequence[Any]]) -> SafeString:
    """The lines of a table: name, address, level, share, then the numbers in the order of their headings."""
    names = (_("按时完成"), _("逾期完成"), _("逾期未完成"), _("已免责"), _("未到期"))
    cells = "".join(f'<td class="p-meta n" data-label="{_plain(name)}">{{}}</td>' for name in names)
    return _rows(LINE % cells, ((_name(name, url), *rest) for name, url, *rest in found))


def _name(name: str, url: str) -> SafeString | str:
    return SafeString(f'<a href="{escape(url)}">{escape(name)}</a>') if url else name


def _plain(words: str) -> str:
    return escape(words).replace("{", "{{").replace("}", "}}")


def _rows(shape: str, cells: Iterable[Sequence[Any]]) -> SafeString:
    return format_html_join("", shape, cells)
