"""Forms of the call centre: for pages and the interface."""

from __future__ import annotations

from typing import Any

from django import forms as base
from django.utils.translation import gettext_lazy as _

from zhangfa.calls.models import Call, Kind
from zhangfa.customers.models import Customer
from zhangfa.organisation.models import Person
from zhangfa.organisation.web.fields import ObjectField
from zhangfa.ui.forms import DateField, DateTimeField, Form, PhoneField, TextField

EVENTS = [("ringing", _("响铃")), ("answered", _("接起")), ("ended", _("挂断"))]


class TakeForm(Form):
    phone = PhoneField(label=_("来电号码"), help_text=_("按来电显示填写，系统按号码认出客户。"))
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


class EventForm(Form):
    """What a telephone system sends."""

    event = base.ChoiceField(label=_("事件"), choices=EVENTS)
    external_id = TextField(label=_("通话标识"), max_length=80, help_text=_("电话系统自己的编号，同一通电话不变。"))
    phone = PhoneField(label=_("来电号码"))
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


class PeriodForm(Form):
    since = DateField(label=_("从"))
    until = DateField(label=_("到"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", base.ValidationError(_("结束日期不能早于开始日期。"), code="order"))
        elif since and until and (until - since).days > 366:
            self.add_error("until", base.ValidationError(_("一次最多看一年。"), code="long"))
        return given
