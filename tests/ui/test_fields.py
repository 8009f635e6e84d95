"""What a field says when something is wrong: in the words of the trade, with the figures."""

import datetime as dt
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
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


class Figures(forms.Form):
    amount = forms.MoneyField()
    count = forms.WholeField()
    day = forms.DateField()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"amount": "九百"}, "amount", ["请填写数字。"]), ({"amount": "1.005"}, "amount", ["小数最多 2 位。"]),
        ({"amount": "9" * 20}, "amount", ["不能大于 9999999999.99。", "最多 12 位数字。"]), ({"count": "两个"}, "count", ["请填写整数。"]),
        ({"day": "昨天"}, "day", ["请填写日期，例如 2026-03-02。"]),
    ],
)  # fmt: skip
def test_what_is_no_figure_is_said_in_whole_sentences(typed, field, said):
    with translation.override("zh-hans"):
        assert Figures({"amount": "3", "count": "1", "day": "2026-03-02", **typed}).errors[field] == said


@pytest.mark.django_db
@pytest.mark.clause("X-3")
def test_long_text_pasted_into_every_box_is_answered_beside_the_boxes(client, django_user_model):
    """Nine bytes a sign on the way: 40,000 Chinese signs in eight boxes are told to be shortened, not turned away."""
    # How often somebody may change a password is counted in the cache, which knows this key from other tests.
    cache.clear()
    client.force_login(django_user_model.objects.create_user("someone", password="rice-field-42"))
    sent = {f"box_{n}": "长" * 40_000 for n in range(8)}
    body = urlencode({**sent, "oldpassword": "x"})
    answer = client.post("/accounts/password/change/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    over = client.post(
        "/accounts/password/change/", body * 4, content_type="application/x-www-form-urlencoded",
        headers={"accept-language": "zh-hans"},
    )  # fmt: skip
    assert over.status_code == 400
    assert "内容太长" in over.content.decode()


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
