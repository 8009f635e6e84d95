"""Forms of activities and instant decisions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms as base
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhangfa.administration.models import InstantDecision
from zhangfa.core import clock
from zhangfa.core.money import LIMIT, yuan
from zhangfa.core.periods import week_of
from zhangfa.finance.models import Payment
from zhangfa.organisation.web.fields import unit_field
from zhangfa.ui.forms import DateField, Form, MoneyField, TextField, WholeField

LABEL = 80


class LinesField(TextField):
    """Lines of a name and an amount, the amount last: “场地费 1200”."""

    def clean(self, value: Any) -> Any:
        found = []
        for line in str(super().clean(value)).splitlines():
            if not line.strip():
                continue
            label, _space, last = line.strip().replace("：", " ").replace("\t", " ").rpartition(" ")
            try:
                amount = yuan(Decimal(last.strip().lstrip("¥￥").replace(",", "").removesuffix("元")))
            except (ArithmeticError, ValueError):
                amount = Decimal(-1)
            if not label.strip() or len(label) > LABEL or not 0 < amount <= LIMIT:
                raise ValidationError(_("这一行看不懂：“%(line)s”。请写项目名称、空格、金额，例如：场地费 1200") % {"line": line.strip()[:40]}, code="line")  # fmt: skip
            found.append((label.strip(), amount))
        return found


class ActivityForm(Form):
    """A proposal: what for, when, who, and what it costs."""

    title = TextField(label=_("活动名称"), max_length=80)
    theme = TextField(
        label=_("所属活动（主题）"), max_length=60, help_text=_("同一活动分几次办的，写同样的主题，金额合并计算。")
    )
    purpose = TextField(label=_("目的"), max_length=1000, multiline=True)
    begins_on = DateField(label=_("开始日期"))
    ends_on = DateField(label=_("结束日期"))
    place = TextField(label=_("地点"), max_length=120, required=False)
    people = WholeField(label=_("参加人数"), min_value=1, max_value=100_000)
    lines = LinesField(
        label=_("预算明细（含税）"), max_length=4000, multiline=True, help_text=_("每行一项：名称、空格、金额，例如：场地费 1200")
    )  # fmt: skip


class CommitForm(Form):
    label = TextField(label=_("项目"), max_length=LABEL)
    amount = MoneyField(label=_("金额"), minimum=Decimal("0.01"))


class AttendForm(Form):
    people = TextField(
        label=_("到场的人"), max_length=6000, multiline=True, help_text=_("每行一个工号或姓名，也可以用逗号隔开。")
    )


class SettleForm(Form):
    actual_amount = MoneyField(label=_("实际金额"))
    summary = TextField(label=_("活动总结"), max_length=1000, multiline=True)


class PayForm(Form):
    amount = MoneyField(label=_("付款金额"))
    payee = TextField(label=_("收款人"), max_length=60)
    method = base.ChoiceField(label=_("付款方式"), choices=Payment.Method.choices)
    voucher_no = TextField(label=_("凭证号"), max_length=40)


class OverspendForm(Form):
    actual_amount = MoneyField(label=_("实际需要的总额"))
    reason = TextField(label=_("超支原因"), max_length=400, multiline=True)


class CancelActivityForm(Form):
    reason = TextField(label=_("为什么取消"), max_length=200, min_length=2)


class InstantForm(Form):
    """A decision at once: matter, ground, effect, and whom it concerns."""

    matter = base.ChoiceField(label=_("事项"), choices=InstantDecision.Matter.choices)
    facts = TextField(label=_("事由"), max_length=1000, multiline=True)
    decision = TextField(label=_("决定"), max_length=1000, multiline=True)
    effect = TextField(
        label=_("效果"), max_length=1000, multiline=True, help_text=_("从现在起怎么办，对谁有什么后果。")
    )
    ground = TextField(
        label=_("依据"),
        max_length=300,
        help_text=_("写明制度和条款，例如《考勤制度》第十二条，或岗位手册条款 AM-W4.3。"),
    )
    unit = unit_field(label=_("部门"), required=False)
    other_unit = unit_field(label=_("另一部门"), required=False, help_text=_("部门间抽调和纠纷要选两个部门。"))
    people = TextField(
        label=_("告知哪些人"), max_length=6000, multiline=True, help_text=_("每行一个工号或姓名；总经理和有关部门经理自动告知。")
    )  # fmt: skip
    amount = MoneyField(label=_("费用"), required=False)
    due_on = DateField(label=_("办理时限"), required=False)


class RevokeForm(Form):
    from_on = DateField(label=_("从哪天起撤销"))
    reason = TextField(label=_("撤销理由"), max_length=400, multiline=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["from_on"].initial = clock.local_date(self.at)


class ListForm(Form):
    week_on = DateField(label=_("哪一周"), help_text=_("选这一周里的任何一天。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["week_on"].initial = week_of(clock.local_date(self.at) - dt.timedelta(days=3))


class NoteForm(Form):
    opinion = TextField(label=_("意见"), max_length=400, multiline=True, required=False)


ACTIVITY_FORMS = {
    "propose_activity_again": ActivityForm, "commit": CommitForm, "attend": AttendForm, "settle_activity": SettleForm, "pay_activity": PayForm,
    "ask_overspend": OverspendForm, "cancel_activity": CancelActivityForm,
}  # fmt: skip
