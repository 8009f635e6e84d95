"""The programming interface: the routers of all apps under one address."""

from __future__ import annotations

from importlib import import_module

from zhangfa.core.text import _
from zhangfa.ui.api import house

# In the order in which the description lists them, with the words for people.
TAGS = {
    "claims": _("案件"),
    "calls": _("通话"),
    "approvals": _("审批"),
    "duties": _("职责"),
    "notices": _("通知"),
    "records": _("表单"),
    "customers": _("客户"),
    "orders": _("订单"),
    "people": _("人事：证件、请假和培训"),
    "organisation": _("组织机构"),
    "policy": _("章程"),
    "administration": _("行政：章程修改、活动、文件和机构修订"),
    "meetings": _("会议"),
    "regulations": _("制度"),
    "inspections": _("检查"),
    "tasks": _("任务"),
    "planning": _("工作计划"),
    "care": _("客户维护"),
    "reports": _("报表"),
    "imports": _("导入"),
}

api = house.build((tag, label, import_module(f"zhangfa.{tag}.api").router) for tag, label in TAGS.items())
urlpatterns = house.addresses(api)
