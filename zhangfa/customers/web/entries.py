"""Pages of the daily archive entries: whom we served today, the list, one entry and its steps."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.customers import actions, entries
from zhangfa.customers.models import ArchiveEntry, Customer
from zhangfa.customers.permissions import read_customers, write_entries
from zhangfa.customers.web.entry_forms import FORMS, EntryForm
from zhangfa.customers.wording import HIDDEN, learnt_label, learnt_value
from zhangfa.organisation.web.common import OnePage
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.filters import DayFrom, DayTo, FilterSet
from zhangfa.ui.page import Page
from zhangfa.ui.pages import ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty
from zhangfa.ui.words import text

S = ArchiveEntry.Status
STATUSES = {
    S.WRITTEN.value: Status(S.WRITTEN.label, "grey"),
    S.HANDED_IN.value: Status(S.HANDED_IN.label, "blue"),
    S.ENTERED.value: Status(S.ENTERED.label, "amber"),
    S.RETURNED.value: Status(S.RETURNED.label, "red"),
    S.VERIFIED.value: Status(S.VERIFIED.label, "green"),
    S.SHELVED.value: Status(S.SHELVED.label, "grey"),
}
NEXT = {
    S.WRITTEN: _("部门经理上交"), S.HANDED_IN: _("话务员录入"), S.ENTERED: _("网络组逐项核实"), S.RETURNED: _("网点更正后交回"),
}  # fmt: skip


class Today(Page):
    """Whom our outlets served today, and whose entry is still missing."""

    permission = write_entries
    title, nav, template_name = _("今日档案"), "archive-today", "customers/today.html"
    empty = Empty(
        _("今天还没有完成的服务"), _("服务完成后，客户会出现在这里，请当天登记了解到的情况。"), "calendar-check"
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = entries.served_today(self.actor, self.at)
        return super().get_context_data(rows=rows, open_count=sum(row.entry is None for row in rows), **kwargs)


class EntryFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)
    since = DayFrom("written_at", label=_("登记日期从"))
    until = DayTo("written_at", label=_("登记日期到"))


class EntryList(ListPage):
    model, permission, title, nav = ArchiveEntry, read_customers, _("档案登记表"), "archive-entries"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("customer.name", _("客户"), phone="title"),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("outlet.shown_name", _("网点")),
        Column("served_on", _("服务日期"), kind="date"),
        Column("written_by.shown_name", _("登记人")),
        Column("is_late", _("不是当天登记"), kind="bool", optional=True),
        Column("key_in_due_at", _("录入期限"), kind="when", optional=True),
        Column("verify_due_at", _("核实期限"), kind="when", optional=True),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = EntryFilter
    select_related = ["record", "customer", "outlet", "written_by"]
    empty = Empty(_("没有登记表"), _("网点每天为服务过的客户各登记一份，从“今日档案”开始。"), "notebook")


class EntryCreate(OnePage):
    """Write what was learnt about this customer."""

    model, permission, title, form_class, nav = (
        Customer,
        write_entries,
        _("登记今天了解到的情况"),
        EntryForm,
        "archive-today",
    )

    def act(self, form: Any) -> ArchiveEntry:
        return actions.write_entry(self.object, **form.params(), by=self.actor, at=self.at)


class EntryRecord(RecordPage):
    """One entry: what was learnt, what differs, who has it now."""

    model, permission, nav, do_url = ArchiveEntry, read_customers, "archive-entries", "customers:entry-do"
    template_name = "customers/entry.html"
    select_related = [
        "record__unit",
        "customer",
        "outlet",
        "written_by",
        "entered_by",
        "verified_by",
        "hand_in__record",
    ]
    parts = records_parts("comments", "trail")
    facts = [
        Column("customer.no", _("客户编号")), Column("outlet.shown_name", _("网点")), Column("served_on", _("服务日期"), kind="date"),
        Column("written_by.shown_name", _("登记人")), Column("written_at", _("登记时间"), kind="when"), Column("is_late", _("不是当天登记"), kind="bool"),
        Column("hand_in.record.number", _("上交单")), Column("key_in_due_at", _("录入期限"), kind="when"), Column("entered_by.shown_name", _("录入人")),
        Column("verify_due_at", _("核实期限"), kind="when"), Column("verified_by.shown_name", _("核实人")),
    ]  # fmt: skip

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return gettext("%(customer)s：%(day)s 登记表") % {
            "customer": self.object.customer.name,
            "day": self.object.served_on,
        }

    def next_step(self) -> Any:
        return NEXT.get(self.object.status, "")

    def holder(self) -> Any:
        return self.object.outlet.shown_name if self.object.status in (S.WRITTEN, S.RETURNED) else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            (learnt_label(row.field), learnt_value(row.field, row.value), row, row.field if row.field in HIDDEN else "")
            for row in self.object.learnt.order_by("pk")
        ]
        hints = [
            (gettext(hint.text) % hint.params, [text(word) for word in hint.evidence])
            for hint in entries.hints_of(self.object)
        ]
        return super().get_context_data(learnt=rows, hints=hints, **kwargs)


class EntryDo(TransitionPage):
    record_page, forms, nav = EntryRecord, FORMS, "archive-entries"

    def get_initial(self) -> dict[str, Any]:
        if self.kwargs["name"] not in ("rewrite", "correct"):
            return {}
        learnt = entries.learnt_of(self.subject())
        return {name: value for name, value in learnt.items() if name not in HIDDEN}
