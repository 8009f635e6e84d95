"""Forms of an order, from the call to the call afterwards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.customers.models import Customer
from zhangfa.finance.models import Receipt
from zhangfa.orders.models import Card, Order, Package, Product, Series, Surcharge
from zhangfa.orders.web.forms.prices import QuantityField
from zhangfa.organisation.models import Person
from zhangfa.organisation.web.fields import ObjectField, person_field, unit_field
from zhangfa.ui.forms import DateField, DateTimeField, Form, MoneyField, TextField, WholeField

SCORES = [
    (5, _("5 分 非常满意")),
    (4, _("4 分 满意")),
    (3, _("3 分 一般")),
    (2, _("2 分 不满意")),
    (1, _("1 分 很不满意")),
]
# A card is charged by its own step.
METHODS = [choice for choice in Receipt.Method.choices if choice[0] != "card"]


class BookForm(Form):
    """What the customer asks for; the price follows from it."""

    customer = ObjectField("customers", Customer, label=_("客户"), placeholder=_("姓名、拼音、电话或客户编号"))
    product = ObjectField("products", Product, label=_("服务产品"), placeholder=_("代码或名称"))
    quantity = QuantityField(label=_("数量"), minimum="0.1")
    served_from = DateTimeField(label=_("服务开始"))
    hours = QuantityField(
        label=_("时长（小时）"), minimum="0.5", required=False, help_text=_("不填按这项服务的通常时长。")
    )
    surcharges = forms.ModelMultipleChoiceField(
        label=_("附加费"),
        queryset=Surcharge.objects.filter(is_active=True).order_by("code"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    card = ObjectField(
        "cards", Card, label=_("套餐卡"), required=False, placeholder=_("卡号或客户姓名"), help_text=_("用套餐卡的按套餐价。")
    )  # fmt: skip
    wished_worker = person_field("workers", label=_("客户指定的服务员"), required=False)
    contract_model = forms.ChoiceField(
        label=_("用工模式"), choices=Order.Contract.choices, initial=Order.Contract.EMPLOYEE
    )
    note = TextField(
        label=_("服务要求"), max_length=500, multiline=True, required=False, help_text=_("加密保存，只给办理人和服务员看。")
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            # What is over is no choice any more; what is to come may fit a later day of service.
            today = clock.local_date(self.at)
            rows = Surcharge.objects.filter(Q(to_on=None) | Q(to_on__gte=today), is_active=True)
            self.fields["surcharges"].queryset = rows.order_by("code")  # type: ignore[attr-defined]

    def params(self) -> dict[str, Any]:
        values = super().params()
        return {**values, "surcharges": list(values["surcharges"])}


class SeenField(forms.IntegerField):
    """Whom the dispatcher saw on the order; 0 and nothing are nobody."""

    def __init__(self, **kwargs: Any):
        super().__init__(min_value=0, max_value=2**63 - 1, required=False, **kwargs)

    def clean(self, value: Any) -> int:
        return super().clean(value) or 0


class AssignForm(Form):
    worker = person_field("workers", label=_("服务员"))
    seen = SeenField(label=_("原来派的是谁"), help_text=_("改派时写明您看到的服务员；已经有人改过的，会告诉您是谁。"))


class ChoosePageForm(Form):
    """One of those proposed, or another found by name."""

    worker = person_field("workers", label=_("服务员"), required=False)
    other = person_field("workers", label=_("其他服务员"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("worker") or data.get("other")):
            self.add_error("worker", _("请选择服务员。"))
        return data

    def params(self) -> dict[str, Any]:
        chosen: Person = self.cleaned_data.get("other") or self.cleaned_data["worker"]
        return {"worker": chosen}


class AssignPageForm(ChoosePageForm):
    # Whom the page showed on the order when it was opened.
    seen = SeenField(widget=forms.HiddenInput)

    def params(self) -> dict[str, Any]:
        return {**super().params(), "seen": self.cleaned_data["seen"]}


class MemberForm(Form):
    worker = person_field("workers", label=_("组员"))


class RemoveForm(MemberForm):
    reason = TextField(label=_("原因"), max_length=200)


class RemovePageForm(Form):
    """One of those who go along."""

    worker = forms.ChoiceField(label=_("组员"), widget=forms.RadioSelect)
    reason = TextField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in self.target.members}
        self.fields["worker"].choices = [(key, one.shown_name) for key, one in self.people.items()]  # type: ignore[attr-defined]

    def params(self) -> dict[str, Any]:
        return {**super().params(), "worker": self.people[self.cleaned_data["worker"]]}


class ReasonForm(Form):
    reason = TextField(label=_("原因"), max_length=200)


class MoveForm(Form):
    served_from = DateTimeField(label=_("服务开始"))
    hours = QuantityField(label=_("时长（小时）"), minimum="0.5")
    reason = TextField(label=_("原因"), max_length=200)


class CancelForm(Form):
    cancelled_for = forms.ChoiceField(
        label=_("取消原因"), choices=[c for c in Order.Cancelled.choices if c[0] != "unsafe"]
    )
    reason = TextField(label=_("说明"), max_length=200)


class StartForm(Form):
    no_photo_reason = TextField(
        label=_("无法拍照的原因"), max_length=200, required=False, help_text=_("拍了服务前照片就不用填。")
    )


class FinishForm(Form):
    remark = TextField(label=_("备注"), max_length=200, required=False)


class CollectForm(Form):
    amount = MoneyField(label=_("收款金额"))
    method = forms.ChoiceField(label=_("收款方式"), choices=METHODS)
    voucher_no = TextField(label=_("凭证号"), max_length=40, required=False)


class UseCardForm(Form):
    card = ObjectField("cards", Card, label=_("预付卡"), placeholder=_("卡号或客户姓名"))


class SellCardForm(Form):
    """Stored value or a package; named with a customer, unnamed without."""

    customer = ObjectField(
        "customers", Customer, label=_("客户"), required=False, placeholder=_("姓名、拼音、电话或客户编号"), help_text=_("不填就是不记名卡。")
    )  # fmt: skip
    outlet = unit_field("outlets", label=_("售卡网点"))
    package = forms.ModelChoiceField(
        label=_("套餐"), queryset=Package.objects.filter(is_active=True).order_by("code"), required=False, empty_label=_("储值卡")
    )  # fmt: skip
    amount = MoneyField(label=_("充值金额"), required=False, help_text=_("套餐卡按套餐价，不用填。"))
    method = forms.ChoiceField(label=_("收款方式"), choices=METHODS)
    voucher_no = TextField(label=_("凭证号"), max_length=40, required=False)


class LoadForm(Form):
    amount = MoneyField(label=_("充值金额"))
    method = forms.ChoiceField(label=_("收款方式"), choices=METHODS)
    voucher_no = TextField(label=_("凭证号"), max_length=40, required=False)


class LongerForm(Form):
    until = DateField(label=_("新的有效期"))


class RefundForm(Form):
    amount = MoneyField(label=_("退款金额"))
    reason = TextField(label=_("退款原因"), max_length=200)


class PayRefundForm(Form):
    method = forms.ChoiceField(label=_("退款方式"), choices=METHODS)
    voucher_no = TextField(label=_("凭证号"), max_length=40)


class RevisitForm(Form):
    """What the customer said, or that nobody answered."""

    is_reached = forms.TypedChoiceField(
        label=_("接通了吗"), choices=[("yes", _("已接通")), ("no", _("没有接通"))], initial="yes", widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    satisfaction = forms.TypedChoiceField(
        label=_("满意度"), choices=[("", _("请选择")), *SCORES], required=False, coerce=int, empty_value=None
    )
    note = TextField(label=_("客户意见"), max_length=400, multiline=True, required=False)


WEEKDAYS = [
    ("1", _("周一")), ("2", _("周二")), ("3", _("周三")), ("4", _("周四")), ("5", _("周五")), ("6", _("周六")), ("7", _("周日")),
]  # fmt: skip


class SeriesForm(Form):
    """A service that comes again on the same weekdays."""

    kind = Series.Kind.RECURRING

    customer = ObjectField("customers", Customer, label=_("客户"), placeholder=_("姓名、拼音、电话或客户编号"))
    product = ObjectField("products", Product, label=_("服务产品"), placeholder=_("代码或名称"))
    quantity = QuantityField(label=_("每次数量"), minimum="0.1")
    weekdays = forms.MultipleChoiceField(label=_("星期"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple)
    every_weeks = WholeField(label=_("每几周一次"), min_value=1, max_value=12, initial=1)
    starts = forms.TimeField(
        label=_("开始时间"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"), input_formats=["%H:%M", "%H:%M:%S"]
    )  # fmt: skip
    hours = QuantityField(
        label=_("时长（小时）"), minimum="0.5", required=False, help_text=_("不填按这项服务的通常时长。")
    )
    from_on = DateField(label=_("开始日期"))
    to_on = DateField(label=_("结束日期"), required=False)
    wished_worker = person_field("workers", label=_("固定服务员"), required=False)
    contract_model = forms.ChoiceField(
        label=_("用工模式"), choices=Order.Contract.choices, initial=Order.Contract.EMPLOYEE
    )
    note = TextField(
        label=_("服务要求"), max_length=500, multiline=True, required=False, help_text=_("加密保存，只给办理人和服务员看。")
    )  # fmt: skip

    def params(self) -> dict[str, Any]:
        values = super().params()
        return {**values, "kind": self.kind, "weekdays": [int(day) for day in values["weekdays"]]}


class ContractForm(SeriesForm):
    """A yearly contract: term, fee and scope besides (H4)."""

    kind = Series.Kind.CONTRACT

    to_on = DateField(label=_("结束日期"))
    scope = TextField(label=_("服务内容"), max_length=400, multiline=True)
    fee = MoneyField(label=_("合同金额"))
    pay_mode = forms.ChoiceField(label=_("付款方式"), choices=Series.PayMode.choices, initial=Series.PayMode.MONTH)
    trial_days = WholeField(label=_("试工天数"), max_value=90, initial=0)
    replacements = WholeField(label=_("可换人次数"), max_value=12, initial=2)
