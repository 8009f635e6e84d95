"""Forms of requests, notices, company files and the statutory calendar."""

from __future__ import annotations

from typing import Any

from django import forms as base
from django.utils.translation import gettext_lazy as _

from zhangfa.administration.models import CompanyFile, DeptRequest, OutsideContact
from zhangfa.administration.registry import rolled_out
from zhangfa.core import clock
from zhangfa.organisation.posts import POSTS
from zhangfa.organisation.web.fields import person_field, seat_field, unit_field
from zhangfa.policy.wording import post_name
from zhangfa.records.web.fields import FilesField
from zhangfa.ui.forms import DateField, DateTimeField, Form, PhoneField, TextField, WholeField


class RequestForm(Form):
    to_unit = unit_field("units", label=_("请哪个部门协作"))
    title = TextField(label=_("请求"), max_length=120)
    details = TextField(
        label=_("具体内容"), max_length=4000, multiline=True, help_text=_("要什么、什么时候要、为什么。")
    )


class AnswerForm(Form):
    outcome = base.ChoiceField(label=_("结论"), choices=DeptRequest.Outcome.choices)
    answer = TextField(label=_("答复"), max_length=4000, multiline=True)


class ReasonForm(Form):
    reason = TextField(label=_("原因"), max_length=400, multiline=True)


REQUEST_FORMS = {"reply": AnswerForm, "ask_again": ReasonForm, "withdraw_request": ReasonForm}


def posts() -> list[tuple[str, Any]]:
    return [(code, post_name(code)) for code in POSTS]


class BulletinForm(Form):
    title = TextField(label=_("标题"), max_length=120)
    text = TextField(label=_("内容"), max_length=8000, multiline=True)
    unit = unit_field("units", label=_("发给哪个单位"), help_text=_("选公司即发给全公司；选部门含其网点。"))
    posts = base.MultipleChoiceField(
        label=_("哪些岗位"),
        choices=posts,
        required=False,
        widget=base.CheckboxSelectMultiple,
        help_text=_("不选即全部岗位。"),
    )
    read_by_at = DateTimeField(label=_("最晚阅读时间"))
    about = base.UUIDField(widget=base.HiddenInput, required=False)

    def clean_about(self) -> Any:
        """Only a paper that may be seen and is there to be rolled out; anything else is left out."""
        key = self.cleaned_data.get("about")
        return rolled_out(key, self.actor) if key and self.actor is not None else None


BULLETIN_FORMS = {"withdraw_bulletin": ReasonForm}


class _WithFiles(Form):
    def params(self) -> dict[str, Any]:
        return {**super().params(), "files": self.cleaned_data.get("files") or []}


class FileForm(_WithFiles):
    kind = base.ChoiceField(label=_("类别"), choices=CompanyFile.Kind.choices)
    title = TextField(label=_("名称"), max_length=120)
    text = TextField(label=_("内容"), max_length=8000, multiline=True)
    source = TextField(label=_("来源或文号"), max_length=120, required=False)
    owner = person_field("staff", label=_("负责人"))
    due_at = DateTimeField(label=_("办结期限"), required=False, help_text=_("公司优势只存档，可以不填；其他必填。"))
    files = FilesField(label=_("照片或文件"), required=False)

    def params(self) -> dict[str, Any]:
        return {**super().params(), "source": self.cleaned_data["source"] or ""}


class FollowUpForm(Form):
    seat = seat_field(label=_("交给哪个岗位"))
    title = TextField(label=_("任务"), max_length=120)
    details = TextField(label=_("细则"), max_length=4000, multiline=True)
    standard = TextField(label=_("结果标准"), max_length=2000, multiline=True)
    due_at = DateTimeField(label=_("要求完成时间"))


class CloseForm(Form):
    result = TextField(label=_("办理结果"), max_length=4000, multiline=True)


FILE_FORMS = {"follow_up": FollowUpForm, "close_file": CloseForm}


class ContactForm(Form):
    kind = base.ChoiceField(label=_("类别"), choices=OutsideContact.Kind.choices)
    organisation = TextField(label=_("单位"), max_length=80)
    name = TextField(label=_("姓名"), max_length=40)
    title = TextField(label=_("职务"), max_length=40, required=False)
    phone = PhoneField(label=_("电话"), required=False)
    matters = TextField(label=_("办理什么"), max_length=200, required=False)

    def params(self) -> dict[str, Any]:
        return {name: value or "" for name, value in super().params().items()}


class StatutoryForm(Form):
    name = TextField(label=_("事项"), max_length=80)
    authority = TextField(label=_("主管机关"), max_length=80)
    basis = TextField(label=_("依据"), max_length=160, required=False)
    from_month = WholeField(label=_("开始月"), min_value=1, max_value=12)
    from_day = WholeField(label=_("开始日"), min_value=1, max_value=31)
    to_month = WholeField(label=_("截止月"), min_value=1, max_value=12)
    to_day = WholeField(label=_("截止日"), min_value=1, max_value=31)
    remind_days = WholeField(label=_("提前多少天提醒"), min_value=1, max_value=180, initial=30)

    def params(self) -> dict[str, Any]:
        return {**super().params(), "basis": self.cleaned_data["basis"] or ""}


STATUTORY_FORMS = {"change_statutory": StatutoryForm, "close_statutory": ReasonForm}
CONTACT_FORMS = {"change_contact": ContactForm, "close_contact": ReasonForm}


class FilingForm(_WithFiles):
    year = WholeField(label=_("年度"), min_value=2000, max_value=2199)
    filed_on = DateField(label=_("办理日期"))
    receipt = TextField(label=_("回执号或凭据"), max_length=120)
    note = TextField(label=_("说明"), max_length=400, multiline=True, required=False)
    files = FilesField(label=_("照片或文件"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["year"].initial = clock.local_date(self.at).year
            self.fields["filed_on"].initial = clock.local_date(self.at)

    def params(self) -> dict[str, Any]:
        return {**super().params(), "note": self.cleaned_data["note"] or ""}
