"""Pages of the hand-ins: each department's batches, late ones counted, checked by the customer service manager."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.customers import actions, entries
from zhangfa.customers.models import BY_DEPARTMENT, HandIn
from zhangfa.customers.permissions import hand_in_entries, read_hand_ins
from zhangfa.customers.web.entry_forms import CheckForm, HandInForm
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Link

S = HandIn.Status
STATUSES = {S.HANDED_IN.value: Status(S.HANDED_IN.label, "blue"), S.CHECKED.value: Status(S.CHECKED.label, "green")}
MOST = 200


class HandInFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)


class HandIns(ListPage):
    model, permission, title, nav = HandIn, read_hand_ins, _("档案上交"), "handins"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("unit.shown_name", _("部门"), phone="title"),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("period_on", _("从"), kind="date"),
        Column("until_on", _("到"), kind="date"),
        Column("entry_count", _("档案数"), kind="number"),
        Column("late_count", _("其中迟交"), kind="number"),
        Column("handed_at", _("上交时间"), kind="when"),
        Column("due_at", _("期限"), kind="when", optional=True),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = HandInFilter
    is_searchable = False
    select_related = ["record", "unit"]
    links = [Link("customers:handin-new", _("上交档案"), icon="send", permission=hand_in_entries)]
    empty = Empty(_("还没有上交过档案"), _("各部门把网点登记的客户档案按期上交给客服中心。"), "send")


class HandInCreate(CreatePage):
    """Everything that waits in the department, as one batch."""

    permission, title, form_class, nav = hand_in_entries, _("上交档案"), HandInForm, "handins"
    template_name, submit_label = "customers/handin_new.html", _("上交")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seat = self.actor.seat_for(*BY_DEPARTMENT)
        waiting = list(entries.waiting_in(seat.department_id or seat.unit_id)) if seat else []
        return super().get_context_data(
            waiting=len(waiting), period=entries.period_of(_day(waiting, self.at), self.at), **kwargs
        )

    def act(self, form: Any) -> HandIn:
        return actions.hand_in(**form.params(), by=self.actor, at=self.at)


def _day(waiting: Any, at: Any) -> Any:
    from zhangfa.core import clock

    return waiting[0].served_on if waiting else clock.local_date(at)


def entries_part(page: Any, batch: HandIn) -> tuple[str, dict[str, Any]]:
    """The entries of the batch with how far each has come."""
    rows = batch.entries.select_related("record", "customer", "outlet").order_by("pk")[:MOST]
    return "customers/parts/entries.html", {"entries": rows}


class HandInRecord(RecordPage):
    model, permission, nav, do_url = HandIn, read_hand_ins, "handins", "customers:handin-do"
    template_name = "customers/handin.html"
    select_related = ["record__unit", "unit", "handed_by", "checked_by"]
    parts = [Part("entries", _("登记表"), entries_part, open=True), *records_parts("comments", "trail")]
    facts = [
        Column("unit.shown_name", _("部门")), Column("period_on", _("从"), kind="date"), Column("until_on", _("到"), kind="date"),
        Column("due_at", _("期限"), kind="when"), Column("handed_at", _("上交时间"), kind="when"), Column("handed_by.shown_name", _("上交人")),
        Column("entry_count", _("档案数"), kind="number"), Column("late_count", _("其中迟交"), kind="number"), Column("note", _("说明"), wide=True),
        Column("checked_by.shown_name", _("检查人")), Column("opinion", _("检查意见"), wide=True),
    ]  # fmt: skip

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return gettext("%(unit)s上交的客户档案") % {"unit": self.object.unit.shown_name}

    def next_step(self) -> Any:
        return _("客服中心经理检查") if self.object.status == S.HANDED_IN else ""


class HandInDo(TransitionPage):
    record_page, forms, nav = HandInRecord, {"check": CheckForm}, "handins"
