"""How duties are kept: by company, department, post and person; a month as a calendar, a year as a heat map, lists behind (RPT-03)."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.core import clock
from zhangfa.core.periods import month_after, month_of
from zhangfa.duties import compliance, rules, wording
from zhangfa.duties.compliance import DAY, Tally
from zhangfa.duties.kept import Kept, Live
from zhangfa.duties.models import Occurrence, scope_of, seen_by
from zhangfa.duties.permissions import read_duties, read_reports
from zhangfa.duties.web import drawn
from zhangfa.duties.web.occurrences import STANDS
from zhangfa.duties.web.opening import PartsPage
from zhangfa.organisation.models import Person, Post, Unit
from zhangfa.policy import queries as policy
from zhangfa.ui.access import is_open
from zhangfa.ui.addresses import address, month_in
from zhangfa.ui.registry import Figure

TONES = {rules.ON_TIME: "green", rules.LATE: "amber", rules.MISSED: "red"}
WEEKS = 53
NOTHING = Tally()
# Of a day's square on the heat map with the gap after it, in pixels.
SIDE = 14


@dataclass(frozen=True)
class Square:
    """One day of a calendar or heat map."""

    day: dt.date
    tally: Tally
    url: str
    is_today: bool = False


class Standing(PartsPage):
    """The reader's own part of the company; `kind` and `key` narrow it."""

    permission, nav, template_name = read_duties, "standing", "duties/standing.html"
    splits: tuple[str, ...] = ("department", "post", "duty", "clause")

    def narrowed(self) -> Q:
        return Q()

    def filters(self) -> dict[str, Any]:
        """What of the list's filters leads to the same rows."""
        return {}

    def page_title(self) -> Any:
        return lazy("全公司职责办理情况") if scope_of(self.actor).is_all else lazy("我的范围内职责办理情况")

    @cached_property
    def month(self) -> dt.date:
        asked = self.request.GET.get("month", "")
        return month_in(asked) if asked else month_of(clock.local_date(self.at))

    @cached_property
    def last(self) -> dt.date:
        return month_after(self.month) - DAY

    def which(self) -> Q:
        """What is shown here, as a condition."""
        return seen_by(self.actor) & self.narrowed()

    def list_url(self, first: dt.date, last: dt.date, stands: str = "", **more: Any) -> str:
        facts = {"from_on": first.isoformat(), "to_on": last.isoformat(), "stands": stands, **self.filters(), **more}
        return f"{address('duties:occurrences')}?{urlencode({name: value for name, value in facts.items() if value})}"

    @cached_property
    def counts(self) -> Live | Kept:
        """What is counted here: from the roll-up."""
        return Kept(scope_of(self.actor), self.at, self.counted_by(), **self.filters())

    def counted_by(self) -> list[str]:
        """By what the open parts are split; a clause is counted from its duties."""
        return sorted({"duty" if by == "clause" else by for by in self.opened if by != "year"})

    def part_keys(self) -> list[str]:
        return [*self.splits, "year"]

    def address_facts(self) -> dict[str, str]:
        return {"month": f"{self.month:%Y-%m}"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        days = self.counts.days(self.month, self.last)
        total = compliance.sum_of(days.values())
        return super().get_context_data(
            figures=self.figures(total), total=total, weeks=self.calendar(days), weekdays=weekday_names(),
            parts=self.parts(), quotas=self.quotas(), month=self.month, previous=month_after(self.month, -1),
            following=month_after(self.month) if self.last < clock.local_date(self.at) else None,
            may_read_reports=is_open(read_reports, by=self.actor, at=self.at), whole_list=self.list_url(self.month, self.last), **kwargs,
        )  # fmt: skip

    def figures(self, total: Tally) -> list[Figure]:
        found = [Figure(lazy("按时率"), total.percent, kind="text", tone=share_tone(total))]
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

    def calendar(self, days: dict[dt.date, Tally]) -> SafeString:
        today, listed = clock.local_date(self.at), address("duties:occurrences")
        rest = "".join(f"&{urlencode({name: value})}" for name, value in self.filters().items())
        return drawn.month(
            [
                Square(day, days.get(day, NOTHING), f"{listed}?from_on={day}&to_on={day}{rest}", day == today)
                if day.month == self.month.month
                else None
                for day in week
            ]
            for week in calendar.Calendar().monthdatescalendar(self.month.year, self.month.month)
        )

    def part_given(self, key: str) -> dict[str, Any]:
        return {"year": self.year()} if key == "year" else {"table": self.table(key)}

    @cached_property
    def split(self) -> dict[str, dict[Any, Tally]]:
        return self.counts.split(self.month, self.last)

    def table(self, by: str) -> dict[str, Any]:
        """Worst first, so many lines of it."""
        shown = self.shown_lines
        if by == "clause":
            found = compliance.by_clause(compliance.lines(self.split["duty"], "duty"))
            count, found = len(found), found[shown]
        else:
            count, found = len(self.split[by]), compliance.lines(self.split[by], by, shown)
        lines = [(str(name or "—"), self.line_url(by, key, name), *tally.cells) for key, name, tally in found]
        return self.paged(by, lines, count)

    def quotas(self) -> list[tuple[str, compliance.Quota]]:
        """What takes a number and runs now: what there is, should be by now, and will be."""
        return [(wording.name_of(row.key), row) for row in compliance.quotas(self.which(), self.at)]

    def line_url(self, by: str, key: Any, shown: Any) -> str:
        if key is None:
            return ""
        if by == "clause":
            return reverse("policy:clause", args=[key]) if key in policy.handbook().clauses else ""
        if by == "duty":
            return self.list_url(self.month, self.last, duty=key)
        return f"{address(f'duties:standing-{by}', **{'post' if by == 'post' else 'pk': key})}?month={self.month:%Y-%m}"

    def year(self) -> dict[str, Any]:
        """The year up to the end of the month, a square a day; the table behind has it by month."""
        first = self.last - DAY * (WEEKS * 7 - 1)
        first -= DAY * first.weekday()
        days = self.counts.days(first, self.last)
        weeks: dict[int, list[tuple[int, str, str]]] = {}
        for day in sorted(days):
            told = f"{day.isoformat()} {days[day].done}/{days[day].total}"
            weeks.setdefault((day - first).days // 7, []).append((day.weekday() * SIDE, days[day].level, told))
        months: dict[dt.date, list[Tally]] = {}
        for day in sorted(days):
            months.setdefault(day.replace(day=1), []).append(days[day])
        return {
            "weeks": drawn.year((week * SIDE, squares) for week, squares in weeks.items()), "width": ((self.last - first).days // 7 + 1) * SIDE,
            "months": [(month, compliance.sum_of(found)) for month, found in months.items()],
        }  # fmt: skip


class DepartmentStanding(Standing):
    splits = ("person", "post", "duty", "clause")

    def subject(self) -> Any:
        scope = scope_of(self.actor)
        if not scope.is_all and self.kwargs["pk"] not in scope.departments:
            raise Http404
        self.unit = get_object_or_404(Unit, pk=self.kwargs["pk"], kind=Unit.Kind.DEPARTMENT)
        return self.unit

    def narrowed(self) -> Q:
        return Q(department_id=self.unit.pk)

    def filters(self) -> dict[str, Any]:
        return {"department": self.unit.pk}

    def page_title(self) -> Any:
        return _("%(name)s的职责办理情况") % {"name": self.unit.shown_name}


class PostStanding(Standing):
    splits = ("person", "duty", "clause")

    def subject(self) -> Any:
        self.post_kind = get_object_or_404(Post, pk=self.kwargs["post"])
        return self.post_kind

    def narrowed(self) -> Q:
        return Q(seat__post_id=self.post_kind.pk)

    def filters(self) -> dict[str, Any]:
        return {"post": self.post_kind.pk}

    def page_title(self) -> Any:
        return _("%(name)s的职责办理情况") % {"name": self.post_kind.shown_name}


class PersonStanding(Standing):
    splits, opens = ("duty", "clause"), 2

    def subject(self) -> Any:
        self.person = get_object_or_404(Person, pk=self.kwargs["pk"])
        if self.person.pk != self.actor.person_id and not Occurrence.objects.filter(self.which()).exists():
            raise Http404
        return self.person

    def narrowed(self) -> Q:
        return Q(person_id=self.person.pk)

    def which(self) -> Q:
        # One's own, also of a seat that one has left.
        return self.narrowed() if self.person.pk == self.actor.person_id else super().which()

    def filters(self) -> dict[str, Any]:
        return {"person": self.person.pk}

    def part_keys(self) -> list[str]:
        return ["year", *self.splits]

    @cached_property
    def counts(self) -> Live | Kept:
        return Live(Occurrence.objects.filter(self.which()), self.at, self.counted_by())

    def page_title(self) -> Any:
        return _("%(name)s的职责办理情况") % {"name": self.person.shown_name}


def weekday_names() -> list[str]:
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]


def share_tone(tally: Tally) -> str:
    return {"full": "green", "high": "green", "half": "amber", "low": "red"}.get(tally.level, "")
