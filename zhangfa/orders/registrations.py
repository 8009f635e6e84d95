"""What the orders lend to the house: figures read, notices, menu, statuses, searches, panels, the service sheet."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as lazy

from zhangfa.core.text import _
from zhangfa.inspections import registry as inspections
from zhangfa.notices import registry as notices
from zhangfa.orders import forms_of_record, permissions, plausible, promises, queries, workbench
from zhangfa.orders.actions import cards, dispatch, money, series, service
from zhangfa.orders.models import Product
from zhangfa.people import registry as people
from zhangfa.policy import registry as policy
from zhangfa.ui import menu, registry
from zhangfa.ui.registry import Part, Status

NOTICES: Mapping[str, str] = {
    "orders.assigned": _("订单 %(number)s 派给您了，请看时间和地点。"),
    "orders.unassigned": _("订单 %(number)s 改派他人，您不用去了。"),
    "orders.joined": _("订单 %(number)s 由%(name)s负责，您一同服务，请看时间和地点。"),
    "orders.taken_off": _("订单 %(number)s 已不用您一同服务。"),
    "orders.moved": _("订单 %(number)s 改了时间，请查看。"),
    "orders.series_ended": _("长期服务 %(number)s 已终止，以后的订单都取消了。"),
    "orders.cancelled": _("订单 %(number)s 已取消，您不用去了。"),
}
READS = (
    dispatch.BLOCKS_YELLOW, service.WHOLE_CREW, service.PHOTOS_BEFORE, service.EARLY, service.REVISIT_DAYS, service.REVISIT_SHARE, money.REFUND_DAYS, *cards.CAPS, cards.REFUND_DAYS, cards.VALID_MONTHS,
    series.AHEAD, promises.INTERMEDIARY,
)  # fmt: skip
PAGES = [("orders:list", _("订单")), ("orders:prices", _("价目表")), ("orders:board", _("派工"))]
ORDER_STATUSES = {
    "planned": Status(lazy("待派工"), "amber"), "assigned": Status(lazy("已派工"), "blue"), "started": Status(lazy("服务中"), "blue"),
    "finished": Status(lazy("已完成"), "green"), "cancelled": Status(lazy("已取消")),
}  # fmt: skip
PAYMENTS = {
    "unpaid": Status(lazy("未收款"), "amber"), "part": Status(lazy("部分收款"), "amber"), "paid": Status(lazy("已收款"), "green"),
    "refunding": Status(lazy("退款中"), "red"), "refunded": Status(lazy("已退款")),
}  # fmt: skip


def register() -> None:
    """Fill every registry; called once at start-up."""
    policy.reads(*READS)
    policy.serves("HS-W3", policy.WORKS, PAGES)
    policy.serves("HS-W1.7", policy.PARTIAL, [("orders:whereabouts", _("今日去向"))])
    policy.serves("HS-W1.3", policy.PARTIAL, [("orders:revisits", _("服务后回访"))])
    policy.serves("CS-D1", policy.PARTIAL, [("orders:new", _("下单"))])
    for code, sentence in NOTICES.items():
        notices.text(code, sentence)
    people.service_kinds.set(lambda: list(Product.Category.choices))
    forms_of_record.register()
    for source in plausible.SOURCES:
        inspections.look_at(source)
    inspections.measures["orders"] = plausible.measures
    _menu()
    registry.search.add("orders", queries.search, label=lazy("订单"), order=30)
    registry.todo.add("orders", workbench.todo, label=lazy("订单"), order=15, url="/dispatch/")
    registry.lookups.add("orders", queries.LOOKUP)
    registry.badges.add("revisits", workbench.calls_due)
    registry.lookups.add("products", queries.PRODUCTS)
    registry.lookups.add("cards", queries.CARDS)
    orders = Part("orders", lazy("订单"), queries.of_customer, permission=permissions.read_orders)
    registry.panels.add("customers.customer", orders)
    registry.statuses.add("orders.order.status", ORDER_STATUSES)
    registry.statuses.add("orders.order.payment", PAYMENTS)
    registry.statuses.add(
        "orders.card.status",
        {
            "active": Status(lazy("使用中"), "green"), "refunding": Status(lazy("退卡中"), "amber"), "closed": Status(lazy("已退卡")),
        },
    )  # fmt: skip
    registry.statuses.add(
        "orders.series.status", {"active": Status(lazy("进行中"), "green"), "ended": Status(lazy("已终止"))}
    )
    registry.statuses.add(
        "orders.revisit.status", {"due": Status(lazy("待回访"), "amber"), "done": Status(lazy("已回访"), "green")}
    )
    registry.statuses.add(
        "finance.refund.status",
        {
            "asked": Status(lazy("待退款"), "amber"), "paid": Status(lazy("已退款"), "green"), "declined": Status(lazy("未同意")),
        },
    )  # fmt: skip


def _menu() -> None:
    entries = (
        ("mine", lazy("我的订单"), "orders:mine", "calendar-event", permissions.serve_orders, 4, "work"),
        ("orders", lazy("订单"), "orders:list", "clipboard-list", permissions.read_orders, 20, "customers"),
        ("board", lazy("派工"), "orders:board", "calendar-time", permissions.read_board, 22, "customers"),
        ("series", lazy("长期服务"), "orders:series", "repeat", permissions.read_revisits, 21, "customers"),
        ("whereabouts", lazy("今日去向"), "orders:whereabouts", "map-pin", permissions.read_board, 24, "customers"),
        ("revisits", lazy("服务后回访"), "orders:revisits", "phone-call", permissions.read_revisits, 26, "customers"),
        ("cards", lazy("预付卡"), "orders:cards", "credit-card", permissions.read_cards, 48, "customers"),
        ("refunds", lazy("退款"), "orders:refunds", "receipt-refund", permissions.read_refunds, 50, "customers"),
        ("prices", lazy("价目表"), "orders:prices", "tags", permissions.read_prices, 60, "customers"),
    )
    for key, label, url, icon, permission, order, group in entries:
        menu.register(
            key, label, url, icon=icon, permission=permission, order=order, group=group, phone=key in ("mine", "board")
        )
