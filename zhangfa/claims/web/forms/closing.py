"""Satisfaction, closing and learning (CC-W1.6, CC-W2.1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhangfa.claims.models import Case
from zhangfa.claims.web.forms.base import CaseForm, radio
from zhangfa.policy.queries import figure
from zhangfa.ui.forms import TextField

SCORES = [
    (5, _("5 分 非常满意")),
    (4, _("4 分 满意")),
    (3, _("3 分 一般")),
    (2, _("2 分 不满意")),
    (1, _("1 分 很不满意")),
]


class RateForm(CaseForm):
    """The customer's score, as told to somebody who did not handle the case."""

    score = radio(SCORES, label=_("客户满意度"))
    words = TextField(label=_("客户原话"), max_length=1000, multiline=True, required=False)

    def clean_score(self) -> int:
        return int(self.cleaned_data["score"])


class CloseForm(CaseForm):
    """Common or special, and the reason where the customer is not content."""

    nature = radio(Case.Nature.choices, label=_("事故原因是普遍的还是个别的"))
    low_score_reason = TextField(
        label=_("客户不满意仍要结案的理由"),
        max_length=400,
        multiline=True,
        required=False,
        help_text=_("不少于 5 个字。"),
    )
    asked = ("low_score_reason",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        case, at = self.target, self.at
        if at is None or not isinstance(case, Case) or case.satisfaction is None:
            return
        if case.satisfaction >= figure("claims.close_min_satisfaction", at).value:
            del self.fields["low_score_reason"]


class LearningForm(CaseForm):
    """The analysis that a closed case asks for."""

    analysis = TextField(label=_("直接原因"), max_length=4000, multiline=True)
    indirect = TextField(label=_("间接原因"), max_length=2000, multiline=True, required=False)
    management = TextField(label=_("管理原因"), max_length=2000, multiline=True, required=False)
    measures = TextField(label=_("预防措施与制度草案要点"), max_length=4000, multiline=True)
