"""Merging two files, and the record of what was merged with its undo."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.customers import actions
from zhangfa.customers.models import Customer, Merge
from zhangfa.customers.permissions import merge_customers
from zhangfa.organisation.web.common import OnePage
from zhangfa.organisation.web.fields import ObjectField
from zhangfa.ui.forms import Form, TextField

MOST = 20


class MergeForm(Form):
    merged = ObjectField(
        "customers",
        Customer,
        label=_("把哪份档案并进来"),
        help_text=_("选中的档案不再单独使用，它的订单、案件、联系人等都转到当前这份；随时可以撤销。"),
    )
    reason = TextField(label=_("凭什么认定是同一客户"), max_length=200)


class MergeInto(OnePage):
    """Take another file into this one."""

    model, permission, title, form_class, nav = Customer, merge_customers, _("合并档案"), MergeForm, "customers"
    submit_label = _("合并")

    def page_title(self) -> Any:
        return gettext("合并档案：保留 %(no)s %(name)s") % {"no": self.object.no, "name": self.object.name}

    def done_message(self, outcome: Any) -> str:
        return gettext("已合并。需要时可在“合并记录”里撤销。")

    def act(self, form: Any) -> Customer:
        return actions.merge(self.object, **form.params(), by=self.actor, at=self.at)


class MergeUndo(OnePage):
    """Give back what a merging moved."""

    model, permission, title, form_class, nav = Customer, merge_customers, _("撤销合并"), Form, "customers"
    is_dangerous = True

    @property
    def help(self) -> str:  # type: ignore[override]
        """Which file comes back with how much, before anybody presses."""
        return gettext("%(no)s %(name)s 恢复为独立档案，合并时转来的 %(count)s 条记录转回去；合并以后新增的留在当前档案。") % {
            "no": self.row.merged.no, "name": self.row.merged.name, "count": self.row.rows_moved,
        }  # fmt: skip

    def done_message(self, outcome: Any) -> str:
        return gettext("已撤销合并，两份档案重新分开。")

    def subject(self) -> Any:
        customer = super().subject()
        rows = Merge.objects.filter(kept=customer).select_related("kept", "merged")
        self.row = get_object_or_404(rows, pk=self.kwargs["row"])
        return customer

    def act(self, form: Any) -> Customer:
        return actions.undo_merge(self.row, by=self.actor, at=self.at)


def merges_part(page: Any, customer: Customer) -> tuple[str, dict[str, Any]]:
    """What was merged into this file, and what it was merged into."""
    rows = Merge.objects.filter(kept=customer).select_related("merged", "by").order_by("-pk")[:MOST]
    may_undo = not any(merge_customers(customer, by=page.actor, at=page.at))
    return "customers/parts/merges.html", {"customer": customer, "merges": rows, "may_undo": may_undo}
