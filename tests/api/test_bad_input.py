"""What programs send into the steps of a case: nonsense, wrong types, rare names; answered in words, nothing changed, no fault."""

import datetime as dt
import json
import random
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db.models import Model

from tests.houses import MONDAY
from tests.input import values
from tests.input.test_case_forms import STEPS, rows, step
from tests.permissions.tables import quiet, undone
from zhangfa.claims.web.forms import CASE_FORMS, SETTLEMENT_FORMS
from zhangfa.core import clock

FORMS = {**CASE_FORMS, **SETTLEMENT_FORMS}
# What no form can send: a program may.
TYPES = (None, True, 0, -1, 2.5, 2**70, [], [None], ["x"], {}, {"a": {"b": []}}, [[["x"]]])
TRIED = (*(value for value in values.EVERYTHING if value != values.LONE), *TYPES)


def plain(value):
    """A step's parameter as JSON carries it."""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def wrong_with(answer, before, sent):
    if answer.status_code not in (200, 201, 409, 422):
        return [(answer.status_code, sent)]
    if answer.status_code < 300:
        return []
    body = json.loads(answer.content)
    found = [("changed", sent)] if rows() != before else []
    said = [refusal["text"] for refusal in body.get("refusals", ())]
    said += [text for texts in body.get("fields", {}).values() for text in texts]
    if not said or not all(values.CHINESE.search(text) for text in said):
        found.append(("says nothing", sent, body))
    return found


def tried(caller, who, path, good, fields, draw):
    """Values in every field at once, then single ones with the rest as a careful program sends it; all of them with a large ZHANGFA_FUZZ."""
    bodies = [dict.fromkeys(fields, value) for value in draw.sample(TRIED, min(len(TRIED), 3 * values.EXAMPLES))]
    bodies += [good | {field: value} for field in fields for value in draw.sample(TRIED, max(1, values.EXAMPLES // 6))]
    found, known = [], caller(who)
    for body in [{}, *bodies]:
        cache.clear()  # calls are counted by the minute, and the clock stands still

        def call(body=body):
            before = rows()
            answer = known.post(path, body)
            return wrong_with(answer, before, str(body)[:200])

        found += undone(call)
    return found


@pytest.mark.parametrize("name", STEPS)
def test_a_step_answers_whatever_a_program_sends(caller, house, name):
    with clock.at(MONDAY), quiet():
        address, who, good = step(house, name)
        fields = sorted({*FORMS[name].base_fields, *good})
        path = address.replace("/do/", "/transitions/").rstrip("/")
        given = {key: plain(value) for key, value in good.items()}
        found = tried(caller, who, path, given, fields, random.Random(f"{values.SEED}{name}"))
    assert not found, "\n".join(map(str, found[:20]))


@pytest.mark.parametrize("kind", ["accident", "complaint"])
def test_a_report_answers_whatever_a_program_sends(caller, reported, kind):
    good = (
        reported()
        | {"severity": "minor"}
        | ({"kind": "complaint", "category": "quality"} if kind == "complaint" else {})
    )
    with clock.at(MONDAY), quiet():
        found = tried(caller, "op", "/cases", good, sorted(good), random.Random(f"{values.SEED}{kind}"))
    assert not found, "\n".join(map(str, found[:20]))
