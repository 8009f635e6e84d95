"""The list of customers, the page of one, and what is masked on it."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django import forms as base
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core.decisions import Refused
from zhangfa.customers import actions, privacy, queries, registry
from zhangfa.customers.models import Customer, CustomerClass, PersonalRequest, Profile, in_class
from zhangfa.customers.models.request import HANDLERS
from zhangfa.customers.permissions import (
    answer_requests,
    edit_customers,
    merge_customers,
    note_adverse,
    read_adverse,
    read_customers,
)
from zhangfa.customers.privacy_rules import kept_until
from zhangfa.customers.rules import SENSITIVE
from zhangfa.customers.web.adverse import adverse_part
from zhangfa.customers.web.merge import merges_part
from zhangfa.customers.web.profile import consents_part, contacts_part, profile_part
from zhangfa.customers.web.segment import classes_part
from zhangfa.customers.wording import grounds_words, label_of
from zhangfa.organisation.models import Person
from zhangfa.organisation.web.common import Doings, OnePage, doing
from zhangfa.organisation.web.fields import ObjectField, unit_field
from zhangfa.organisation.web.forms import ReasonForm
from zhangfa.ui import paging
from zhangfa.ui.filters import BoundFilterSet, LookupFilter, RareChoiceFilter
from zhangfa.ui.forms import Form, PhoneField, TextField
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage
from zhangfa.ui.registry import Part
from zhangfa.ui.tables import Column, Empty, Link
from zhangfa.ui.words import say, text

LABELS = {"phone": _("查看电话"), "address": _("查看地址"), "note": _("查看内部备注")}
# The customer may still be served and written about.
OPEN = ("active", "dormant", "closed")
OPEN_STATUSES = [choice for choice in Customer.Status.choices if choice[0] in OPEN]


class CustomerFilter(BoundFilterSet):
    # First, so that the choices after it know that the outlet's own index narrows more.
    outlet = LookupFilter(
        "outlet_id", label=_("所属网点"), source="outlets", placeholder=_("网点名称或代码"), required=False
    )
    kind = RareChoiceFilter(
        label=_("客户类型"),
        choices=Customer.Kind.choices,
        empty_label=_("全部"),
        rare=("enterprise", "institution"),
        unless=("outlet_id",),
    )
    status = RareChoiceFilter(
        label=_("状态"),
        choices=Customer.Status.choices,
        empty_label=_("在册（不含已合并、已匿名）"),
        rare=("closed", "kept", "merged", "erased"),
        unless=("outlet_id",),
    )
    segment = df.ChoiceFilter(label=_("类别"), choices=CustomerClass.Code.choices, method="in_segment")
    since = df.DateFilter(
        field_name="joined_on", lookup_expr="gte", label=_("建档日期从"), widget=base.DateInput({"type": "date"})
    )
    until = df.DateFilter(
        field_name="joined_on", lookup_expr="lte", label=_("建档日期到"), widget=base.DateInput({"type": "date"})
    )

    def in_segment(self, rows: Any, _name: str, code: str) -> Any:
        return in_class(rows, code)


class CustomerForm(Form):
    kind = base.ChoiceField(label=_("客户类型"), choices=Customer.Kind.choices, initial="household")
    name = TextField(label=_("姓名或名称"), max_length=60)
    contact = TextField(label=_("联系人"), max_length=40, required=False)
    phone = PhoneField(label=_("电话"))
    outlet = unit_field("outlets", label=_("所属网点"))
    compound = TextField(label=_("小区或街道"), max_length=60)
    address = TextField(label=_("楼栋门牌"), max_length=100, required=False, help_text=_("加密保存，页面上不显示。"))
    note = TextField(label=_("内部备注"), max_length=500, multiline=True, required=False)


class CustomerCreateForm(CustomerForm):
    is_other = base.BooleanField(
        label=_("已核对：其他档案里有这个电话，但不是同一客户"), required=False, help_text=_("只有提示时才需要勾选。")
    )


class CustomerEditForm(CustomerForm):
    """What is masked is replaced or kept, never sent to the page."""

    phone = PhoneField(label=_("新电话"), required=False, help_text=_("不填表示不变。"))
    address = TextField(label=_("新楼栋门牌"), max_length=100, required=False, help_text=_("不填表示不变。"))
    note = TextField(
        label=_("新内部备注"), max_length=500, multiline=True, required=False, help_text=_("不填表示不变。")
    )
    account_manager = ObjectField("staff", Person, label=_("客户经理"), required=False)
    status = base.ChoiceField(label=_("状态"), choices=OPEN_STATUSES)

    def params(self) -> dict[str, Any]:
        return {name: value for name, value in super().params().items() if value or name not in SENSITIVE}


def consumption_part(page: Any, customer: Customer) -> tuple[str, dict[str, Any]]:
    """What the customer bought and what went wrong, counted from the books (F15)."""
    lines = registry.consumed(customer, page.actor, page.at)
    return "customers/parts/consumption.html", {"lines": [(text(label), value) for label, value in lines]}


def shown_name(customer: Customer) -> Any:
    """A file that was made anonymous says so instead of a mask that looks like a hidden name."""
    return customer.get_status_display() if customer.status == Customer.Status.ERASED else customer.name


class Customers(ListPage):
    model, permission, title, nav = Customer, read_customers, _("客户档案"), "customers"
    columns = [
        Column("no", _("客户编号"), link=True),
        Column("name", _("姓名或名称"), link=True, phone="title", value=lambda row, page: shown_name(row)),
        Column("get_kind_display", _("客户类型"), phone="badge"),
        Column("outlet.shown_name", _("所属网点")),
        Column("compound", _("小区或街道")),
        Column("masked_phone", _("电话")),
        Column("status", _("状态"), kind="status", optional=True),
        Column("account_manager.shown_name", _("客户经理"), optional=True),
        Column("completeness", _("完整度"), kind="pct", optional=True),
        Column("joined_on", _("建档日期"), kind="date", optional=True),
    ]
    sorts = {"new": (_("最新建档"), "-id"), "no": (_("编号"), "no")}
    filterset_class = CustomerFilter
    select_related = ["outlet", "account_manager"]

    def keys(self) -> list[paging.Key]:
        """Between two days the files stand by their day: there is an index that ends so."""
        asked = self.request.GET
        if self.sort == "new" and (asked.get("since") or asked.get("until")):
            return paging.keys_for(Customer, ("-joined_on", "-id"))
        return super().keys()

    def search(self, rows: Any, q: str) -> Any:
        asked = self.request.GET
        is_first = self.sort == "new" and not asked.get("after") and not asked.get("before")
        if not q:
            return rows
        return rows.search_first(q) if is_first and not rows.query.where else rows.filter(self.matching)

    def narrow(self, rows: Any) -> Any:
        """What went into another file or was made anonymous stands here only when it is asked for (domain.md 2.4)."""
        rows = super().narrow(rows)
        return rows if self.request.GET.get("status") in Customer.Status.values else rows.standing(self.query[0])

    @cached_property
    def matching(self) -> Any:
        return Customer.objects.all().matching(self.query[0])

    links = [Link("customers:new", _("登记客户"), icon="user-plus", permission=edit_customers)]
    empty = Empty(
        _("没有客户"), _("从“登记客户”开始。"), "users", edit_customers, _("与您的岗位有关的客户会出现在这里。")
    )


class CustomerPage(RecordPage):
    model, permission, template_name, nav = Customer, read_customers, "customers/customer.html", "customers"
    select_related = ["outlet", "account_manager", "merged_into"]
    facts = [
        Column("get_kind_display", _("客户类型")), Column("contact", _("联系人")), Column("masked_phone", _("电话")),
        Column("masked_address", _("地址")), Column("outlet.shown_name", _("所属网点")), Column("account_manager.shown_name", _("客户经理")),
        Column("joined_on", _("建档日期"), kind="date"), Column("held_reason", _("保留原因")), Column("note", _("内部备注"), value=lambda row, page: row.masked("note")),
    ]  # fmt: skip

    parts = [
        Part("profile", _("客户档案表"), profile_part, open=True), Part("classes", _("客户类别"), classes_part),
        Part("consumption", _("消费情况"), consumption_part),
        Part("contacts", _("联系人和其他地址"), contacts_part),
        Part("adverse", _("不良消费记录"), adverse_part, permission=read_adverse),
        Part("consents", _("同意与撤回"), consents_part), Part("merges", _("合并记录"), merges_part),
    ]  # fmt: skip

    def number(self) -> str:
        return str(self.object.no)

    def page_title(self) -> Any:
        return shown_name(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = queries.kept_for([self.object]).get(self.object.pk)
        said = (
            {
                "kept": kept,
                "sees_request": kept and self.sees_request(kept),
                "kept_grounds": grounds_words(kept),
                "kept_until": kept_until(kept.grounds),
            }
            if kept
            else {}
        )
        if self.object.status == Customer.Status.ERASED:
            said = {"stays": [say(one) for one in privacy.what_stays([self.object], self.at)]}
        return super().get_context_data(doings=self.doings(), **said, **kwargs)

    def sees_request(self, kept: PersonalRequest) -> bool:
        return self.actor.holds(*HANDLERS) or self.actor.is_any_of([kept.taken_by_id])

    def doings(self) -> Doings:
        """What may be done with the file; one that went into another is only looked at, of an anonymous one nothing is left."""
        customer = self.object
        found = Doings()
        if customer.status in OPEN:
            found += self.changes(customer)
        if customer.status == Customer.Status.KEPT:
            found += self.kept(customer)
        if customer.status != Customer.Status.ERASED:
            found.append(doing(_("打印档案表"), "customers:file-pdf", self, read_customers, customer))
            found += [
                doing(label, "customers:reveal", self, read_customers, customer, field=field)
                for field, label in LABELS.items()
            ]
        return found

    def kept(self, customer: Customer) -> list[Any]:
        return [
            doing(_("恢复使用"), "customers:restore", self, answer_requests, customer),
            doing(_("受理信息请求"), "customers:request-new", self, edit_customers, customer),
            self.holding(customer),
        ]

    def holding(self, customer: Customer) -> Any:
        hold = (_("解除保留"), "customers:release") if customer.held_reason else (_("设保留"), "customers:hold")
        return doing(*hold, self, answer_requests, customer)

    def changes(self, customer: Customer) -> list[Any]:
        return [
            doing(_("修改资料"), "customers:edit", self, edit_customers, customer),
            doing(_("填写档案表"), "customers:profile", self, edit_customers, customer),
            doing(_("登记不良消费"), "customers:adverse-new", self, note_adverse, customer),
            doing(_("受理信息请求"), "customers:request-new", self, edit_customers, customer),
            self.holding(customer),
            doing(_("合并档案"), "customers:merge", self, merge_customers, customer),
        ]


class CustomerCreate(CreatePage):
    permission, title, form_class, nav = edit_customers, _("登记客户"), CustomerCreateForm, "customers"

    form_template = "customers/parts/register.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        phone = form.cleaned_data.get("phone", "") if form.is_bound and hasattr(form, "cleaned_data") else ""
        known = [(one, self.sees(one)) for one in queries.known_by(phone)]
        return {**context, "known": known}

    def sees(self, customer: Customer) -> bool:
        return Customer.objects.visible_to(self.actor).filter(pk=customer.pk).exists()

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
        customer = super().subject()
        if not queries.can_reveal(customer, self.kwargs["field"]):
            raise Http404
        return customer

    def page_title(self) -> Any:
        field = self.kwargs["field"]
        if field in LABELS:
            return LABELS[field]
        name = {"place": _("地址"), "contact": _("电话")}.get(field.partition("-")[0]) or label_of(Profile, field)
        return gettext("查看：%(name)s") % {"name": name}

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
