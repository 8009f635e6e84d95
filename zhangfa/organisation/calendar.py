"""The company's calendar: statutory holidays and make-up working days, extendable year by year."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from zhangfa.core.text import _ as mark
from zhangfa.ui.registry import Slot

# The published calendar's English names by the Chinese that is kept; the catalogue gives the reader's.
HOLIDAYS = {
    "New Year's Day": mark("元旦"), "Spring Festival": mark("春节"), "Tomb-sweeping Day": mark("清明节"), "Labour Day": mark("劳动节"),
    "Dragon Boat Festival": mark("端午节"), "National Day": mark("国庆节"), "Mid-autumn Festival": mark("中秋节"),
}  # fmt: skip


class DayOff(models.Model):
    """A day that differs from the weekday rule: a holiday, or a weekend day that is worked."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("节假日")
        WORKDAY = "workday", _("调休上班")

    day = models.DateField(unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=40, default="", blank=True)


# Lent by policy: the stamp under which every process keeps its copies ("" while there is none), and how a change renews it.
stamp, renew = Slot(lambda: ""), Slot(lambda at: None)
_kept: dict[int, tuple[str, dict[dt.date, str]]] = {}


def _year(year: int) -> dict[dt.date, str]:
    """The year's days as read under the stamp that stands now."""
    now = stamp()
    held, days = _kept.get(year, ("", {}))
    if not now or held != now:
        days = dict(DayOff.objects.filter(day__year=year).values_list("day", "kind"))
        _kept[year] = (now, days)
    return days


def is_working(day: dt.date) -> bool:
    """Whether the company works on the day; the weekday rule where the table says nothing."""
    kind = _year(day.year).get(day)
    return kind == DayOff.Kind.WORKDAY or (kind is None and day.weekday() < 5)


def known_years() -> set[int]:
    return {day.year for day in DayOff.objects.dates("day", "year")}


def seed(years: range, *, at: dt.datetime) -> int:
    """Fill the table from the published calendar for the years it knows and the table lacks. Returns the rows added."""
    import chinese_calendar

    missing = [year for year in years if year not in known_years()]
    rows = []
    for year in missing:
        day = dt.date(year, 1, 1)
        while day.year == year:
            try:
                is_holiday, name = chinese_calendar.get_holiday_detail(day)
            except NotImplementedError:
                break
            name = HOLIDAYS.get(name or "", name)
            if is_holiday and name:
                rows.append(DayOff(day=day, kind=DayOff.Kind.HOLIDAY, name=name))
            elif not is_holiday and day.weekday() >= 5:
                rows.append(DayOff(day=day, kind=DayOff.Kind.WORKDAY, name=name or ""))
            day += dt.timedelta(days=1)
    with transaction.atomic():
        DayOff.objects.bulk_create(rows, ignore_conflicts=True)
        renew(at)
    return len(rows)
