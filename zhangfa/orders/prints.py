"""The order and the service contract on paper, with the three guarantees (CC-W1.2, H4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.orders.models import Order, Series
from zhangfa.orders.promises import given
from zhangfa.orders.wording import crew_words, plain
from zhangfa.organisation.shell import company_name
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, printed_by, when
from zhangfa.ui.display import money
from zhangfa.ui.words import text


def promises(contract_model: str, at: dt.datetime) -> Rows | None:
    """Who pays when something happens; not where the company only introduces the worker, unless it says so (domain.md A-44)."""
    rows = [[str(n), text(words)] for n, words in enumerate(given(contract_model, at), 1)]
    if not rows:
        return None
    return Rows([_("序号"), _("承诺")], rows, title=_("三大承诺"), widths=[1, 12])


def order_sheet(
    order: Order, *, place: str, lines: list[tuple[str, str]], reason: str, actor: Any, at: dt.datetime
) -> FormPrint:
    """What was agreed with the customer, its price line by line, and the promises."""
    customer = order.customer
    parties = Grid(
        [
            Field(_("客户"), f"{customer.name}  {customer.no}"), Field(_("电话"), customer.masked_phone), Field(_("地址"), place, is_wide=True),
            Field(_("服务产品"), order.product.shown_name), Field(_("数量"), f"{plain(order.quantity)} {order.product.unit}"),
            Field(_("服务开始"), when(order.served_from)), Field(_("服务结束"), when(order.served_to)),
            Field(_("服务员"), crew_words(order)), Field(_("用工模式"), order.get_contract_model_display()),
        ],
        title=_("订单"),
    )  # fmt: skip
    table = Rows(
        [_("价格怎么来的"), _("金额")],
        [list(line) for line in lines],
        widths=[9, 3],
        numeric=[1],
        total=[_("合计"), money(order.amount)],
    )
    sections = [parties, table, promises(order.contract_model, at)]
    return FormPrint(
        company=company_name(), title=_("服务订单"), number=order.number, at=at, sections=[s for s in sections if s is not None],
        head=[Field(_("网点"), order.outlet.shown_name), Field(_("下单时间"), when(order.booked_at))], notes=[reason] if reason else [],
        printed=printed_by(actor.name, at),
    )  # fmt: skip


def contract(series: Series, *, rhythm: str, actor: Any, at: dt.datetime) -> FormPrint:
    """The service contract: both parties, what, when, for how much, and the promises (H4)."""
    customer = series.customer
    worker = series.wished_worker
    parties = Grid(
        [
            Field(_("服务机构"), company_name()), Field(_("网点"), series.outlet.shown_name),
            Field(_("客户"), f"{customer.name}  {customer.no}"), Field(_("联系人"), customer.contact),
            Field(_("电话"), customer.masked_phone), Field(_("地址"), customer.masked_address),
            Field(_("服务员"), f"{worker.shown_name}  {worker.no}" if worker else _("按次派工")),
            Field(_("用工模式"), series.get_contract_model_display()),
        ],
        title=_("双方"),
    )  # fmt: skip
    terms = Grid(
        [
            Field(_("服务产品"), series.product.shown_name), Field(_("上门时间"), rhythm), Field(_("开始日期"), str(series.from_on)),
            Field(_("结束日期"), str(series.to_on or "")), Field(_("每次数量"), f"{plain(series.quantity)} {series.product.unit}"),
            Field(_("合同金额"), money(series.fee)), Field(_("付款方式"), series.get_pay_mode_display()), Field(_("试工天数"), str(series.trial_days)),
            Field(_("可换人次数"), str(series.replacements)),
        ],
        title=_("约定"),
    )  # fmt: skip
    sections = [parties, terms, Prose(_("服务内容"), series.scope, height=24), promises(series.contract_model, at)]
    signing = Grid(
        [Field(_("客户签字"), ""), Field(_("服务机构盖章"), ""), Field(_("日期"), ""), Field(_("日期"), "")],
        title=_("签署"),
    )
    return FormPrint(
        company=company_name(), title=_("家政服务合同"), number=series.number, at=at,
        sections=[*[s for s in sections if s is not None], signing], head=[Field(_("登记时间"), when(series.booked_at))],
        printed=printed_by(actor.name, at),
    )  # fmt: skip
