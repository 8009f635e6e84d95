"""RPT-05 month by month: live until personnel publishes it, then frozen with its revisions and receipts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.people import actions, hours
from zhangfa.people.actions.hours import KIND, refuse_month
from zhangfa.people.hours_words import TONES, department, quota_name
from zhangfa.people.models import Training
from zhangfa.people.permissions import HOURS_READERS, departments_of, publish_hours, read_hours
from zhangfa.records.exports import Column, Sheet
from zhangfa.records.models import Publication
from zhangfa.records.web import published
from zhangfa.ui.addresses import month_in
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import FormPage, Page

MONTHS, MOST = 12, 50


def months_over(at: dt.datetime) -> list[tuple[str, Publication | None, tuple[int, int]]]:
    """The months that are over, newest first, back to the one in which training was first held here."""
    rows = published.months(KIND, at, MONTHS)
    first = Training.objects.filter(status=Training.Status.CLOSED).aggregate(first=Min("held_on"))["first"]
    since = f"{first:%Y-%m}" if first else rows[0][0]
    return [row for n, row in enumerate(rows) if n == 0 or row[1] or row[0] >= since]


def rows_for(actor: Actor, figures: dict[str, Any]) -> list[dict[str, Any]]:
    """All of a month for personnel, administration and the leaders, else the departments that somebody heads."""
    is_all = actor.is_system or actor.holds(*HOURS_READERS)
    return hours.within(figures, None if is_all else departments_of(actor))


class Reports(Page):
    """The months that are over, newest first."""

    permission, nav, template_name, title = read_hours, "training", "people/hours_reports.html", _("培训学时月报")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rows=months_over(self.at), **kwargs)


class HoursForm(Form):
    """Nothing to fill in: the figures are drawn."""


class Report(FormPage):
    """One month: as published, or as it would be now; a department manager sees the department."""

    permission, nav, template_name, form_class = read_hours, "training", "people/hours_report.html", HoursForm
    submit_label = _("发布并发送")

    @cached_property
    def month(self) -> dt.date:
        return month_in(self.kwargs["month"], until=clock.local_date(self.at))

    @cached_property
    def revisions(self) -> list[Publication]:
        return published.revisions(KIND, self.kwargs["month"])

    @cached_property
    def live(self) -> dict[str, Any]:
        return hours.draw(self.month)

    @property
    def paper(self) -> Publication | None:
        return self.revisions[-1] if self.revisions else None

    @property
    def figures(self) -> dict[str, Any]:
        return self.paper.figures if self.paper else self.live

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return rows_for(self.actor, self.figures)

    def page_title(self) -> Any:
        return gettext("%(month)s 培训学时") % {"month": self.kwargs["month"]}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.export() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    def export(self) -> HttpResponse:
        heads = [
            (_("工号"), "text"), (_("姓名"), "text"), (_("部门"), "text"), (_("定额"), "text"), (_("全年应修"), "number"), (_("到月底应有"), "number"),
            (_("已修"), "number"), (_("其中网上"), "number"), (_("预计年底"), "number"), (_("状态"), "text"),
        ]  # fmt: skip
        numbers = ("owed", "expected", "done", "elearned", "forecast")
        rows = [
            [
                row["no"], row["name"], department(row), quota_name(row["quota"]),
                *(None if row[name] is None else Decimal(row[name]) for name in numbers), str(TONES[row["tone"]]),
            ]
            for row in self.rows
        ]  # fmt: skip
        title = str(self.page_title())
        sheet = Sheet(title, [Column(label, kind) for label, kind in heads], rows, notes=[(gettext("算到"), self.figures["until"])])  # fmt: skip
        return published.spreadsheet(self, [sheet], subject="people.hours", name=title)

    def act(self, form: Any) -> Any:
        return actions.publish_hours(self.month, by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return gettext("学时月报已发布，已发送给部门经理和行政部。")

    def done_url(self, outcome: Any) -> str:
        return self.request.path

    def departments(self, quotas: list[str]) -> list[tuple[str, list[tuple[str, dict[str, Any] | None]]]]:
        """A line for each department: of each quota how many owe it and how many of them are behind."""
        lines: dict[int, dict[str, dict[str, Any]]] = {}
        for row in hours.summed(self.rows, "department", "quota"):
            lines.setdefault(row["department"], {})[row["quota"]] = row
        named = [(department(next(iter(cells.values()))), cells) for cells in lines.values()]
        return [
            (name, [(quota_name(quota), cells.get(quota)) for quota in quotas])
            for name, cells in sorted(named, key=lambda line: line[0])
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        behind = [row for row in self.rows if row["tone"] == "red"]
        may = not [*publish_hours(by=self.actor, at=self.at), *refuse_month(self.month, self.at)]
        known = Person.objects.in_bulk({row["person"] for row in behind[:MOST]})
        quotas = [(quota_name(row["quota"]), row) for row in hours.summed(self.rows, "quota")]
        return super().get_context_data(
            revisions=self.revisions, until=self.figures["until"], quotas=quotas, departments=self.departments([row["quota"] for _name, row in quotas]),
            behind=[(known.get(row["person"], row["name"]), department(row), quota_name(row["quota"]), row) for row in behind[:MOST]],
            more=max(0, len(behind) - MOST), given=[(quota_name(row["quota"]), row) for row in self.figures["given"]],
            may_publish=may and (self.paper is None or self.paper.figures != self.live), rules=published.figures_of(self.paper.policy) if self.paper else [],
            **published.papers(self, self.paper), **kwargs,
        )  # fmt: skip
