"""A list of choices drawn in one go looks as Django draws it."""

import re

from django import forms

from zhangfa.ui.widgets import QuickSelect

CHOICES = [("", "全部"), ("a", "<甲> & 乙"), (3, "三")]


def tidy(html: str) -> str:
    return re.sub(r">\s+<", "><", html).replace("\n", "").replace("  ", " ")


def test_it_draws_what_django_draws():
    for value in ("", "a", 3, None, "gone"):
        given = (value, {"class": "form-select", "id": "id_x", "required": True})
        quick, plain = (kind(choices=CHOICES).render("x", *given) for kind in (QuickSelect, forms.Select))
        assert tidy(quick) == tidy(plain), value


def test_groups_are_drawn_as_ever():
    grouped = [("甲", [("1", "一")]), ("2", "二")]
    assert "<optgroup" in QuickSelect(choices=grouped).render("x", "1")
