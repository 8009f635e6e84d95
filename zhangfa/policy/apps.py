"""The app, its pages on the menu, and the words that it lends to the shell."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "zhangfa.policy"
    label = "policy"

    def ready(self) -> None:
        from django.urls import reverse

        from zhangfa.organisation import calendar
        from zhangfa.policy import actions, checks, queries, subjects  # noqa: F401  checks and subjects register themselves
        from zhangfa.ui import menu, words

        menu.register("handbook", _("岗位手册"), "policy:posts", icon="book", order=10, group="governance")
        menu.register("policy", _("章程"), "policy:values", icon="adjustments", order=20, group="governance")
        menu.register("explain", _("谁来决定"), "policy:explain", icon="scale", order=30, group="governance")
        calendar.stamp.set(queries.stamp)
        calendar.renew.set(actions.renew)
        words.clause_url.set(
            lambda clause: reverse("policy:clause", args=[clause]) if clause in queries.handbook().clauses else ""
        )
