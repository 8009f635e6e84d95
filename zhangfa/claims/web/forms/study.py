"""The lesson's form, its test for readers, and the waiver of a rule (CC-W2.1, CC-W2.2)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.learning_rules import quiz_of
from zhangfa.claims.web.forms.base import CaseForm
from zhangfa.core import clock
from zhangfa.organisation.posts import POSTS
from zhangfa.organisation.web.fields import person_field
from zhangfa.policy.wording import post_name
from zhangfa.records.models import Attachment
from zhangfa.ui.forms import DateField, Form, TextField, WholeField

SUGGESTED = dt.timedelta(days=14)  # the form's proposal; the manager sets the day

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


class ReleaseForm(Form):
    """By when it is learnt, and that a second person has looked at every picture."""

    train_by = DateField(label=_("在哪天以前学完"))
    pictures_checked = forms.BooleanField(
        label=_("我逐张看过图片：没有人脸、姓名、门牌、车牌等能认出当事人的内容"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["train_by"].initial = clock.local_date(self.at) + SUGGESTED
        if self.target is not None and not self.target.pictures.exists():
            del self.fields["pictures_checked"]


class PictureForm(Form):
    """One photo of the case, what it shows, and the writer's word that it shows nobody."""

    photo = forms.UUIDField(label=_("照片"), widget=forms.HiddenInput)
    caption = TextField(label=_("图片说明"), max_length=100)
    is_anonymous = forms.BooleanField(
        label=_("我看清了这张图片：没有人脸、姓名、门牌、车牌等能认出当事人的内容"), required=False
    )

    def clean_photo(self) -> Attachment:
        found = None
        if self.target is not None:
            found = Attachment.objects.filter(record_id=self.target.case_id, pk=self.cleaned_data["photo"]).first()
        if found is None:
            raise ValidationError(_("请从这起案件的照片里选一张。"))
        return found


class SessionForm(Form):
    """When, where and by whom the lesson is taught."""

    held_on = DateField(label=_("培训日期"))
    hours = forms.DecimalField(
        label=_("学时（小时）"), min_value=Decimal("0.5"), max_value=12, max_digits=3, decimal_places=1, help_text=_("以半小时为单位。"),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    trainer = person_field("staff", label=_("讲师"), required=False)
    outside_trainer = TextField(label=_("外请讲师"), max_length=80, required=False)
    place = TextField(label=_("地点"), max_length=120, required=False)
    pass_score = WholeField(
        label=_("小测验及格分"), max_value=100, required=False, help_text=_("低于它的人还要再学。没有考题的资料不填。")
    )

    def params(self) -> dict[str, Any]:
        values = super().params()
        return values | {"pass_score": values["pass_score"] or 0}


STUDY_FORMS = {"revise_study": StudyForm, "release": ReleaseForm}
