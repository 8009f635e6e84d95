"""How duties are kept: by company, department, post and person; a month as a calendar, a year as a heat map, lists behind (RPT-03)."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.core import clock
from zhangfa.duties import compliance, rules, wording
from zhangfa.duties.compliance import DAY, Tally
from zhangfa.duties.kept import Kept, Live
from zhangfa.duties.models import Occurrence, scope_of
from zhangfa.duties.permissions import read_duties, read_reports
from zhangfa.duties.web.occurrences import STANDS
from zhangfa.organisation.models import Person, Post, Unit
from zhangfa.policy import queries as policy
from zhangfa.ui.access import is_open
from zhangfa.ui.pages import Page
from zhangfa.ui.registry import Figure

TONES = {rules.ON_TIME: "green", rules.LATE: "amber", rules.MISSED: "red"}
EARLIEST, LATEST = 2000, 2100
WEEKS = 53


@dataclass(frozen=True)
class Square:
    """One day of a calendar or heat map."""

    day: dt.date
    tally: Tally
    url: str
    is_today: bool = False
    x: int = 0
    y: int = 0


class Standing(Page):
    """The reader's own part of the company; `kind` and `key` narrow it."""

    permission, nav, template_name = read_duties, "standing", "duties/standing.html"
    splits: tuple[str, ...] = ("department", "post", "duty", "clause")
    has_year = False

    def narrowed(self, rows: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
        return rows

    def filters(self) -> dict[str, Any]:
        """What of the list's filters leads to the same rows."""
        return {}

    def page_title(self) -> Any:
        return lazy("全公司职责办理情况") if scope_of(self.actor).is_all else lazy("我的范围内职责办理情况")

    @cached_property
    def month(self) -> dt.date:
        asked = self.request.GET.get("month", "")
        if not asked:
            return compliance.month_of(clock.local_date(self.at))
        try:
            found = dt.date.fromisoformat(f"{asked}-01")
        except ValueError:
            raise Http404 from None
        if not EARLIEST <= found.year <= LATEST:
            raise Http404
        return found

    @cached_property
    def last(self) -> dt.date:
        return compliance.month_after(self.month) - DAY

    def rows(self) -> QuerySet[Occurrence]:
        return self.narrowed(Occurrence.objects.visible_to(self.actor))

    def list_url(self, first: dt.date, last: dt.date, stands: str = "", **more: Any) -> str:
        facts = {"from_on": first.isoformat(), "to_on": last.isoformat(), "stands": stands, **self.filters(), **more}
        return f"{reverse('duties:occurrences')}?{urlencode({name: value for name, value in facts.items() if value})}"

    @cached_property
    def counts(self) -> Live | Kept:
        """What is counted here: from the roll-up."""
        return Kept(scope_of(self.actor), self.at, self.counted_by(), **self.filters())

    def counted_by(self) -> list[str]:
        """A clause is counted from its duties."""
        return [by for by in self.splits if by != "clause"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        days = self.counts.days(self.month, self.last)
        total = compliance.sum_of(days.values())
        return super().get_context_data(
            figures=self.figures(total), total=total, weeks=self.calendar(days), weekdays=weekday_names(),
            tables=self.tables(), quotas=self.quotas(), month=self.month, previous=compliance.month_after(self.month, -1),
            following=compliance.month_after(self.month) if self.last < clock.local_date(self.at) else None,
            year=self.year() if self.has_year or "year" in self.request.GET else None, may_read_reports=is_open(read_reports, by=self.actor, at=self.at),
            whole_list=self.list_url(self.month, self.last), **kwargs,
        )  # fmt: skip

    def figures(self, total: Tally) -> list[Figure]:
        share = "—" if total.share is None else f"{total.share}%"
        found = [Figure(lazy("按时率"), share, kind="text", tone=share_tone(total))]
        for state, label in STANDS.items():
            value = getattr(total, state)
            found.append(
                Figure(
                    label,
                    value,
                    url=self.list_url(self.month, self.last, state),
                    tone=TONES.get(state, "") if value else "",
                )
            )
        return found

    def calendar(self, days: dict[dt.date, Tally]) -> list[list[Square | None]]:
        today = clock.local_date(self.at)
        return [
            [
                Square(day, days.get(day, Tally()), self.list_url(day, day), day == today)
                if day.month == self.month.month
                else None
                for day in week
            ]
            for week in calendar.Calendar().monthdatescalendar(self.month.year, self.month.month)
        ]

    def tables(self) -> list[dict[str, Any]]:
        found = self.counts.split(self.month, self.last)
        named = {by: compliance.lines(tallies, by, None if by == "duty" else MOST) for by, tallies in found.items()}
        more = {by: len(tallies) - MOST for by, tallies in found.items()}
        if "clause" in self.splits:
            named["clause"] = compliance.by_clause(named["duty"])
            more["clause"] = len(named["clause"]) - MOST
        return [self.table(by, lines, more[by]) for by, lines in named.items()]

    def quotas(self) -> list[tuple[str, compliance.Quota]]:
        """What takes a number and runs now: what there is, should be by now, and will be."""
        return [(wording.name_of(row.key), row) for row in compliance.quotas(self.rows(), self.at)]

    def table(self, by: str, found: list[tuple[Any, Any, Tally]], more: int) -> dict[str, Any]:
        lines = [(str(shown or "—"), self.line_url(by, key, shown), tally) for key, shown, tally in found[:MOST]]
        return {"by": by, "title": SPLIT_TITLES[by], "lines": lines, "more": max(0, more)}

    def line_url(self, by: str, key: Any, shown: Any) -> str:
        if key is None:
            return ""
        if by == "clause":
            return reverse("policy:clause", args=[key]) if key in policy.handbook().clauses else ""
        if by == "duty":
            return self.list_url(self.month, self.last, duty=key)
        return f"{reverse(f'duties:standing-{by}', args=[key])}?month={self.month:%Y-%m}"

    def year(self) -> dict[str, Any]:
        """The year up to the end of the month, a square a day; the table behind has it by month."""
        first = self.last - DAY * (WEEKS * 7 - 1)
        first -= DAY * first.weekday()
        days = self.counts.days(first, self.last)
        squares = [
            Square(day, days[day], "", x=(day - first).days // 7 * 14, y=day.weekday() * 14) for day in sorted(days)
        ]
        months: dict[dt.date, list[Tally]] = {}
        for day in sorted(days):
            months.setdefault(day.replace(day=1), []).append(days[day])
        return {
            "squares": squares, "width": ((self.last - first).days // 7 + 1) * 14,
            "months": [(month, compliance.sum_of(found)) for month, found in months.items()],
        }  # fmt: skip


SPLIT_TITLES = {
    "department": lazy("按部门"), "post": lazy("按岗位"), "person": lazy("按责任人"), "duty": lazy("按职责"),
    "clause": lazy("按条款"),
}  # fmt: skip
MOST = 60


class DepartmentStanding(Standing):
    splits = ("person", "post", "duty", "clause")

    def subject(self) -> Any:
        scope = scope_of(self.actor)
        if not scope.is_all and self.kwargs["pk"] not in scope.departments:
            raise Http404
        self.unit = get_object_or_404(Unit, pk=self.kwargs["pk"], kind=Unit.Kind.DEPARTMENT)
        return self.unit

    def narrowed(self, rows: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
        return rows.filter(department_id=self.unit.pk)

    def filters(self) -> dict[str, Any]:
        return {"department": self.unit.pk}

    def page_title(self) -> Any:
        return _("%(name)s的职责办理情况") % {"name": self.unit.shown_name}


class PostStanding(Standing):
    splits = ("person", "duty", "clause")

    def subject(self) -> Any:
        self.post_kind = get_object_or_404(Post, pk=self.kwargs["post"])
        return self.post_kind

    def narrowed(self, rows: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
        return rows.filter(seat__post_id=self.post_kind.pk)

    def filters(self) -> dict[str, Any]:
        return {"post": self.post_kind.pk}

    def page_title(self) -> Any:
        return _("%(name)s的职责办理情况") % {"name": self.post_kind.shown_name}


class PersonStanding(Standing):
    splits = ("duty", "clause")
    has_year = True

    def subject(self) -> Any:
        self.person = get_object_or_404(Person, pk=self.kwargs["pk"])
        if self.person.pk != self.actor.person_id and not self.rows().exists():
            raise Http404
        return self.person

    def narrowed(self, rows: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
        return rows.filter(person_id=self.person.pk)

    def rows(self) -> QuerySet[Occurrence]:
        if self.person.pk == self.actor.person_id:
            # One's own, also of a seat that one has left.
            return Occurrence.objects.filter(person_id=self.person.pk)
        return super().rows()

    def filters(self) -> dict[str, Any]:
        return {"person": self.person.pk}

    @cached_property
    def counts(self) -> Live | Kept:
        return Live(self.rows(), self.at, self.counted_by())

    def page_title(self) -> Any:
        return _("%(name)s的职责办理情况") % {"name": self.person.shown_name}


def weekday_names() -> list[str]:
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]


def share_tone(tally: Tally) -> str:
    return {"full": "green", "high": "green", "half": "amber", "low": "red"}.get(tally.level, "")
