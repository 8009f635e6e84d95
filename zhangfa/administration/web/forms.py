"""The form of a change: the new figure as its kind is typed, its first day, and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.web.fields import BY_NAME
from zhangfa.policy import queries as policy
from zhangfa.policy import wording
from zhangfa.policy.catalogue import Definition
from zhangfa.policy.values import RHYTHM_WORDS, UNITS, rhythm_words
from zhangfa.ui.forms import DateField, Form, LookupField, TextField


class PersonField(LookupField):
    """Somebody on the staff, or nobody."""

    def clean(self, value: Any) -> str:
        return super().clean(value) or ""


class ChangeForm(Form):
    """Subclassed for each figure by `change_form`; the rule checks the value, so that form and API say the same."""

    effective_from = DateField(label=_("从哪天起生效"), help_text=_("当日零时起生效，最早是明天。"))
    reason = TextField(label=_("修改理由"), max_length=1000, multiline=True)

    field_order = ("value", "effective_from", "reason")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["effective_from"].initial = clock.local_date(self.at) + dt.timedelta(days=1)


def change_form(key: str) -> type[ChangeForm]:
    """The form class for one figure."""
    return type("FigureForm", (ChangeForm,), {"value": _value_field(policy.definition_of(key))})


def _value_field(definition: Definition) -> Any:
    label, required = _("新的值"), not definition.is_empty_allowed
    if definition.kind == "bool":
        return forms.ChoiceField(label=label, choices=[("true", _("是")), ("false", _("否"))], widget=forms.RadioSelect)
    if definition.kind == "rhythm":
        known = dict.fromkeys([*(text for _day, text in definition.versions), *RHYTHM_WORDS])
        return forms.ChoiceField(
            label=label, choices=[(text, rhythm_words(text, wording.language())) for text in known]
        )
    help_text = _("可以留空，表示不定。") if definition.is_empty_allowed else ""
    if definition.kind == "person":
        return PersonField("staff", label=label, required=required, help_text=help_text, placeholder=BY_NAME)
    unit = UNITS[definition.unit][0 if wording.language() == "zh" else 2]
    attrs = {"autocomplete": "off", **({"data-unit": unit} if unit else {})}
    if definition.kind == "date":
        attrs["type"] = "date"
    elif definition.kind != "text":
        attrs["inputmode"] = "decimal"
    return TextField(label=label, max_length=200, required=required, widget=forms.TextInput(attrs), help_text=help_text)
