"""部门计划检查 and the closing of a year: each department in one line (AM-D5, D-AM-07, D-AM-14)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.planning import actions, queries, rules
from zhangfa.planning.actions.year import CHECK, YEAR
from zhangfa.planning.permissions import check_plans, read_checks
from zhangfa.planning.web.forms import CheckForm
from zhangfa.records.models import Publication
from zhangfa.ui.access import is_open
from zhangfa.ui.addresses import month_in
from zhangfa.ui.forms import Form
from zhangfa.ui.page import Page
from zhangfa.ui.pages import FormPage

MONTHS_SHOWN = 6


def published(kind: str, period: str) -> Publication | None:
    return (
        Publication.objects.filter(kind=kind, period=period)
        .select_related("record__created_by")
        .order_by("-revision")
        .first()
    )


class Checks(Page):
    """The last months, and which departments had a plan."""

    permission, template_name, title, nav = read_checks, "planning/checks.html", _("部门计划检查"), "plans"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = clock.local_date(self.at).replace(day=1)
        months = []
        for _step in range(MONTHS_SHOWN):
            months.append(f"{day:%Y-%m}")
            day = (day - dt.timedelta(days=1)).replace(day=1)
        known = set(Publication.objects.filter(kind=CHECK, period__in=months).values_list("period", flat=True))
        year = clock.local_date(self.at).year
        years = [str(year), str(year - 1)]
        closed = set(Publication.objects.filter(kind=YEAR, period__in=years).values_list("period", flat=True))
        return super().get_context_data(
            months=[(month, month in known) for month in months],
            years=[(one, one in closed) for one in years],
            **kwargs,
        )


class Month(Page):
    """A month: every department's plan and, once checked, what administration said of it."""

    permission, template_name, nav = read_checks, "planning/month.html", "plans"

    def page_title(self) -> Any:
        return gettext("%(month)s 部门计划检查") % {"month": self.kwargs["month"]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        month = month_in(self.kwargs["month"])
        paper = published(CHECK, self.kwargs["month"])
        remarks = {row["unit"]: row["remark"] for row in paper.figures["rows"]} if paper else {}
        rows = [
            (unit, plan, remarks.get(unit.pk, ""))
            for unit, plan in queries.departments_in(rules.MONTHLY, f"{month:%Y-%m}")
        ]
        return super().get_context_data(
            rows=rows,
            paper=paper,
            may_check=is_open(check_plans, by=self.actor, at=self.at),
            **kwargs,
        )


class CheckMonth(FormPage):
    """Say something of each department's plan."""

    permission, form_class, nav = check_plans, CheckForm, "plans"
    submit_label = _("检查完毕，报总经理")

    def page_title(self) -> Any:
        return gettext("%(month)s 部门计划检查") % {"month": self.kwargs["month"]}

    def subject(self) -> Any:
        if not hasattr(self, "rows"):
            self.rows = queries.departments_in(rules.MONTHLY, f"{month_in(self.kwargs['month']):%Y-%m}")
        return self.rows

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("planning:month", args=[self.kwargs["month"]])

    def act(self, form: Any) -> None:
        actions.check_month(month=month_in(self.kwargs["month"]), remarks=form.remarks(), by=self.actor, at=self.at)

    def done_url(self, outcome: Any) -> str:
        return self.back_url


class Year(FormPage):
    """The departments' summaries of a year; administration closes it once all are in."""

    permission, form_class, nav, template_name = read_checks, Form, "plans", "planning/year.html"
    submit_label = _("汇总完毕，报总经理")

    def page_title(self) -> Any:
        return gettext("%(year)s 年终总结汇总") % {"year": self.kwargs["year"]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = int(self.kwargs["year"])
        own = queries.personal_summaries(year)
        return super().get_context_data(
            rows=[(unit, summary, own.get(unit.pk, 0)) for unit, summary in queries.summaries_in(year)], paper=published(YEAR, str(self.kwargs["year"])),
            may_check=is_open(check_plans, by=self.actor, at=self.at), **kwargs,
        )  # fmt: skip

    def act(self, form: Any) -> None:
        actions.close_year(year=int(self.kwargs["year"]), by=self.actor, at=self.at)
