"""A list of choices reads as Django's own template writes it."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy

from zhangfa.ui.rendering import Renderer

CHOICES = {
    "plain": [("", "全部"), ("a", "甲"), ("b", "乙")],
    "markup": [('"><b>', "<script>alert('x')</script>"), ("&", "A & B's")],
    "numbers": [
        (2026, 2026),
        (1.5, 12345.5),
        (dt.date(2026, 11, 30), dt.date(2026, 11, 30)),
        (True, "是"),
        (None, "无"),
    ],
    "lazy": [("all", gettext_lazy("全部"))],
    "groups": [("网点 <东>", [("1", "一"), ("2", "二")]), ("", [("3", "三")]), ("x", "单独")],
    "none": [],
}


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize(
    "attributes", [{}, {"class": "form-select", "required": True, "disabled": False, "data-x": "\"'<&"}]
)
@pytest.mark.parametrize("chosen", ["", "a", "2", 2026])
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple, forms.NullBooleanSelect])
def test_a_list_of_choices_is_what_django_writes(name, attributes, chosen, kind):
    widget = kind(attributes) if kind is forms.NullBooleanSelect else kind(attributes, choices=CHOICES[name])
    ours, theirs = (
        widget.render("na'me", chosen, {"id": "id_name"}, renderer=renderer)
        for renderer in (Renderer(), DjangoTemplates())
    )
    assert ours.split() == theirs.split()
    assert "<script>" not in ours


def test_other_controls_are_left_to_their_templates():
    assert 'type="text"' in forms.TextInput().render("a", "b", renderer=Renderer())
