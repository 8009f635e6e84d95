from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "zhangfa.orders"
    label = "orders"

    def ready(self) -> None:
        from zhangfa.orders import queries
        from zhangfa.orders.permissions import read_orders
        from zhangfa.ui import menu, registry
        from zhangfa.ui.registry import Part, Status

        menu.register(
            "orders",
            _("订单"),
            "orders:list",
            icon="clipboard-list",
            permission=read_orders,
            order=20,
            group="customers",
        )
        registry.search.add("orders", queries.search, label=_("订单"), order=30)
        registry.lookups.add("orders", queries.LOOKUP)
        registry.panels.add(
            "customers.customer", Part("orders", _("订单"), queries.of_customer, permission=read_orders)
        )
        registry.statuses.add(
            "orders.order.status",
            {
                "planned": Status(_("已预约"), "blue"),
                "served": Status(_("已完成"), "green"),
                "cancelled": Status(_("已取消")),
            },
        )
