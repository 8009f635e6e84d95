from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from zhangfa.core.text import _ as mark


class DutiesConfig(AppConfig):
    name = "zhangfa.duties"
    label = "duties"

    def ready(self) -> None:
        from zhangfa.approvals.registry import kind
        from zhangfa.core.transitions import sink
        from zhangfa.duties import actions, catalogue, company, counting, engine, leaving, queries, red, whatif, wording
        from zhangfa.duties import jobs as _jobs  # noqa: F401  alarms and slots register themselves
        from zhangfa.duties import registry as lent
        from zhangfa.duties.models import EXCUSE, DutyChange, Excuse, Handover
        from zhangfa.duties.permissions import ask_what_if, read_duties
        from zhangfa.duties.web import editing, handovers, occurrences, papers, plan
        from zhangfa.policy import registry as policy
        from zhangfa.records.registry import Form, Role, forms
        from zhangfa.ui import menu, registry

        catalogue.lend(company.standing, names=catalogue.from_files)
        sink(50, "duties", engine.receive)
        post_migrate.connect(_load, sender=self, dispatch_uid="duties.catalogue")
        post_migrate.connect(counting.ensure, sender=self, dispatch_uid="duties.counts")
        menu.register("duties", _("我的职责"), "duties:mine", icon="checklist", order=40, group="work")
        menu.register(
            "standing",
            _("职责办理情况"),
            "duties:standing",
            icon="chart-bar",
            permission=read_duties,
            order=50,
            group="governance",
        )
        menu.register("catalogue", _("职责目录"), "duties:catalogue", icon="list-check", order=60, group="governance")
        registry.todo.add("duties", queries.todo_items, label=_("职责"), order=20, url="/duties/")
        registry.overdue_below.add("duties", queries.overdue_items, label=_("下属逾期"), url="/duties/")
        registry.shortcuts.add("duties", plan.shortcuts, order=10)
        registry.figures.add("duties", queries.figures, order=80)
        registry.statuses.add("duties.occurrence.state", occurrences.STATES)
        registry.statuses.add("duties.excuse.status", occurrences.EXCUSES)
        engine.seated.append(actions.follow_seat)
        leaving.offer_own()
        lent.offer_models(
            {actions.HANDOVER_FORM: Handover, actions.CHANGE_FORM: DutyChange, actions.EXCUSE_FORM: Excuse}
        )
        lent.offer_published(actions.REPORT_FORM)
        whatif.offer_own()
        menu.register(
            "whatif",
            _("如果当时"),
            "duties:whatif",
            icon="calculator",
            permission=ask_what_if,
            order=56,
            group="governance",
        )
        registry.statuses.add("duties.handover.status", handovers.STATUSES)
        menu.register(
            "handovers",
            _("工作交接"),
            "duties:handovers",
            icon="arrows-exchange",
            permission=read_duties,
            order=55,
            group="governance",
        )
        roles = (
            Role(actions.LEAVER, mark("移交人"), mark("清单完整，未隐瞒未办事项。")),
            Role(actions.SUCCESSOR, mark("接任人"), mark("已逐项接收。")),
            Role(actions.SUPERIOR, mark("监交人"), mark("已核对交接。")),
        )
        forms.add(
            Form(
                actions.HANDOVER_FORM, mark("工作交接单"), visible=queries.may_see_handover, content=queries.handover_content, roles=roles,
                build=_print_handover, signed=actions.when_signed, lock=lambda record: Handover.objects.lock(record.pk),
            )
        )  # fmt: skip
        registry.statuses.add("duties.dutychange.status", editing.CHANGES)
        kind(
            actions.CHANGE_KIND, mark("职责修改"), lock=actions.lock_change, decided=actions.follow_change,
            summary=wording.change_summary, why=wording.change_why,
        )  # fmt: skip
        forms.add(
            Form(
                actions.CHANGE_FORM,
                mark("职责修改单"),
                visible=queries.may_see_change,
                content=queries.change_content,
            )
        )
        kind(
            EXCUSE, mark("职责免责"), lock=actions.lock_excuse, decided=actions.follow_decision, summary=wording.excuse_summary,
            why=wording.excuse_why,
        )  # fmt: skip
        forms.add(
            Form(
                actions.EXCUSE_FORM,
                mark("职责免责申请"),
                visible=queries.may_see_excuse,
                content=queries.excuse_content,
            )
        )
        forms.add(
            Form(
                actions.REPORT_FORM,
                mark("职责办理情况月报"),
                visible=queries.may_see_report,
                content=queries.report_content,
                build=_print_report,
            )
        )
        registry.lookups.add("duty_evidence", papers.LOOKUP)
        registry.red.add(
            "duties", queries.red_items, label=_("职责逾期"), order=20, url="/duties/occurrences/?stands=missed"
        )
        registry.red_owners.add("duties", red.owners)
        policy.lend_duties(wording.lines)
        policy.reads(
            "escalation.second_days", *(key for row in catalogue.from_files().rows if row.is_on for key in row.figures)
        )
        policy.serves(
            "X-1",
            policy.WORKS,
            [
                ("duties:mine", _("我的职责")),
                ("duties:standing", _("职责办理情况")),
                ("duties:catalogue", _("职责目录")),
                ("duties:handovers", _("工作交接")),
                ("duties:whatif", _("如果当时")),
            ],
        )
        policy.serves(
            "X-4", policy.WORKS, [("ui:home", _("工作台")), ("duties:plan", _("本周计划")), ("ui:red", _("红灯"))]
        )


def _print_handover(record: Any, **kwargs: Any) -> Any:
    """The print's builder, found when a print is asked for."""
    from zhangfa.duties.prints import handover_form

    return handover_form(record, **kwargs)


def _print_report(record: Any, **kwargs: Any) -> Any:
    """The month of how duties were kept, likewise."""
    from zhangfa.duties.prints import report_form

    return report_form(record, **kwargs)


def _load(**_kwargs: object) -> None:
    """The catalogue's table is filled wherever the tables are made."""
    from zhangfa.duties.actions import load_catalogue

    load_catalogue()
