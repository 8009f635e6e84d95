"""What the archive lends to the house: menu, search, statuses, forms of record, figures read, clauses served."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhangfa.core.transitions import sink
from zhangfa.customers import actions, keeping, leaving, plausible, prints, queries, registry
from zhangfa.customers import permissions as may
from zhangfa.customers.actions.adverse import FORM as ADVERSE
from zhangfa.customers.actions.entry import FORM as ENTRY
from zhangfa.customers.actions.hand_in import FORM as HAND_IN
from zhangfa.customers.actions.privacy import FORM as REQUEST
from zhangfa.customers.models import AdverseRecord, ArchiveEntry, CustomerClass, HandIn, PersonalRequest, WorkerWish
from zhangfa.customers.web import adverse, entries, handins, privacy
from zhangfa.duties import registry as duties
from zhangfa.inspections import registry as inspections
from zhangfa.organisation.actor import Actor
from zhangfa.policy import registry as policy
from zhangfa.records.models import Record
from zhangfa.records.registry import Form, forms
from zhangfa.ui import menu
from zhangfa.ui import registry as shell
from zhangfa.ui.registry import Status

MENU = (
    ("archive-today", _("今日档案"), "customers:today", "calendar-check", may.write_entries, 5),
    ("customers", _("客户档案"), "customers:list", "address-book", may.read_customers, 10),
    ("archive-entries", _("档案登记表"), "customers:entries", "notebook", may.read_customers, 12),
    ("handins", _("档案上交"), "customers:handins", "send", may.read_hand_ins, 14),
    ("adverse", _("不良消费记录"), "customers:adverse", "alert-triangle", may.read_adverse, 16),
    ("requests", _("个人信息请求"), "customers:requests", "shield-lock", may.read_requests, 70),
    ("looks", _("查看记录"), "customers:looks", "eye", may.read_looks, 71),
    ("exports", _("导出记录"), "customers:exports", "file-export", may.read_exports, 72),
)
CUSTOMER_STATUSES = {
    "active": Status(_("在服务"), "green"), "dormant": Status(_("未活跃")), "closed": Status(_("已停用")),
    "kept": Status(_("依法仅保存"), "amber"), "merged": Status(_("已合并"), "amber"), "erased": Status(_("已匿名")),
}  # fmt: skip
READS = (
    "archive.entry",
    "archive.report_days",
    "archive.key_in_days",
    "archive.verify_days",
    "archive.min_completeness",
    "adverse.expiry_months",
    "privacy.reply_days",
    "privacy.keep_years",
)


def register() -> None:
    """Fill every registry; called once at start-up."""
    inspections.look_at(plausible.SOURCE)
    for key, label, url, icon, permission, order in MENU:
        menu.register(key, label, url, icon=icon, permission=permission, order=order, group="customers")
    shell.search.add("customers", queries.search, label=_("客户档案"), order=20)
    leaving.offer_customers()
    shell.lookups.add("customers", queries.LOOKUP)
    shell.todo.add("adverse", adverse.todo, label=_("不良消费记录"), order=45, url="customers:adverse")
    shell.statuses.add("customers.customer.status", CUSTOMER_STATUSES)
    shell.statuses.add("customers.archiveentry.status", entries.STATUSES)
    shell.statuses.add("customers.handin.status", handins.STATUSES)
    shell.statuses.add("customers.adverserecord.status", adverse.STATUSES)
    shell.statuses.add("customers.personalrequest.status", privacy.STATUSES)
    registry.moves("customers.archiveentry.customer", registry.pointer(ArchiveEntry, "customer", once_per="served_on"))
    registry.moves("customers.customerclass.customer", registry.pointer(CustomerClass, "customer", once_per="code"))
    registry.moves("customers.workerwish.customer", registry.pointer(WorkerWish, "customer", once_per="worker_id"))
    duties.offer_models({ENTRY: ArchiveEntry, HAND_IN: HandIn, ADVERSE: AdverseRecord, REQUEST: PersonalRequest})
    forms.add(Form(ENTRY, _("客户档案登记表"), visible=_sees(ArchiveEntry), build=prints.entry_sheet))
    forms.add(Form(HAND_IN, _("档案上交单"), visible=_sees(HandIn), build=prints.hand_in_sheet))
    forms.add(Form(ADVERSE, _("客户不良消费记录"), visible=_sees(AdverseRecord)))
    forms.add(Form(REQUEST, _("个人信息请求"), visible=_sees(PersonalRequest)))
    sink(20, "customers", actions.follow_unit)
    registry.keepers["customers"] = keeping.KEEPER
    policy.reads(*READS)
    policy.serves(
        "CS-W2.1", policy.WORKS,
        [("customers:list", _("客户档案")), ("customers:today", _("今日档案")), ("customers:entries", _("档案登记表")), ("customers:handins", _("档案上交"))],
    )  # fmt: skip
    policy.serves(
        "HS-D10",
        policy.WORKS,
        [
            ("customers:list", _("客户档案")),
            ("customers:requests", _("个人信息请求")),
            ("customers:looks", _("查看记录")),
            ("customers:exports", _("导出记录")),
        ],
    )


def _sees(model: Any) -> Any:
    def visible(actor: Actor, record: Record) -> bool:
        return bool(model.objects.visible_to(actor).filter(pk=record.pk).exists())

    return visible
