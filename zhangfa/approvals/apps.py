from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "zhangfa.approvals"
    label = "approvals"

    def ready(self) -> None:
        from zhangfa.approvals import jobs, queries, red, wording  # noqa: F401  alarms and notice texts register themselves
        from zhangfa.policy import registry as policy
        from zhangfa.ui import menu, registry

        menu.register(
            "inbox", _("待我审批"), "approvals:inbox", icon="inbox", order=10, group="work", phone=True, short=_("审批")
        )
        registry.badges.add("inbox", queries.waiting_count)
        registry.todo.add("approvals", queries.inbox_items, label=_("待我审批"), order=10, url="/inbox/")
        registry.waiting.add("approvals", queries.requested_items, label=_("等待审批"), order=10)
        registry.red_owners.add("approvals", red.owners)
        registry.red.add("approvals", queries.red_items, label=_("审批超时"), order=10)
        policy.reads("approval.escalation_hours", "authority.second_decider")
        policy.serves("X-5", "works", [("approvals:inbox", _("待我审批"))])
