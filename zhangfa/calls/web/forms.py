"""Forms of the call centre: for pages and the interface."""

from __future__ import annotations

from typing import Any

from django import forms as base
from django.utils.translation import gettext_lazy as _

from zhangfa.calls.models import Call, Kind
from zhangfa.customers.models import Customer
from zhangfa.organisation.models import Person
from zhangfa.organisation.web.fields import ObjectField
from zhangfa.ui.forms import DateTimeField, Form, PhoneField, TextField

EVENTS = [("ringing", _("响铃")), ("answered", _("接起")), ("ended", _("挂断"))]


class TakeForm(Form):
    phone = PhoneField(
        label=_("来电号码"), required=False, help_text=_("按来电显示填写，系统按号码认出客户；对方隐藏号码时不填。")
    )
    direction = base.ChoiceField(label=_("方向"), choices=Call.Direction.choices, initial=Call.Direction.IN)


class WriteUpForm(Form):
    kind = base.ChoiceField(label=_("来电类型"), choices=Kind.choices)
    customer = ObjectField("customers", Customer, label=_("客户"), required=False)
    content = TextField(label=_("内容与答复"), max_length=2000, multiline=True)
    result = base.ChoiceField(label=_("结果"), choices=Call.Result.choices)
    follow_up_at = DateTimeField(label=_("再次联系时间"), required=False, help_text=_("结果为“待跟进”时必填。"))


class FollowForm(Form):
    content = TextField(label=_("联系情况"), max_length=1000, multiline=True)


class ScriptForm(Form):
    text = TextField(label=_("标准用语"), max_length=1000, multiline=True)
    text_en = TextField(label=_("英文标准用语"), max_length=1500, multiline=True, required=False)


class CallerField(PhoneField):
    """A number, or the word that a telephone system sends where the caller hides it: such a call is logged, too (CS-D1)."""

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        return super().to_python(text if any(char.isdigit() for char in text) else "")


class EventForm(Form):
    """What a telephone system sends."""

    event = base.ChoiceField(label=_("事件"), choices=EVENTS)
    external_id = TextField(label=_("通话标识"), max_length=80, help_text=_("电话系统自己的编号，同一通电话不变。"))
    phone = CallerField(label=_("来电号码"), required=False, help_text=_("对方隐藏号码时留空，电话照样登记。"))
    operator = TextField(label=_("接听人工号"), max_length=20, required=False)
    direction = base.ChoiceField(label=_("方向"), choices=Call.Direction.choices, required=False)

    def clean_operator(self) -> Person | None:
        no = self.cleaned_data["operator"]
        found = Person.objects.filter(no=no, left_on=None).first() if no else None
        if no and found is None:
            raise base.ValidationError(_("没有这个工号的在职人员。"), code="operator")
        return found

    def params(self) -> dict[str, Any]:
        return {**super().params(), "direction": self.cleaned_data["direction"] or Call.Direction.IN}
