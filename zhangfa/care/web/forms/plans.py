"""Forms of plans and visits."""

from __future__ import annotations

from typing import Any

from django import forms as base
from django.utils.translation import gettext_lazy as _

from zhangfa.care.actions.learnt import OFFERED, ROOM
from zhangfa.care.models import GiftItem, Giving, Visit
from zhangfa.care.rules import CHECKLIST, SCORES
from zhangfa.core import clock
from zhangfa.core.periods import month_after, month_of
from zhangfa.customers import wording as answers
from zhangfa.customers.models import Customer, Profile
from zhangfa.orders.models import Order, Product
from zhangfa.orders.web.forms.orders import SCORES as RATINGS
from zhangfa.organisation.web.fields import ObjectField, person_field
from zhangfa.ui import words
from zhangfa.ui.forms import DateField, DateTimeField, Form, TextField, WholeField

RATING = [("", _("请选择")), *RATINGS]


def marked(table: dict[str, str]) -> list[tuple[str, Any]]:
    """Choices whose words are put into the reader's language when they are shown."""
    return [(code, _(text)) for code, text in table.items()]


def file_choices() -> list[tuple[str, Any]]:
    """The lines of the customer's file that a sheet may fill in."""
    return [("", _("不写入")), *((name, answers.label_of(Profile, name)) for name in OFFERED)]


