"""Forms of the price list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhangfa.customers.models import Customer
from zhangfa.orders.crew_rules import MOST
from zhangfa.orders.models import Product
from zhangfa.orders.wording import EVERYBODY
from zhangfa.organisation.web.fields import unit_field
from zhangfa.ui.forms import DateField, Form, MoneyField, PercentField, TextField, WholeField


class QuantityField(forms.DecimalField):
    """How many hours, pieces or square metres: one decimal."""

    def __init__(self, *, minimum: str = "0", **kwargs: Any):
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(
            min_value=Decimal(minimum), max_value=Decimal("99999.9"), max_digits=6, decimal_places=1, **kwargs
        )


class CodeField(TextField):
    """A short code of letters and digits."""

    def __init__(self, **kwargs: Any):
        super().__init__(max_length=8, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).upper()
        if text and not (text.isascii() and text.isalnum()):
            raise forms.ValidationError(_("代码只用字母和数字。"), code="code")
        return text


class PriceForm(Form):
    """A price that begins on a later day."""

    unit_price = MoneyField(label=_("单价"))
    from_on = DateField(label=_("生效日期"), help_text=_("最早从明天起；在那之前按现在的价格。"))
    to_on = DateField(label=_("截止日期"), required=False, help_text=_("活动价填写；不填表示一直有效。"))
    region = unit_field("regions", label=_("区域"), required=False, help_text=_("不填表示所有区域。"))
    customer_kind = forms.ChoiceField(
        label=_("客户类型"), required=False, choices=[("", EVERYBODY), *Customer.Kind.choices]
    )
    minimum_quantity = QuantityField(label=_("起订量"), required=False)
    minimum_amount = MoneyField(label=_("起订金额"), required=False)
    reason = TextField(label=_("定价原因"), max_length=200)


class ProductForm(Form):
    """A new product with its first price."""

    code = CodeField(label=_("代码"))
    name = TextField(label=_("名称"), max_length=40)
    name_en = TextField(label=_("英文名称"), max_length=80, required=False)
    category = forms.ChoiceField(label=_("类别"), choices=Product.Category.choices)
    unit = TextField(label=_("计价单位"), max_length=20)
    hours = QuantityField(label=_("通常时长（小时）"), minimum="0.5", help_text=_("到场后每个人要做多久。"))
    crew = WholeField(label=_("服务人数"), min_value=1, max_value=MOST, required=False, help_text=_("不填按 1 人。"))
    is_home_visit = forms.BooleanField(label=_("上门服务（服务员须有安心码）"), required=False, initial=True)
    is_at_height = forms.BooleanField(label=_("高处作业（服务员须有登高证）"), required=False)
    unit_price = MoneyField(label=_("单价"))
    from_on = DateField(label=_("生效日期"))
    reason = TextField(label=_("定价原因"), max_length=200)

    def params(self) -> dict[str, Any]:
        values = super().params()
        return {**values, "crew": values["crew"] or 1}


class CrewForm(Form):
    """How many people a service is planned with."""

    crew = WholeField(label=_("服务人数"), min_value=1, max_value=MOST)
    reason = TextField(label=_("原因"), max_length=200)


class SurchargeForm(Form):
    """A surcharge with the reason that customers read."""

    code = CodeField(label=_("代码"))
    name = TextField(label=_("名称"), max_length=40)
    name_en = TextField(label=_("英文名称"), max_length=80, required=False)
    reason = TextField(label=_("公布的原因"), max_length=200)
    reason_en = TextField(label=_("公布的原因（英文）"), max_length=200, required=False)
    percent = PercentField(label=_("加收比例"), required=False)
    amount = MoneyField(label=_("加收金额"), required=False)
    from_on = DateField(label=_("生效日期"))
    to_on = DateField(label=_("截止日期"), required=False)
