"""事故制度效果 RPT-14: what rules born of cases have done, live, and frozen with every quarter (CC-W2.2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims import actions, learning
from zhangfa.claims.actions.learning import EFFECT_KIND
from zhangfa.claims.models import Case
from zhangfa.claims.web import published
from zhangfa.core import clock
from zhangfa.records.exports import Column, Sheet
from zhangfa.records.models import Publication
from zhangfa.ui.addresses import EARLIEST
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import FormPage, Page
from zhangfa.ui.registry import Status
from zhangfa.ui.words import text

DAY = dt.timedelta(days=1)
VERDICTS = {
    "better": Status(lazy("明显减少"), "green"),
    "worse": Status(lazy("明显增加"), "red"),
    "open": Status(lazy("还不能断定")),
}


def said(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stored codes in the reader's words."""
    causes = dict(Case.Cause.choices)
    return [
        {**row, "cause_label": causes.get(row["cause"], row["cause"]), "tag": VERDICTS[row["verdict"]]} for row in rows
    ]


def spreadsheet(page: Any, figures: dict[str, Any], name: str) -> HttpResponse:
    """The table as xlsx: every figure on its own, and the same since the training."""
    since = _("培训前后")
    columns = [
        Column(_("编号")), Column(_("制度"), width=28), Column(_("原因")), Column(_("生效日期")), Column(_("已学习"), "number"),
        Column(_("应学习"), "number"), Column(_("以前起数"), "number"), Column(_("以前订单"), "number"), Column(_("以后起数"), "number"),
        Column(_("以后订单"), "number"), Column(_("以前（每千单）")), Column(_("以后（每千单）")), Column(_("比值")), Column(_("95% 区间")),
        Column(_("结论")), Column(f"{since}：{_('起算日')}"), Column(f"{since}：{_('比值')}"), Column(f"{since}：{_('95% 区间')}"),
    ]  # fmt: skip
    rows = [
        [
            row["number"], row["title"], text(row["cause_label"]), row["effective_on"], row["trained"], row["to_train"], row["before"],
            row["orders_before"], row["after"], row["orders_after"], row["rate_before"] or "", row["rate_after"] or "", row["ratio"] or "",
            interval(row), text(row["tag"].label), *_training(row.get("training")),
        ]
        for row in said(figures["rows"])
    ]  # fmt: skip
    sheet = Sheet(_("事故制度效果"), columns, rows, notes=[(_("算到"), figures["until"])])
    return published.spreadsheet(page, [sheet], subject="claims.effect", name=name)


def interval(row: dict[str, Any]) -> str:
    return f"{row['low']}–{row['high'] or '∞'}" if row["low"] else ""


def _training(found: dict[str, Any] | None) -> list[str]:
    return [found["from"], found["ratio"] or "", interval(found)] if found else ["", "", ""]


class Effects(Page):
    """RPT-14 as it stands today, and the quarters that were published."""

    permission, title, nav, template_name = published.read_tables, lazy("事故制度效果"), "effect", "claims/effect.html"

    @cached_property
    def figures(self) -> dict[str, Any]:
        return learning.draw(clock.local_date(self.at))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "xlsx":
            return spreadsheet(self, self.figures, text(self.title))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        papers = Publication.objects.filter(kind=EFFECT_KIND).select_related("record").order_by("-period", "-revision")
        name, first, _last = learning.quarter_of(clock.local_date(self.at))
        return super().get_context_data(
            lines=said(self.figures["rows"]), until=self.figures["until"], papers=list(papers[:20]),
            owed=learning.quarter_of(first - DAY)[0], running=name, **kwargs,
        )  # fmt: skip


class Effect(FormPage):
    """One quarter: as frozen, or as it would be; a later correction makes a numbered revision."""

    permission, nav, template_name, form_class = published.read_tables, "effect", "claims/effect.html", Form
    submit_label = lazy("发布并发送")

    @cached_property
    def span(self) -> tuple[str, dt.date, dt.date]:
        found = learning.quarter_named(self.kwargs["quarter"])
        if (
            found is None
            or found[0] != self.kwargs["quarter"]
            or found[1] > clock.local_date(self.at)
            or found[1].year < EARLIEST
        ):
            raise Http404
        return found

    @cached_property
    def paper(self) -> Publication | None:
        return next(iter(published.revisions(EFFECT_KIND, self.span[0])[::-1]), None)

    @cached_property
    def live(self) -> dict[str, Any]:
        return learning.draw(min(self.span[2], clock.local_date(self.at)))

    @property
    def shown(self) -> dict[str, Any]:
        return self.paper.figures if self.paper else self.live

    def page_title(self) -> Any:
        return _("事故制度效果 %(quarter)s") % {"quarter": self.span[0]}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "xlsx":
            return spreadsheet(self, self.shown, str(self.page_title()))
        return super().get(request, *args, **kwargs)

    def act(self, form: Any) -> Any:
        return actions.publish_effect(self.span[0], by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return _("已发布并发送。")

    def done_url(self, outcome: Any) -> str:
        return reverse("claims:effect-quarter", kwargs={"quarter": self.span[0]})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_over = self.span[2] < clock.local_date(self.at)
        may = is_over and published.may_publish(self.actor) and (self.paper is None or self.paper.figures != self.live)
        return super().get_context_data(
            lines=said(self.shown["rows"]), until=self.shown["until"], name=self.span[0], may_publish=may,
            **published.papers(self, self.paper), **kwargs,
        )  # fmt: skip
