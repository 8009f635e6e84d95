"""The app and what it puts on its own menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "zhangfa.ui"
    label = "ui"

    def ready(self) -> None:
        from zhangfa.ui import menu
        from zhangfa.ui.access import posts

        menu.register("home", _("工作台"), "ui:home", icon="layout-dashboard", order=0, group="work", phone=True)
        menu.register(
            "red", _("红灯"), "ui:red", icon="alert-triangle", permission=posts("gm", "dgm"), order=5, group="work"
        )
