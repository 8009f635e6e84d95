"""《公司优秀客户汇总表》, 《公司客户使用服务产品比例表》, 《公司优秀客户服务产品比例表》 and the other reports on A4, as they were frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.claims.prints.common import copies
from zhangfa.core.money import from_fen, to_fen
from zhangfa.customers.models import CustomerClass
from zhangfa.orders.models import Product
from zhangfa.organisation.shell import company_name
from zhangfa.policy.wording import language, post_name
from zhangfa.records.models import Publication, Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, Sign, published_by, when
from zhangfa.records.registry import forms
from zhangfa.records.web.published import figures_of
from zhangfa.reports import charts
from zhangfa.reports import permissions as may
from zhangfa.reports.models import Listed, MixDecision
from zhangfa.reports.rules import advice_for, as_of, month_back
from zhangfa.reports.rules_figures import rate
from zhangfa.reports.wording import ADVICE, rfm_of
from zhangfa.ui.display import money
from zhangfa.ui.words import join, text

# More than this is no paper: the whole list is a workbook then, and the paper says so.
LINES = 3000
# Of the list's columns, in their order: names and sentences need the room that counts don't.
WIDTHS = (0.8, 3, 2.3, 2, 2, 1.1, 1.2, 1, 2.7, 1.8, 1.8, 1, 1.1, 1.1, 1.1, 1.4, 2.6)
NAMES = dict(CustomerClass.Code.choices)
ZERO = Decimal("0.0")


def good_list(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The list by rank; an outlet's copy holds its own customers without amounts (F16)."""
    paper = Publication.objects.get(pk=record.pk)
    figures, extract = paper.figures, actor is not None and may.is_outlet_only(actor)
    rows = Listed.objects.filter(draw_id=figures["draw"])
    if actor is not None:
        rows = rows.visible_to(actor)
    found = list(rows.select_related("customer", "outlet", "manager").order_by("place")[:LINES])
    count = len(found) if len(found) < LINES else rows.count()
    products = {product.pk: product.shown_name for product in Product.objects.all()}
    columns = [column for column in _columns(figures, products) if not (extract and column[3])]
    table = Rows(
        [head for head, _numeric, _cell, _secret in columns], [[cell(row) for _head, _numeric, cell, _secret in columns] for row in found],
        numeric=[n for n, column in enumerate(columns) if column[1]], empty=_("名单上没有客户"),
        widths=[width for width, column in zip(WIDTHS, _columns(figures, products), strict=True) if not (extract and column[3])],
    )  # fmt: skip
    sections: list[Any] = [table]
    if count > len(found):
        sections.append(
            Prose(_("说明"), _("这里印前 %(shown)s 位；名单共 %(count)s 位，完整名单请在页面上导出。") % {"shown": len(found), "count": count})
        )  # fmt: skip
    if not extract:
        sections.insert(0, _concentration(figures, from_fen(figures["amount"])))
        sections += [
            Prose(_("其余客户构成分析"), figures.get("analysis", "")),
            Prose(_("应对策略"), figures.get("strategy", "")),
        ]
    sections.append(Prose(_("对网点的要求"), figures.get("instructions", "")))
    facts = [Field(_("月份"), figures["month"]), Field(_("名单人数"), f"{count:,}")]
    if not extract and figures.get("entered") is not None:
        moved = _("新进优质客户 %(entered)s 位，退出 %(left)s 位") % {
            "entered": figures["entered"],
            "left": figures["left"],
        }
        facts.append(Field(_("比上月名单"), moved))
    return _frame(paper, actor, at, facts, sections, is_landscape=True)


def _columns(
    figures: dict[str, Any], products: dict[str, str]
) -> list[tuple[Any, bool, Callable[[Listed], str], bool]]:
    """Heading, whether it is a number, the cell, and whether an outlet's copy leaves it out."""

    def share(fen: int) -> str:
        return f"{rate(fen, figures['amount']) or Decimal('0.0')}%"

    def bought(row: Listed) -> str:
        return join(products.get(code, code) for code in row.products.split(",") if code)

    def day(value: dt.date | None) -> str:
        return value.isoformat() if value else "—"

    return [
        (_("名次"), True, lambda row: str(row.place), False), (_("客户"), False, lambda row: row.customer.name, False),
        (_("类别"), False, lambda row: join(str(NAMES[code]) for code in row.codes), False), (_("网点"), False, lambda row: row.outlet.shown_name, False),
        (_("近十二个月实付"), True, lambda row: money(row.amount), True), (_("占比"), True, lambda row: share(to_fen(row.amount)), True),
        (_("累计占比"), True, lambda row: share(to_fen(row.running)), True), (_("订单数"), True, lambda row: str(row.orders), False),
        (_("主要产品"), False, bought, False), (_("最近服务"), False, lambda row: day(row.last_on), False),
        (_("最近拜访"), False, lambda row: day(row.visited_on), False), ("RFM", False, lambda row: rfm_of(row) or "—", True),
        (_("满意度"), True, lambda row: f"{row.score / row.rated:.1f}" if row.rated else "—", False),
        (_("事故"), True, lambda row: str(row.accidents), False), (_("投诉"), True, lambda row: str(row.complaints), False),
        (_("维护人"), False, lambda row: row.manager.shown_name if row.manager else "—", False),
        (_("维护建议"), False, lambda row: text(ADVICE[advice_for(row.recency, row.frequency, row.volume)]), False),
    ]  # fmt: skip


