"""Customer data analysis RPT-12 of a department or the company (CS-D3), and satisfaction RPT-21."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.orders.models import Product
from zhangfa.organisation.models import Person, Unit
from zhangfa.records.exports import Column, Sheet
from zhangfa.records.web import published
from zhangfa.reports import actions, charts
from zhangfa.reports import permissions as may
from zhangfa.reports.models import Draw
from zhangfa.reports.rules import month_back
from zhangfa.reports.rules_figures import rate
from zhangfa.reports.web.common import OfMonth, yuan_of
from zhangfa.ui.access import is_open
from zhangfa.ui.forms import Form, TextField
from zhangfa.ui.pages import FormPage, Page
from zhangfa.ui.registry import Figure

METHODS = {
    "season": lazy("去年同月 × 近三个月的同比；区间为 1.96 倍的历史误差"),
    "recent": lazy("近三个月平均；区间为 1.96 倍的历史误差"),
}


class Data(OfMonth, Page):
    """How one department's customers move: gained, lost, returning, concentrated, and what the next month may bring."""

    permission, kind, nav, template_name = may.read_data, "RPT-12", "reports", "reports/data.html"

    def subject(self) -> Any:
        return self.kwargs["unit"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.export() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    @property
    def period(self) -> str:
        return f"{super().period}/{self.kwargs['unit']}"

    @cached_property
    def unit(self) -> Unit | None:
        key = self.kwargs["unit"]
        if key == "all":
            return None
        found = Unit.objects.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
        if found is None:
            raise Http404
        return found

    def page_title(self) -> Any:
        where = self.unit.shown_name if self.unit else _("全公司")
        return _("客户数据分析 %(month)s · %(where)s") % {"month": self.kwargs["month"], "where": where}

    def export(self) -> HttpResponse:
        heads = [
            Column(_("月份")),
            Column(_("订单数"), "number"),
            Column(_("金额"), "money"),
            Column(_("客户数"), "number"),
        ]
        rows = [[str(row[0]), row[1], yuan_of(row[2]), row[3]] for row in self.figures.get("trend", [])]
        sheets = [Sheet(_("走势"), heads, rows), self._curve(), self._retention()]
        return published.spreadsheet(self, sheets, subject="reports.data", name=str(self.page_title()))

    def _curve(self) -> Sheet:
        figures = self.figures
        heads = [
            Column(_("前多少位客户"), "number"),
            Column(_("占客户（%）"), "number"),
            Column(_("占收入（%）"), "number"),
        ]
        rows = [
            [place, rate(place, figures["active"]), rate(running, figures["amount"])]
            for place, running in figures.get("curve", [])
        ]
        return Sheet(_("收入集中曲线"), heads, rows)

    def _retention(self) -> Sheet:
        heads = [
            Column(_("首次服务")),
            Column(_("客户数"), "number"),
            *(Column(f"+{n}", "number") for n in range(1, 12)),
        ]
        rows = [
            [row["month"], row["size"], *(cell["count"] for cell in row["cells"]), *[None] * (11 - len(row["cells"]))]
            for row in charts.cohorts(self.figures.get("cohorts", []), self.months)
        ]
        return Sheet(_("新客户留存"), heads, rows)

    @property
    def months(self) -> list[int]:
        return [month_back(self.month, back) for back in range(11, -1, -1)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures, actor = self.figures, self.actor
        drawn = Draw.objects.filter(
            kind="RPT-12", period__startswith=f"{self.kwargs['month']}/", state=Draw.State.DRAWN
        )
        keys = {period.partition("/")[2] for period in drawn.values_list("period", flat=True)} - {"all"}
        units = [
            unit
            for unit in Unit.objects.filter(pk__in=sorted(keys)).order_by("pk")
            if may.may_read_department(actor, str(unit.pk))
        ]
        ahead = figures.get("outlook")
        return super().get_context_data(
            **self.standing(), place=self.unit, units=units, sees_all=may.may_read_department(actor, "all"),
            cards=_cards(figures), chart=charts.concentration(figures.get("curve", []), figures.get("active", 0), figures.get("amount", 0)),
            trend=charts.trend(figures.get("trend", []), ahead), cohorts=charts.cohorts(figures.get("cohorts", []), self.months),
            months=[{"month": f"{row[0] // 100}-{row[0] % 100:02d}", "orders": row[1], "amount": yuan_of(row[2]), "customers": row[3]} for row in reversed(figures.get("trend", []))],
            ahead={"value": yuan_of(ahead[0]), "low": yuan_of(ahead[1]), "high": yuan_of(ahead[2]), "method": METHODS[ahead[3]]} if ahead else None,
            may_publish=bool(figures) and is_open(may.publish_pack, by=actor, at=self.at), offsets=range(1, 12), **kwargs,
        )  # fmt: skip


def _cards(figures: dict[str, Any]) -> list[Figure]:
    if not figures:
        return []
    return [
        Figure(_("活跃客户"), figures["active"], note=_("近十二个月有服务或付款")),
        Figure(_("本月新增"), figures["gained"]), Figure(_("本月流失"), figures["lost"], note=_("已满十二个月没有服务")),
        Figure(_("人均订单"), figures["frequency"] or "—", kind="text", note=_("近十二个月")),
        Figure(_("单均金额"), yuan_of(figures["average"]), kind="money"),
        Figure(_("基尼系数"), figures["gini"] or "—", kind="text", note=_("0 为平均，越近 1 越集中")),
    ]  # fmt: skip


class DataForm(Form):
    direction = TextField(label=lazy("业务走向和建议"), max_length=1000, multiline=True)


class DataPublish(OfMonth, FormPage):
    """Send each department its own analysis."""

    permission, kind, nav, form_class = may.publish_pack, "RPT-12", "reports", DataForm
    submit_label = lazy("发布并发送")
    help = lazy("每个部门只收到本部门的分析；全公司的一份发给总经理和副总经理。")

    def page_title(self) -> Any:
        return _("发布客户数据分析 %(month)s") % {"month": self.period}

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("reports:data", args=[self.period, "all"])

    def act(self, form: Any) -> Any:
        return actions.publish_analysis(self.month, by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("客户数据分析已发给各部门。")

    def done_url(self, outcome: Any) -> str:
        return self.back_url


class Marks(OfMonth, Page):
    """RPT-21: means, shares satisfied and intervals; too few answers get no place."""

    permission, kind, nav, template_name = may.read_marks, "RPT-21", "reports", "reports/marks.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.export() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    def page_title(self) -> Any:
        return _("满意度 %(month)s") % {"month": self.period}

    def export(self) -> HttpResponse:
        heads = [
            Column(_("对象")),
            Column(_("评价数"), "number"),
            Column(_("平均")),
            Column(_("满意率")),
            Column(_("满意率区间")),
            Column(_("名次"), "number"),
        ]
        sheets = [
            Sheet(str(label), heads, [[row["name"], row["n"], row["mean"], row["share"], f"{row['low']}–{row['high']}", row["place"]] for row in rows])
            for label, rows in self.groups()
        ]  # fmt: skip
        return published.spreadsheet(
            self, sheets or [Sheet(_("满意度"), heads, [])], subject="reports.marks", name=str(self.page_title())
        )

    def groups(self) -> list[tuple[Any, list[dict[str, Any]]]]:
        """The four tables with names; a department manager sees the outlets and people of the own department only."""
        figures = self.figures
        if not figures:
            return []
        own = self._own()
        units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[row["key"] for row in figures["outlet"]])}
        people = {
            p.pk: p.shown_name
            for p in Person.objects.filter(
                pk__in=[row["key"] for name in ("worker", "manager") for row in figures[name]]
            )
        }
        products = {
            p.pk: p.shown_name for p in Product.objects.filter(pk__in=[row["key"] for row in figures["product"]])
        }
        outlets = [
            row | {"name": units[row["key"]].shown_name}
            for row in figures["outlet"]
            if row["key"] in units and (own is None or units[row["key"]].department_id in own)
        ]
        found = [
            (_("按网点"), outlets),
            (_("按产品"), [row | {"name": products.get(row["key"], row["key"])} for row in figures["product"]]),
        ]
        if own is None:
            found += [
                (label, [row | {"name": people.get(row["key"], "")} for row in figures[name]])
                for label, name in ((_("按服务员"), "worker"), (_("按客户经理"), "manager"))
            ]
        return found

    def _own(self) -> set[int] | None:
        if self.actor.holds(*may.EVERY_DEPARTMENT):
            return None
        return {seat.department_id or seat.unit_id for seat in self.actor.seats if seat.post in may.DEPARTMENTS}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **self.standing(), tables=self.groups(), total=self.figures.get("total"), least=self.figures.get("least"),
            may_publish=bool(self.figures) and is_open(may.publish_pack, by=self.actor, at=self.at), **kwargs,
        )  # fmt: skip


class MarksPublish(OfMonth, FormPage):
    permission, kind, nav, form_class = may.publish_pack, "RPT-21", "reports", Form
    submit_label = lazy("发布并发送")

    def page_title(self) -> Any:
        return _("发布满意度报表 %(month)s") % {"month": self.period}

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("reports:marks", args=[self.period])

    def act(self, form: Any) -> Any:
        return actions.publish_satisfaction(self.month, by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return _("满意度报表已发布。")

    def done_url(self, outcome: Any) -> str:
        return self.back_url
