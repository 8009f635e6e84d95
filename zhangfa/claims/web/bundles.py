"""改正意见: the improvements of each week, sent to administration with receipt (CC-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims import actions, totals, wording
from zhangfa.claims.complaint_rules import WEEK, bundle_due
from zhangfa.claims.models import Improvement
from zhangfa.claims.rolling_out import SOURCE, rolled_out
from zhangfa.claims.web import published
from zhangfa.claims.web.forms.base import CaseForm
from zhangfa.core import clock
from zhangfa.core.periods import week_of
from zhangfa.policy.queries import value
from zhangfa.records.exports import Column, Sheet
from zhangfa.records.models import Publication
from zhangfa.ui.addresses import day_in
from zhangfa.ui.forms import TextField
from zhangfa.ui.pages import FormPage, Page
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Empty

KIND = "bundle"
KEY = "complaints.improvement_bundle"
RUNNING, OPEN = Status(lazy("本周未结束"), "grey"), Status(lazy("待发送"), "amber")
SENT, RECEIVED = Status(lazy("已发送"), "blue"), Status(lazy("已签收"), "green")


@dataclass(frozen=True)
class Week:
    """One week: how many improvements it left, whether they were sent, in time, and received."""

    begins: dt.date
    count: int
    due_at: dt.datetime
    status: Status
    is_late: bool
    publication: Publication | None = None

    @property
    def ends(self) -> dt.date:
        return self.begins + dt.timedelta(days=6)

    @property
    def url(self) -> str:
        return reverse("claims:bundle", kwargs={"day": self.begins.isoformat()})


def weeks(begins: Sequence[dt.date], at: dt.datetime) -> list[Week]:
    """The weeks given, with three reads for all of them."""
    counted = Improvement.objects.filter(week_on__in=begins).order_by().values("week_on").annotate(n=Count("pk"))
    counts = {row["week_on"]: row["n"] for row in counted}
    papers = published.latest(KIND, [day.isoformat() for day in begins])
    read = published.receipts(papers.values())
    rhythm, today = value(KEY, at), clock.local_date(at)
    found = []
    for day in begins:
        paper = papers.get(day.isoformat())
        due = bundle_due(day, rhythm)
        sent, received = read.get(paper.pk, (0, 0)) if paper else (0, 0)
        status = RUNNING if today < day + WEEK else OPEN
        if paper:
            status = RECEIVED if sent and sent == received else SENT
        is_late = paper.record.is_late(at) if paper else at > due
        found.append(Week(day, counts.get(day, 0), due, status, is_late, paper))
    return found


class Bundles(Page):
    """The weeks, newest first."""

    permission = published.read_tables
    title, nav, template_name = lazy("改正意见"), "bundles", "claims/bundles.html"
    empty = Empty(lazy("还没有案件"), lazy("案件结案时留下改正意见，每周汇总发给行政部经理。"), "bulb")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newest, oldest = week_of(clock.local_date(self.at)), week_of(published.first_day(self.at))
        asked = self.request.GET.get("before", "")
        start = min(newest, week_of(day_in(asked)) - WEEK) if asked else newest
        begins = [day for n in range(published.PER_PAGE) if (day := start - n * WEEK) >= oldest]
        after = begins[-1] if begins and begins[-1] > oldest else None
        return super().get_context_data(weeks=weeks(begins, self.at), before=after, **kwargs)


class SendForm(CaseForm):
    """What administration should know besides."""

    note = TextField(label=lazy("给行政部经理的说明"), max_length=500, multiline=True, required=False)


class Bundle(FormPage):
    """One week: its improvements without names; sent once, then as it was sent."""

    permission = published.read_tables
    nav, template_name, form_class, submit_label = "bundles", "claims/bundle.html", SendForm, lazy("发送给行政部经理")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.export() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    @cached_property
    def week(self) -> Week:
        day = day_in(self.kwargs["day"])
        if day != week_of(day) or day > clock.local_date(self.at):
            raise Http404
        return weeks([day], self.at)[0]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """As sent; before that as they stand."""
        paper = self.week.publication
        given = paper.figures["rows"] if paper else totals.improvements(self.week.begins)
        return [wording.said(row) for row in given]

    def page_title(self) -> Any:
        return _("改正意见 %(from)s 至 %(to)s") % {"from": self.week.begins, "to": self.week.ends}

    def act(self, form: Any) -> Any:
        return actions.send_bundle(self.week.begins, by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("改正意见已发送，等行政部经理签收。")

    def done_url(self, outcome: Any) -> str:
        return self.week.url

    def export(self) -> HttpResponse:
        columns = [
            Column(_("案件"), width=18),
            Column(_("网点")),
            Column(_("类型")),
            Column(_("原因")),
            Column(_("今后如何避免"), width=60),
        ]
        rows = [[row[name] for name in ("number", "unit", "category", "cause", "measure")] for row in self.rows]
        title = words = str(self.page_title())
        return published.spreadsheet(self, [Sheet(title, columns, rows)], subject="claims.bundle", name=words)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        week = self.week
        is_over = clock.local_date(self.at) >= week.begins + WEEK
        return super().get_context_data(
            week=week, rows=self.rows, note=week.publication.figures.get("note", "") if week.publication else "",
            may_send=is_over and week.publication is None and published.may_publish(self.actor),
            previous=week.begins - WEEK, following=week.begins + WEEK if is_over else None,
            rolled_out=rolled_out(week.publication.record_id) if week.publication else [],
            source=SOURCE, may_roll_out=bool(week.publication and self.rows and self.actor.holds("am")),
            **published.papers(self, week.publication), **kwargs,
        )  # fmt: skip
