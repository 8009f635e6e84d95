"""The list of orders and the page of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import django_filters as df
from django.forms.models import ModelChoiceIterator
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from zhangfa.audit.models import Event
from zhangfa.core import clock, compiled
from zhangfa.core.text import mask_name
from zhangfa.customers.permissions import read_customers
from zhangfa.finance.models import Receipt, Refund
from zhangfa.orders import actions, promises
from zhangfa.orders.crews import with_members
from zhangfa.orders.models import Order, Product, Revisit, Surcharge
from zhangfa.orders.models.order import OPEN, OWED, RARE_PAYMENTS, RARE_STATUSES
from zhangfa.orders.models.product import in_tongue
from zhangfa.orders.permissions import AROUND, book_orders, is_serving, photograph_order, read_orders
from zhangfa.orders.photo_rules import refuse_photos
from zhangfa.orders.wording import crew_words, plain, price_lines, price_reason, sent_words
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.web.fields import BY_NAME
from zhangfa.records.models import Attachment
from zhangfa.ui.access import is_open
from zhangfa.ui.filters import BoundFilterSet, DayFrom, DayTo, LookupFilter, RareChoiceFilter
from zhangfa.ui.pages import ListPage, RecordPage
from zhangfa.ui.registry import Part
from zhangfa.ui.tables import Column, Empty, Link

JOINED = ["customer", "product", "outlet", "worker"]
PHOTOGRAPHED = ("assigned", "started", "finished")
NARROW = ("outlet_id", "worker_id")


def customer_name(order: Order, page: Any) -> str:
    """A worker knows whom they served without the whole name standing on a list."""
    return order.customer.name if is_open(read_customers, by=page.actor, at=page.at) else mask_name(order.customer.name)


def customer_link(order: Order, page: Any) -> Any:
    name = customer_name(order, page)
    if name != order.customer.name:
        return name
    return format_html('<a href="{}">{}</a>', order.customer.get_absolute_url(), name)


class StatusFilter(RareChoiceFilter):
    """What is finished was served by now: the list does not pass by everything that is booked for later."""

    def filter(self, qs: Any, value: Any) -> Any:
        found = super().filter(qs, value)
        return found.filter(served_from__lt=clock.day_end(clock.now())) if value == Order.Status.FINISHED else found


def _products() -> Any:
    return Product.objects.order_by("code").values_list("code", "name", "name_en")


class ProductChoices(ModelChoiceIterator):
    """Every product by its code, as the reader reads it; the list is drawn with every page of orders."""

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        yield "", self.field.empty_label
        for code, name, name_en in compiled.rows(_products):
            yield code, f"{code} {in_tongue(name, name_en)}"


class ProductField(df.ModelChoiceFilter.field_class):  # type: ignore[misc,name-defined]
    iterator = ProductChoices


class ProductFilter(df.ModelChoiceFilter):  # type: ignore[misc]
    field_class = ProductField


class OrderFilter(BoundFilterSet):
    # First, so that the choices after it know that the outlet's or the worker's own index narrows more.
    outlet = LookupFilter(
        "outlet_id", label=_("网点"), source="outlets", placeholder=_("网点名称或代码"), required=False
    )
    worker = LookupFilter("worker_id", label=_("服务员"), source="workers", placeholder=BY_NAME, required=False)
    product = ProductFilter(label=_("服务产品"), queryset=Product.objects.order_by("code"), empty_label=_("全部"))
    status = StatusFilter(
        label=_("状态"),
        choices=Order.Status.choices,
        empty_label=_("全部"),
        rare=RARE_STATUSES,
        unless=NARROW,
        near=OPEN,
    )
    payment = RareChoiceFilter(
        label=_("收款"),
        choices=Order.Payment.choices,
        empty_label=_("全部"),
        rare=RARE_PAYMENTS,
        unless=NARROW,
        near=OWED,
    )
    since = DayFrom("served_from", label=_("服务日期从"))
    until = DayTo("served_from", label=_("服务日期到"))


class Orders(ListPage):
    model, permission, title, nav = Order, read_orders, _("订单"), "orders"
    columns = [
        Column("number", _("订单号"), kind="no", link=True),
        Column("customer", _("客户"), value=customer_name, phone="title"),
        Column("product.shown_name", _("服务产品")),
        Column("outlet.shown_name", _("网点")),
        Column("worker.shown_name", _("服务员"), value=lambda row, page: crew_words(row)),
        Column("served_from", _("服务时间"), kind="when"),
        Column("amount", _("服务金额"), kind="money"),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("payment", _("收款"), kind="status"),
        Column("satisfaction", _("满意度"), kind="number", optional=True),
    ]
    # By the hour of the service: each scope has an index that ends so, at any number of orders.
    sorts = {"new": (_("最近服务"), "-served_from", "-id"), "old": (_("最早服务"), "served_from", "id")}
    filterset_class = OrderFilter
    select_related = JOINED
    links = [Link("orders:new", _("下单"), icon="plus", permission=book_orders)]
    empty = Empty(_("没有订单"), _("客户来电或到店，从“下单”开始。"), "clipboard-list")

    def complete(self, rows: Sequence[Order]) -> None:
        with_members(rows)

    @cached_property
    def matching(self) -> Any:
        return Order.objects.all().matching(self.query[0])

    def search(self, rows: Any, q: str) -> Any:
        """Whom the words can mean is asked once, however many parts the reader's scope has."""
        return rows.filter(self.matching) if q else rows


def note_of(order: Order, page: Any) -> str:
    """What the customer asks for, door codes included: for those who handle the order and the worker on the way."""
    if is_open(read_customers, by=page.actor, at=page.at) or is_serving(order, page.actor, page.at):
        return str(order.note or "")
    return "****" if order.note else ""


