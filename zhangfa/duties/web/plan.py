"""The week and the month of one's post: what falls due when, what is done already, what the rhythms bring (X-4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.core.periods import month_after
from zhangfa.duties import compliance, queries, wording
from zhangfa.duties.models import Occurrence
from zhangfa.duties.permissions import read_duties
from zhangfa.duties.upcoming import ahead
from zhangfa.duties.web.occurrences import stands
from zhangfa.ui.pages import Page
from zhangfa.ui.registry import Status

DAY = dt.timedelta(days=1)
MOST = 300


@dataclass(frozen=True)
class Line:
    """One thing of the plan."""

    due_at: dt.datetime
    title: str
    about: str
    url: str
    status: Status


class Plan(Page):
    """This week or this month, a day after the other."""

    permission, nav, template_name = read_duties, "duties", "duties/plan.html"

    @property
    def is_month(self) -> bool:
        return self.request.GET.get("span") == "month"

    def page_title(self) -> Any:
        return _("本月计划") if self.is_month else _("本周计划")

    def span(self) -> tuple[dt.date, dt.date]:
        today = clock.local_date(self.at)
        if self.is_month:
            first = today.replace(day=1)
            return first, month_after(first) - DAY
        first = today - DAY * today.weekday()
        return first, first + 6 * DAY

    def lines(self, first: dt.date, last: dt.date) -> Iterator[Line]:
        rows = compliance.due_in(Occurrence.objects.owed_by(self.actor), first, last)
        rows = rows.select_related("duty", "record__parent").order_by("due_at", "pk")
        for row in rows[:MOST]:
            about = queries.number_on(row)
            yield Line(row.due_at, str(row.duty), about, row.get_absolute_url(), stands(row, self))
        days = (last - clock.local_date(self.at)).days + 1
        for turn in ahead(self.actor, self.at, days):
            if compliance.last_day(turn.period.due_at) <= last:
                status = Status(_("未开始"), "grey")
                yield Line(turn.period.due_at, wording.name_of(turn.duty.key), turn.period.name, "", status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first, last = self.span()
        days: dict[dt.date, list[Line]] = {}
        for line in sorted(self.lines(first, last), key=lambda line: (line.due_at, line.title)):
            days.setdefault(compliance.last_day(line.due_at), []).append(line)
        return super().get_context_data(
            days=sorted(days.items()),
            first=first,
            last=last,
            is_month=self.is_month,
            today=clock.local_date(self.at),
            **kwargs,
        )


def shortcuts(actor: Any, at: dt.datetime) -> list[tuple[Any, str, str]]:
    """The plan, one click from the workbench."""
    if not actor.seats:
        return []
    return [(_("本周计划"), "/duties/plan/", "calendar"), (_("本月计划"), "/duties/plan/?span=month", "calendar-month")]
