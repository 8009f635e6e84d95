"""Forms of a leave: asking, coming back, the doctor's note, correcting a balance."""

from __future__ import annotations

from typing import Any

from django import forms as base
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.web.fields import person_field, unit_field
from zhangfa.people import leave_kinds
from zhangfa.people.models import Leave
from zhangfa.people.permissions import BY_OUTLET, KEEPERS_EVERYWHERE
from zhangfa.records.web.fields import FilesField
from zhangfa.ui.forms import DateField, Form, TextField, WholeField

WEEKDAYS = (
    ("1", _("周一")), ("2", _("周二")), ("3", _("周三")), ("4", _("周四")), ("5", _("周五")), ("6", _("周六")), ("7", _("周日")),
)  # fmt: skip


def named(entries: Any) -> list[tuple[str, str]]:
    """Codes with the name of the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return [(one.code, one.en if is_english else one.zh) for one in entries]


def kind_choices() -> list[tuple[str, str]]:
    return list(dict(named(leave_kinds.all_kinds())).items())


def option_choices() -> list[tuple[str, str]]:
    return named(option for kind in leave_kinds.all_kinds() for option in kind.options)


class LeaveForm(Form):
    """What a request says; the days that count are reckoned from it."""

    kind = base.ChoiceField(label=_("假别"), choices=kind_choices)
    from_on = DateField(label=_("从哪天"))
    starts = base.ChoiceField(label=_("从上午还是下午开始"), choices=Leave.Half.choices, initial="am")
    to_on = DateField(label=_("到哪天"))
    ends = base.ChoiceField(label=_("到上午还是下午结束"), choices=Leave.Half.choices, initial="pm")
    reason = TextField(
        label=_("事由"), max_length=400, multiline=True, help_text=_("加密保存，只有本人、审批人和人事看得到。")
    )
    delegate = person_field(
        "delegates", label=_("代理人"), required=False, help_text=_("批准后，请假期间由代理人以您的岗位办事和审批；不选则由直接上级处理。"),
    )  # fmt: skip
    options = base.MultipleChoiceField(
        label=_("情形"), choices=option_choices, required=False, widget=base.CheckboxSelectMultiple, help_text=_("只有产假和流产假要选。"),
    )  # fmt: skip


class LeaveAskForm(LeaveForm):
    person = person_field(
        "people", label=_("为谁请假"), required=False, help_text=_("不选就是为自己请假；人事和网点可以代填。")
    )
    field_order = ["person"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.actor is not None and not self.actor.holds(*KEEPERS_EVERYWHERE, *BY_OUTLET):
            del self.fields["person"]


class ReturnForm(Form):
    returned_on = DateField(label=_("哪天回来上班"))
    returned_half = base.ChoiceField(label=_("上午还是下午"), choices=Leave.Half.choices, initial="am")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["returned_on"].initial = clock.local_date(self.at)


class CancelForm(Form):
    reason = TextField(label=_("为什么取消"), max_length=200, required=False)


class NoteFacts(Form):
    unfit_from = DateField(label=_("证明休息从哪天"))
    unfit_to = DateField(label=_("证明休息到哪天"))
    hospital = TextField(
        label=_("医院和诊断"), max_length=200, required=False, help_text=_("可以不填；加密保存，只有本人和人事看得到。")
    )


class NoteForm(NoteFacts):
    files = FilesField(label=_("医院证明的照片或文件"), minimum=1, maximum=5)


class CorrectionForm(Form):
    kind = base.ChoiceField(label=_("假别"), choices=kind_choices)
    year = WholeField(label=_("年度"), min_value=2000, max_value=2199)
    days = base.DecimalField(
        label=_("加或减多少天"), min_value=-366, max_value=366, max_digits=4, decimal_places=1, help_text=_("以 0.5 天为单位，减少写负数。"),
        widget=base.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    is_grant = base.BooleanField(
        label=_("这是按人登记的额度"), required=False, help_text=_("育儿假、独生子女护理假按人、按年登记额度。")
    )
    reason = TextField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["year"].initial = clock.local_date(self.at).year


class SettleForm(Form):
    kind = base.ChoiceField(label=_("假别"), choices=kind_choices, initial="annual")
    year = WholeField(label=_("年度"), min_value=2000, max_value=2199)
    days = base.DecimalField(
        label=_("结清多少天"), min_value=0, max_value=366, max_digits=4, decimal_places=1,
        widget=base.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    how = base.ChoiceField(
        label=_("怎样结清"),
        choices=[
            ("carry", _("经本人同意，结转到下一年")), ("pay", _("折算工资：按日工资的 300%，含正常工资")),
            ("waive", _("本人书面放弃，或额度当年作废")),
        ],
        widget=base.RadioSelect,
    )  # fmt: skip
    reason = TextField(label=_("依据"), max_length=200, help_text=_("例如本人书面意见的日期。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["year"].initial = clock.local_date(self.at).year - 1


class ServiceForm(Form):
    prior_months = WholeField(label=_("入职前累计工作月数"), max_value=720)
    is_continuous = base.BooleanField(label=_("入职前已连续工作满 12 个月"), required=False)
    ground = TextField(
        label=_("依据"), max_length=200, help_text=_("例如社保缴费记录、以前单位的离职证明（不少于 5 个字）。")
    )


class RosterForm(Form):
    unit = unit_field(label=_("单位"), required=False)
    person = person_field("people", label=_("或个人"), required=False)
    weekdays = base.MultipleChoiceField(label=_("每周上班日"), choices=WEEKDAYS, widget=base.CheckboxSelectMultiple)
    works_holidays = base.BooleanField(label=_("法定节假日也上班"), required=False)
    from_on = DateField(label=_("从哪天起"))

    def params(self) -> dict[str, Any]:
        return {**super().params(), "weekdays": "".join(sorted(self.cleaned_data["weekdays"]))}


LEAVE_FORMS = {"ask_again": LeaveForm, "report_back": ReturnForm, "cancel": CancelForm}
