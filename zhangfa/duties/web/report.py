"""RPT-03 month by month: live until administration publishes it, then frozen with its revisions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.core.periods import month_after
from zhangfa.duties import actions, compliance, kept, queries
from zhangfa.duties.models import scope_of
from zhangfa.duties.permissions import publish_report, read_reports
from zhangfa.duties.web.opening import TITLES as SPLIT_TITLES
from zhangfa.duties.web.opening import PartsPage
from zhangfa.policy.wording import language
from zhangfa.records.models import Publication
from zhangfa.records.web.parts import copies_part
from zhangfa.ui.addresses import month_in
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import FormPage, Page

TREND, MOST_ROWS = 12, 200


class Reports(Page):
    """The months, newest first, with the trend over twelve of them."""

    permission, nav, template_name = read_reports, "standing", "duties/reports.html"
    title = _("职责办理情况月报")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        months = [(row, compliance.tally_of(row.total)) for row in queries.published_months(TREND)]
        over = month_after(clock.local_date(self.at).replace(day=1), -1)
        is_owed = all(row.period != f"{over:%Y-%m}" for row, _tally in months)
        return super().get_context_data(months=months, over=over if is_owed else None, **kwargs)


class Trend(Page):
    """Twelve published months beside each other: by department, post, clause or duty, each reader their own part (RPT-03)."""

    permission, nav, template_name = read_reports, "standing", "duties/trend.html"
    splits = ("department", "post", "clause", "duty", "person")

    def subject(self) -> Any:
        if self.kwargs["by"] not in self.splits:
            raise Http404
        if self.kwargs["by"] != "department" and not scope_of(self.actor).is_all:
            raise Http404
        return None

    def page_title(self) -> Any:
        return gettext("职责办理情况：%(by)s，近十二期") % {"by": SPLIT_TITLES[self.kwargs["by"]]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scope, by = scope_of(self.actor), self.kwargs["by"]
        months = queries.trend(by, TREND)
        table: dict[Any, tuple[str, dict[str, compliance.Tally]]] = {}
        for period, lines in months:
            for line in lines or ():
                if scope.is_all or line["key"] in scope.departments:
                    table.setdefault(line["key"], (named_line(by, line), {}))[1][period] = compliance.tally_of(line)
        rows = [(name, [(period, cells.get(period)) for period, _lines in months]) for name, cells in table.values()]
        rows.sort(key=_worst_first)
        splits = [(key, SPLIT_TITLES[key]) for key in self.splits if scope.is_all or key == "department"]
        return super().get_context_data(
            months=[period for period, _lines in months],
            rows=rows[:MOST_ROWS],
            more=max(0, len(rows) - MOST_ROWS),
            splits=splits,
            **kwargs | {"by": by},
        )


def _worst_first(row: tuple[str, list[tuple[str, compliance.Tally | None]]]) -> tuple[bool, Any, str]:
    _period, newest = row[1][-1]
    share = newest.share if newest else None
    return share is None, share, row[0]


def named_line(by: str, line: dict[str, Any]) -> str:
    return str(line["key"]) if by == "clause" else named(line)


class ReportForm(Form):
    """Nothing to fill in: the figures are drawn."""


class Report(PartsPage, FormPage):
    """One month: as published, or as it stands now."""

    permission, nav, template_name, form_class = read_reports, "standing", "duties/report.html", ReportForm
    submit_label = _("发布并发送")

    @cached_property
    def month(self) -> dt.date:
        return month_in(self.kwargs["month"], until=clock.local_date(self.at))

    @cached_property
    def revisions(self) -> list[Publication]:
        return queries.publication_of(f"{self.month:%Y-%m}")

    def page_title(self) -> Any:
        return gettext("%(month)s 职责办理情况") % {"month": f"{self.month:%Y-%m}"}

    def act(self, form: Any) -> Any:
        actions.publish_month(self.month, by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return gettext("月报已发布，已发送给部门经理以上。")

    def done_url(self, outcome: Any) -> str:
        return reverse("duties:report", kwargs={"month": f"{self.month:%Y-%m}"})

    @cached_property
    def paper(self) -> Publication | None:
        return None if "live" in self.request.GET else next(iter(self.revisions[::-1]), None)

    @cached_property
    def figures(self) -> dict[str, Any]:
        return self.paper.figures if self.paper else kept.draw(self.month, self.at, ("department", *self.opened))

    def part_keys(self) -> list[str]:
        """Each reader's own part: the whole for the GM and administration, their department for its manager."""
        return ["department", "post", "clause", "duty"] if scope_of(self.actor).is_all else ["department"]

    def address_facts(self) -> dict[str, str]:
        return {"live": "1"} if "live" in self.request.GET else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paper = self.paper
        refusals = [*publish_report(by=self.actor, at=self.at), *actions.refuse_month(self.month, self.at)]
        return super().get_context_data(
            paper=paper, revisions=self.revisions, total=compliance.tally_of(self.figures["total"]), parts=self.parts(),
            refusals=refusals, **(copies_part(self, paper.record)[1] if paper else {}), **kwargs,
        )  # fmt: skip

    def part_given(self, key: str) -> dict[str, Any]:
        scope = scope_of(self.actor)
        found = [row for row in self.figures[key] if scope.is_all or row["key"] in scope.departments]
        lines = [(named_line(key, row), "", *compliance.tally_of(row).cells) for row in found[self.shown_lines]]
        return {"table": self.paged(key, lines, len(found))}


def named(row: dict[str, Any]) -> str:
    return str((row["name_en"] if language() == "en" else "") or row["name"] or gettext("公司"))
