"""Product shares RPT-10 and RPT-11 of a month with index, proposal and the GM's decision (CS-W2.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms as base
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.policy.wording import language
from zhangfa.records.exports import Column, Sheet
from zhangfa.records.models import Publication
from zhangfa.records.web import published
from zhangfa.reports import actions, charts
from zhangfa.reports import permissions as may
from zhangfa.reports.actions.drawing import latest
from zhangfa.reports.models import MixDecision
from zhangfa.reports.web.common import CLASS_NAMES, OfMonth, name_of, yuan_of
from zhangfa.ui.access import is_open
from zhangfa.ui.forms import DateTimeField, Form, TextField
from zhangfa.ui.pages import FormPage, Page

WHOLE = Decimal(100)
# A paper that was frozen before the changes were drawn has none.
COMPARED = ("share_all", "difference", "index", "change", "change_year")
LISTED = {"listed": lazy("名单上全部客户"), **CLASS_NAMES}


class Mix(OfMonth, Page):
    """Both tables of a month side by side."""

    permission, kind, nav, template_name = may.read_pack, "RPT-10", "reports", "reports/mix.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.export() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    def page_title(self) -> Any:
        return _("产品使用比例 %(month)s") % {"month": self.period}

    @cached_property
    def code(self) -> str:
        asked = self.request.GET.get("class", "premium")
        return asked if asked in LISTED else "premium"

    @cached_property
    def best_paper(self) -> Publication | None:
        """《公司优秀客户服务产品比例表》 that was published with the revision shown."""
        if self.shown is None:
            return None
        found = Publication.objects.filter(kind="RPT-11", period=self.period, published_at__lte=self.shown.published_at)
        return found.order_by("-revision").first()

    @cached_property
    def best(self) -> dict[str, Any]:
        """RPT-11 of the same revision."""
        if self.shown is not None:
            return dict(self.best_paper.figures) if self.best_paper else {}
        drawn = latest("RPT-11", self.period)
        return dict(drawn.figures) if drawn else {}

    @cached_property
    def decision(self) -> MixDecision | None:
        return MixDecision.objects.filter(paper=self.shown.record).select_related("by").first() if self.shown else None

    def export(self) -> HttpResponse:
        heads = [
            Column(_("产品")), Column(_("订单数"), "number"), Column(_("订单占比"), "number"), Column(_("客户数"), "number"),
            Column(_("客户占比"), "number"), Column(_("金额"), "money"), Column(_("金额占比"), "number"),
        ]  # fmt: skip
        more = [
            Column(_("单均金额"), "money"),
            Column(_("比上月（%）"), "number"),
            Column(_("比去年同月（%）"), "number"),
        ]
        rows = [
            [*_plain(row), yuan_of(row.get("average")), _number(row["change"]), _number(row["change_year"])]
            for row in self.figures.get("rows", [])
        ]
        total = self.figures.get("total")
        last = (
            [_("合计"), total["orders"], WHOLE, total["customers"], WHOLE, yuan_of(total["amount"]), WHOLE]
            if total
            else []
        )
        sheets = [Sheet(_("公司客户使用服务产品比例表"), [*heads, *more], rows, total=last)]
        for code, label in LISTED.items():
            rows = self.best.get("classes", {}).get(code, [])
            lines = [[*_plain(row), *(_number(row.get(name)) for name in COMPARED)] for row in rows]
            compared = [
                Column(_("全部客户占比"), "number"),
                Column(_("相差"), "number"),
                Column(_("指数"), "number"),
                *more[1:],
            ]
            own = self.best.get("totals", {}).get(code) or {}
            last = (
                [_("合计"), own["orders"], WHOLE, None, WHOLE, yuan_of(own["amount"]), WHOLE]
                if own.get("orders")
                else []
            )
            sheets.append(Sheet(f"{label}", [*heads, *compared], lines, total=last))
        return published.spreadsheet(self, sheets, subject="reports.mix", name=str(self.page_title()))

    def best_total(self) -> dict[str, Any]:
        """The last line of the class shown."""
        total = self.best.get("totals", {}).get(self.code) or {}
        return {"orders": total.get("orders"), "amount": yuan_of(total.get("amount"))} if total.get("orders") else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.best.get("classes", {}).get(self.code, [])
        total = self.figures.get("total") or {}
        may_decide = (
            self.shown is not None and self.decision is None and is_open(may.decide_mix, by=self.actor, at=self.at)
        )
        return super().get_context_data(
            **self.standing(), rows=[_line(row) for row in self.figures.get("rows", [])], total=total | {"amount": yuan_of(total.get("amount"))},
            best=[_line(row) for row in rows], best_total=self.best_total(), best_paper=self.best_paper, code=self.code, codes=LISTED, bars=[{**bar, "line": _line(bar["row"])} for bar in charts.bars(rows)],
            decision=self.decision, may_decide=may_decide, may_publish=bool(self.figures) and is_open(may.publish_pack, by=self.actor, at=self.at), **kwargs,
        )  # fmt: skip


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "label": name_of(row, language()),
        "amount": yuan_of(row["amount"]),
        "average": yuan_of(row.get("average")),
    }


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _plain(row: dict[str, Any]) -> list[Any]:
    shares = {name: Decimal(row[name]) for name in ("share_orders", "share_customers", "share_amount")}
    return [
        name_of(row, language()), row["orders"], shares["share_orders"], row["customers"], shares["share_customers"], yuan_of(row["amount"]),
        shares["share_amount"],
    ]  # fmt: skip


class MixForm(Form):
    analysis = TextField(label=lazy("分析结论"), max_length=1000, multiline=True)
    suggestion = TextField(label=lazy("产品结构调整建议"), max_length=1000, multiline=True)


class MixPublish(OfMonth, FormPage):
    """Freeze both tables with the proposal to the GM."""

    permission, kind, nav, form_class = may.publish_pack, "RPT-10", "reports", MixForm
    submit_label = lazy("发布并发送")
    help = lazy("两张产品比例表一起发布；总经理在表上作决定，决定的落实情况会跟踪。")

    def page_title(self) -> Any:
        return _("发布产品比例表 %(month)s") % {"month": self.period}

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("reports:mix", args=[self.period])

    def get_initial(self) -> dict[str, Any]:
        last = self.revisions[-1].figures if self.revisions else {}
        return {name: last.get(name, "") for name in ("analysis", "suggestion")}

    def act(self, form: Any) -> Any:
        return actions.publish_mix(self.month, by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("产品比例表已发布，等总经理决定。")

    def done_url(self, outcome: Any) -> str:
        return self.back_url


class DecideForm(Form):
    verdict = base.ChoiceField(label=lazy("决定"), choices=MixDecision.Verdict.choices)
    decision = TextField(label=lazy("决定内容"), max_length=1000, multiline=True)
    standard = TextField(
        label=lazy("做到什么标准"),
        max_length=200,
        required=False,
        help_text=lazy("采纳时填写：客服中心经理会收到一项任务。"),
    )
    due_at = DateTimeField(label=lazy("完成时间"), required=False)


class MixDecide(OfMonth, FormPage):
    """The GM's decision on the newest revision."""

    permission, kind, nav, form_class = may.decide_mix, "RPT-10", "reports", DecideForm
    submit_label = lazy("记录决定")

    def page_title(self) -> Any:
        return _("决定产品结构 %(month)s") % {"month": self.period}

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("reports:mix", args=[self.period])

    def act(self, form: Any) -> Any:
        if not self.revisions:
            raise Http404
        return actions.decide_mix(self.revisions[-1], by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("决定已记录。")

    def done_url(self, outcome: Any) -> str:
        return self.back_url
