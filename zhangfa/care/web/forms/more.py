"""Forms of bundles, threads, gifts, promises, authenticity checks, key accounts and alliances."""

from __future__ import annotations

from typing import Any

from django import forms as base
from django.utils.translation import gettext_lazy as _

from zhangfa.care.models import Alliance, AllianceStep, Decider, Feedback, GiftItem, KeyAccount, StockMove, Visit
from zhangfa.care.rules import WEEK
from zhangfa.care.web.forms.plans import RATING
from zhangfa.core import clock
from zhangfa.core.periods import week_of
from zhangfa.customers.models import Customer
from zhangfa.meetings.models import Meeting
from zhangfa.orders.models import Product
from zhangfa.organisation.models import Unit
from zhangfa.organisation.web.fields import ObjectField, person_field
from zhangfa.regulations.models import Regulation
from zhangfa.ui.forms import DateField, DateTimeField, Form, MoneyField, PhoneField, TextField, WholeField

VISITED = [("leader", _("分管领导")), ("purchaser", _("采购负责人")), ("handler", _("经办人"))]


class BundleForm(Form):
    week_on = DateField(label=_("哪一周（星期一）"))
    note = TextField(label=_("说明"), max_length=600, multiline=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["week_on"].initial = week_of(clock.local_date(self.at)) - WEEK


class SummaryForm(Form):
    summary = TextField(label=_("行政部汇总"), max_length=3000, multiline=True)


class ConclusionForm(Form):
    conclusion = TextField(label=_("分析结论"), max_length=3000, multiline=True)


class MeetingForm(Form):
    meeting = ObjectField(
        "meetings", Meeting, label=_("会议"), placeholder=_("输入会议编号或主题"), help_text=_("已经作出决议的问题会议或公司会议。"),
    )  # fmt: skip


class RuleForm(Form):
    regulation = ObjectField(
        "regulations", Regulation, label=_("制度"), placeholder=_("输入制度编号或标题"), help_text=_("问题提出以后颁布的制度或文件。"),
    )  # fmt: skip


class AnswerForm(Form):
    answer = TextField(label=_("答复内容"), max_length=2000, multiline=True)


class GiftForm(Form):
    kind = base.ChoiceField(label=_("类别"), choices=GiftItem.Kind.choices)
    name = TextField(label=_("名称"), max_length=40)
    value = MoneyField(label=_("单件价值"))


class StockForm(Form):
    kind = base.ChoiceField(label=_("类别"), choices=[c for c in StockMove.Kind.choices if c[0] != "given"])
    count = WholeField(label=_("数量"), min_value=1, max_value=100_000)
    note = TextField(
        label=_("说明"),
        max_length=200,
        required=False,
        help_text=_("退供应商和损耗要写明原因；客户退回的未用礼品按入库登记，说明里写访问编号。"),
    )


class PromiseForm(Form):
    customer = ObjectField("customers", Customer, label=_("客户"), placeholder=_("姓名、拼音、电话或客户编号"))
    text = TextField(label=_("承诺内容"), max_length=300, multiline=True)
    due_at = DateTimeField(label=_("兑现期限"))
    owner = person_field("staff", label=_("兑现责任人"), required=False, help_text=_("不填表示由您兑现。"))


class ResultForm(Form):
    result = TextField(label=_("结果"), max_length=300, multiline=True)


class OwnerForm(Form):
    owner = person_field("staff", label=_("责任人"))


class TruthForm(Form):
    mode = base.ChoiceField(label=_("方式"), choices=Visit.Mode.choices, initial=Visit.Mode.PHONE)
    evidence = TextField(
        label=_("核查情况与依据"),
        max_length=2000,
        multiline=True,
        help_text=_("问了谁、客户怎么说、与记录哪里一致或不一致。"),
    )
    service_opinion = TextField(label=_("对服务的意见"), max_length=400, multiline=True, required=False)
    management_opinion = TextField(label=_("对管理的意见"), max_length=400, multiline=True, required=False)


class ObjectionForm(Form):
    objection = TextField(label=_("异议"), max_length=2000, multiline=True)


class DecisionForm(Form):
    decision = TextField(label=_("复核意见"), max_length=2000, multiline=True)


class AssignForm(Form):
    owner = person_field("staff", label=_("主管责任人"), help_text=_("部门经理、主管或客户经理。"))
    procedure = TextField(label=_("标准关怀程序"), max_length=2000, multiline=True, required=False, help_text=_("每月走访谁、带什么、问什么、多久复核一次。"))  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.target is not None:
            self.fields["owner"].initial, self.fields["procedure"].initial = self.target.owner_id, self.target.procedure


FILE = (
    "level", "parent_org", "purchase_mode", "purchase_months", "potential", "competitors", "drivers", "risks", "credit_amount", "credit_days",
    "target", "renews_on", "is_gift_rule_read",
)  # fmt: skip


class FileForm(Form):
    """《大客户档案模板》."""

    level = base.ChoiceField(label=_("客户等级"), choices=KeyAccount.Level.choices)
    parent_org = TextField(label=_("上级单位"), max_length=80, required=False)
    purchase_mode = base.ChoiceField(
        label=_("采购方式"), choices=[("", _("请选择")), *KeyAccount.PurchaseMode.choices], required=False
    )
    purchase_months = TextField(label=_("采购或预算月份"), max_length=40)
    drivers = TextField(
        label=_("大客户动因"), max_length=400, multiline=True, help_text=_("为什么买、看重什么、谁推动。")
    )
    potential = TextField(label=_("潜在需求"), max_length=400, multiline=True)
    competitors = TextField(label=_("竞争供应商"), max_length=300, help_text=_("没有请写“无”。"))
    risks = TextField(label=_("风险"), max_length=400, multiline=True)
    credit_amount = MoneyField(label=_("信用额度"), required=False)
    credit_days = WholeField(label=_("账期（天）"), max_value=365, required=False)
    target = MoneyField(label=_("年度目标"))
    renews_on = DateField(label=_("续约日期"), required=False)
    is_gift_rule_read = base.BooleanField(
        label=_("已阅读礼品合规要求"), required=False, help_text=_("不给个人送现金、购物卡和贵重礼品；不收集领导的生日、家庭和爱好。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.target is not None:
            for name in FILE:
                self.fields[name].initial = getattr(self.target, name)

    def params(self) -> dict[str, Any]:
        return {**self.cleaned_data, "credit_days": self.cleaned_data.get("credit_days") or 0}


class DeciderForm(Form):
    name = TextField(label=_("姓名"), max_length=40, help_text=_("加密保存。"))
    title = TextField(label=_("职务"), max_length=40)
    role = base.ChoiceField(label=_("角色"), choices=Decider.Role.choices)
    phone = PhoneField(label=_("电话"), required=False)
    preference = TextField(label=_("联系偏好"), max_length=60, required=False)
    relation = WholeField(label=_("关系评分（1–5）"), min_value=1, max_value=5, initial=3)


class DropDeciderForm(Form):
    decider = base.ModelChoiceField(label=_("决策人"), queryset=Decider.objects.none())

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.target is not None:
            field = self.fields["decider"]
            field.queryset = self.target.deciders.order_by("pk")
            field.label_from_instance = lambda one: f"{one.get_role_display()} {one.masked_name} {one.title}"


class MemberForm(Form):
    customer = ObjectField("customers", Customer, label=_("集团成员单位"), placeholder=_("名称、电话或客户编号"))


class GroupBuyForm(Form):
    bought_on = DateField(label=_("日期"))
    product = ObjectField("products", Product, label=_("产品"), placeholder=_("代码或名称"))
    quantity = WholeField(label=_("数量"), min_value=1, max_value=1_000_000)
    amount = MoneyField(label=_("金额"))
    motive = TextField(label=_("购买动因"), max_length=200)


class FeedbackForm(Form):
    """《公司大客户意见建议反映表》."""

    visited_on = DateField(label=_("走访日期"))
    roles = base.MultipleChoiceField(
        label=_("受访人"), choices=VISITED, required=False, widget=base.CheckboxSelectMultiple
    )
    interviewees = TextField(label=_("受访人姓名和职务"), max_length=200, help_text=_("加密保存。"))
    product = ObjectField("products", Product, label=_("使用产品"), placeholder=_("代码或名称"))
    satisfaction = base.TypedChoiceField(label=_("满意度"), choices=RATING, coerce=int, empty_value=None)
    category = base.ChoiceField(label=_("意见类别"), choices=[("", _("请选择")), *Visit.Problem.choices])
    priority = base.ChoiceField(label=_("紧急程度"), choices=Feedback.Priority.choices)
    opinion = TextField(label=_("意见"), max_length=2000, multiline=True)
    suggestion = TextField(label=_("建议"), max_length=2000, multiline=True, help_text=_("没有请写“无”。"))
    competitor = TextField(label=_("竞争动态"), max_length=300, required=False)
    solution = TextField(label=_("解决方法"), max_length=2000, multiline=True)
    reply = base.ChoiceField(label=_("传递方式"), choices=Feedback.Reply.choices)
    responsible = base.ModelChoiceField(
        label=_("责任部门"), queryset=Unit.objects.filter(kind="department", is_active=True).order_by("pk")
    )
    owner = person_field("staff", label=_("责任人"))
    due_on = DateField(label=_("答复期限"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["visited_on"].initial = clock.local_date(self.at)
        self.fields["responsible"].label_from_instance = lambda unit: unit.shown_name
        if isinstance(self.target, KeyAccount):
            self.fields["responsible"].initial = self.target.department_id


class FeedbackAnswerForm(AnswerForm):
    reply = base.ChoiceField(label=_("传递方式"), choices=Feedback.Reply.choices)


class CloseForm(Form):
    is_accepted = base.BooleanField(label=_("客户认可这个答复"), required=False)
    result = TextField(label=_("结果"), max_length=400, multiline=True)


class MonthForm(Form):
    note = TextField(label=_("说明"), max_length=400, multiline=True, required=False)


class AllianceForm(Form):
    kind = base.ChoiceField(label=_("类别"), choices=Alliance.Kind.choices)
    partner = TextField(label=_("合作方或对象"), max_length=80)
    trade = TextField(label=_("行业"), max_length=40, required=False)
    aim = TextField(label=_("目标"), max_length=400, multiline=True)
    offer = TextField(label=_("互惠内容或对策"), max_length=600, multiline=True)
    owner = person_field("staff", label=_("负责人"))
    from_on = DateField(label=_("开始日期"))
    to_on = DateField(label=_("结束日期"))


class StepForm(Form):
    text = TextField(label=_("步骤"), max_length=200)
    due_on = DateField(label=_("期限"))


class StepDoneForm(Form):
    step = base.ModelChoiceField(label=_("步骤"), queryset=AllianceStep.objects.none())
    result = TextField(label=_("完成情况"), max_length=300, multiline=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.target is not None:
            field = self.fields["step"]
            field.queryset = self.target.steps.filter(done_on=None).order_by("due_on", "pk")
            field.label_from_instance = lambda one: f"{one.due_on} {one.text}"


class EndForm(Form):
    result = TextField(label=_("结果"), max_length=400, multiline=True)


class ReviewForm(Form):
    """The quarter's look."""

    alliances = TextField(label=_("联盟执行情况"), max_length=2000, multiline=True)
    top = TextField(label=_("前部客户情况"), max_length=2000, multiline=True)
    base = TextField(label=_("其余客户是谁、怎么应对"), max_length=2000, multiline=True)
    next_steps = TextField(label=_("下一步安排"), max_length=2000, multiline=True)


class PlainReasonForm(Form):
    reason = TextField(label=_("原因"), max_length=200)
