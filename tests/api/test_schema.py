"""The description is valid OpenAPI 3.1, complete, and in the reader's language."""

import inspect

import jsonschema_rs
import pytest
import schemathesis
from django.test import Client
from django.urls import reverse
from ninja import Schema

from zhangfa.claims.models import Case, Settlement
from zhangfa.claims.web.forms import CASE_FORMS, SETTLEMENT_FORMS
from zhangfa.config.api import api
from zhangfa.core import transitions
from zhangfa.ui.api.house import schema

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def described():
    return schema(api)


# What was revealed must not stay among the answers that are kept for a repeated key; each look is logged anew.
UNKEPT = ("reveal_customer",)


def operations(described):
    return [(path, method, op) for path, methods in described["paths"].items() for method, op in methods.items()]


def test_the_description_is_valid_openapi(described):
    assert described["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(described).validate()


def test_every_operation_has_a_name_words_a_tag_and_errors(described):
    names = [op["operationId"] for _path, _method, op in operations(described)]
    assert len(names) == len(set(names)) > 60
    for path, method, op in operations(described):
        assert method in METHODS
        assert op["summary"] and op["tags"], path
        assert op["security"] == [{"Token": []}, {"Session": []}], path
        assert {"401", "403", "404", "422", "429"} <= set(op["responses"]), path
        if method != "get":
            assert {"400", "409", "413", "415"} <= set(op["responses"]), path
        if method != "get" and op["operationId"] not in UNKEPT:
            assert any(parameter["name"] == "Idempotency-Key" for parameter in op["parameters"]), path


def test_every_body_is_closed_and_well_formed(described):
    for path, _method, op in operations(described):
        for content in op.get("requestBody", {}).get("content", {}).values():
            assert content["schema"]["additionalProperties"] is False, path
            jsonschema_rs.validator_for(content["schema"])


def test_no_two_shapes_share_a_name():
    """The description knows shapes by their bare names: the second would stand for the first."""
    found: dict[str, set[str]] = {}
    waiting = list(Schema.__subclasses__())
    while waiting:
        shape = waiting.pop()
        waiting += shape.__subclasses__()
        if shape.__module__.startswith("zhangfa."):
            found.setdefault(shape.__name__, set()).add(shape.__module__)
    assert len(found) > 40
    assert not {name: modules for name, modules in found.items() if len(modules) > 1}


@pytest.mark.parametrize(
    ("model", "forms", "noun"), [(Case, CASE_FORMS, "case"), (Settlement, SETTLEMENT_FORMS, "settlement")]
)
def test_every_transition_is_an_operation_with_the_pages_form(described, model, forms, noun):
    names = {op["operationId"] for _path, _method, op in operations(described)}
    for step in transitions.registry(model):
        assert f"{noun}_{step.name}" in names
        asked = [
            p
            for p in inspect.signature(step.body).parameters.values()
            if p.kind is p.KEYWORD_ONLY and p.default is p.empty
        ]
        if {p.name for p in asked} - {"by", "at"}:
            assert step.name in forms, f"{step.name} needs values and has no form"


def test_the_description_is_open_and_speaks_both_languages():
    chinese = Client().get(reverse("interface:api-openapi"))
    english = Client(headers={"Accept-Language": "en"}).get(reverse("interface:api-openapi"))
    assert chinese.status_code == english.status_code == 200
    assert chinese.json()["paths"].keys() == english.json()["paths"].keys()
    assert chinese.json()["paths"]["/api/v1/cases"]["get"]["summary"] == "案件"


def test_the_docs_page_lists_every_operation_without_outside_scripts(house, described):
    client = Client()
    assert client.get("/api/v1/docs").status_code == 302
    client.force_login(house.user("op"))
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    text = page.content.decode()
    for _path, _method, op in operations(described):
        assert f'id="{op["operationId"]}"' in text
    assert "//cdn" not in text and "<script>" not in text
