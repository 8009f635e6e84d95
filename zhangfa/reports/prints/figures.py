"""Customer analysis, satisfaction, calls and the outlets' week on paper, as they were frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.core.money import from_fen
from zhangfa.orders.models import Product
from zhangfa.policy.wording import language
from zhangfa.records.models import Publication, Record
from zhangfa.records.prints import Field, FormPrint, Prose, Rows
from zhangfa.reports import charts
from zhangfa.reports.prints.common import aside, frame, percent
from zhangfa.reports.rules import month_back
from zhangfa.reports.rules_figures import call_rates, rate
from zhangfa.ui.display import money

ZERO = Decimal("0.0")


def data(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The department's analysis: the figures, two years of months, the outlook."""
    paper = Publication.objects.get(pk=record.pk)
    figures = paper.figures
    where = figures["unit_en"] if language() == "en" and figures["unit_en"] else figures["unit"] or _("全公司")
    facts = [
        Field(_("月份"), figures["month"]), Field(_("部门"), where), Field(_("活跃客户"), f"{figures['active']:,}"),
        Field(_("本月新增"), f"{figures['gained']:,}"), Field(_("本月流失"), f"{figures['lost']:,}"), Field(_("人均订单"), figures["frequency"] or "—"),
        Field(_("单均金额"), money(from_fen(figures["average"])) if figures["average"] is not None else "—"), Field(_("基尼系数"), figures["gini"] or "—"),
    ]  # fmt: skip
    rows = [
        [f"{r[0] // 100}-{r[0] % 100:02d}", f"{r[1]:,}", f"{r[3]:,}", money(from_fen(r[2]))]
        for r in reversed(figures["trend"])
    ]
    if ahead := figures["outlook"]:
        low, high = money(from_fen(ahead[1])), money(from_fen(ahead[2]))
        facts.append(Field(_("下月展望"), f"{money(from_fen(ahead[0]))}{aside(f'{low} – {high}')}", is_wide=True))
    table = Rows([_("月份"), _("订单数"), _("客户数"), _("金额")], rows, numeric=[1, 2, 3], title=_("每月金额"))
    sections = [Prose(_("业务走向和建议"), figures.get("direction", "")), table, _curve(figures), _retention(figures)]
    return frame(paper, actor, at, facts, sections, is_landscape=True)


def _curve(figures: dict[str, Any]) -> Rows:
    """The concentration curve as numbers: which part of the revenue the largest customers bring."""
    rows = [
        [f"{place:,}", f"{rate(place, figures['active']) or ZERO}%", f"{rate(running, figures['amount']) or ZERO}%"]
        for place, running in figures["curve"]
    ]  # fmt: skip
    return Rows(
        [_("前多少位客户"), _("占客户"), _("占收入")], rows, numeric=[0, 1, 2], title=_("收入集中曲线"), empty=_("没有服务")
    )  # fmt: skip


def _retention(figures: dict[str, Any]) -> Rows:
    year, number = (int(part) for part in figures["month"].split("-"))
    months = [month_back(year * 100 + number, back) for back in range(11, -1, -1)]
    found = charts.cohorts(figures["cohorts"], months)
    rows = [
        [row["month"], f"{row['size']:,}", *(f"{cell['pct']}%" for cell in row["cells"]), *[""] * (11 - len(row["cells"]))]
        for row in found
    ]  # fmt: skip
    heads = [_("首次服务"), _("客户数"), *(f"+{n}" for n in range(1, 12))]
    return Rows(
        heads,
        rows,
        numeric=list(range(1, 13)),
        title=_("新客户留存"),
        widths=[1.6, 1.2, *[1] * 11],
        empty=_("没有服务"),
    )


