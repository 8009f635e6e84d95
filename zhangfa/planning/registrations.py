"""What plans lend to the house."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from zhangfa.core.text import _
from zhangfa.duties import registry as duties
from zhangfa.notices import registry as notices
from zhangfa.planning import actions, permissions, queries
from zhangfa.planning.actions import year
from zhangfa.planning.models import Plan, Summary
from zhangfa.planning.web import pages
from zhangfa.policy import registry as policy
from zhangfa.records.registry import Form, forms
from zhangfa.ui import menu
from zhangfa.ui import registry as shell
from zhangfa.ui.access import is_open

NOTICES = {
    "planning.submitted": _("下属提交了计划 %(number)s，请审核。"), "planning.approved": _("您的计划 %(number)s 已审核通过。"),
    "planning.returned": _("您的计划 %(number)s 被退回，请按意见修改。"), "planning.item": _("计划 %(number)s 里有由您负责的事项。"),
}  # fmt: skip
PAGES = [
    ("planning:list", _("工作计划")),
    ("planning:checks", _("部门计划检查")),
    ("planning:summaries", _("年终总结")),
]


def register() -> None:
    """Fill every registry; called once at start-up."""
    for code, sentence in NOTICES.items():
        notices.text(code, sentence)
    forms.add(
        Form(
            actions.FORM,
            _("工作计划"),
            visible=queries.is_visible,
            content=queries.content,
            build=_printer("plan_form"),
            lock=actions.lock_plan,
        )
    )
    forms.add(
        Form(
            year.FORM,
            _("年终总结"),
            visible=queries.is_summary_visible,
            content=queries.summary_content,
            build=_printer("summary_form"),
        )
    )
    duties.offer_models({actions.FORM: Plan, year.FORM: Summary})
    duties.offer_published(year.CHECK_FORM, year.YEAR_FORM)
    forms.add(Form(year.CHECK_FORM, _("各部门工作计划检查"), visible=_reads_checks, build=_printer("check_form")))
    forms.add(Form(year.YEAR_FORM, _("年终总结汇总"), visible=_reads_checks, build=_printer("year_form")))
    menu.register(
        "plans",
        lazy("工作计划"),
        "planning:list",
        icon="target",
        permission=permissions.read_plans,
        order=9,
        group="work",
    )
    shell.todo.add("plans", queries.todo_items, label=lazy("工作计划"), order=18, url="/plans/", below="plans")
    shell.search.add("plans", queries.search, label=lazy("工作计划"), order=65)
    shell.statuses.add("planning.plan.status", pages.STATUSES)
    policy.serves("AM-D5", policy.WORKS, PAGES)
    policy.serves("HS-D1", policy.PARTIAL, PAGES[:1])
    policy.serves("LS-D1", policy.PARTIAL, PAGES[:1])


def _reads_checks(actor: Any, record: Any) -> bool:
    return is_open(permissions.read_checks, by=actor, at=actor.at)


def _printer(name: str) -> Any:
    """The print's builder, found when a print is asked for."""

    def build(record: Any, **kwargs: Any) -> Any:
        return getattr(import_module("zhangfa.planning.prints"), name)(record, **kwargs)

    return build
