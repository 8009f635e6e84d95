"""What a field says when something is wrong: in the words of the trade, with the figures."""

import datetime as dt
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from zhangfa.core import clock
from zhangfa.ui import display, forms, words


class Sample(forms.Form):
    note = forms.TextField(max_length=5, min_length=2)
    amount = forms.MoneyField(minimum=Decimal(1))


@pytest.mark.parametrize(
    ("language", "typed", "field", "said"),
    [
        ("zh-hans", {"note": "一二三四五六"}, "note", "最多 5 个字，现在有 6 个，请缩短。"),
        ("en", {"note": "一二三四五六"}, "note", "At most 5 characters; now there are 6. Please shorten it."),
        ("zh-hans", {"note": "一"}, "note", "至少 2 个字，现在只有 1 个。"),
        ("zh-hans", {"amount": "0.5"}, "amount", "不能小于 1。"),
        ("en", {"amount": "0.5"}, "amount", "Not less than 1."),
    ],
)
def test_bounds_are_said_in_plain_words(language, typed, field, said):
    with translation.override(language):
        assert Sample({"note": "好的", "amount": "3", **typed}).errors[field] == [said]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Decimal("1500.00"), "1,500"), (Decimal("1499.99"), "1,499.99"), ("1500.00", "1,500"), ("1800000.50", "1,800,000.50"),
        ("-20.00", "-20"), ("20.5", "20.5"), ("1.005", "1.005"), ("F10-20260302-001", "F10-20260302-001"), (4, 4), (Decimal("20"), "20"),
    ],
)  # fmt: skip
def test_amounts_stand_in_sentences_as_people_write_them(given, said):
    assert words.fill("%(sum)s 元", {"sum": given}) == f"{said} 元"


def test_a_hint_that_says_what_somebody_wrote_is_text():
    """What is wrong with a row of a workbook stands under its field, in the workbook's own words."""

    class Hinted(forms.Form):
        name = forms.TextField(label="姓名", max_length=9, help_text="“<form action=/evil>” 看不懂")

    form = Hinted()
    html = str(render_to_string("ui/parts/field.html", {"field": form["name"], "label": "姓名"}))
    assert "<form" not in html and "&lt;form action=/evil&gt;" in html


def test_the_rules_of_a_password_stay_a_list(client, django_user_model, db):
    client.force_login(django_user_model.objects.create_user("someone", password="rice-field-42"))
    assert "<ul><li>" in client.get("/accounts/password/change/").content.decode()


def test_what_begins_at_midnight_begins_on_that_day():
    """A deadline at midnight is 24:00 of the day that ends; a beginning is the day that starts."""
    midnight = clock.day_start(dt.date(2026, 3, 2))
    now = midnight + dt.timedelta(days=100)
    assert "3月1日 24:00" in display.when(midnight, now)
    assert "3月2日<" in display.when(display.since(midnight), now)
    assert "3月2日 08:30" in display.when(display.since(midnight + dt.timedelta(hours=8.5)), now)
    assert display.since(None) is None
