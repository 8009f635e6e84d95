"""The programming interface: the routers of all apps under one address."""

from __future__ import annotations

from importlib import import_module

from zhangfa.core.text import _
from zhangfa.ui.api import house

# In the order in which the description lists them, with the words for people.
TAGS = {
    "claims": _("案件"),
    "approvals": _("审批"),
    "duties": _("职责"),
    "notices": _("通知"),
    "records": _("表单"),
    "customers": _("客户"),
    "orders": _("订单"),
    "organisation": _("组织机构"),
    "policy": _("章程"),
    "administration": _("章程修改"),
}

api = house.build((tag, label, import_module(f"zhangfa.{tag}.api").router) for tag, label in TAGS.items())
urlpatterns = house.addresses(api)
