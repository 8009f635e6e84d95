"""What the notices of this app say."""

from zhangfa.core.text import _
from zhangfa.notices.registry import text

text("approvals.requested", _("%(label)s %(number)s 等您审批。"))
text(
    "approvals.stuck",
    _("%(label)s %(number)s 现在没有可以审批的人，正在等待：请人事安排代理人，或在章程里指定第二决定人。"),
)
text("approvals.agreed", _("%(label)s %(number)s 已同意。"))
text("approvals.refused", _("%(label)s %(number)s 未获同意，请查看意见。"))
text("approvals.returned", _("%(label)s %(number)s 已退回，请按意见修改后重新提交。"))
text("approvals.voided", _("%(label)s %(number)s 已变更或撤回，原来的审批失效。"))
text("approvals.escalated", _("%(label)s %(number)s 下级逾期未审批，现在由您审批。"))
text("approvals.gone_up", _("%(label)s %(number)s 逾期未审批，已转给您的上级。"))
text("approvals.overdue", _("%(label)s %(number)s 逾期未审批，请尽快办理。"))
