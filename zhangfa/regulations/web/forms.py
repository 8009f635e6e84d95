"""Forms of regulations: the handbook's questions, consultation, test, promulgation, receipts, reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.posts import POSTS
from zhangfa.organisation.web.fields import ObjectField, person_field, unit_field
from zhangfa.policy.wording import post_name
from zhangfa.regulations import queries
from zhangfa.regulations.choices import ALL, Kind, Level, Period, Topic, Vital
from zhangfa.regulations.models import Regulation
from zhangfa.regulations.wording import figure_words
from zhangfa.ui.forms import DateField, Form, LookupField, TextField, WholeField

post_label = lazy(post_name, str)
POST_CHOICES = [(ALL, _("全体员工")), *((code, post_label(code)) for code in POSTS)]


def boxes(choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)


def radio(choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **kwargs)


class AnswersForm(Form):
    """The questions that the handbook asks of every rule."""

    topic = forms.ChoiceField(label=_("内容类别"), choices=Topic.choices, help_text=_("检查时按类别抽题。"))
    title = TextField(label=_("主题"), max_length=100)
    summary = TextField(label=_("要说明什么"), max_length=1000, multiline=True)
    posts = boxes(POST_CHOICES, label=_("对哪些岗位"), help_text=_("颁布后这些岗位的每个人都要签收。"))
    reason = TextField(label=_("为什么颁发"), max_length=1000, multiline=True)
    problem = TextField(label=_("解决什么问题"), max_length=1000, multiline=True)
    references = TextField(label=_("依据的资料"), max_length=1000, multiline=True, required=False)
    clauses = TextField(
        label=_("条文"), max_length=100_000, multiline=True, help_text=_("一行一条，不用写条号。"),
        widget=forms.Textarea({"rows": 10}),
    )  # fmt: skip
    how = TextField(label=_("怎么做"), max_length=1000, multiline=True, required=False, help_text=_("文件必填。"))
    done_by = DateField(label=_("何时完成"), required=False, help_text=_("文件必填。"))
    period = radio(Period.choices, label=_("执行时期"), initial=Period.DAILY)
    from_on = DateField(label=_("时期开始"), required=False)
    to_on = DateField(label=_("时期结束"), required=False)
    vital = boxes(
        Vital.choices, label=_("涉及员工切身利益的事项"), required=False,
        help_text=_("涉及其中任何一项，须先与员工协商并登记（《劳动合同法》第四条）。"),
    )  # fmt: skip
    is_urgent = forms.BooleanField(
        label=_("紧急指令"), required=False, help_text=_("来不及协商的安全等紧急事项，限期执行，到期自动失效。")
    )
    expires_on = DateField(label=_("失效日期"), required=False)
    policy_key = LookupField(
        "figures",
        label=_("同时修改章程的哪个值"),
        placeholder=_("输入名称或条款，例如 理赔 上限"),
        required=False,
        help_text=_("公司级制度可以附带修改一个限额、期限或定额，生效日起按新值执行。"),
    )
    policy_value = TextField(label=_("新的值"), max_length=200, required=False)
    effective_on = DateField(
        label=_("拟从哪天起生效"), required=False, help_text=_("颁布时确定；修改章程的最早从次日起。")
    )
    is_fast = forms.BooleanField(
        label=_("快速办理"),
        required=False,
        help_text=_("会议、事故或客户问题引出、次日要颁布的制度：不经审核，直接批准。"),
    )

    def params(self) -> dict[str, Any]:
        values = super().params()
        values["policy_key"] = values.get("policy_key") or ""
        if not values["policy_key"]:
            values["policy_value"] = ""
        return values


class DraftForm(AnswersForm):
    """A new regulation."""

    kind = forms.ChoiceField(label=_("类型"), choices=Kind.choices)
    level = radio(
        Level.choices, label=_("颁发级别"), initial=Level.COMPANY,
        help_text=_("公司级由总经理批准；部门级由部门经理审核、行政部经理批准。"),
    )  # fmt: skip
    department = unit_field(label=_("部门（部门级）"), required=False, help_text=_("留空为您的部门。"))
    revises = ObjectField("regulations", Regulation, label=_("修订哪份制度"), required=False)
    source_kind = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    source_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    field_order = [
        "kind", "topic", "level", "department", "title", "summary", "posts", "reason", "problem", "references", "clauses", "how", "done_by",
        "period", "from_on", "to_on", "vital", "is_urgent", "expires_on", "policy_key", "policy_value", "effective_on", "is_fast", "revises",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        title = self.fields["title"]
        title.help_text = _("写清楚管什么事。")
        # Asked again whenever the title changes; only the words under the box are taken from the answer.
        title.widget.attrs |= {
            "hx-get": reverse("regulations:new"), "hx-trigger": "change", "hx-target": "#id_title_helptext", "hx-select": "#id_title_helptext",
            "hx-swap": "outerHTML",
        }  # fmt: skip
        # Not by `self["title"]`: a bound field would keep the words that stand under it now.
        typed, revised = (
            self.data.get(name) if self.is_bound else self.initial.get(name) for name in ("title", "revises")
        )
        if self.actor is None or self.at is None or revised:
            return
        if found := queries.same_title(str(typed or ""), self.actor, self.at):
            title.help_text = format_html(
                gettext("已有同名的现行制度 {number}。要改它，请打开后点“修订成新版”；确是另一件事，可以继续。"),
                number=format_html('<a href="{}">{}</a>', found.get_absolute_url(), found.record.number),
            )


class ReviseForm(AnswersForm):
    """The draft written anew; kind and level stay."""

    kind = forms.ChoiceField(label=_("类型"), choices=Kind.choices)
    field_order = ["kind", "topic", "title", "summary", "posts", "reason", "problem", "references", "clauses"]


class ConsultForm(Form):
    consulted_on = DateField(label=_("协商日期"))
    consulted_how = TextField(label=_("协商方式"), max_length=200, help_text=_("例如职工代表座谈、全员征求意见。"))
    consulted_count = WholeField(label=_("参加人数"), max_value=100_000)
    consulted_result = TextField(label=_("员工意见与采纳情况"), max_length=1000, multiline=True)


class QuestionForm(Form):
    seq = WholeField(label=_("针对第几条"), min_value=1, max_value=200)
    question = TextField(label=_("考题"), max_length=300, multiline=True)
    options = TextField(label=_("选项"), max_length=1200, multiline=True, help_text=_("一行一个，2 到 6 个。"))
    answer = WholeField(label=_("正确答案是第几个"), min_value=1, max_value=6)


class PromulgateForm(Form):
    supervisor = person_field("managers", label=_("执行监督人"))
    effective_on = DateField(label=_("生效日期"))
    expires_on = DateField(label=_("失效日期"), required=False, help_text=_("紧急指令必填。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["effective_on"].initial = clock.local_date(self.at)


class ReopenForm(Form):
    reason = TextField(label=_("为什么退回、要改什么"), max_length=400, multiline=True)


class RepealForm(Form):
    repeal_reason = TextField(label=_("废止的理由"), max_length=400, multiline=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        row = getattr(self, "target", None)
        if row is not None and row.policy_key:
            words = gettext("它把“%(figure)s”写进了章程：已生效的值不随废止改回，还没有生效的不再生效。")
            self.fields["repeal_reason"].help_text = words % {"figure": figure_words(row)}


class PaperForm(Form):
    person = person_field("people", label=_("谁签收了"))
    note = TextField(label=_("说明"), max_length=200, help_text=_("怎样学习、签名的纸件在哪里。"))


class ReportForm(Form):
    words = TextField(label=_("执行情况"), max_length=2000, multiline=True)
    trained_count = WholeField(label=_("学习人数"), max_value=100_000)
    done_rate = WholeField(label=_("完成率（%）"), max_value=100)
    problems = TextField(label=_("存在的问题"), max_length=1000, multiline=True, required=False)


class ReadForm(Form):
    """The test on what changed: one choice for each question, then the acknowledgement."""

    def __init__(self, *args: Any, questions: Any = (), **kwargs: Any):
        self.questions = list(questions)
        super().__init__(*args, **kwargs)
        for row in self.questions:
            self.fields[f"clause_{row.seq}"] = forms.ChoiceField(
                label=row.question, choices=[(str(n), text) for n, text in enumerate(row.options)], widget=forms.RadioSelect
            )  # fmt: skip

    def params(self) -> dict[str, Any]:
        return {"answers": {row.seq: int(self.cleaned_data[f"clause_{row.seq}"]) for row in self.questions}}


FORMS = {
    "revise": ReviseForm, "consult": ConsultForm, "ask_question": QuestionForm, "promulgate": PromulgateForm, "reopen": ReopenForm, "ask_repeal": RepealForm,
}  # fmt: skip


class AnswersListForm(Form):
    """The answers to the questions on what changed, in the order of the clauses: the number of the chosen option, one a line."""

    answers = TextField(
        label=_("答案"), max_length=400, multiline=True, required=False, help_text=_("按条文顺序，一行一个选项序号。")
    )

    def params(self) -> dict[str, Any]:
        lines = self.cleaned_data["answers"].split()
        return {
            "answers": [int(line) - 1 if line.isascii() and line.isdigit() and len(line) < 3 else -1 for line in lines]
        }
