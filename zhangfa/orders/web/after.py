"""After the service: revisits that are due, and refunds for finance."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from zhangfa.finance.models import Refund
from zhangfa.orders import actions
from zhangfa.orders.models import Order, Revisit
from zhangfa.orders.permissions import make_revisits, read_refunds, read_revisits
from zhangfa.orders.web.forms import RevisitForm
from zhangfa.orders.web.pages import customer_name
from zhangfa.organisation.web.common import OnePage
from zhangfa.ui.filters import DayTo, FilterSet
from zhangfa.ui.pages import ListPage
from zhangfa.ui.tables import Column, Empty


class RevisitFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=Revisit.Status.choices, empty_label=_("全部"))
    until = DayTo("due_at", label=_("最晚回访时间"))


class Revisits(ListPage):
    model, permission, title, nav = Revisit, read_revisits, _("服务后回访"), "revisits"
    columns = [
        Column("order.number", _("订单号"), kind="no", link=True),
        Column("order.customer", _("客户"), value=lambda row, page: customer_name(row.order, page), phone="title"),
        Column("order.product.shown_name", _("服务产品")),
        Column("outlet.shown_name", _("网点")),
        Column("order.worker.shown_name", _("服务员")),
        Column(
            "due_at", _("最晚回访时间"), kind="due", value=lambda row, page: row.due_at if row.status == "due" else None
        ),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("satisfaction", _("满意度"), kind="number"),
        Column("tries", _("未接通次数"), kind="number", optional=True),
    ]
    sorts = {"due": (_("最早到期"), "status", "due_at", "id")}
    filterset_class = RevisitFilter
    is_searchable = False
    select_related = ["order__customer", "order__product", "order__worker", "outlet"]
    empty = Empty(_("没有回访"), _("首次订单和抽中的订单完成后，回访会出现在这里。"), "phone-call")


class RevisitDo(OnePage):
    model, permission, title, form_class, nav = Revisit, make_revisits, _("登记回访"), RevisitForm, "revisits"

    def rows(self) -> Any:
        return Revisit.objects.visible_to(self.actor).select_related("order__customer", "order__worker")

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return str(self.subject().get_absolute_url())

    def act(self, form: Any) -> Order:
        return actions.record_revisit(self.subject(), **form.params(), by=self.actor, at=self.at).order


class RefundFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=Refund.Status.choices, empty_label=_("全部"))


class Refunds(ListPage):
    model, permission, title, nav = Refund, read_refunds, _("退款"), "refunds"
    columns = [
        Column("title", _("退什么"), link=True, phone="title"),
        Column("unit.shown_name", _("网点")),
        Column("amount", _("金额"), kind="money"),
        Column("reason", _("退款原因"), wide=True),
        Column("asked_by.shown_name", _("申请人")),
        Column(
            "due_at",
            _("最晚退款时间"),
            kind="due",
            value=lambda row, page: row.due_at if row.status == "asked" else None,
        ),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("voucher_no", _("凭证号"), optional=True),
    ]
    sorts = {"due": (_("最早到期"), "due_at", "id"), "new": (_("最新"), "-id")}
    filterset_class = RefundFilter
    is_searchable = False
    select_related = ["unit", "asked_by"]
    empty = Empty(_("没有退款"), _("网点或客服在订单上申请退款后，由财务在这里办理。"), "receipt-refund")
