"""The months with their reports, drawing again, and the weeks of the call centre (CS-W2.2, RPT-20)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.calls.models import Kind
from zhangfa.calls.queries import frozen_report
from zhangfa.core import clock
from zhangfa.records.exports import Column, Sheet
from zhangfa.records.models import Publication
from zhangfa.records.web import published
from zhangfa.reports import actions, asking
from zhangfa.reports import permissions as may
from zhangfa.reports.actions.drawing import latest
from zhangfa.reports.models import Draw, Use
from zhangfa.reports.rules import as_of, month_back, month_of, named
from zhangfa.reports.rules_figures import call_rates
from zhangfa.reports.web.common import OfMonth
from zhangfa.ui.access import is_open
from zhangfa.ui.addresses import monday_in
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import FormPage, Page
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Empty

PER_PAGE = 24
DAY = dt.timedelta(days=1)
RUNNING, WAITING, DRAWN = (
    Status(lazy("本月未结束"), "grey"),
    Status(lazy("待出数"), "grey"),
    Status(lazy("待发布"), "amber"),
)
WEEK_RUNNING = Status(lazy("本周未结束"), "grey")
SENT, RECEIVED = Status(lazy("已发布"), "blue"), Status(lazy("全部签收"), "green")
REPORTS = (
    ("RPT-09", "reports:list"),
    ("RPT-10", "reports:mix"),
    ("RPT-12", "reports:data"),
    ("RPT-21", "reports:marks"),
)


class Months(Page):
    """Every month with its four reports: drawn, published, received."""

    permission, title, nav, template_name = may.read_list, lazy("月末分析"), "reports", "reports/months.html"
    empty = Empty(lazy("还没有订单"), lazy("有了订单以后，每月底在这里自动出数。"), "chart-bar")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first = Use.objects.order_by("month").values_list("month", flat=True).first()
        now = month_of(clock.local_date(self.at))
        months = []
        while first and now >= first and len(months) < PER_PAGE:
            months.append(now)
            now = month_back(now, 1)
        return super().get_context_data(
            months=self._lines(months), may_draw=is_open(may.publish_pack, by=self.actor, at=self.at), is_extract=may.is_outlet_only(self.actor),
            may_try=is_open(may.try_figures, by=self.actor, at=self.at), **kwargs,
        )  # fmt: skip

    def _lines(self, months: list[int]) -> list[dict[str, Any]]:
        """Two reads for all months and kinds."""
        names = [named(month) for month in months]
        keys = [*names, *(f"{name}/all" for name in names)]
        drawn = set(
            Draw.objects.filter(
                kind__in=[kind for kind, _url in REPORTS], period__in=keys, state=Draw.State.DRAWN
            ).values_list("kind", "period")
        )
        papers: dict[tuple[str, str], Publication] = {}
        for paper in (
            Publication.objects.filter(kind__in=[kind for kind, _url in REPORTS], period__in=keys)
            .select_related("record")
            .order_by("revision")
        ):
            papers[paper.kind, paper.period] = paper
        read = published.receipts(papers.values())
        today = month_of(clock.local_date(self.at))
        found = []
        for month, name in zip(months, names, strict=True):
            cells = []
            for kind, url in REPORTS:
                period, args = (f"{name}/all", [name, "all"]) if kind == "RPT-12" else (name, [name])
                paper = papers.get((kind, period))
                sent, received = read.get(paper.pk, (0, 0)) if paper else (0, 0)
                status = DRAWN if (kind, period) in drawn else RUNNING if month == today else WAITING
                if paper:
                    status = RECEIVED if sent and sent == received else SENT
                cells.append(
                    {
                        "url": reverse(url, args=args),
                        "status": status,
                        "received": f"{received}/{sent}" if sent else "",
                        "kind": kind,
                    }
                )
            found.append({"month": name, "cells": cells, "is_over": month < today})
        return found


class DrawAgain(OfMonth, FormPage):
    """Have a month drawn again, beside the pages; what says the same stays as it is."""

    permission, kind, nav, form_class = may.publish_pack, "RPT-09", "reports", Form
    submit_label = lazy("重新计算")
    help = lazy("在后台重新计算，几秒到几分钟；数字没有变化时什么也不改，有变化时可以发布修订。")

    def page_title(self) -> Any:
        return _("重新计算 %(month)s") % {"month": self.period}

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("reports:months")

    def act(self, form: Any) -> Any:
        asking.draw_month(self.month)

    def done_message(self, outcome: Any) -> str:
        return _("已经开始计算，稍后刷新页面查看。")

    def done_url(self, outcome: Any) -> str:
        return self.back_url


class Weeks(Page):
    """The weeks of the call centre."""

    permission, title, nav, template_name = may.read_calls, lazy("话务周报"), "call-weeks", "reports/weeks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.local_date(self.at)
        monday = today - dt.timedelta(days=today.weekday())
        weeks = [monday - dt.timedelta(weeks=back) for back in range(PER_PAGE)]
        papers = published.latest("RPT-20", [day.isoformat() for day in weeks])
        read = published.receipts(papers.values())
        rows = []
        for day in weeks:
            paper = papers.get(day.isoformat())
            sent, received = read.get(paper.pk, (0, 0)) if paper else (0, 0)
            status = (
                (RECEIVED if sent and sent == received else SENT) if paper else WEEK_RUNNING if day == monday else DRAWN
            )
            rows.append(
                {
                    "day": day,
                    "ends": day + 6 * DAY,
                    "status": status,
                    "paper": paper,
                    "received": f"{received}/{sent}" if sent else "",
                }
            )
        return super().get_context_data(weeks=rows, **kwargs)


class Week(Page):
    """RPT-20 of one week: as published, else as it stands."""

    permission, nav, template_name = may.read_calls, "call-weeks", "reports/week.html"

    @cached_property
    def monday(self) -> dt.date:
        return monday_in(self.kwargs["day"], until=clock.local_date(self.at))

    def page_title(self) -> Any:
        return _("话务周报 %(from)s 至 %(to)s") % {"from": self.monday, "to": self.monday + 6 * DAY}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.export() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    @cached_property
    def revisions(self) -> list[Publication]:
        return published.revisions("RPT-20", self.monday.isoformat())

    @cached_property
    def found(self) -> tuple[dict[str, Any], dt.datetime]:
        """The figures and the instant they stand on: as published, else as drawn when the week was over, else as it stands now."""
        if self.revisions:
            paper = self.revisions[-1]
            return dict(paper.figures), as_of(paper.figures, paper.published_at)
        drawn = latest("RPT-20", self.monday.isoformat())
        if drawn is not None and drawn.drawn_at is not None:
            return dict(drawn.figures), drawn.drawn_at
        return frozen_report(self.monday, self.monday + 6 * DAY, self.at)[0], self.at

    def lines(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """By kind of call and by hour, with names and rates."""
        figures, names = self.found[0], {**dict(Kind.choices), "": _("未登记类型")}
        kinds = [row | {"label": names.get(row["key"], row["key"]), **call_rates(row)} for row in figures["by_kind"]]
        hours = [row | {"label": f"{row['key']}:00", **call_rates(row)} for row in figures["by_hour"]]
        return kinds, hours

    def export(self) -> HttpResponse:
        counted = [
            Column(_("来电数"), "number"), Column(_("接听数"), "number"), Column(_("及时接起"), "number"), Column(_("及时接起（%）"), "number"),
            Column(_("下单数"), "number"), Column(_("下单比例（%）"), "number"),
        ]  # fmt: skip
        names = ("calls", "answered", "in_time", "in_time_share", "ordered", "ordered_share")
        total = self.found[0]["total"]
        last = [_("合计"), *({**total, **call_rates(total)}[name] for name in names)]
        sheets = [
            Sheet(title, [Column(head), *counted], [[row["label"], *(row[name] for name in names)] for row in rows], total=last)
            for title, head, rows in zip((_("按类型"), _("按时段")), (_("来电类型"), _("时段")), self.lines(), strict=True)
        ]  # fmt: skip
        return published.spreadsheet(self, sheets, subject="reports.calls", name=str(self.page_title()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        (figures, stands_on), (kinds, hours) = self.found, self.lines()
        is_over = self.monday + 6 * DAY < clock.local_date(self.at)
        return super().get_context_data(
            kinds=kinds, hours=hours, total=figures["total"] | call_rates(figures["total"]), figures=figures, busiest=max((row["calls"] for row in hours), default=0),
            may_publish=is_over and is_open(may.publish_calls, by=self.actor, at=self.at), monday=self.monday, revisions=self.revisions, is_last=True,
            as_of=stands_on, **published.papers(self, self.revisions[-1] if self.revisions else None), **kwargs,
        )  # fmt: skip


class WeekPublish(FormPage):
    permission, nav, form_class, submit_label = may.publish_calls, "call-weeks", Form, lazy("发布并发送")
    help = lazy("发布后数字冻结，发给客服中心经理。")

    def page_title(self) -> Any:
        return _("发布话务周报 %(day)s") % {"day": self.kwargs["day"]}

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("reports:week", args=[self.kwargs["day"]])

    def act(self, form: Any) -> Any:
        return actions.publish_calls(
            monday_in(self.kwargs["day"], until=clock.local_date(self.at)), by=self.actor, at=self.at
        )

    def done_message(self, outcome: Any) -> str:
        return _("话务周报已发布。")

    def done_url(self, outcome: Any) -> str:
        return self.back_url
