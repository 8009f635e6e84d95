"""Forms of inspections: the same for pages and the interface."""

from __future__ import annotations

from typing import Any

from django import forms as base
from django.utils.translation import gettext_lazy as _

from zhangfa.inspections import bank
from zhangfa.inspections.models import Answer, Problem, Remark, Sheet
from zhangfa.organisation.posts import POSTS
from zhangfa.organisation.web.fields import person_field, unit_field
from zhangfa.ui.forms import DateField, DateTimeField, Form, TextField, WholeField

VERDICTS = [("", _("未判定")), *Answer.Verdict.choices]


class PlanForm(Form):
    unit = unit_field(label=_("检查对象"))
    planned_on = DateField(label=_("检查日期"))
    outline = TextField(
        label=_("检查提纲"), max_length=1000, multiline=True, help_text=_("出发前写明：查什么、为什么查、怎么查。")
    )


def post_choices() -> list[tuple[str, Any]]:
    return [(post.code, _PostName(post.zh, post.en)) for post in POSTS.values()]


class _PostName:
    """A post's name in the reader's language, asked when it is shown."""

    def __init__(self, zh: str, en: str):
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.en if (get_language() or "").startswith("en") else self.zh


class ItemForm(Form):
    source = TextField(label=_("制度或文件"), max_length=120)
    clause = TextField(label=_("条款"), max_length=60)
    question = TextField(label=_("提问"), max_length=400, multiline=True)
    expected = TextField(label=_("应答要点"), max_length=1000, multiline=True, required=False)
    is_announced = base.BooleanField(label=_("事先通知被检查单位"), required=False)


class DrawQuestionsForm(Form):
    posts = base.MultipleChoiceField(label=_("问哪些岗位"), choices=post_choices, widget=base.CheckboxSelectMultiple)
    count = WholeField(label=_("抽几题"), min_value=1, max_value=20, initial=3)
    category = base.ChoiceField(label=_("只抽这一类"), choices=bank.class_choices, required=False)
    is_announced = base.BooleanField(label=_("事先通知被检查单位"), required=False)


class DropItemForm(Form):
    no = WholeField(label=_("第几项"), min_value=1, max_value=200)


class PersonForm(Form):
    person = person_field("staff", label=_("检查人"))


class DrawInspectorsForm(Form):
    department = unit_field(label=_("从哪个部门抽"))
    count = WholeField(label=_("抽几人"), min_value=1, max_value=10, initial=2)


class StartForm(Form):
    stated_at = DateTimeField(
        label=_("到达时间"), required=False, help_text=_("没有网络时补填到达的时间；是否及时仍以系统收到为准。")
    )


