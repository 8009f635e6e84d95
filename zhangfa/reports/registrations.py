"""What the reports lend to the house: figures read, notices, forms of record, menu, panels, clauses served."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as lazy

from zhangfa.core.text import _
from zhangfa.core.transitions import sink
from zhangfa.notices import registry as notices
from zhangfa.orders.permissions import read_orders
from zhangfa.orders.registry import on_bulk
from zhangfa.policy import registry as policy
from zhangfa.reports import facts, forms_of_record, listening, panels
from zhangfa.reports import permissions as may
from zhangfa.reports.actions.mix import SOURCE
from zhangfa.tasks import registry as tasks
from zhangfa.ui import menu, registry
from zhangfa.ui.registry import Part

NOTICES: Mapping[str, str] = {
    "reports.listed_case": _("优秀客户名单上的客户有事故或投诉（%(number)s），请立即关注。"),
    "reports.mix_decided": _("总经理已对 %(period)s 的产品结构作出决定，请查看并落实。"),
}
READS = (*facts.KEYS.values(), facts.MIN_SAMPLE, facts.GOOD_LIST, facts.HANDED)
MENU = (
    ("reports", lazy("月末分析"), "reports:months", "chart-bar", may.read_list, 80),
    ("trial", lazy("二八试算"), "reports:trial", "adjustments-horizontal", may.try_figures, 82),
    ("quality", lazy("网点质量周报"), "reports:quality-weeks", "building-store", may.read_quality, 86),
    ("call-weeks", lazy("话务周报"), "reports:weeks", "phone", may.read_calls, 84),
)


def register() -> None:
    """Fill every registry; called once at start-up."""
    policy.reads(*READS)
    for code, sentence in NOTICES.items():
        notices.text(code, sentence)
    sink(45, "reports", listening.receive)
    on_bulk("reports", listening.in_bulk)
    forms_of_record.register()
    for key, label, url, icon, permission, order in MENU:
        menu.register(key, label, url, icon=icon, permission=permission, order=order, group="customers")
    tasks.source(SOURCE, _("产品结构决定"), url=lambda period: f"/reports/mix/{period}/")
    registry.panels.add("orders.order", Part("care", lazy("客户关照要求"), panels.care_part, permission=read_orders))
    registry.panels.add(
        "care.monthplan", Part("share", lazy("营业额占比"), panels.share_part, permission=may.read_pack)
    )
    months = [("reports:months", lazy("月末分析"))]
    policy.serves(
        "HS-W1.2", policy.WORKS, [("tasks:problems", lazy("网点问题")), ("reports:quality-weeks", lazy("网点质量周报"))]
    )
    policy.serves("CS-W2.2", policy.WORKS, months)
    policy.serves("CS-W2.3", policy.WORKS, months)
    policy.serves("CS-D3", policy.WORKS, months)
    policy.serves("X-6", policy.PARTIAL, months)
    policy.serves("CS-D4", policy.PARTIAL, [("reports:trial", lazy("二八试算"))])
