"""The calendar: holidays and worked weekends, entered once they are announced."""

from __future__ import annotations

import datetime as dt

from zhangfa.core.text import _
from zhangfa.organisation import calendar
from zhangfa.organisation.actions.chart import change, tell
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.calendar import DayOff
from zhangfa.organisation.permissions import edit_chart


def mark(*, day: dt.date, kind: str, name: str = "", by: Actor, at: dt.datetime) -> DayOff:
    """Make the day a holiday or a worked day; due dates that are already stored stay."""
    with change(edit_chart, by=by, at=at):
        made, _is_new = DayOff.objects.update_or_create(day=day, defaults={"kind": kind, "name": name})
        tell("day.marked", made, _("设定日历"), by=by, at=at, codes={"day": day, "kind": kind})
        calendar.renew(at)
    return made


def unmark(day_off: DayOff, *, by: Actor, at: dt.datetime) -> None:
    """Let the weekday rule decide the day again."""
    with change(edit_chart, by=by, at=at):
        tell("day.unmarked", day_off, _("取消日历设定"), by=by, at=at, codes={"day": day_off.day})
        day_off.delete()
        calendar.renew(at)
