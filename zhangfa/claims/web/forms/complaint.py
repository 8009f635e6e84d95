"""A complaint from taking it up to the answer that the customer accepts (CC-D1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.choices import REMEDIES
from zhangfa.claims.models import Case, ComplaintForm, Talk
from zhangfa.claims.web.forms.base import CHOOSE, CaseForm, archive_field, radio
from zhangfa.policy.queries import definition_of, figure, in_words
from zhangfa.policy.wording import language
from zhangfa.ui.display import when_text
from zhangfa.ui.forms import DateField, MoneyField, TextField

ANSWER_KEY = "complaints.first_answer_days"


class TakeUpForm(CaseForm):
    """By when it will be solved, as agreed with the customer."""

    agreed_on = DateField(label=_("与客户核定的完成日"), required=False, help_text=_("没有约定时按公司的默认天数。"))
    agreed_consent = TextField(
        label=_("客户同意延后的记录"), max_length=200, required=False, help_text=_("晚于默认日期时填写。")
    )
    complexity = radio(ComplaintForm.Level.choices, label=_("复杂程度"), initial=ComplaintForm.Level.LOW)
    impact = radio(ComplaintForm.Level.choices, label=_("影响程度"), initial=ComplaintForm.Level.LOW)
    is_safety_related = forms.BooleanField(label=_("涉及人身、财产安全"), required=False)


class MoveDayForm(CaseForm):
    """Another day, as the customer agreed."""

    agreed_on = DateField(label=_("与客户核定的完成日"))
    agreed_consent = TextField(
        label=_("客户怎么同意的"), max_length=200, multiline=True, help_text=_("什么时候、为什么改，客户怎么说。")
    )
    mode = radio(Talk.Mode.choices, label=_("方式"), initial=Talk.Mode.PHONE)
    archive_note = archive_field()


class FirstAnswerForm(CaseForm):
    """The first answer to the customer."""

    mode = radio(Talk.Mode.choices, label=_("方式"), initial=Talk.Mode.PHONE)
    content = TextField(label=_("答复内容"), max_length=2000, multiline=True)
    archive_note = archive_field()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        case = self.target
        due = case.complaint_form.first_answer_due_at if isinstance(case, Case) and case.is_complaint else None
        if due:
            self.fields["content"].help_text = _answer_by(due, case.reported_at, self.at or case.reported_at)


def _answer_by(due: dt.datetime, reported_at: dt.datetime, now: dt.datetime) -> str:
    """By when the customer has an answer: the case's own deadline, the company's figure of that day, and the law's limit."""
    within = figure(ANSWER_KEY, reported_at)
    return gettext("本案最迟 %(due)s 首次答复（公司规定 %(within)s，法律的底线 %(law)s 天）。") % {
        "due": when_text(due, now), "within": in_words(within, language()), "law": definition_of(ANSWER_KEY).legal_max,
    }  # fmt: skip


class InvestigateForm(CaseForm):
    """What was found so far."""

    investigation = TextField(label=_("调查情况"), max_length=4000, multiline=True)
    cause = forms.ChoiceField(label=_("原因"), choices=[*CHOOSE, *Case.Cause.choices], required=False)
    root_cause = TextField(label=_("原因详述"), max_length=2000, multiline=True, required=False)
    avoidable = TextField(label=_("可能避免的管理策略"), max_length=2000, multiline=True, required=False)


class CompensateForm(CaseForm):
    """What the complaint is worth."""

    amount = MoneyField(label=_("补偿金额"))
    ground = TextField(label=_("补偿理由"), max_length=1000, multiline=True)


class ResolveForm(CaseForm):
    """The answer: what was found, why it happened, how it will not happen again, and what was done.

    What the investigation has written down already need not be sent again.
    """

    asked = ("investigation", "cause")
    investigation = TextField(label=_("调查情况"), max_length=4000, multiline=True, required=False)
    cause = forms.ChoiceField(label=_("原因"), choices=[*CHOOSE, *Case.Cause.choices], required=False)
    root_cause = TextField(label=_("原因详述"), max_length=2000, multiline=True)
    avoidable = TextField(label=_("可能避免的管理策略"), max_length=2000, multiline=True)
    resolutions = forms.MultipleChoiceField(label=_("处理方式"), choices=REMEDIES, widget=forms.CheckboxSelectMultiple)
    resolution = TextField(label=_("处理说明"), max_length=2000, multiline=True)
    mode = radio(Talk.Mode.choices, label=_("答复方式"), initial=Talk.Mode.PHONE)
    is_accepted = forms.BooleanField(label=_("客户接受"), required=False)
    is_external_route_told = forms.BooleanField(
        label=_("已告知客户外部投诉途径"), required=False, help_text=_("客户不接受时必须告知消费者组织或主管部门。")
    )
    external_source = forms.ChoiceField(
        label=_("外部受理单位"), choices=[*CHOOSE, *ComplaintForm.Authority.choices], required=False,
        help_text=_("客户已向外部反映的填写。"),
    )  # fmt: skip
    external_no = TextField(label=_("外部案件编号"), max_length=60, required=False)
    external_due_on = DateField(label=_("外部答复期限"), required=False)
    archive_note = archive_field()