def money_part(page: Any, order: Order) -> tuple[str, dict[str, Any]]:
    rows = Receipt.objects.filter(subject=order.subject).select_related("received_by").order_by("pk")[:50]
    back = Refund.objects.filter(subject=order.subject).select_related("asked_by", "decided_by").order_by("pk")[:50]
    return "orders/parts/money.html", {"order": order, "receipts": rows, "refunds": back}


def photos_part(page: Any, order: Order) -> tuple[str, dict[str, Any]]:
    rows = Attachment.objects.filter(record_id=order.sheet_id, removed_at=None, forgotten_at=None).exclude(
        thumb_sha256=""
    )
    may_add = order.status in PHOTOGRAPHED and is_open(photograph_order, by=page.actor, at=page.at, obj=order)
    over = list(refuse_photos(kind="", ended_at=order.ended_at, at=page.at, after=AROUND))
    return "orders/parts/photos.html", {
        "photos": list(rows.order_by("kind", "pk")[:40]) if order.sheet_id else [], "order": order,
        "may_add": may_add and not over, "over": over if may_add else [],
    }  # fmt: skip


def promises_part(page: Any, row: Any) -> tuple[str, dict[str, Any]]:
    """The three guarantees as they stand on the paper of this order or contract (CC-W1.2)."""
    return "orders/parts/promises.html", {
        "promises": promises.given(row.contract_model, page.at),
        "by_contract": promises.BY_CONTRACT,
    }


PROMISES = Part("guarantees", _("三大承诺"), promises_part)


def trail_part(page: Any, order: Order) -> tuple[str, dict[str, Any]]:
    chains = [f"orders.order:{order.pk}", *([f"record:{order.sheet_id}"] if order.sheet_id else [])]
    events = list(Event.objects.filter(chain__in=chains).order_by("-pk")[:50])
    people = Person.objects.in_bulk({event.person_id for event in events} - {None})
    return "orders/parts/trail.html", {"lines": [(event, people.get(event.person_id)) for event in events]}


def priced(order: Order) -> tuple[str, list[tuple[str, str]]]:
    """Why the order costs what it costs, with every line in words."""
    found = order.price
    if not found:
        return "", []
    region = Unit.objects.filter(pk=found["region"]).first() if found["region"] else None
    codes = [line["surcharge"] for line in found["lines"] if line["surcharge"]]
    extras = Surcharge.objects.in_bulk(codes) if codes else {}
    return price_reason(found, region), price_lines(found, order.product.unit, extras)


class OrderPage(RecordPage):
    model, permission, template_name, nav = Order, read_orders, "orders/order.html", "orders"
    do_url = "orders:do"
    select_related = [*JOINED, "wished_worker", "booked_by", "revisit"]
    facts = [
        Column("customer", _("客户"), value=customer_link), Column("place", _("地址"), value=lambda row, page: page.place),
        Column("product.shown_name", _("服务产品")), Column("quantity", _("数量"), value=lambda row, page: f"{plain(row.quantity)} {row.product.unit}"),
        Column("served_from", _("服务开始"), kind="when"), Column("served_to", _("服务结束"), kind="when"),
        Column("outlet.shown_name", _("网点")), Column("worker.shown_name", _("服务员"), value=lambda row, page: sent_words(row)),
        Column("wished_worker.shown_name", _("客户指定的服务员")), Column("note", _("服务要求"), value=note_of, wide=True),
        Column("amount", _("服务金额"), kind="money"), Column("payment", _("收款"), kind="status"), Column("paid", _("实收"), kind="money"),
        Column("started_at", _("实际开始"), kind="when"), Column("finished_at", _("实际结束"), kind="when"),
        Column("get_contract_model_display", _("用工模式")), Column("satisfaction", _("满意度"), kind="number"),
        Column("get_cancelled_for_display", _("取消原因")),
    ]  # fmt: skip
    parts = [
        Part("money", _("收款与退款"), money_part), Part("photos", _("照片"), photos_part), PROMISES, Part("trail", _("经过"), trail_part),
    ]  # fmt: skip

    def page_title(self) -> Any:
        return self.object.product.shown_name

    @property
    def place(self) -> str:
        if not hasattr(self, "_place"):
            self._place = actions.place_of(self.object, by=self.actor, at=self.at)
        return self._place

    def next_step(self) -> Any:
        order = self.object
        revisit = getattr(order, "revisit", None)
        if order.status == "finished" and revisit and revisit.status == Revisit.Status.DUE:
            return _("服务后回访")
        if order.status == "finished" and order.owed > 0:
            return _("收款")
        if order.missing and order.status == "assigned":
            return _("还缺 %(n)s 人，请加派组员") % {"n": order.missing}
        steps = {"planned": _("派工"), "assigned": _("上门，拍照后开始"), "started": _("做完后完成服务")}
        return steps.get(order.status, "")

    def holder(self) -> Any:
        order = self.object
        if order.missing and order.status == "assigned":
            return order.outlet.shown_name
        if order.status in ("assigned", "started"):
            return order.worker.shown_name
        return order.outlet.shown_name if order.status == "planned" or self.next_step() else ""

    def buttons(self) -> list[Any]:
        """Sending somebody along comes first where somebody is missing, and last where one person does the work."""
        found = super().buttons()
        first = bool(self.object.missing)
        return sorted(found, key=lambda one: (one[0].name == "add_member") != first)

    def status_context(self) -> dict[str, Any]:
        # What is done asks for nothing, and nobody is led to take back: no button stands out.
        context = super().status_context()
        return context | {"is_quiet_head": context["is_quiet_head"] or not self.object.is_open}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reason, lines = priced(self.object)
        revisit = getattr(self.object, "revisit", None)
        return super().get_context_data(reason=reason, lines=lines, revisit=revisit, **kwargs)