class DrawForm(Form):
    month_on = DateField(label=_("月份"), help_text=_("填这个月的任意一天；可编制本月或下月。"))
    note = TextField(label=_("说明"), max_length=400, multiline=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            today = clock.local_date(self.at)
            self.fields["month_on"].initial = month_of(today) if today.day < 20 else month_after(today)


class PlannedForm(Form):
    planned_on = DateField(label=_("计划访问日"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.target is not None:
            self.fields["planned_on"].initial = self.target.planned_on


class ConfirmForm(PlannedForm):
    """What the account manager found out, and what follows from it."""

    found = TextField(
        label=_("摸底情况"), max_length=600, multiline=True, help_text=_("打电话或看服务记录得到的第一手情况：在用什么、满意不满意、家里或单位有什么变化。"),
    )  # fmt: skip
    offer = ObjectField("products", Product, label=_("推介产品"), placeholder=_("代码或名称"))
    advice = TextField(
        label=_("关怀要求"), max_length=400, multiline=True, required=False, help_text=_("服务员去之前在手机上看到，不写金额。"),
    )  # fmt: skip

    field_order = ("found", "offer", "planned_on", "advice")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.target is not None:
            self.fields["found"].initial, self.fields["advice"].initial = self.target.found, self.target.advice
            self.fields["offer"].initial = self.target.offer_id


class ManagerForm(Form):
    manager = person_field("staff", label=_("客户经理"))


class ReasonForm(Form):
    reason = TextField(label=_("原因"), max_length=200)


class ChecklistForm(Form):
    """What is looked at before leaving; without dress and notebook nobody leaves."""

    asked = ("checklist",)

    checklist = base.MultipleChoiceField(
        label=_("出发前检查"), choices=marked(CHECKLIST), required=False, widget=base.CheckboxSelectMultiple
    )
    is_notified = base.BooleanField(
        label=_("事先告诉了网点"), required=False, initial=True, help_text=_("不通知网点的走访请去掉勾选。")
    )


class PrepareForm(ChecklistForm):
    customer = ObjectField("customers", Customer, label=_("客户"), placeholder=_("姓名、拼音、电话或客户编号"))
    order = ObjectField("orders", Order, label=_("订单"), required=False, placeholder=_("订单号或客户姓名"), help_text=_("去看正在进行的服务时选择，用来核对到达时间。"))  # fmt: skip

    field_order = ("customer", "order", "checklist", "is_notified")


class ArriveForm(Form):
    place = TextField(label=_("到达地点"), max_length=120, required=False, help_text=_("例如小区门口、客户家。"))


class ReturnForm(Form):
    left_at = DateTimeField(label=_("离开客户的时间"), required=False, help_text=_("不填表示刚刚离开。"))


class SheetForm(Form):
    """《访问客户登记表》: what the customer said, how content they are, what is to be done."""

    interviewee = TextField(label=_("受访人"), max_length=60, help_text=_("加密保存。"))
    title = TextField(label=_("职务或关系"), max_length=40, required=False)
    level = base.ChoiceField(label=_("受访人层级"), choices=Visit.Level.choices, initial=Visit.Level.HOUSEHOLD)
    satisfaction = base.TypedChoiceField(label=_("满意度"), choices=RATING, coerce=int, empty_value=None)
    recommend = WholeField(label=_("推荐意愿（0–10）"), max_value=10, required=False)
    opinion = TextField(label=_("意见"), max_length=1000, multiline=True)
    suggestion = TextField(label=_("建议"), max_length=1000, multiline=True, help_text=_("没有请写“无”。"))
    wish = TextField(label=_("新需求"), max_length=400, required=False)
    pitched = ObjectField("products", Product, label=_("推介产品"), required=False, placeholder=_("代码或名称"))
    competitor = TextField(label=_("竞争信息"), max_length=300, required=False)
    needs_action = base.BooleanField(
        label=_("有问题需要公司处理"),
        required=False,
        help_text=_("勾选后进入问题处理：七日内开会、次日出制度、再次日答复客户。"),
    )
    problem = base.ChoiceField(label=_("问题类别"), choices=[("", _("没有")), *Visit.Problem.choices], required=False)
    severity = base.ChoiceField(label=_("严重程度"), choices=[("", _("没有")), *Visit.Severity.choices], required=False)
    problem_text = TextField(label=_("问题"), max_length=1000, multiline=True, required=False)
    profile_note = TextField(
        label=_("客户档案要补充的其他情况"), max_length=600, multiline=True, required=False, help_text=_("投诉维护访问必填；没有变化请写“无”。")
    )  # fmt: skip
    promise_text = TextField(
        label=_("对客户的承诺"),
        max_length=300,
        required=False,
        help_text=_("答应了客户什么，下一位联系客户的人会看到。"),
    )
    promise_due = DateTimeField(label=_("承诺兑现期限"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for code, text in SCORES.items():
            self.fields[f"score_{code}"] = base.TypedChoiceField(
                label=words.text(text), choices=RATING, coerce=int, empty_value=None, required=False
            )
        for row in range(1, ROOM + 1):
            self.fields[f"file_field_{row}"] = base.ChoiceField(
                label=_("档案栏目"), choices=file_choices, required=False
            )
            self.fields[f"file_value_{row}"] = TextField(label=_("写入的内容"), max_length=100, required=False)
        plan = getattr(self.target, "plan", None)
        if plan is not None:
            self.fields["pitched"].initial = plan.offer_id

    def params(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        scores = {code: score for code in SCORES if (score := given.pop(f"score_{code}", None))}
        for row in range(1, ROOM + 1):
            given[f"file_value_{row}"] = answers.code(given.get(f"file_value_{row}") or "")
        return {**given, "scores": scores}

    @property
    def score_fields(self) -> list[Any]:
        return [self[f"score_{code}"] for code in SCORES]

    @property
    def file_fields(self) -> list[Any]:
        return [self[f"file_{part}_{row}"] for row in range(1, ROOM + 1) for part in ("field", "value")]


class VisitForm(SheetForm):
    """A visit or call that is over."""

    customer = ObjectField("customers", Customer, label=_("客户"), placeholder=_("姓名、拼音、电话或客户编号"))
    order = ObjectField("orders", Order, label=_("订单"), required=False, placeholder=_("订单号或客户姓名"))
    mode = base.ChoiceField(label=_("方式"), choices=Visit.Mode.choices, initial=Visit.Mode.ONSITE)
    arrived_at = DateTimeField(label=_("到达时间"))
    left_at = DateTimeField(label=_("离开时间"))
    is_notified = base.BooleanField(
        label=_("事先告诉了网点"), required=False, help_text=_("不通知网点的走访请不要勾选。")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            now = self.at.astimezone(clock.TZ)
            self.fields["left_at"].initial = now.strftime("%Y-%m-%dT%H:%M")

    @property
    def has_customer(self) -> bool:
        return True


class TakeBackForm(Form):
    giving = base.ModelChoiceField(label=_("收回哪一件"), queryset=Giving.objects.none(), empty_label=None)
    count = WholeField(label=_("收回数量"), min_value=1, max_value=99, initial=1)
    reason = TextField(label=_("原因"), max_length=200, help_text=_("例如客户不收、登记有误；收回后库存加回。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.target is not None:
            field = self.fields["giving"]
            field.queryset = (
                self.target.givings.filter(status=Giving.Status.GIVEN).select_related("item").order_by("pk")
            )
            field.label_from_instance = lambda row: f"{row.item.name} × {row.count} {row.number}".strip()


class GiveForm(Form):
    item = ObjectField("gifts", GiftItem, label=_("礼品"), placeholder=_("名称"))
    count = WholeField(label=_("数量"), min_value=1, max_value=99, initial=1)
    number = TextField(label=_("券号"), max_length=60, required=False)
