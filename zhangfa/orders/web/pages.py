"""The list of orders and the page of one."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from zhangfa.core.text import mask_name
from zhangfa.customers.permissions import read_customers
from zhangfa.orders.models import Order, Product
from zhangfa.orders.permissions import read_orders
from zhangfa.ui.access import is_open
from zhangfa.ui.filters import DayFrom, DayTo, FilterSet
from zhangfa.ui.pages import ListPage, RecordPage
from zhangfa.ui.tables import Column, Empty


def customer_name(order: Order, page: Any) -> str:
    """A worker knows whom they served without the whole name standing on a list."""
    return order.customer.name if is_open(read_customers, by=page.actor, at=page.at) else mask_name(order.customer.name)


def customer_link(order: Order, page: Any) -> Any:
    name = customer_name(order, page)
    if name != order.customer.name:
        return name
    return format_html('<a href="{}">{}</a>', order.customer.get_absolute_url(), name)


class OrderFilter(FilterSet):
    product = df.ModelChoiceFilter(
        label=_("服务产品"), queryset=Product.objects.order_by("code"), empty_label=_("全部")
    )
    status = df.ChoiceFilter(label=_("状态"), choices=Order.Status.choices, empty_label=_("全部"))
    since = DayFrom("served_from", label=_("服务日期从"))
    until = DayTo("served_from", label=_("服务日期到"))


class Orders(ListPage):
    model, permission, title, nav = Order, read_orders, _("订单"), "orders"
    columns = [
        Column("number", _("订单号"), link=True),
        Column("customer", _("客户"), value=customer_name, phone="title"),
        Column("product.shown_name", _("服务产品")),
        Column("outlet.shown_name", _("网点")),
        Column("worker.shown_name", _("服务员")),
        Column("served_from", _("服务时间"), kind="when"),
        Column("amount", _("服务金额"), kind="money"),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("satisfaction", _("满意度"), kind="number", optional=True),
    ]
    sorts = {"new": (_("最新"), "-id")}
    filterset_class = OrderFilter
    select_related = ["customer", "product", "outlet", "worker"]
    empty = Empty(_("没有订单"), _("服务完成的订单会出现在这里。"), "clipboard-list")


class OrderPage(RecordPage):
    model, permission, nav = Order, read_orders, "orders"
    select_related = ["customer", "product", "outlet", "worker"]
    facts = [
        Column("customer", _("客户"), value=customer_link), Column("product.shown_name", _("服务产品")), Column("outlet.shown_name", _("网点")),
        Column("worker.shown_name", _("服务员")), Column("served_from", _("服务开始"), kind="when"), Column("served_to", _("服务结束"), kind="when"),
        Column("amount", _("服务金额"), kind="money"), Column("get_contract_model_display", _("用工模式")),
        Column("satisfaction", _("满意度"), kind="number"),
    ]  # fmt: skip

    def page_title(self) -> Any:
        return self.object.product.shown_name
