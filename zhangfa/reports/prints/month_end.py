"""《公司优秀客户汇总表》, 《公司客户使用服务产品比例表》 and 《公司优秀客户服务产品比例表》 as they were frozen (F16–F18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.core.money import from_fen, to_fen
from zhangfa.customers.models import CustomerClass
from zhangfa.orders.models import Product
from zhangfa.policy.wording import language
from zhangfa.records.models import Publication, Record
from zhangfa.records.prints import Field, FormPrint, Prose, Rows
from zhangfa.reports import permissions as may
from zhangfa.reports.models import Listed
from zhangfa.reports.prints.common import decided, frame, percent
from zhangfa.reports.rules import advice_for
from zhangfa.reports.rules_figures import rate
from zhangfa.reports.wording import ADVICE, rfm_of
from zhangfa.ui.display import money
from zhangfa.ui.words import join, text

# More than this is no paper: the whole list is a workbook then, and the paper says so.
LINES = 3000
# Of the list's columns, in their order: names and sentences need the room that counts don't.
WIDTHS = (0.8, 3, 2.3, 2, 2, 1.1, 1.2, 1, 2.7, 1.8, 1.8, 1, 1.1, 1.1, 1.1, 1.4, 2.6)
NAMES = dict(CustomerClass.Code.choices)


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
    return frame(paper, actor, at, facts, sections, is_landscape=True)


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
        [*_product(row), "—" if row["average"] is None else money(from_fen(row["average"])), percent(row["change"]), percent(row["change_year"])]
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
    return frame(paper, actor, at, [Field(_("月份"), figures["month"])], [table, *_proposal(paper)], is_landscape=True)


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
        _("比上月"),
        _("比去年同月"),
    ]
    titles = {"listed": _("名单上全部客户"), **{code: str(label) for code, label in NAMES.items()}}
    tables = [
        Rows(
            heads, [[*_product(row), f"{row['share_all']}%", row["difference"], row["index"] or "—", percent(row.get("change")), percent(row.get("change_year"))] for row in rows if row["amount"] or row["orders"]],
            title=label, numeric=list(range(1, 12)), widths=[2.2, *[0.9] * 4, 1.5, 0.9, 1.1, 0.8, 0.8, 0.9, 1.1], empty=_("没有服务"),
            total=_best_total(paper.figures.get("totals", {}).get(code) or {}),
        )
        for code, label in titles.items()
        if (rows := paper.figures["classes"].get(code)) is not None
    ]  # fmt: skip
    return frame(
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
        *[""] * 5,
    ]


def _proposal(paper: Publication) -> list[Any]:
    found = decided(paper)
    return [
        Prose(_("分析结论"), paper.figures.get("analysis", "")), Prose(_("产品结构调整建议"), paper.figures.get("suggestion", "")),
        Prose(_("总经理决定"), found.decision if found else ""),
    ]  # fmt: skip


def _product(row: dict[str, Any]) -> list[str]:
    name = row["name_en"] if language() == "en" and row["name_en"] else row["name"]
    return [
        name, f"{row['orders']:,}", f"{row['share_orders']}%", f"{row['customers']:,}", f"{row['share_customers']}%", money(from_fen(row["amount"])),
        f"{row['share_amount']}%",
    ]  # fmt: skip