def marks(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """Totals only by product: people's and outlets' figures are read on the page, each by whom it concerns."""
    paper = Publication.objects.get(pk=record.pk)
    figures = paper.figures
    names = {product.pk: product.shown_name for product in Product.objects.all()}
    rows = [
        [
            names.get(row["key"], row["key"]),
            str(row["n"]),
            row["mean"] or "—",
            percent(row["share"]),
            f"{row['low']}–{row['high']}%",
            str(row["place"] or "—"),
        ]
        for row in figures["product"]
    ]
    total = figures["total"]
    facts = [
        Field(_("月份"), figures["month"]),
        Field(_("评价数"), str(total["n"])),
        Field(_("平均"), total["mean"] or "—"),
        Field(_("满意率"), percent(total["share"])),
    ]
    heads = [_("产品"), _("评价数"), _("平均"), _("满意率"), _("95% 区间"), _("名次")]
    return frame(paper, actor, at, facts, [Rows(heads, rows, numeric=[1, 2, 3, 4, 5], widths=[3, 1, 1, 1, 1.6, 1])])


def calls(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    from zhangfa.calls.models import Kind

    paper = Publication.objects.get(pk=record.pk)
    figures, names = paper.figures, {**dict(Kind.choices), "": _("未登记类型")}
    heads = [_("来电数"), _("接听数"), _("及时接起"), _("及时接起（%）"), _("下单数"), _("下单比例（%）")]
    columns = ("calls", "answered", "in_time", "in_time_share", "ordered", "ordered_share")

    def line(name: str, row: Mapping[str, Any]) -> list[str]:
        known = {**row, **call_rates(row)}
        return [name, *("—" if known[column] is None else str(known[column]) for column in columns)]

    def table(title: str, rows: Sequence[dict[str, Any]], label: Any) -> Rows:
        lines = [line(str(label(row["key"])), row) for row in rows]
        total = [line(_("合计"), figures["total"])] if lines else []
        return Rows(
            [title, *heads], [*lines, *total], numeric=[1, 2, 3, 4, 5, 6], widths=[2, 1, 1, 1.2, 1.4, 1, 1.4], empty=_("这段时间没有呼入电话")
        )  # fmt: skip

    sections = [
        table(_("来电类型"), figures["by_kind"], lambda key: names.get(key, key)),
        table(_("时段"), figures["by_hour"], lambda key: f"{key}:00"),
    ]
    aim = _("%(limit)s 秒内接起，应不低于 %(target)s %%") % {"limit": figures["limit"], "target": figures["target"]}
    facts = [Field(_("统计周期"), f"{figures['first_on']} — {figures['last_on']}"), Field(_("及时接起"), aim)]
    return frame(paper, actor, at, facts, sections)


def outlets(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The week's quality of a department's outlets with the problems they raised (RPT-01)."""
    from zhangfa.reports import quality

    paper = Publication.objects.get(pk=record.pk)
    figures = paper.figures
    heads = [
        _("网点"), _("订单数"), _("出单占比"), _("营业额"), _("事故（每千单）"), _("投诉（每千单）"), _("按期回访"), _("问题（未解决）"),
    ]  # fmt: skip

    def line(row: dict[str, Any], name: str, share: str) -> list[str]:
        rates = [
            f"{row[n]}{aside(row[r])}" if row[r] is not None else str(row[n])
            for n, r in (("accidents", "accident_rate"), ("complaints", "complaint_rate"))
        ]
        return [
            name,
            str(row["orders"]),
            share,
            money(row["revenue"]),
            *rates,
            f"{row['done']} / {row['due']}",
            f"{row['raised']}{aside(row['open'])}",
        ]

    rows = [line(row, row["unit"], f"{row['share']}%") for row in quality.lines_of(figures)]
    problems = [[row["unit"], row["kind"], row["text"], row["status"]] for row in quality.problems_said(figures)]
    sections = [
        Rows(heads, rows, numeric=[1, 2, 3, 4, 5, 6, 7], total=line(quality.total_of(figures), _("合计"), "100.0%"), empty=_("这个部门没有网点。")),
        Rows([_("网点"), _("类别"), _("问题"), _("状态")], problems, title=_("本周网点提出的问题"), widths=[2, 2, 7, 2], empty=_("这一周没有提出问题。")),
        Prose(_("网点的问题和要求"), figures.get("summary", "")),
    ]  # fmt: skip
    head = [Field(_("统计周期"), f"{figures['first_on']} — {figures['last_on']}")]
    return frame(paper, actor, at, head, sections, is_landscape=True)
