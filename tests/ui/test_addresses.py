"""An address that is made once is the one that Django makes each time."""

import datetime as dt
import uuid

import pytest
from django.http import Http404
from django.template import Context, Template
from django.test import override_settings
from django.urls import NoReverseMatch, reverse, set_script_prefix

from zhangfa.core.ids import uuid7
from zhangfa.ui.addresses import address, day_in, monday_in, month_in


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("claims:list", {}),
        ("claims:do", {"pk": uuid7(), "name": "arrive"}),
        ("claims:do", {"pk": uuid.uuid4(), "name": "arrive"}),
        ("records:copy", {"pk": 1}),
        ("records:copy", {"pk": 12_345}),
        ("policy:clause", {"clause": "CC-W1.5"}),
        ("policy:clause", {"clause": "甲 乙%"}),
    ],
)
def test_it_is_the_same_as_ever(name, kwargs):
    for _time in range(2):
        assert address(name, **kwargs) == reverse(name, kwargs=kwargs)
        written = "{% url '" + name + "' " + " ".join(f"{key}=given.{key}" for key in kwargs) + " %}"
        assert Template(written).render(Context({"given": kwargs})) == reverse(name, kwargs=kwargs)


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [("claims:nowhere", {}), ("records:copy", {"pk": -1}), ("records:copy", {"pk": "x"}), ("claims:do", {})],
)
def test_what_has_no_address_is_refused_each_time(name, kwargs):
    for _time in range(2):
        with pytest.raises(NoReverseMatch):
            address(name, **kwargs)


def test_a_house_behind_another_folder_has_its_own():
    plain = address("claims:list")
    set_script_prefix("/house/")
    try:
        assert address("claims:list") == f"/house{plain}"
    finally:
        set_script_prefix("/")
    assert address("claims:list") == plain


@override_settings(ROOT_URLCONF="allauth.urls")
def test_other_addresses_are_not_mixed_up():
    with pytest.raises(NoReverseMatch):
        address("claims:list")


def test_positional_keys_and_kept_addresses_are_djangos_own_business():
    pk = uuid7()
    given = Context({"pk": pk})
    assert Template("{% url 'records:copy' 5 %}").render(given) == reverse("records:copy", args=[5])
    assert Template("{% url 'claims:nowhere' as there %}[{{ there }}]").render(given) == "[]"


TODAY = dt.date(2026, 11, 30)


@pytest.mark.parametrize(
    ("read", "text", "day"),
    [
        (day_in, "2026-11-30", TODAY),
        (day_in, "2000-01-01", dt.date(2000, 1, 1)),
        (monday_in, "2026-11-30", TODAY),
        (month_in, "2026-11", dt.date(2026, 11, 1)),
    ],
)
def test_days_in_addresses(read, text, day):
    assert read(text, until=TODAY) == day


@pytest.mark.parametrize("read", [day_in, monday_in, month_in])
@pytest.mark.parametrize("text", ["", "x", "2026-13", "2026-11-31", "2026-12", "2026-12-07", "1999-12-27", "1999-12", "0001-01", "9999-12", "20261130", "2026-W49-1", "２０２６-11"])  # fmt: skip
def test_what_is_no_day_of_ours_is_nowhere(read, text):
    with pytest.raises(Http404):
        read(text, until=TODAY)


def test_another_day_of_the_week_is_no_monday():
    with pytest.raises(Http404):
        monday_in("2026-11-29", until=TODAY)


def test_without_a_limit_the_future_has_addresses_too():
    assert month_in("2100-12") == dt.date(2100, 12, 1)
    with pytest.raises(Http404):
        month_in("2101-01")
