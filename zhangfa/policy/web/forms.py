"""The form of a subject that can be explained: what it asks, typed as on the command line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.posts import POSTS
from zhangfa.policy import wording
from zhangfa.policy.explain import CHOICE, MONEY, POST, Param, Subject
from zhangfa.ui.forms import Form, TextField


class ExplainForm(Form):
    """Facts as typed: `explain` reads them, so that page and command give the same answer and the same words."""

    def given(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def explain_form(subject: Subject) -> type[ExplainForm]:
    """The form class for a subject."""
    return type("SubjectForm", (ExplainForm,), {param.name: _field(param) for param in subject.params})


def _field(param: Param) -> Any:
    if param.kind in (CHOICE, POST):
        choices = [(code, wording.post_name(code)) for code in POSTS] if param.kind == POST else list(param.choices)
        return forms.ChoiceField(label=param.label, choices=[("", _("请选择")), *choices], required=param.is_required)
    unit = "¥" if param.kind == MONEY else _("天")
    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "data-unit": unit})
    return TextField(label=param.label, help_text=param.hint, max_length=40, required=param.is_required, widget=widget)
