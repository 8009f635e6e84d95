"""Agree, refuse or return, with an opinion."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhangfa.ui import forms as ui

RESULTS = [("agree", _("同意")), ("return", _("退回修改")), ("refuse", _("不同意"))]


class DecideForm(ui.Form):
    result = forms.ChoiceField(label=_("审批结果"), choices=RESULTS, widget=forms.RadioSelect)
    opinion = ui.TextField(
        label=_("意见"), max_length=400, required=False, multiline=True, help_text=_("不同意或退回时必填，至少5个字。")
    )
    shown_amount = ui.MoneyField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["shown_amount"].initial = getattr(self.target, "amount", None)

    def params(self) -> dict[str, Any]:
        """The result with the amount as it was on the screen: a change meanwhile is noticed."""
        data = self.cleaned_data
        return {"result": data["result"], "opinion": data["opinion"] or "", "amount": data["shown_amount"]}
