"""Services that come again: the list, one with its orders to come, agreeing on a plan or a contract, ending it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.orders import actions
from zhangfa.orders.models import Order, Series
from zhangfa.orders.permissions import book_orders, read_revisits
from zhangfa.orders.web.forms import SERIES_FORMS, ContractForm, SeriesForm
from zhangfa.orders.web.forms.orders import WEEKDAYS
from zhangfa.orders.web.pages import PROMISES, customer_link
from zhangfa.orders.wording import plain
from zhangfa.ui import words
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Part
from zhangfa.ui.tables import Column, Empty, Link

DAYS = dict(WEEKDAYS)
SHOWN = 12


def rhythm(row: Series, page: Any) -> str:
    """Monday, Thursday 08:30; every second week where it is so."""
    days = words.join([words.text(DAYS[day]) for day in row.weekdays])
    weeks = "" if row.every_weeks == 1 else str(_(" · 每 %(n)s 周") % {"n": row.every_weeks})
    return f"{days} {row.starts:%H:%M}{weeks}"


class SeriesFilter(FilterSet):
    kind = df.ChoiceFilter(label=_("类型"), choices=Series.Kind.choices, empty_label=_("全部"))
    status = df.ChoiceFilter(label=_("状态"), choices=Series.Status.choices, empty_label=_("全部"))


class SeriesList(ListPage):
    model, permission, title, nav = Series, read_revisits, _("长期服务"), "series"
    columns = [
        Column("number", _("编号"), kind="no", link=True),
        Column("customer.name", _("客户"), phone="title"),
        Column("get_kind_display", _("类型")),
        Column("product.shown_name", _("服务产品")),
        Column("rhythm", _("上门时间"), value=rhythm),
        Column("outlet.shown_name", _("网点")),
        Column("wished_worker.shown_name", _("固定服务员")),
        Column("to_on", _("结束日期"), kind="date"),
        Column("status", _("状态"), kind="status", phone="badge"),
    ]
    sorts = {"new": (_("最新登记"), "-id")}
    filterset_class = SeriesFilter
    select_related = ["customer", "product", "outlet", "wished_worker"]
    links = [
        Link("orders:series-new", _("约定周期服务"), icon="plus", permission=book_orders),
        Link("orders:contract-new", _("签服务合同"), icon="file-text", permission=book_orders, is_primary=False),
    ]
    empty = Empty(_("没有长期服务"), _("每周上门的客户，从“约定周期服务”开始；全年的签服务合同。"), "repeat")


def orders_part(page: Any, series: Series) -> tuple[str, dict[str, Any]]:
    rows = Order.objects.filter(series=series, served_from__gte=clock.day_start(clock.local_date(page.at)))
    found = rows.select_related("product", "worker", "customer", "outlet").order_by("served_from", "pk")[: SHOWN + 1]
    orders = list(found)
    return "orders/of_customer.html", {
        "orders": orders[:SHOWN],
        "is_more": len(orders) > SHOWN,
        "customer": series.customer,
    }


class OneSeries(RecordPage):
    model, permission, template_name, nav = Series, read_revisits, "orders/series.html", "series"
    do_url = "orders:series-do"
    select_related = ["customer", "product", "outlet", "wished_worker", "booked_by"]
    facts = [
        Column("customer", _("客户"), value=customer_link), Column("get_kind_display", _("类型")), Column("rhythm", _("上门时间"), value=rhythm),
        Column("quantity", _("每次数量"), value=lambda row, page: f"{plain(row.quantity)} {row.product.unit}"),
        Column("from_on", _("开始日期"), kind="date"), Column("to_on", _("结束日期"), kind="date"), Column("outlet.shown_name", _("网点")),
        Column("wished_worker.shown_name", _("固定服务员")), Column("get_contract_model_display", _("用工模式")),
        Column("fee", _("合同金额"), kind="money"), Column("get_pay_mode_display", _("付款方式")), Column("trial_days", _("试工天数"), kind="number"),
        Column("replacements", _("可换人次数"), kind="number"), Column("generated_to", _("订单已生成到"), kind="date"),
        Column("scope", _("服务内容"), wide=True), Column("note", _("服务要求"), wide=True),
    ]  # fmt: skip
    parts = [Part("orders", _("以后的订单"), orders_part, open=True), PROMISES]

    def status_context(self) -> dict[str, Any]:
        # A service runs by itself: ending it is no next step.
        return super().status_context() | {"is_quiet_head": True}

    def page_title(self) -> Any:
        return self.object.product.shown_name


class SeriesNew(CreatePage):
    permission, title, form_class, nav = book_orders, _("约定周期服务"), SeriesForm, "series"
    back_url = "/series/"

    def get_initial(self) -> dict[str, Any]:
        tomorrow = clock.local_date(self.at) + dt.timedelta(days=1)
        asked = self.request.GET
        kept = {name: asked[name][:20] for name in ("customer", "product") if asked.get(name)}
        return {"from_on": tomorrow, "starts": "08:30", **kept}

    def act(self, form: Any) -> Series:
        return actions.agree_series(**form.params(), by=self.actor, at=self.at)


class ContractNew(SeriesNew):
    permission, title, form_class = book_orders, _("签服务合同"), ContractForm

    def get_initial(self) -> dict[str, Any]:
        first = super().get_initial()
        return {**first, "to_on": first["from_on"] + dt.timedelta(days=364)}


class SeriesDo(TransitionPage):
    record_page, forms, nav = OneSeries, SERIES_FORMS, "series"
