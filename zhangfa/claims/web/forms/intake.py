"""From the call to the customer's door (CC-W1.1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.choices import REMEDIES
from zhangfa.claims.models import Case, ComplaintForm
from zhangfa.claims.web.forms.base import CaseForm, archive_field, radio
from zhangfa.customers.models import Customer
from zhangfa.orders.models import Order
from zhangfa.orders.wording import crew_words
from zhangfa.organisation.models import Person, Unit
from zhangfa.ui.forms import DateTimeField, LookupField, MoneyField, PhoneField, TextField

# An accident has its own way; as a complaint it would miss the survey.
COMPLAINTS = [
    (value, label) for value, label in ComplaintForm.Category.choices if value != ComplaintForm.Category.ACCIDENT
]


class ReportForm(CaseForm):
    """What the person on the telephone says; customer and order fill in outlet and worker."""

    rows = {"customer": Customer, "order": Order, "unit": Unit, "worker": Person}

    customer = LookupField("customers", label=_("客户"), required=False, placeholder=_("姓名、拼音、电话或客户编号"))
    order = LookupField("orders", label=_("服务订单"), required=False, placeholder=_("订单号或客户姓名"))
    unit = LookupField("outlets", label=_("网点"), placeholder=_("网点名称或代码"))
    worker = LookupField("workers", label=_("服务员"), required=False, placeholder=_("姓名、拼音或工号"))
    reporter = TextField(label=_("报告人"), max_length=60)
    reporter_phone = PhoneField(label=_("报告人电话"), required=False)
    source = forms.ChoiceField(label=_("信息来源"), choices=Case.Source.choices)
    occurred_at = DateTimeField(label=_("发生时间"))
    place = TextField(label=_("发生地点"), max_length=120)
    guarantee = radio(Case.Guarantee.choices, label=_("发生了什么"))
    summary = TextField(label=_("情况简述"), max_length=1000, multiline=True)
    estimate = MoneyField(label=_("初估损失"), help_text=_("听来电人估计即可，勘察后再认定。"))
    severity = radio(Case.Severity.choices, label=_("严重程度"), initial=Case.Severity.MINOR)
    customer_hour = DateTimeField(
        label=_("客户约定的到场时间"), required=False, help_text=_("客户没有约定时，按公司规定的时限到场。")
    )


class ComplaintReportForm(CaseForm):
    """What a customer complains about; it is investigated and answered, not surveyed (CC-D1)."""

    rows = {"customer": Customer, "order": Order, "unit": Unit, "worker": Person}

    customer = LookupField("customers", label=_("客户"), required=False, placeholder=_("姓名、拼音、电话或客户编号"))
    order = LookupField("orders", label=_("服务订单"), required=False, placeholder=_("订单号或客户姓名"))
    unit = LookupField("outlets", label=_("责任网点"), placeholder=_("网点名称或代码"))
    worker = LookupField("workers", label=_("服务员"), required=False, placeholder=_("姓名、拼音或工号"))
    reporter = TextField(label=_("投诉人"), max_length=60)
    reporter_phone = PhoneField(label=_("投诉人电话"), required=False)
    relation = TextField(label=_("与客户的关系"), max_length=30, help_text=_("本人、家人、租客等。"))
    category = forms.ChoiceField(label=_("投诉类型"), choices=COMPLAINTS)
    channel = forms.ChoiceField(label=_("渠道"), choices=ComplaintForm.Channel.choices)
    source = forms.ChoiceField(label=_("信息来源"), choices=Case.Source.choices)
    occurred_at = DateTimeField(label=_("发生时间"))
    place = TextField(label=_("发生地点"), max_length=120, required=False)
    summary = TextField(label=_("投诉内容"), max_length=2000, multiline=True)
    remedies = forms.MultipleChoiceField(
        label=_("客户要求"), choices=REMEDIES, widget=forms.CheckboxSelectMultiple, required=False
    )
    estimate = MoneyField(label=_("客户索赔金额"), required=False, help_text=_("客户没有提出金额时不填。"))
    severity = radio(Case.Severity.choices, label=_("严重程度"), initial=Case.Severity.MINOR)
    zero = ("estimate",)

    def params(self) -> dict[str, Any]:
        fixed = {"kind": Case.Kind.COMPLAINT, "guarantee": Case.Guarantee.PROPERTY}
        return super().params() | fixed


class CallForm(CaseForm):
    """The first call to the customer."""

    content = TextField(label=_("沟通内容"), max_length=1000, multiline=True)
    customer_hour = DateTimeField(
        label=_("客户约定的到场时间"), required=False, help_text=_("填写后，到场时限改为这个时间。")
    )
    archive_note = archive_field()


class ArriveForm(CaseForm):
    """At the door: where, and why no picture if there is none."""

    place = TextField(label=_("到场位置"), max_length=120)
    no_photo_reason = TextField(
        label=_("无法拍照的原因"), max_length=200, required=False, help_text=_("拍了到场照片就不用填。")
    )


class IdentifyForm(CaseForm):
    """Whom the case is about, where the call could not say."""

    rows = {"customer": Customer, "order": Order, "worker": Person}

    customer = LookupField("customers", label=_("客户"), required=False, placeholder=_("姓名、拼音、电话或客户编号"))
    order = LookupField("orders", label=_("服务订单"), required=False, placeholder=_("订单号或客户姓名"))
    worker = LookupField("people", label=_("责任人"), required=False, placeholder=_("姓名、拼音或工号"))
    reason = TextField(
        label=_("改动的原因"), max_length=200, required=False, help_text=_("第一次补登不用填；改动已登记的内容时填写。")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # Any of those who went may be the one responsible; the step itself asks for nothing more.
        order = None if self.is_bound else getattr(self.target, "order", None)
        if order is not None and order.members:
            self.fields["worker"].help_text = gettext("这一单上门的有：%(names)s。") % {"names": crew_words(order)}


class LinkEventForm(CaseForm):
    """Another case of the same event."""

    rows = {"other": Case}

    other = LookupField("cases", label=_("同一事件的另一起案件"), placeholder=_("案件编号或客户姓名"))


class ReassignForm(CaseForm):
    """Who takes the case over, and why."""

    rows = {"person": Person}

    person = LookupField("handlers", label=_("改由谁办理"), placeholder=_("姓名、拼音或工号"))
    reason = TextField(label=_("原因"), max_length=200)


class ReasonForm(CaseForm):
    """A step that needs nothing but its reason."""

    reason = TextField(label=_("原因"), max_length=200)
