"""Pages of the adverse records: for those who need to know, never exported."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django import forms as base
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.customers import actions
from zhangfa.customers.models import AdverseRecord, Customer
from zhangfa.customers.permissions import ADVERSE_CHECKERS, note_adverse, read_adverse
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.web.common import OnePage
from zhangfa.records.web.fields import FilesField
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.forms import DateField, Form, TextField
from zhangfa.ui.pages import ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Item, Status
from zhangfa.ui.tables import Column, Empty

S = AdverseRecord.Status
STATUSES = {
    S.NOTED.value: Status(S.NOTED.label, "amber"),
    S.CHECKED.value: Status(S.CHECKED.label, "red"),
    S.DISMISSED.value: Status(S.DISMISSED.label, "grey"),
    S.EXPIRED.value: Status(S.EXPIRED.label, "grey"),
}
MOST, ON_BENCH = 20, 10


class AdverseForm(Form):
    kind = base.ChoiceField(label=_("类型"), choices=AdverseRecord.Kind.choices)
    occurred_on = DateField(label=_("发生日期"))
    facts = TextField(
        label=_("事实"),
        max_length=1000,
        multiline=True,
        help_text=_("时间、地点、谁说了什么或做了什么；不少于 20 个字，不写评价。"),
    )
    files = FilesField(label=_("证据"), required=False, help_text=_("照片、录像或书面材料；也可以以后再加。"))

    def params(self) -> dict[str, Any]:
        return {**super().params(), "files": self.cleaned_data.get("files") or []}


class GroundForm(Form):
    ground = TextField(label=_("核实意见"), max_length=400, multiline=True)


class ReplyForm(Form):
    reply = TextField(label=_("客户申辩"), max_length=1000, multiline=True)


class AdverseFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)
    kind = df.ChoiceFilter(label=_("类型"), choices=AdverseRecord.Kind.choices)


class AdverseList(ListPage):
    model, permission, title, nav = AdverseRecord, read_adverse, _("不良消费记录"), "adverse"
    is_exportable = False
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("customer.name", _("客户"), phone="title"),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("get_kind_display", _("类型")),
        Column("occurred_on", _("发生日期"), kind="date"),
        Column("expires_on", _("到期日"), kind="date"),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = AdverseFilter
    select_related = ["record", "customer"]
    empty = Empty(_("没有不良消费记录"), _("在客户页面点“登记不良消费”，写明事实并附证据。"), "alert-triangle")


class AdverseCreate(OnePage):
    """What a customer did, in facts."""

    model, permission, title, form_class, nav = Customer, note_adverse, _("登记不良消费"), AdverseForm, "adverse"
    help = _("写明事实并附上证据，由另一人核实后才算数。")

    def act(self, form: Any) -> AdverseRecord:
        return actions.note_conduct(self.object, **form.params(), by=self.actor, at=self.at)


def customer_link(row: AdverseRecord, _page: Any = None) -> Any:
    return format_html('<a href="{}">{} {}</a>', row.customer.get_absolute_url(), row.customer.name, row.customer.no)


class AdversePage(RecordPage):
    model, permission, nav, do_url = AdverseRecord, read_adverse, "adverse", "customers:adverse-do"
    select_related = ["record__unit", "customer", "recorded_by", "checked_by"]
    parts = records_parts("files", "comments", "trail")
    facts = [
        Column("customer", _("客户"), value=customer_link), Column("get_kind_display", _("类型")), Column("occurred_on", _("发生日期"), kind="date"),
        Column("facts", _("事实"), wide=True), Column("recorded_by.shown_name", _("登记人")), Column("recorded_at", _("登记时间"), kind="when"),
        Column("checked_by.shown_name", _("核实人")), Column("checked_at", _("核实时间"), kind="when"), Column("ground", _("核实意见"), wide=True),
        Column("reply", _("客户申辩"), wide=True), Column("replied_at", _("申辩时间"), kind="when"), Column("expires_on", _("到期日"), kind="date"),
    ]  # fmt: skip

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return gettext("%(customer)s：%(kind)s") % {
            "customer": self.object.customer.name,
            "kind": self.object.get_kind_display(),
        }

    def next_step(self) -> Any:
        if self.object.status != S.NOTED:
            return ""
        has_evidence = self.object.record.attachments.filter(removed_at=None).exists()
        return _("由客服中心的另一人核实") if has_evidence else _("添加证据，由另一人核实")


class AdverseDo(TransitionPage):
    record_page, nav = AdversePage, "adverse"
    forms = {"confirm": GroundForm, "dismiss": GroundForm, "answer": ReplyForm}


def todo(actor: Actor, at: dt.datetime) -> list[Item]:
    """What waits for a second person, oldest first; nobody checks their own."""
    if not actor.holds(*ADVERSE_CHECKERS):
        return []
    rows = AdverseRecord.objects.filter(status=S.NOTED).exclude(recorded_by_id=actor.person_id)
    return [
        Item(gettext("核实不良消费记录"), row.get_absolute_url(), row.record.number or "")
        for row in rows.select_related("record").order_by("pk")[:ON_BENCH]
    ]


def adverse_part(page: Any, customer: Customer) -> tuple[str, dict[str, Any]]:
    """What the reader may know of this customer's conduct."""
    rows = AdverseRecord.objects.visible_to(page.actor).filter(customer=customer).select_related("record")
    return "customers/parts/adverse.html", {"adverse": rows.order_by("-pk")[:MOST]}
