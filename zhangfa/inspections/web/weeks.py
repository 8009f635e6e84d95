"""《岗位人员执行公司制度情况汇总总结表》: the week as it stands, remarks and orders, and as it was published (RPT-23)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.core.periods import week_of
from zhangfa.inspections import actions, weeks
from zhangfa.inspections.actions.tables import WEEKLY
from zhangfa.inspections.models import Problem, Remark
from zhangfa.inspections.permissions import publish_weeks, read_weeks
from zhangfa.inspections.rules import WEEK
from zhangfa.inspections.web.forms import PublishForm, RemarkForm, WeekOrderForm
from zhangfa.inspections.web.problems import STATUSES
from zhangfa.inspections.web.results import tenths
from zhangfa.records.models import Copy, Publication
from zhangfa.records.queries import published_digest
from zhangfa.ui.access import is_open
from zhangfa.ui.addresses import monday_in
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import FormPage, Page
from zhangfa.ui.registry import Status

SHOWN = 12


def latest(week_on: dt.date) -> Publication | None:
    rows = Publication.objects.filter(kind=WEEKLY, period=week_on.isoformat())
    return rows.select_related("record").order_by("-revision").first()


class Weeks(Page):
    """The last weeks, newest first."""

    permission, title, nav, template_name = read_weeks, _("执行制度情况总结"), "weeks", "inspections/weeks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newest = week_of(clock.local_date(self.at))
        begins = [newest - n * WEEK for n in range(SHOWN)]
        papers = {
            p.period: p
            for p in Publication.objects.filter(kind=WEEKLY, period__in=[d.isoformat() for d in begins]).order_by(
                "revision"
            )
        }
        keeper = is_open(publish_weeks, by=self.actor, at=self.at)
        rows = []
        for day in begins:
            paper = papers.get(day.isoformat())
            status = (
                Status(_("已公布"), "green")
                if paper
                else Status(_("本周未结束"), "grey")
                if day == newest
                else Status(_("未公布"), "amber")
            )
            rows.append(
                {"begins": day, "ends": day + dt.timedelta(days=6), "status": status, "is_open": bool(paper) or keeper}
            )
        return super().get_context_data(weeks=rows, **kwargs)


class OfWeek:
    """Mixed into a page about one week."""

    kwargs: dict[str, Any]
    at: dt.datetime

    @cached_property
    def week_on(self) -> dt.date:
        return monday_in(self.kwargs["day"], until=clock.local_date(self.at))

    @property
    def back_url(self) -> str:
        return f"/inspections/weeks/{self.week_on.isoformat()}/"

    def done_url(self, outcome: Any) -> str:
        return self.back_url


class Week(OfWeek, FormPage):
    """One week: as published for everybody; before that as it stands, for administration."""

    permission, nav, template_name, form_class, submit_label = (
        read_weeks,
        "weeks",
        "inspections/week.html",
        PublishForm,
        _("公布并发送"),
    )

    @cached_property
    def publication(self) -> Publication | None:
        return latest(self.week_on)

    def check(self, obj: Any) -> None:
        super().check(obj)
        if self.publication is None and not is_open(publish_weeks, by=self.actor, at=self.at):
            raise Http404

    def page_title(self) -> Any:
        return gettext("执行制度情况总结 %(from)s 至 %(to)s") % {
            "from": self.week_on,
            "to": self.week_on + dt.timedelta(days=6),
        }

    def act(self, form: Any) -> Any:
        return actions.publish_week(self.week_on, **form.params(), by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return gettext("总结表已公布，已发给各部门和总经理签收。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paper = self.publication
        figures = paper.figures if paper else weeks.draw(self.week_on)
        keeper = is_open(publish_weeks, by=self.actor, at=self.at)
        over = clock.local_date(self.at) >= self.week_on + WEEK
        copies = Copy.objects.filter(record_id=paper.pk).select_related("person").order_by("number") if paper else []
        own = next((copy for copy in copies if copy.person_id == self.actor.person_id), None)
        return super().get_context_data(
            figures=shown(figures), publication=paper, may_write=keeper and paper is None, may_publish=keeper and over and paper is None, week_on=self.week_on,
            copies=copies, own_copy=own, is_intact=paper is None or published_digest(paper) == paper.digest, previous=self.week_on - WEEK,
            following=self.week_on + WEEK if over else None, **kwargs,
        )  # fmt: skip


def shown(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures as the page shows them: rates as text, words in the reader's language."""
    urgency, kinds = dict(Problem.Urgency.choices), dict(Remark.Kind.choices)
    rows = [{**row, "rate": tenths(row["rate"]), "last_rate": tenths(row["last_rate"]), "up": row["trend"] is not None and row["trend"] >= 0,
             "change": tenths(abs(row["trend"])) if row["trend"] is not None else ""} for row in figures["rows"]]  # fmt: skip
    return {
        **figures, "rows": rows, "closing_rate": tenths(figures["closing_rate"]),
        "orders": [{**row, "urgency": urgency[row["urgency"]], "state": STATUSES[row["status"]]} for row in figures["orders"]],
        "praised": [{**row, "kind": kinds[row["kind"]]} for row in figures["remarks"] if row["kind"] == Remark.Kind.PRAISE],
        "criticised": [{**row, "kind": kinds[row["kind"]]} for row in figures["remarks"] if row["kind"] == Remark.Kind.CRITICISM],
    }  # fmt: skip


class MakeRemark(OfWeek, FormPage):
    """Praise or criticise a department."""

    permission, title, form_class, nav = publish_weeks, _("表扬或批评"), RemarkForm, "weeks"
    help = _("公开场合只说单位；点名到个人，要有已公布的制度作依据，并且本人已看过自己的受检表。")

    def act(self, form: Any) -> Any:
        actions.remark(self.week_on, **form.params(), by=self.actor, at=self.at)


class DropRemark(OfWeek, FormPage):
    permission, title, form_class, nav, submit_label = publish_weeks, _("撤回表扬或批评"), Form, "weeks", _("撤回")

    def act(self, form: Any) -> Any:
        row = get_object_or_404(Remark, pk=self.kwargs["pk"], week_on=self.week_on)
        actions.drop_remark(row, by=self.actor, at=self.at)


class MakeOrder(OfWeek, FormPage):
    """An order to a department."""

    permission, title, form_class, nav = publish_weeks, _("提出整改"), WeekOrderForm, "weeks"

    def act(self, form: Any) -> Any:
        actions.order_in_week(**form.params(), by=self.actor, at=self.at)
