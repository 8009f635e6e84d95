"""An address that is made once is the one that Django makes each time."""

import uuid

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.urls import NoReverseMatch, reverse, set_script_prefix

from zhangfa.core.ids import uuid7
from zhangfa.ui.addresses import address


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
