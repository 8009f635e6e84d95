"""Forms of tasks and problems: for pages and the interface."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django import forms as base
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.web.fields import seat_field, unit_field
from zhangfa.records.web.fields import FilesField
from zhangfa.tasks.models import Problem
from zhangfa.ui.forms import DateTimeField, Form, TextField

_DAY = dt.timedelta(days=1)
DETAILS = _("要做什么、怎样做、要注意什么。")
STANDARD = _("做到什么样算完成，用能核对的话写，例如“三个网点都有签字的清单”。")
DUE = _("到这个时间没有报告完成就算逾期，自动报告上级。")


class WithFiles(Form):
    """A form whose files are optional: an interface hangs them on the paper by their own operation."""

    def params(self) -> dict[str, Any]:
        return {**super().params(), "files": self.cleaned_data.get("files") or []}


class GiveForm(WithFiles):
    owner_seat = seat_field(label=_("交给哪个岗位"))
    title = TextField(label=_("任务"), max_length=120)
    details = TextField(label=_("细则"), max_length=4000, multiline=True, help_text=DETAILS)
    standard = TextField(label=_("结果标准"), max_length=2000, multiline=True, help_text=STANDARD)
    due_at = DateTimeField(label=_("要求完成时间"), help_text=DUE)
    files = FilesField(label=_("照片或文件"), required=False)

    def refuse(self, refusals: Any) -> None:
        """The rule speaks of the seat; here it is the field beside which that is said."""
        super().refuse(tuple(_at_field(one, "owner_seat") for one in refusals))


def _at_field(refusal: Any, name: str) -> Any:
    return replace(refusal, field=name) if refusal.field == "seat" else refusal


class ReportForm(WithFiles):
    text = TextField(label=_("完成情况"), max_length=4000, multiline=True, help_text=_("对照结果标准逐条写。"))
    files = FilesField(label=_("照片或文件"), required=False, help_text=_("能说明结果的照片、签字件或表格。"))


class AcceptForm(Form):
    opinion = TextField(label=_("验收意见"), max_length=400, multiline=True, required=False)


class SendBackForm(Form):
    reason = TextField(label=_("退回原因"), max_length=400, multiline=True, help_text=_("哪一条没有达到结果标准。"))
    redo_at = DateTimeField(
        label=_("重做的完成时间"), required=False, help_text=_("原定完成时间未到的可以不填；是否按时仍按原定时间算。")
    )


class ReasonForm(Form):
    reason = TextField(label=_("原因"), max_length=400, multiline=True)


class PostponeForm(ReasonForm):
    due_at = DateTimeField(label=_("新的完成时间"))
    field_order = ("due_at", "reason")


class HandOverForm(ReasonForm):
    seat = seat_field(label=_("转交哪个岗位"))
    field_order = ("seat", "reason")


TASK_FORMS = {
    "report": ReportForm, "accept": AcceptForm, "send_back": SendBackForm, "withdraw": ReasonForm, "postpone": PostponeForm,
    "hand_over": HandOverForm,
}  # fmt: skip


class ProblemForm(Form):
    outlet = unit_field("outlets", label=_("网点"))
    kind = base.ChoiceField(label=_("类别"), choices=Problem.Kind.choices)
    text = TextField(label=_("问题"), max_length=2000, multiline=True, help_text=_("什么事、影响了什么、需要谁帮助。"))


class MakeTaskForm(Form):
    seat = seat_field(label=_("交给哪个岗位"))
    title = TextField(label=_("任务"), max_length=120)
    details = TextField(label=_("细则"), max_length=4000, multiline=True, help_text=DETAILS)
    standard = TextField(label=_("结果标准"), max_length=2000, multiline=True, help_text=STANDARD)
    due_at = DateTimeField(label=_("要求完成时间"), help_text=DUE)


class AnswerForm(Form):
    answer = TextField(label=_("处理结果"), max_length=400, multiline=True)


PROBLEM_FORMS = {"make_task": MakeTaskForm, "solve": AnswerForm, "decline": AnswerForm}


def this_month(at: Any) -> dict[str, Any]:
    """From the first of the month to its last day."""
    today = clock.local_date(at)
    first = today.replace(day=1)
    following = (first.replace(day=28) + _DAY * 4).replace(day=1)
    return {"since": first, "until": following - _DAY}
