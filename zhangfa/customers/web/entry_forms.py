"""Forms of the daily archive entries."""

from __future__ import annotations

from typing import Any

from django import forms as base
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.customers import entries
from zhangfa.customers.entry_rules import BASIC
from zhangfa.customers.models import Customer
from zhangfa.customers.profile_rules import asks_for
from zhangfa.customers.web.profile import answer_field
from zhangfa.customers.wording import learnt_label, learnt_value
from zhangfa.ui.forms import DateField, Form, PhoneField, TextField

CHANGED = _("有变化才填。")


class LearntForm(Form):
    """What was learnt: an observation, answers of the file, changed basic data."""

    observation = TextField(
        label=_("今天了解到的情况"), max_length=500, multiline=True, required=False,
        help_text=_("例如家里的变化、对服务的评价、下次的要求；只有基本资料的不收。"),
    )  # fmt: skip
    name = TextField(label=_("姓名或名称"), max_length=60, required=False, help_text=CHANGED)
    phone = PhoneField(label=_("电话"), required=False, help_text=CHANGED)
    compound = TextField(label=_("小区或街道"), max_length=60, required=False, help_text=CHANGED)
    address = TextField(label=_("楼栋门牌"), max_length=100, required=False, help_text=CHANGED)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        customer = getattr(self.target, "customer", self.target)
        kind = customer.kind if customer else Customer.Kind.HOUSEHOLD
        own = {ask.name: answer_field(ask) for ask in asks_for(kind)}
        for field in own.values():
            field.help_text = ""
        basic = {name: self.fields.pop(name) for name in BASIC}
        self.fields = {**self.fields, **own, **basic}


class EntryForm(LearntForm):
    served_on = DateField(label=_("服务日期"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        served_on = self.fields.pop("served_on")
        served_on.initial = clock.local_date(self.at) if self.at else None
        self.fields = {"served_on": served_on, **self.fields}


class VerifyForm(Form):
    """Each answer is ticked off by itself."""

    checked = base.MultipleChoiceField(
        label=_("逐项核对，一致的打勾"), choices=[], widget=base.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        learnt = entries.learnt_of(self.target) if self.target else {}
        self.fields["checked"].choices = [
            (name, gettext("%(field)s：%(value)s") % {"field": learnt_label(name), "value": learnt_value(name, value)})
            for name, value in learnt.items()
        ]


class SendBackForm(Form):
    """Beside each answer what differs; empty means that it holds."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, value in (entries.learnt_of(self.target) if self.target else {}).items():
            label = gettext("“%(field)s”的差异") % {"field": learnt_label(name)}
            self.fields[f"differs_{name}"] = TextField(
                label=label, max_length=200, required=False, help_text=learnt_value(name, value)
            )

    def params(self) -> dict[str, Any]:
        return {"differences": {name.removeprefix("differs_"): text for name, text in super().params().items()}}


class HandInForm(Form):
    note = TextField(label=_("说明"), max_length=200, multiline=True, required=False)


class CheckForm(Form):
    opinion = TextField(label=_("检查意见"), max_length=400, multiline=True, required=False)


FORMS = {"rewrite": LearntForm, "correct": LearntForm, "verify": VerifyForm, "send_back": SendBackForm}