def _concentration(figures: dict[str, Any], whole: Any) -> Rows:
    names = {"top": _("前部客户"), **{code: str(label) for code, label in NAMES.items()}}
    rows = [
        [
            label,
            f"{row['count']:,}",
            money(from_fen(row["amount"])),
            f"{rate(row['amount'], figures['amount']) or Decimal('0.0')}%",
        ]
        for code, label in names.items()
        if (row := figures["classes"].get(code)) is not None
    ]
    rows.append([_("八成收入来自"), f"{figures['pareto']:,}", "—", "—"])
    total = [_("活跃客户"), f"{figures['active']:,}", money(whole), "100.0%"]
    return Rows(
        [_("类别"), _("客户数"), _("近十二个月实付"), _("占收入")],
        rows,
        numeric=[1, 2, 3],
        total=total,
        widths=[3, 1.5, 2, 1.5],
    )


def mix(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    paper = Publication.objects.get(pk=record.pk)
    figures = paper.figures
    heads = [
        _("产品"),
        _("订单数"),
        _("占比"),
        _("客户数"),
        _("占比"),
        _("金额"),
        _("占比"),
        _("单均金额"),
        _("比上月"),
        _("比去年同月"),
    ]
    rows = [
        [*_product(row), "—" if row["average"] is None else money(from_fen(row["average"])), _pct(row["change"]), _pct(row["change_year"])]
        for row in figures["rows"]
    ]  # fmt: skip
    total = figures["total"]
    last = [
        _("合计"),
        f"{total['orders']:,}",
        "100.0%",
        f"{total['customers']:,}",
        "100.0%",
        money(from_fen(total["amount"])),
        "100.0%",
        money(from_fen(total["amount"] // total["orders"])) if total["orders"] else "—",
        "",
        "",
    ]
    table = Rows(
        heads, rows, numeric=list(range(1, 10)), widths=[2.4, *[1] * 4, 1.6, 1, 1.2, 1, 1], total=last, empty=_("没有服务")
    )  # fmt: skip
    return _frame(paper, actor, at, [Field(_("月份"), figures["month"])], [table, *_proposal(paper)], is_landscape=True)


def best(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """Each class apart, with the index against everybody."""
    paper = Publication.objects.get(pk=record.pk)
    heads = [
        _("产品"),
        _("订单数"),
        _("占比"),
        _("客户数"),
        _("占比"),
        _("金额"),
        _("占比"),
        _("全部客户占比"),
        _("相差"),
        _("指数"),
    ]
    titles = {"listed": _("名单上全部客户"), **{code: str(label) for code, label in NAMES.items()}}
    tables = [
        Rows(
            heads, [[*_product(row), f"{row['share_all']}%", row["difference"], row["index"] or "—"] for row in rows if row["amount"] or row["orders"]],
            title=label, numeric=list(range(1, 10)), widths=[2.4, *[1] * 4, 1.6, 1, 1.2, 0.8, 0.8], empty=_("没有服务"),
            total=_best_total(paper.figures.get("totals", {}).get(code) or {}),
        )
        for code, label in titles.items()
        if (rows := paper.figures["classes"].get(code)) is not None
    ]  # fmt: skip
    return _frame(
        paper, actor, at, [Field(_("月份"), paper.figures["month"])], [*tables, *_proposal(paper)], is_landscape=True
    )


def _best_total(total: dict[str, Any]) -> list[str]:
    if not total.get("orders"):
        return []
    return [
        _("合计"),
        f"{total['orders']:,}",
        "100.0%",
        "",
        "100.0%",
        money(from_fen(total["amount"])),
        "100.0%",
        "",
        "",
        "",
    ]


def _proposal(paper: Publication) -> list[Any]:
    decided = _decided(paper)
    return [
        Prose(_("分析结论"), paper.figures.get("analysis", "")), Prose(_("产品结构调整建议"), paper.figures.get("suggestion", "")),
        Prose(_("总经理决定"), decided.decision if decided else ""),
    ]  # fmt: skip


def _decided(paper: Publication) -> MixDecision | None:
    rows = MixDecision.objects.filter(period=paper.period, paper__publication__revision=paper.revision)
    return rows.select_related("by").first()


def _signs(paper: Publication) -> list[Sign]:
    """The customer service manager under the list and the product tables, the general manager under what was decided on them (F16–F18)."""
    if paper.record.form_code not in ("F16", "F17", "F18"):
        return []
    signs = [published_by(paper, post_name("cs"))]
    if paper.record.form_code != "F16":
        decided = _decided(paper)
        result, name = (
            (decided.get_verdict_display(), decided.by.shown_name if decided.by else "") if decided else ("", "")
        )
        state, at = ("signed", when(decided.at)) if decided else ("waiting", "")
        signs.append(Sign(role=post_name("gm"), state=state, name=name, at=at, result=result))
    return signs


def _product(row: dict[str, Any]) -> list[str]:
    name = row["name_en"] if language() == "en" and row["name_en"] else row["name"]
    return [
        name, f"{row['orders']:,}", f"{row['share_orders']}%", f"{row['customers']:,}", f"{row['share_customers']}%", money(from_fen(row["amount"])),
        f"{row['share_amount']}%",
    ]  # fmt: skip


def _pct(value: str | None) -> str:
    return "—" if value is None else f"{value}%"


def _aside(words: object) -> str:
    return _("（") + f"{words}" + _("）")


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
        facts.append(Field(_("下月展望"), f"{money(from_fen(ahead[0]))}{_aside(f'{low} – {high}')}", is_wide=True))
    table = Rows([_("月份"), _("订单数"), _("客户数"), _("金额")], rows, numeric=[1, 2, 3], title=_("每月金额"))
    sections = [Prose(_("业务走向和建议"), figures.get("direction", "")), table, _curve(figures), _retention(figures)]
    return _frame(paper, actor, at, facts, sections, is_landscape=True)


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
            _pct(row["share"]),
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
        Field(_("满意率"), _pct(total["share"])),
    ]
    heads = [_("产品"), _("评价数"), _("平均"), _("满意率"), _("95% 区间"), _("名次")]
    return _frame(paper, actor, at, facts, [Rows(heads, rows, numeric=[1, 2, 3, 4, 5], widths=[3, 1, 1, 1, 1.6, 1])])


def calls(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    from zhangfa.calls.models import Kind

    paper = Publication.objects.get(pk=record.pk)
    figures, names = paper.figures, {**dict(Kind.choices), "": _("未登记类型")}
    heads = [_("来电数"), _("接听数"), _("及时接起"), _("下单数")]

    def table(title: str, rows: Sequence[dict[str, Any]], label: Any) -> Rows:
        lines = [
            [str(label(row["key"])), *(str(row[name]) for name in ("calls", "answered", "in_time", "ordered"))]
            for row in rows
        ]
        return Rows([title, *heads], lines, numeric=[1, 2, 3, 4], empty=_("这段时间没有呼入电话"))

    sections = [
        table(_("来电类型"), figures["by_kind"], lambda key: names.get(key, key)),
        table(_("时段"), figures["by_hour"], lambda key: f"{key}:00"),
    ]
    return _frame(paper, actor, at, [Field(_("统计周期"), f"{figures['first_on']} — {figures['last_on']}")], sections)


def _frame(
    paper: Publication, actor: Any, at: dt.datetime, facts: Sequence[Field], sections: Sequence[Any], *, is_landscape: bool = False
) -> FormPrint:  # fmt: skip
    record = paper.record
    rules = [
        Field(str(name), f"{value}" + _("（%(since)s 起）") % {"since": since})
        for name, value, since in figures_of(paper.policy)
    ]
    made_by = record.created_by.shown_name if record.created_by else ""
    return FormPrint(
        company=company_name(), title=text(forms.get(record.form_code).title), number=record.number or "", code=record.form_code,
        version=record.version, status=_("第 %(n)s 次修订") % {"n": paper.revision} if paper.revision else "", at=at,
        late=_("逾期") if record.is_late(at) else "", is_void=record.status == Record.Status.VOID,
        head=[
            *facts, Field(_("所属单位"), record.unit.shown_name), Field(_("填表人"), made_by),
            Field(_("数据截至"), when(as_of(paper.figures, paper.published_at))), Field(_("发布时间"), when(paper.published_at)), Field(_("截止"), when(record.due_at)),
        ],
        sections=[*sections, *([Grid(rules, title=_("采用的数值"))] if rules else [])], signatures=_signs(paper), copies=copies(record, actor), digest=paper.digest,
        is_landscape=is_landscape,
    )  # fmt: skip


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
            f"{row[n]}{_aside(row[r])}" if row[r] is not None else str(row[n])
            for n, r in (("accidents", "accident_rate"), ("complaints", "complaint_rate"))
        ]
        return [
            name,
            str(row["orders"]),
            share,
            money(row["revenue"]),
            *rates,
            f"{row['done']} / {row['due']}",
            f"{row['raised']}{_aside(row['open'])}",
        ]

    rows = [line(row, row["unit"], f"{row['share']}%") for row in quality.lines_of(figures)]
    problems = [[row["unit"], row["kind"], row["text"], row["status"]] for row in quality.problems_said(figures)]
    sections = [
        Rows(heads, rows, numeric=[1, 2, 3, 4, 5, 6, 7], total=line(quality.total_of(figures), _("合计"), "100.0%"), empty=_("这个部门没有网点。")),
        Rows([_("网点"), _("类别"), _("问题"), _("状态")], problems, title=_("本周网点提出的问题"), widths=[2, 2, 7, 2], empty=_("这一周没有提出问题。")),
        Prose(_("网点的问题和要求"), figures.get("summary", "")),
    ]  # fmt: skip
    head = [Field(_("统计周期"), f"{figures['first_on']} — {figures['last_on']}")]
    return _frame(paper, actor, at, head, sections, is_landscape=True)
