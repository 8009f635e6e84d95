"""The list of customers, the page of one, and what is masked on it."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django import forms as base
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from zhangfa.core.decisions import Refused
from zhangfa.customers import actions
from zhangfa.customers.models import Customer
from zhangfa.customers.permissions import edit_customers, read_customers
from zhangfa.customers.rules import SENSITIVE
from zhangfa.organisation.models import Person
from zhangfa.organisation.web.common import Doings, OnePage, doing
from zhangfa.organisation.web.fields import ObjectField, unit_field
from zhangfa.organisation.web.forms import ReasonForm
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.forms import Form, PhoneField, TextField
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage
from zhangfa.ui.tables import Column, Empty, Link

LABELS = {"phone": _("查看电话"), "address": _("查看地址"), "note": _("查看内部备注")}


class CustomerFilter(FilterSet):
    kind = df.ChoiceFilter(label=_("客户类型"), choices=Customer.Kind.choices, empty_label=_("全部"))
    status = df.ChoiceFilter(label=_("状态"), choices=Customer.Status.choices, empty_label=_("全部"))
    since = df.DateFilter(
        field_name="joined_on", lookup_expr="gte", label=_("建档日期从"), widget=base.DateInput({"type": "date"})
    )
    until = df.DateFilter(
        field_name="joined_on", lookup_expr="lte", label=_("建档日期到"), widget=base.DateInput({"type": "date"})
    )


class CustomerForm(Form):
    kind = base.ChoiceField(label=_("客户类型"), choices=Customer.Kind.choices, initial="household")
    name = TextField(label=_("姓名或名称"), max_length=60)
    contact = TextField(label=_("联系人"), max_length=40, required=False)
    phone = PhoneField(label=_("电话"))
    outlet = unit_field("outlets", label=_("所属网点"))
    compound = TextField(label=_("小区或街道"), max_length=60)
    address = TextField(label=_("楼栋门牌"), max_length=100, required=False, help_text=_("加密保存，页面上不显示。"))
    note = TextField(label=_("内部备注"), max_length=500, multiline=True, required=False)


class CustomerEditForm(CustomerForm):
    """What is masked is replaced or kept, never sent to the page."""

    phone = PhoneField(label=_("新电话"), required=False, help_text=_("不填表示不变。"))
    address = TextField(label=_("新楼栋门牌"), max_length=100, required=False, help_text=_("不填表示不变。"))
    note = TextField(
        label=_("新内部备注"), max_length=500, multiline=True, required=False, help_text=_("不填表示不变。")
    )
    account_manager = ObjectField("staff", Person, label=_("客户经理"), required=False)
    status = base.ChoiceField(label=_("状态"), choices=Customer.Status.choices)

    def params(self) -> dict[str, Any]:
        return {name: value for name, value in super().params().items() if value or name not in SENSITIVE}


class Customers(ListPage):
    model, permission, title, nav = Customer, read_customers, _("客户档案"), "customers"
    columns = [
        Column("no", _("客户编号"), link=True),
        Column("name", _("姓名或名称"), link=True, phone="title"),
        Column("get_kind_display", _("客户类型"), phone="badge"),
        Column("outlet.shown_name", _("所属网点")),
        Column("compound", _("小区或街道")),
        Column("masked_phone", _("电话")),
        Column("status", _("状态"), kind="status", optional=True),
        Column("account_manager.shown_name", _("客户经理"), optional=True),
        Column("joined_on", _("建档日期"), kind="date", optional=True),
    ]
    sorts = {"new": (_("最新建档"), "-id"), "no": (_("编号"), "no")}
    filterset_class = CustomerFilter
    select_related = ["outlet", "account_manager"]
    links = [Link("customers:new", _("登记客户"), icon="user-plus", permission=edit_customers)]
    empty = Empty(_("没有客户"), _("从“登记客户”开始，或请管理员检查您的岗位范围。"), "users")


class CustomerPage(RecordPage):
    model, permission, template_name, nav = Customer, read_customers, "customers/customer.html", "customers"
    select_related = ["outlet", "account_manager"]
    facts = [
        Column("get_kind_display", _("客户类型")), Column("contact", _("联系人")), Column("masked_phone", _("电话")),
        Column("masked_address", _("地址")), Column("outlet.shown_name", _("所属网点")), Column("account_manager.shown_name", _("客户经理")),
        Column("joined_on", _("建档日期"), kind="date"), Column("note", _("内部备注"), value=lambda row, page: row.masked("note")),
    ]  # fmt: skip

    def number(self) -> str:
        return str(self.object.no)

    def page_title(self) -> Any:
        return self.object.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        customer = self.object
        doings = Doings([doing(_("修改资料"), "customers:edit", self, edit_customers, customer)])
        doings += [
            doing(label, "customers:reveal", self, read_customers, customer, field=field)
            for field, label in LABELS.items()
        ]
        return super().get_context_data(doings=doings, **kwargs)


class CustomerCreate(CreatePage):
    permission, title, form_class, nav = edit_customers, _("登记客户"), CustomerForm, "customers"

    def act(self, form: Any) -> Customer:
        return actions.register(**form.params(), by=self.actor, at=self.at)

    def get_initial(self) -> dict[str, Any]:
        seat = self.actor.seat_for("oa", "sl")
        return {"outlet": seat.unit_id} if seat else {}


class CustomerEdit(OnePage):
    model, permission, title, form_class, nav = (
        Customer,
        edit_customers,
        _("修改客户资料"),
        CustomerEditForm,
        "customers",
    )

    def get_initial(self) -> dict[str, Any]:
        customer = self.object
        names = ("kind", "name", "contact", "compound", "status")
        shown = {name: getattr(customer, name) for name in names}
        return {**shown, "outlet": customer.outlet_id, "account_manager": customer.account_manager_id or ""}

    def act(self, form: Any) -> Customer:
        return actions.edit(self.object, **form.params(), by=self.actor, at=self.at)


class CustomerReveal(OnePage):
    """One masked field, once, to somebody with a reason."""

    model, permission, form_class, nav = Customer, read_customers, ReasonForm, "customers"
    submit_label = _("查看")

    def subject(self) -> Any:
        if self.kwargs["field"] not in LABELS:
            raise Http404
        return super().subject()

    def page_title(self) -> Any:
        return LABELS[self.kwargs["field"]]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        form = self.get_form()
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            value = actions.reveal(
                self.object, field=self.kwargs["field"], reason=form.cleaned_data["reason"], by=self.actor, at=self.at
            )
        except Refused as refused:
            form.refuse(refused.refusals)
            return self.show(form, status=422)
        template = "organisation/revealed.html" if self.is_fragment else "organisation/revealed_page.html"
        return self.response_class(request, template, self.get_context_data(form=form, value=value))
