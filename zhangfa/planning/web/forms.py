"""Forms of plans: for pages and the interface."""

from __future__ import annotations

from typing import Any

from django import forms as base
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.web.fields import person_field
from zhangfa.planning import queries
from zhangfa.planning.models import Item, Level, Plan, Rhythm
from zhangfa.ui.forms import DateField, Form, PercentField, TextField, WholeField


class PlanField(base.ChoiceField):
    """One of the running plans above; cleans to the plan."""

    def clean(self, value: Any) -> Plan | None:
        key = super().clean(value)
        return Plan.objects.get(pk=key) if key else None


class BeginForm(Form):
    level = base.ChoiceField(label=_("谁的计划"), choices=Level.choices, initial=Level.PERSON)
    rhythm = base.ChoiceField(label=_("周期"), choices=Rhythm.choices, initial=Rhythm.MONTHLY)
    day = DateField(label=_("哪一期"), help_text=_("填这一期里的任何一天，系统按周期取整年、半年、季、月或周。"))
    parent = PlanField(label=_("上级计划"), required=False, help_text=_("没有上级计划的留空。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        found = queries.parents_for(self.actor, self.at) if self.actor is not None and self.at is not None else []
        self.fields["parent"].choices = [("", _("没有")), *found]  # type: ignore[attr-defined]
        if self.at is not None:
            self.fields["day"].initial = clock.local_date(self.at)


class AmountField(base.DecimalField):
    """A number with at most two decimals."""

    def __init__(self, **kwargs: Any):
        super().__init__(
            max_digits=14,
            decimal_places=2,
            widget=base.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            **kwargs,
        )


class ItemField(base.TypedChoiceField):
    def __init__(self, **kwargs: Any):
        super().__init__(coerce=int, empty_value=None, **kwargs)


class ItemForm(Form):
    title = TextField(label=_("事项"), max_length=120)
    standard = TextField(label=_("完成标准"), max_length=400, multiline=True, help_text=_("达到什么算完成。"))
    target = AmountField(label=_("目标值"), required=False, help_text=_("能用数字衡量的填数字，例如 120。"))
    unit = TextField(label=_("目标单位"), max_length=12, required=False, help_text=_("例如 单、万元、家。"))
    is_output = base.BooleanField(
        label=_("这是产值目标"), required=False, help_text=_("周例会把它折到每周，同服务金额比较；单位填“元”或“万元”。")
    )
    owner = person_field("staff", label=_("责任人"), required=False, help_text=_("留空为制订人本人。"))
    due_on = DateField(label=_("完成日期"))
    parent = ItemField(label=_("落实上级计划的哪一条"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = (
            Item.objects.filter(plan_id=self.target.parent_id).order_by("n")
            if getattr(self.target, "parent_id", None)
            else []
        )
        self.fields["parent"].choices = [("", _("不挂上级计划")), *((str(row.pk), str(row)) for row in rows)]  # type: ignore[attr-defined]

    def params(self) -> dict[str, Any]:
        return {**super().params(), "unit": self.cleaned_data["unit"] or ""}


class _OfItem(Form):
    """A form about one item of the plan."""

    item = ItemField(label=_("计划事项"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = self.target.items.order_by("n") if self.target is not None else []
        self.fields["item"].choices = [(str(row.pk), str(row)) for row in rows]  # type: ignore[attr-defined]


class ChangeItemForm(ItemForm, _OfItem):
    field_order = ("item", "title", "standard", "target", "unit", "is_output", "owner", "due_on", "parent")


class DropItemForm(_OfItem):
    pass


class ProgressForm(_OfItem):
    actual = AmountField(label=_("累计完成"), required=False, help_text=_("有目标值的填：从期初到现在一共完成多少。"))
    pct = PercentField(label=_("完成百分比"), required=False, help_text=_("没有目标值的填。"))
    note = TextField(label=_("进展情况"), max_length=400, multiline=True)


class OpinionForm(Form):
    opinion = TextField(label=_("审核意见"), max_length=400, multiline=True, required=False)


class ReasonForm(Form):
    reason = TextField(label=_("退回原因"), max_length=400, multiline=True)


class CloseForm(Form):
    result = TextField(label=_("总结"), max_length=4000, multiline=True)


PLAN_FORMS = {
    "add_item": ItemForm, "change_item": ChangeItemForm, "drop_item": DropItemForm, "approve": OpinionForm, "send_back": ReasonForm,
    "progress": ProgressForm, "close": CloseForm,
}  # fmt: skip


class SummaryForm(Form):
    level = base.ChoiceField(
        label=_("谁的总结"),
        choices=[(Level.PERSON.value, Level.PERSON.label), (Level.DEPARTMENT.value, Level.DEPARTMENT.label)],
    )
    year = WholeField(label=_("年度"), min_value=2000, max_value=2199)
    text = TextField(label=_("一年的成绩和差距"), max_length=4000, multiline=True)
    problems = TextField(label=_("问题"), max_length=2000, multiline=True, required=False)
    next_plan = TextField(label=_("下年打算"), max_length=2000, multiline=True)

    def params(self) -> dict[str, Any]:
        return {**super().params(), "problems": self.cleaned_data["problems"] or ""}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            today = clock.local_date(self.at)
            self.fields["year"].initial = today.year - (today.month == 1)


class CheckForm(Form):
    """One remark for each department; the page says which plan it is about."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for unit, plan in self.target or []:
            words = f"{plan.record.number} · {plan.get_status_display()} · {plan.pct}%" if plan else _("没有提交计划")
            self.fields[f"unit_{unit.pk}"] = TextField(
                label=unit.shown_name, max_length=400, multiline=True, help_text=words
            )

    def remarks(self) -> dict[int, str]:
        return {int(name.removeprefix("unit_")): value for name, value in self.cleaned_data.items()}
