from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from zhangfa.core.text import _ as mark


class CallsConfig(AppConfig):
    name = "zhangfa.calls"
    label = "calls"

    def ready(self) -> None:
        from zhangfa.calls import actions, keeping, plausible, queries
        from zhangfa.calls.permissions import read_calls, take_calls
        from zhangfa.calls.web.pages import STATUSES
        from zhangfa.core.transitions import sink
        from zhangfa.customers import registry as customers
        from zhangfa.inspections import registry as inspections
        from zhangfa.policy import registry as policy
        from zhangfa.ui import menu, registry
        from zhangfa.ui.registry import Part

        menu.register("desk", _("接听台"), "calls:desk", icon="headset", permission=take_calls, order=15, group="work")
        menu.register(
            "calls", _("通话记录"), "calls:list", icon="phone", permission=read_calls, order=15, group="customers"
        )
        registry.statuses.add("calls.call.status", STATUSES)
        registry.todo.add("calls", queries.todo_items, label=_("电话"), order=15, url="calls:list")
        registry.panels.add("customers.customer", Part("calls", _("通话"), queries.of_customer, permission=read_calls))
        # Before audit: what is hung on a call is written in the same transaction as the paper.
        sink(55, "calls", actions.keep_paper)
        inspections.look_at(plausible.SOURCE)
        customers.keepers["calls"] = keeping.KEEPER
        policy.serves(
            "CS-D1",
            policy.WORKS,
            [("calls:desk", mark("接听台")), ("calls:report", mark("话务统计")), ("calls:scripts", mark("标准用语"))],
        )
