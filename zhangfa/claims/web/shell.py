"""What cases lend to the shell: menu, statuses, search, typed searches, and the blocks of the workbench."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhangfa.claims.models import Case
from zhangfa.claims.web import access, customer, learning, lesson, lookups, published, state, workbench
from zhangfa.core import clock
from zhangfa.customers.permissions import read_customers
from zhangfa.ui import menu, registry
from zhangfa.ui.display import status_of
from zhangfa.ui.registry import Part, Result, Status

CASE_STATUSES = {
    "alerted": Status(_("待受理"), "red"), "accepted": Status(_("待到场"), "amber"), "arrived": Status(_("勘察中"), "amber"),
    "surveyed": Status(_("待登记"), "amber"), "registered": Status(_("待认定"), "blue"), "answering": Status(_("调查答复中"), "blue"),
    "assessed": Status(_("待理赔方案"), "blue"), "settling": Status(_("审批商谈中"), "blue"), "settled": Status(_("待签字"), "amber"),
    "signed": state.signed, "closed": Status(_("已结案"), "green"), "void": Status(_("已作废"), "grey"),
}  # fmt: skip
SETTLEMENT_STATUSES = {
    "proposed": Status(_("待审批"), "amber"), "approved": Status(_("已批准"), "blue"), "accepted": Status(_("客户已接受"), "amber"),
    "signed": Status(_("已签署"), "blue"), "paid": Status(_("已付款"), "green"), "returned": Status(_("已退回"), "red"),
    "withdrawn": Status(_("已撤回"), "grey"), "void": Status(_("已作废"), "grey"),
}  # fmt: skip


def register() -> None:
    """Fill the shell's registries; called once at start-up."""
    menu.register(
        "cases",
        pgettext_lazy("list", "案件"),
        "claims:list",
        icon="clipboard-list",
        permission=access.read_cases,
        order=10,
        group="work",
        phone=True,
    )
    menu.register(
        "settlements",
        _("理赔"),
        "claims:settlements",
        icon="receipt-yuan",
        permission=access.read_settlements,
        order=20,
        group="work",
    )
    for key, label, icon, order in (
        ("bundles", _("改正意见"), "bulb", 30),
        ("totals", _("理赔总额表"), "report-money", 32),
    ):
        menu.register(
            key, label, f"claims:{key}", icon=icon, permission=published.read_tables, order=order, group="work"
        )
    menu.register(
        "studies",
        _("预防培训资料"),
        "claims:studies",
        icon="school",
        permission=learning.read_studies,
        order=34,
        group="work",
    )
    menu.register(
        "effect",
        _("事故制度效果"),
        "claims:effect",
        icon="chart-line",
        permission=published.read_tables,
        order=36,
        group="work",
    )
    registry.panels.add("claims.case", learning.PANEL)
    registry.panels.add("people.training", lesson.LESSON)
    registry.statuses.add("claims.study.status", learning.STATUSES)
    registry.panels.add(
        "customers.customer", Part("cases", _("案件与投诉"), customer.of_customer, permission=access.read_cases)
    )
    registry.panels.add("orders.order", Part("cases", _("案件与投诉"), customer.of_order, permission=read_customers))
    registry.statuses.add("claims.case.status", CASE_STATUSES)
    registry.statuses.add("claims.settlement.status", SETTLEMENT_STATUSES)
    registry.search.add("cases", search, label=pgettext_lazy("list", "案件"), order=10, url="/cases/")
    registry.lookups.add("cases", lookups.CASES)
    registry.lookups.add("handlers", lookups.HANDLERS)
    registry.todo.add(
        "claims", workbench.todo, label=pgettext_lazy("list", "案件"), order=5, url="/cases/?mine=on&open=on"
    )
    registry.waiting.add("claims", workbench.waiting, label=pgettext_lazy("list", "案件"), order=20)
    registry.figures.add("claims", workbench.figures, order=10)


def search(actor: Any, q: str, at: dt.datetime) -> list[Result]:
    """Cases by number, customer or phone, newest first."""
    rows = Case.objects.visible_to(actor).search(q).select_related("record", "customer", "unit")
    rows = rows.prefetch_related(state.PLANS).order_by("-pk")
    return [
        Result(
            case.record.title or case.summary[:40], case.get_absolute_url(), case.record.number or "", status_of(case).label,
            f"{case.customer.name if case.customer else case.reporter} · {case.unit.shown_name} · {clock.local_date(case.reported_at)}",
        )
        for case in rows[: registry.LIMIT + 1]
    ]  # fmt: skip
