from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "zhangfa.customers"
    label = "customers"

    def ready(self) -> None:
        from zhangfa.core.transitions import sink
        from zhangfa.customers import queries
        from zhangfa.customers.permissions import read_customers
        from zhangfa.policy import registry as policy
        from zhangfa.ui import menu, registry
        from zhangfa.ui.registry import Status

        menu.register(
            "customers",
            _("客户档案"),
            "customers:list",
            icon="address-book",
            permission=read_customers,
            order=10,
            group="customers",
        )
        registry.search.add("customers", queries.search, label=_("客户档案"), order=20)
        registry.lookups.add("customers", queries.LOOKUP)
        registry.statuses.add(
            "customers.customer.status",
            {"active": Status(_("在服务"), "green"), "dormant": Status(_("未活跃")), "closed": Status(_("已停用"))},
        )
        sink(20, "customers", queries.follow_unit)
        for clause in ("CS-W2.1", "HS-D10"):
            policy.serves(clause, policy.PARTIAL, [("customers:list", _("客户档案"))])
