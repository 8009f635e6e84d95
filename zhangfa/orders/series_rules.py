"""On which days a service comes again, and what a series must say (domain.md 5.2, H4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "HS-W3"
YEAR = dt.timedelta(days=366)


def days_between(
    *, weekdays: Sequence[int], every_weeks: int, from_on: dt.date, to_on: dt.date | None, first: dt.date, last: dt.date
) -> Iterator[dt.date]:  # fmt: skip
    """The days of a series from `first` to `last`: its weekdays in every n-th week, counted from the week it began."""
    monday = from_on - dt.timedelta(days=from_on.weekday())
    day, end = max(first, from_on), last if to_on is None else min(last, to_on)
    while day <= end:
        if day.isoweekday() in weekdays and (day - monday).days // 7 % every_weeks == 0:
            yield day
        day += dt.timedelta(days=1)


def refuse_series(
    *, is_contract: bool, weekdays: Sequence[int], every_weeks: int, from_on: dt.date, to_on: dt.date | None, today: dt.date,
    fee: Decimal | None, scope: str, is_own: bool, is_on_sale: bool, has_price: bool, is_closed: bool = False,
) -> Iterator[Refusal]:  # fmt: skip
    """HS-W3, H4: a series has its days; a contract its term, its fee and its scope besides."""
    if not is_own:
        yield Refusal("order.outlet", _("只能为本网点的客户下单。"), {}, CLAUSE, "customer", ("op", "cs"))
    if is_closed:
        yield Refusal("order.customer", _("这位客户的档案已停用。"), {}, CLAUSE, "customer")
    if not is_on_sale:
        yield Refusal("order.product", _("这项服务已停售。"), {}, CLAUSE, "product")
    elif not has_price:
        yield Refusal(
            "price.none", _("这一天这项服务没有价格，请先在价目表中定价。"), {}, CLAUSE, "product", ("hs", "ls")
        )
    if not weekdays:
        yield Refusal("series.days", _("请选择星期几上门。"), {}, CLAUSE, "weekdays")
    if from_on < today:
        yield Refusal("series.past", _("开始日期不能早于今天。"), {}, CLAUSE, "from_on")
    if to_on is not None and to_on < from_on:
        yield Refusal("series.order", _("结束日期不能早于开始日期。"), {}, CLAUSE, "to_on")
    if is_contract:
        if to_on is None or to_on - from_on > YEAR:
            yield Refusal("contract.term", _("合同要有结束日期，一次最长一年。"), {}, CLAUSE, "to_on")
        if not fee:
            yield Refusal("contract.fee", _("请填写合同金额。"), {}, CLAUSE, "fee")
        if not scope.strip():
            yield Refusal("contract.scope", _("请写明服务内容。"), {}, CLAUSE, "scope")
