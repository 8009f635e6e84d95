"""The app, its pages on the menu, and the words that it lends to the shell."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "zhangfa.policy"
    label = "policy"

    def ready(self) -> None:
        from zhangfa.organisation import actor, calendar
        from zhangfa.organisation import queries as organisation
        from zhangfa.policy import actions, checks, queries, subjects  # noqa: F401  checks and subjects register themselves
        from zhangfa.policy.web import lookups
        from zhangfa.ui import menu, registry, words
        from zhangfa.ui.addresses import address

        menu.register("handbook", _("岗位手册"), "policy:posts", icon="book", order=10, group="governance")
        menu.register("policy", _("章程"), "policy:values", icon="adjustments", order=20, group="governance")
        menu.register("explain", _("谁来决定"), "policy:explain", icon="scale", order=30, group="governance")
        registry.lookups.add("figures", lookups.FIGURES)
        registry.lookups.add("clauses", lookups.CLAUSES)
        registry.shortcuts.add("handbook", _own_handbook, order=20)
        calendar.stamp.set(queries.stamp)
        actor.riders.append((queries.stamp_expression, queries.read_beside))
        calendar.renew.set(actions.renew)
        organisation.problems_above.set(queries.chain_problems)
        words.clause_url.set(
            lambda clause: address("policy:clause", clause=clause) if clause in queries.handbook().clauses else ""
        )


def _own_handbook(actor: Any, at: Any) -> list[tuple[Any, str, str]]:
    """The description of one's own post, one click from the workbench (X-4)."""
    from zhangfa.ui.addresses import address

    seat = next(iter(actor.own_seats), None)
    return [(_("我的岗位手册"), address("policy:post", post=seat.post), "book")] if seat else []
