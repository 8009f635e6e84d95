"""The survey at the customer's, the paper of the day, and the insurer (CC-W1.3)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.actions.survey import refuse_uninsured
from zhangfa.claims.choices import REMEDIES
from zhangfa.claims.models import Case, DamagedItem
from zhangfa.claims.web.forms.base import CHOOSE, CaseForm, ItemForm, archive_field, radio
from zhangfa.ui.forms import DateField, DateTimeField, MoneyField, PhoneField, TextField, WholeField

THIRD_PARTY = ("third_party_name", "third_party_phone", "third_party_damage", "floor", "police_no")
INJURY = ("injury", "hospital", "advance_amount")
WHOLE = "_whole"


class SurveyForm(CaseForm):
    """What is known so far; nothing is demanded until the survey is finished.

    Only fields that were sent are changed, so that a part can be saved by itself; the page sends `_whole` because an
    emptied set of boxes sends nothing.
    """

    narrative = TextField(
        label=_("事故经过"),
        max_length=4000,
        multiline=True,
        required=False,
        help_text=_("什么时候、在做什么、怎么发生的，不少于 30 个字。"),
    )
    worker_statement = TextField(label=_("服务员怎么说"), max_length=4000, multiline=True, required=False)
    customer_statement = TextField(label=_("客户怎么说"), max_length=4000, multiline=True, required=False)
    cause = forms.ChoiceField(label=_("背景原因"), choices=[*CHOOSE, *Case.Cause.choices], required=False)
    judgement = TextField(label=_("现场判断"), max_length=2000, multiline=True, required=False)
    remedies = forms.MultipleChoiceField(
        label=_("客户要求"), choices=REMEDIES, widget=forms.CheckboxSelectMultiple, required=False
    )
    claimed_amount = MoneyField(label=_("客户索赔额"), required=False)
    expected_amount = MoneyField(label=_("客户心理价位"), required=False, help_text=_("只有办理和审批的人能看到。"))
    third_party_name = TextField(label=_("第三者姓名"), max_length=60, required=False)
    third_party_phone = PhoneField(label=_("第三者电话"), required=False)
    third_party_damage = TextField(label=_("第三者损害"), max_length=1000, multiline=True, required=False)
    floor = TextField(label=_("楼层"), max_length=20, required=False)
    police_no = TextField(label=_("报警号"), max_length=40, required=False)
    injury = TextField(label=_("伤情"), max_length=1000, multiline=True, required=False)
    hospital = TextField(label=_("就诊医院"), max_length=80, required=False)
    advance_amount = MoneyField(label=_("垫付金额"), required=False)
    witnesses = TextField(
        label=_("证人姓名和电话"),
        max_length=400,
        required=False,
        help_text=_("没有证人的不填；只有办理和审批的人能看到。"),
    )
    no_photo_reason = TextField(
        label=_("无法拍照的原因"), max_length=200, required=False, help_text=_("须由另一人确认后才能完成勘察。")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        guarantee = getattr(self.target, "guarantee", None)
        dropped: tuple[str, ...] = ()
        if guarantee is not None:
            dropped += () if guarantee == Case.Guarantee.THIRD_PARTY else THIRD_PARTY
            dropped += () if guarantee == Case.Guarantee.WORKER_INJURY else INJURY
        for name in dropped:
            del self.fields[name]

    def params(self) -> dict[str, Any]:
        values = super().params()
        if WHOLE in self.data:
            return values
        return {name: value for name, value in values.items() if self.add_prefix(name) in self.data}


class FinishSurveyForm(SurveyForm):
    """The survey with what was promised to the customer."""

    promised_days = WholeField(label=_("告知客户几个工作日处理完"), min_value=1, max_value=30)
    returned_at = DateTimeField(
        label=_("返回时间"), required=False, help_text=_("不填按现在计。登记表从返回时起计时。")
    )
    archive_note = archive_field()


class RegisterForm(CaseForm):
    """The accident form is handed in."""

    insurer_note = TextField(
        label=_("尚未报保险的原因"), max_length=200, required=False, help_text=_("已经报案或不需要报案时不用填。")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if isinstance(self.target, Case) and not [*refuse_uninsured(self.target, note="")]:
            return
        self.asked = ("insurer_note",)


class InsurerForm(CaseForm):
    """When the insurer was told, and under which number."""

    told_at = DateTimeField(label=_("报案时间"))
    insurer_no = TextField(label=_("报案号"), max_length=40)


class AddItemForm(CaseForm):
    """One damaged object as it was found."""

    name = TextField(label=_("名称"), max_length=60)
    brand_model = TextField(label=_("品牌型号"), max_length=80, help_text=_("看不出来的写“无”。"))
    count = WholeField(label=_("数量"), min_value=1, max_value=9999, initial=1)
    damaged_part = TextField(label=_("损坏部位"), max_length=80)
    level = radio(DamagedItem.Level.choices, label=_("损坏程度"))
    is_repairable = forms.BooleanField(label=_("可以修复"), required=False)
    location = TextField(label=_("放在哪里"), max_length=80)
    rough_value = MoneyField(label=_("大致价值"), help_text=_("现场估计即可，认定时再核实市价。"))
    bought_on = DateField(label=_("购买日期"), required=False)
    bought_price = MoneyField(label=_("购买价"), required=False)


class DropItemForm(ItemForm):
    """Which entry was a mistake."""
