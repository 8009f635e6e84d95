"""The lesson's form, its test for readers, and the waiver of a rule (CC-W2.1, CC-W2.2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.learning_rules import quiz_of
from zhangfa.claims.web.forms.base import CaseForm
from zhangfa.organisation.posts import POSTS
from zhangfa.policy.wording import post_name
from zhangfa.ui.forms import Form, TextField

post_label = lazy(post_name, str)
POST_CHOICES = [(code, post_label(code)) for code in POSTS]


class WaiverForm(CaseForm):
    """Why a special cause makes no rule."""

    reason = TextField(label=_("为什么不需要制度"), max_length=400, multiline=True)


class StudyForm(CaseForm):
    """What happened without names, why, what is right, what to look at, and the test."""

    title = TextField(label=_("标题"), max_length=100)
    narrative = TextField(label=_("经过（不写姓名、电话、住址）"), max_length=4000, multiline=True)
    analysis = TextField(label=_("原因剖析"), max_length=4000, multiline=True)
    correct_practice = TextField(label=_("正确做法"), max_length=4000, multiline=True)
    checkpoints = TextField(label=_("预防要点"), max_length=2000, multiline=True, help_text=_("一行一条。"))
    products = TextField(
        label=_("适用的服务产品"), max_length=400, multiline=True, required=False, help_text=_("一行一个，可不填。")
    )
    posts = forms.MultipleChoiceField(
        label=_("哪些岗位要学习"), choices=POST_CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )
    quiz = TextField(
        label=_("考题"), max_length=4000, multiline=True, required=False, widget=forms.Textarea({"rows": 8}),
        help_text=_("先写题目，下面一行一个选项，正确的一项前面加 *；题与题之间空一行。"),
    )  # fmt: skip

    def params(self) -> dict[str, Any]:
        values = super().params()
        for name in ("checkpoints", "products"):
            values[name] = [line.strip() for line in values[name].split("\n") if line.strip()]
        values["quiz"] = quiz_of(values["quiz"])
        return values


class ReadingForm(Form):
    """One choice for each question of the lesson."""

    def __init__(self, *args: Any, quiz: Any = (), **kwargs: Any):
        self.quiz = list(quiz)
        super().__init__(*args, **kwargs)
        for number, one in enumerate(self.quiz):
            self.fields[f"question_{number}"] = forms.ChoiceField(
                label=one["question"], choices=[(str(n), text) for n, text in enumerate(one["options"])], widget=forms.RadioSelect
            )  # fmt: skip

    def params(self) -> dict[str, Any]:
        return {"answers": {n: int(self.cleaned_data[f"question_{n}"]) for n in range(len(self.quiz))}}


class AnswersForm(Form):
    """The answers of a program: the number of the chosen option, one a line."""

    answers = TextField(
        label=_("答案"), max_length=400, multiline=True, required=False, help_text=_("按题目顺序，一行一个选项序号。")
    )

    def params(self) -> dict[str, Any]:
        lines = self.cleaned_data["answers"].split()
        given = [int(line) - 1 if line.isascii() and line.isdigit() and len(line) < 3 else -1 for line in lines]
        return {"answers": dict(enumerate(given))}


STUDY_FORMS = {"revise_study": StudyForm}
