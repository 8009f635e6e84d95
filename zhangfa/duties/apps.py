from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DutiesConfig(AppConfig):
    name = "zhangfa.duties"
    label = "duties"

    def ready(self) -> None:
        from zhangfa.core.transitions import sink
        from zhangfa.duties import engine, jobs, queries, wording  # noqa: F401  alarms and slots register themselves
        from zhangfa.duties.catalogue import catalogue
        from zhangfa.policy import registry as policy
        from zhangfa.ui import menu, registry

        sink(50, "duties", engine.receive)
        post_migrate.connect(_load, sender=self, dispatch_uid="duties.catalogue")
        menu.register("duties", _("我的职责"), "duties:mine", icon="checklist", order=40, group="work")
        menu.register("catalogue", _("职责目录"), "duties:catalogue", icon="list-check", order=60, group="governance")
        registry.todo.add("duties", queries.todo_items, label=_("职责"), order=20, url="/duties/")
        registry.overdue_below.add("duties", queries.overdue_items, label=_("下属逾期"), url="/duties/")
        registry.figures.add("duties", queries.figures, order=80)
        policy.lend_duties(wording.lines)
        policy.reads("escalation.second_days", *(key for row in catalogue().rows for key in row.figures))
        policy.serves("X-1", "partial", [("duties:mine", _("我的职责")), ("duties:catalogue", _("职责目录"))])


def _load(**_kwargs: object) -> None:
    """The catalogue's table is filled wherever the tables are made."""
    from zhangfa.duties.actions import load_catalogue

    load_catalogue()
