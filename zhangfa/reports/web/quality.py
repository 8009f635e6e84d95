"""网点质量周报 RPT-01: the weeks of a department, one week live or as published, and publishing it (HS-W1.2, HS-W1.3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.core import clock
from zhangfa.organisation.models import Unit
from zhangfa.records.exports import Column, Sheet
from zhangfa.records.web import published
from zhangfa.reports import permissions as may
from zhangfa.reports import quality
from zhangfa.reports.actions.quality import period_of, publish_quality
from zhangfa.reports.rules import as_of
from zhangfa.reports.web.months import DRAWN, PER_PAGE, RECEIVED, RUNNING, SENT
from zhangfa.ui.access import is_open
from zhangfa.ui.addresses import monday_in
from zhangfa.ui.forms import Form, TextField
from zhangfa.ui.pages import FormPage, Page

DAY = dt.timedelta(days=1)


class QualityForm(Form):
    summary = TextField(label=lazy("网点的问题和要求"), max_length=2000, multiline=True)


class QualityWeeks(Page):
    """The weeks of one department, newest first; those who see several choose."""

    permission, title, nav, template_name = (
        may.read_quality,
        lazy("网点质量周报"),
        "quality",
        "reports/quality_weeks.html",
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        departments = may.quality_departments(self.actor)
        asked = self.request.GET.get("department", "")
        place = next((unit for unit in departments if str(unit.pk) == asked), departments[0] if departments else None)
        today = clock.local_date(self.at)
        monday = today - dt.timedelta(days=today.weekday())
        weeks = [monday - dt.timedelta(weeks=back) for back in range(PER_PAGE)]
        papers = published.latest(quality.KIND, [period_of(day, place) for day in weeks]) if place else {}
        read = published.receipts(papers.values())
        rows = []
        for day in weeks if place else ():
            assert place is not None
            paper = papers.get(period_of(day, place))
            sent, received = read.get(paper.pk, (0, 0)) if paper else (0, 0)
            status = (RECEIVED if sent and sent == received else SENT) if paper else RUNNING if day == monday else DRAWN
            rows.append(
                {"day": day, "ends": day + 6 * DAY, "status": status, "received": f"{received}/{sent}" if sent else ""}
            )
        return super().get_context_data(weeks=rows, place=place, departments=departments, **kwargs)


class OfWeek:
    """A page about one department's week."""

    kwargs: dict[str, Any]
    at: Any
    actor: Any

    @cached_property
    def monday(self) -> dt.date:
        return monday_in(self.kwargs["day"], until=clock.local_date(self.at))

    @cached_property
    def place(self) -> Unit:
        found: Unit = get_object_or_404(Unit, pk=self.kwargs["unit"], kind=Unit.Kind.DEPARTMENT)
        if not may.sees_quality_of(self.actor, found):
            raise Http404
        return found

    def subject(self) -> Any:
        return self.place

    @property
    def week_url(self) -> str:
        return reverse("reports:quality-week", args=[self.kwargs["day"], self.kwargs["unit"]])


class QualityWeek(OfWeek, Page):
    """RPT-01 of one week: as published, else as it stands."""

    permission, nav, template_name = may.read_quality, "quality", "reports/quality_week.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.export() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    def page_title(self) -> Any:
        return _("网点质量 %(from)s 至 %(to)s") % {"from": self.monday, "to": self.monday + 6 * DAY}

    @cached_property
    def revisions(self) -> list[Any]:
        return published.revisions(quality.KIND, period_of(self.monday, self.place))

    @cached_property
    def figures(self) -> dict[str, Any]:
        self.subject()
        return self.revisions[-1].figures if self.revisions else quality.draw(self.place, self.monday, self.at)[0]

    def export(self) -> HttpResponse:
        self.check(self.subject())
        heads = [
            Column(_("网点")), Column(_("订单数"), "number"), Column(_("出单占比（%）"), "number"), Column(_("营业额"), "money"), Column(_("事故"), "number"),
            Column(_("每千单事故"), "number"), Column(_("投诉"), "number"), Column(_("每千单投诉"), "number"), Column(_("应回访"), "number"),
            Column(_("按期回访"), "number"), Column(_("提出问题"), "number"), Column(_("未解决问题"), "number"),
        ]  # fmt: skip
        rows = [
            [
                row["unit"], row["orders"], row["share"], row["revenue"], row["accidents"], row["accident_rate"], row["complaints"], row["complaint_rate"],
                row["due"], row["done"], row["raised"], row["open"],
            ]
            for row in quality.lines_of(self.figures)
        ]  # fmt: skip
        return published.spreadsheet(
            self, [Sheet(_("网点质量"), heads, rows)], subject="reports.outlets", name=str(self.page_title())
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures, shown = self.figures, self.revisions[-1] if self.revisions else None
        is_over = self.monday + 7 * DAY <= clock.local_date(self.at)
        return super().get_context_data(
            lines=quality.lines_of(figures), total=quality.total_of(figures), figures=figures, problems=quality.problems_said(figures), monday=self.monday,
            place=self.place, revisions=self.revisions, is_last=True, is_over=is_over, as_of=as_of(figures, shown.published_at) if shown else self.at,
            may_publish=is_over and is_open(may.publish_quality, by=self.actor, at=self.at, obj=self.place),
            **published.papers(self, shown), **kwargs,
        )  # fmt: skip


class QualityPublish(OfWeek, FormPage):
    permission, nav, form_class, submit_label = may.publish_quality, "quality", QualityForm, lazy("发布并发送")
    help = lazy("发布后数字冻结，发给各网点管理员、部门主管和分管副总经理签收。")

    def page_title(self) -> Any:
        return _("发布网点质量周报 %(day)s") % {"day": self.kwargs["day"]}

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return self.week_url

    def act(self, form: Any) -> Any:
        return publish_quality(self.monday, self.place, by=self.actor, at=self.at, summary=form.cleaned_data["summary"])

    def done_message(self, outcome: Any) -> str:
        return _("网点质量周报已发布。")

    def done_url(self, outcome: Any) -> str:
        return self.week_url
