"""The app, the kind of decision it needs, its form, menu entry and the block on a figure's page."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy

from zhangfa.core.text import _


class AdministrationConfig(AppConfig):
    name = "zhangfa.administration"
    label = "administration"

    def ready(self) -> None:
        from zhangfa.administration import actions, affairs, coordination, permissions, queries, revision_house
        from zhangfa.administration.models import PolicyChange
        from zhangfa.administration.web import changes
        from zhangfa.approvals.registry import kind
        from zhangfa.duties import registry as duties
        from zhangfa.notices.registry import text
        from zhangfa.policy import registry as policy
        from zhangfa.records.registry import Form, forms
        from zhangfa.ui import menu, registry

        kind(
            actions.KIND, _("修改章程"), lock=actions.lock_change, decided=actions.follow, summary=queries.step_summary,
            why=queries.step_why,
        )  # fmt: skip
        forms.add(
            Form(actions.FORM, _("章程修改单"), visible=queries.is_visible, content=queries.content, build=_print)
        )
        text("administration.policy_changed", queries.changed_words)
        menu.register(
            "changes",
            gettext_lazy("章程修改"),
            "administration:changes",
            icon="edit",
            permission=permissions.read_changes,
            order=25,
            group="governance",
        )
        registry.panels.add("policy.policyvalue", changes.panel)
        registry.search.add("administration", queries.search, label=gettext_lazy("章程修改"), order=70)
        registry.statuses.add("administration.policychange.status", changes.STATUSES)
        duties.proposals.append(_proposals)
        duties.offer_models({actions.FORM: PolicyChange})
        coordination.register()
        revision_house.register()
        revision_house.serve()
        post_migrate.connect(_install, sender=self, dispatch_uid="administration.statutory")
        policy.serves("X-2", policy.WORKS, [("administration:changes", _("章程修改"))])
        affairs.register()


def _print(record: Any, **kwargs: Any) -> Any:
    """The print's builder, found when a print is asked for."""
    from zhangfa.administration.prints import change_form

    return change_form(record, **kwargs)


def _proposals(actor: Any, at: Any, key: str, query: str) -> list[tuple[Any, str]]:
    """From a reckoning over the past to the paper that changes the figure."""
    from django.urls import reverse

    from zhangfa.administration.permissions import propose_change
    from zhangfa.ui.access import is_open

    if not is_open(propose_change, by=actor, at=at):
        return []
    return [
        (
            gettext_lazy("提出修改这个数字"),
            f"{reverse('administration:propose', args=[key])}?{query}",
        )
    ]


def _install(**_kwargs: object) -> None:
    """What the law asks each year stands in the calendar wherever the tables are made."""
    from zhangfa.administration.actions import install_statutory

    install_statutory()