class SheetForm(Form):
    person = person_field("people", label=_("受检人"))
    id = base.UUIDField(required=False, widget=base.HiddenInput)
    stated_at = DateTimeField(label=_("设备所记时间"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["stated_at"].widget = base.HiddenInput()


class OrderForm(Form):
    issue = TextField(label=_("问题"), max_length=600, multiline=True)
    measure = TextField(label=_("整改办法"), max_length=600, multiline=True)
    urgency = base.ChoiceField(label=_("要求"), choices=Problem.Urgency.choices)
    owner = person_field("staff", label=_("责任人"))
    due_on = DateField(label=_("期限"))
    recheck_on = DateField(label=_("复查日期"), required=False)


class WeekOrderForm(OrderForm):
    unit = unit_field(label=_("部门"))


class FinishForm(Form):
    comment = TextField(label=_("总体评价"), max_length=1000, multiline=True)
    recheck_on = DateField(label=_("复查日期"), required=False)


class CancelForm(Form):
    reason = TextField(label=_("取消的原因"), max_length=400, multiline=True)


class AnswerForm(Form):
    """One answer; `version` is what stood there when it was written."""

    answer = TextField(label=_("回答原话"), max_length=2000, multiline=True, required=False)
    verdict = base.ChoiceField(label=_("判定"), choices=VERDICTS, required=False)
    deduction = WholeField(label=_("扣分"), min_value=0, max_value=100, required=False)
    observation = TextField(label=_("现场事实"), max_length=1000, multiline=True, required=False)
    version = WholeField(label=_("版本"), min_value=0, required=False)
    stated_at = DateTimeField(label=_("设备所记时间"), required=False)
    item = WholeField(label=_("清单第几项"), min_value=1, max_value=200, required=False)
    source = TextField(label=_("制度或文件"), max_length=120, required=False)
    clause = TextField(label=_("条款"), max_length=60, required=False)
    question = TextField(label=_("提问"), max_length=400, required=False)

    def params(self) -> dict[str, Any]:
        return {**super().params(), "deduction": self.cleaned_data.get("deduction") or 0}


class WriteUpForm(Form):
    comment = TextField(label=_("总体评价"), max_length=1000, multiline=True)
    recheck_on = DateField(label=_("复查日期"), required=False)
    schedule_match = base.ChoiceField(
        label=_("服务去向核对"), choices=[("", "—"), *Sheet.Match.choices], required=False
    )
    profile_samples = TextField(label=_("档案真实性抽样"), max_length=1000, multiline=True, required=False)
    follow_up_samples = TextField(label=_("回访真实性抽样"), max_length=1000, multiline=True, required=False)
    left_at = DateTimeField(label=_("离开时间"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if isinstance(self.target, Sheet) and not self.target.inspection.is_spot:
            for name in ("schedule_match", "profile_samples", "follow_up_samples"):
                del self.fields[name]


class TextForm(Form):
    text = TextField(label=_("异议"), max_length=1000, multiline=True)


class ExplainForm(Form):
    text = TextField(label=_("说明情况"), max_length=1000, multiline=True)


class RulingForm(Form):
    ruling = TextField(label=_("处理意见"), max_length=1000, multiline=True)


class SheetRulingForm(RulingForm):
    score = WholeField(label=_("处理后得分"), min_value=0, max_value=100)


class NoteForm(Form):
    note = TextField(label=_("情况"), max_length=1000, multiline=True)


class RejectForm(NoteForm):
    due_on = DateField(label=_("新的期限"))


class RemarkForm(Form):
    kind = base.ChoiceField(label=_("类别"), choices=Remark.Kind.choices)
    unit = unit_field(label=_("部门"))
    reason = TextField(label=_("理由"), max_length=400, multiline=True)
    sheet_no = TextField(
        label=_("点名到个人时的受检表编号"), max_length=32, required=False, help_text=_("只公布单位时留空。点名须有已公布的制度作依据，且本人已看过这张表。"),
    )  # fmt: skip
    ground = TextField(label=_("公布依据"), max_length=200, required=False)

    def clean_sheet_no(self) -> str:
        number = str(self.cleaned_data["sheet_no"]).upper()
        self.found_sheet = (
            Sheet.objects.filter(record__number=number).select_related("person").first() if number else None
        )
        if number and self.found_sheet is None:
            raise base.ValidationError(_("没有这个编号的受检表。"), code="sheet")
        return number

    def params(self) -> dict[str, Any]:
        given = dict(super().params())
        given.pop("sheet_no")
        return {**given, "sheet": self.found_sheet}


class PublishForm(Form):
    proposal = TextField(label=_("提交公司的意见"), max_length=1000, multiline=True)


class PatternNoteForm(Form):
    key = base.CharField(widget=base.HiddenInput, max_length=120)
    text = TextField(label=_("核对情况"), max_length=1000, multiline=True)


INSPECTION_FORMS = {
    "add_item": ItemForm, "draw_questions": DrawQuestionsForm, "drop_item": DropItemForm, "appoint": PersonForm, "draw_inspectors": DrawInspectorsForm,
    "start": StartForm, "open_sheet": SheetForm, "order_problem": OrderForm, "finish": FinishForm, "cancel": CancelForm,
}  # fmt: skip
SHEET_FORMS = {"write_up": WriteUpForm, "object_to": TextForm, "rule_on": SheetRulingForm}
PROBLEM_FORMS = {"finish_rectifying": NoteForm, "close": NoteForm, "reject": RejectForm}
FINDING_FORMS = {"contest": ExplainForm, "confirm": RulingForm, "clear": RulingForm}
