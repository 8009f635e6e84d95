"""The chart on a day of the past, and what changed between two days (AM-D1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.core import clock
from zhangfa.organisation import history
from zhangfa.organisation.chart import SHOWN_UNITS
from zhangfa.organisation.permissions import read_chart
from zhangfa.organisation.shell import post_names
from zhangfa.ui.forms import DateField, Form
from zhangfa.ui.pages import Page
from zhangfa.ui.words import text

SHOWN_CHANGES = 300
WORDS = {
    "unit_opened": lazy("新设单位"), "unit_closed": lazy("停用单位"), "unit_renamed": lazy("单位改名"), "unit_moved": lazy("调整上级单位"),
    "seat_added": lazy("新设席位"), "seat_closed": lazy("停用席位"), "seat_moved": lazy("席位换单位"), "seat_line": lazy("改变汇报关系"),
}  # fmt: skip
TONES = {"opened": "green", "added": "green", "closed": "red"}


class DayForm(Form):
    on = DateField(label=lazy("看哪一天"), required=False)


class SpanForm(Form):
    since = DateField(label=lazy("从哪天"), required=False)
    until = DateField(label=lazy("到哪天"), required=False)


class ChartOnDay(Page):
    """组织机构 as it stood on a day: units, seats, and who sat there then."""

    permission, nav, template_name = read_chart, "chart", "organisation/history.html"
    title = lazy("某一天的组织机构")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.local_date(self.at)
        form = DayForm({"on": self.request.GET.get("on") or today.isoformat()}, actor=self.actor, at=self.at)
        day = form.cleaned_data["on"] if form.is_valid() else today
        asked = self.request.GET.get("unit", "")
        root = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
        top = history.tree_on(day, root=root, limit=SHOWN_UNITS)
        return super().get_context_data(form=form, day=day, top=top, is_past=day < today, **kwargs)


class ChartChanges(Page):
    """What changed on the chart between two days, oldest ids first, in words."""

    permission, nav, template_name = read_chart, "chart", "organisation/changes.html"
    title = lazy("组织机构有什么变化")

    @cached_property
    def span(self) -> tuple[Any, dt.date, dt.date]:
        today = clock.local_date(self.at)
        usual = {"since": today - dt.timedelta(days=365), "until": today}
        given = {name: self.request.GET.get(name) or day.isoformat() for name, day in usual.items()}
        form = SpanForm(given, actor=self.actor, at=self.at)
        days = {**usual, **(form.cleaned_data if form.is_valid() else {})}
        return form, min(days.values()), max(days.values())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, since, until = self.span
        before, after = history.chart_on(since), history.chart_on(until)
        found = history.changes_between(before, after)
        lines = [line_of(change, before, after) for change in found[:SHOWN_CHANGES]]
        return super().get_context_data(
            form=form, since=since, until=until, lines=lines, more=max(0, len(found) - SHOWN_CHANGES), **kwargs
        )


def line_of(change: history.ChartChange, before: history.ChartThen, after: history.ChartThen) -> dict[str, Any]:
    """One change as a reader takes it: what, of whom, from what to what."""
    kind = change.kind
    tone = next((tone for part, tone in TONES.items() if kind.endswith(part)), "blue")
    line: dict[str, Any] = {
        "kind": kind,
        "label": text(WORDS[kind]),
        "tone": tone,
        "unit": change.unit,
        "seat": change.seat,
    }
    if kind.startswith("unit"):
        old: Any = change.before
        new: Any = change.after
        sides = {
            "unit_renamed": (old and old.shown_name, new and new.shown_name),
            "unit_moved": (_unit(before, old and old.parent), _unit(after, new and new.parent)),
            "unit_opened": ("", _unit(after, new and new.parent)),
            "unit_closed": (_unit(before, old and old.parent), ""),
        }[kind]
        return {**line, "name": (new or old).shown_name, "before": sides[0] or "", "after": sides[1] or ""}
    old, new = change.before, change.after
    sides = (
        (_seat(before, old.above), _seat(after, new.above)) if kind == "seat_line"
        else (_unit(before, old and old.unit), _unit(after, new and new.unit))
    )  # fmt: skip
    chart, seat = (after, new) if new is not None else (before, old)
    return {**line, "name": _seat(chart, seat.id), "before": sides[0], "after": sides[1]}


def _unit(chart: history.ChartThen, key: int | None) -> str:
    unit = chart.units.get(key) if key else None
    return unit.shown_name if unit else ""


def _seat(chart: history.ChartThen, key: int | None) -> str:
    seat = chart.seats.get(key) if key else None
    if seat is None:
        return ""
    post = next(iter(post_names([seat.post])))
    return _("%(unit)s · %(post)s") % {"unit": _unit(chart, seat.unit), "post": post}
