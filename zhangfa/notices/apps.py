from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "zhangfa.notices"
    label = "notices"

    def ready(self) -> None:
        from zhangfa.notices import actions, jobs, queries  # noqa: F401  the outbox registers its slot
        from zhangfa.ui import menu, registry

        menu.register("notices", _("通知"), "notices:list", icon="bell", order=90, group="work")
        registry.badges.add("notices", queries.unread_count)
        registry.opened.add("notices", actions.read_when_opened)
