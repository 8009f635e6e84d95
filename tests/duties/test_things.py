"""Whatever an occurrence is about, a page can say what it is known by and where it is done."""

import pytest
from django.apps import apps

from tests.houses import MONDAY
from zhangfa.duties.models import Occurrence
from zhangfa.duties.things import address, number_on

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-1")]
PAPER = "0199b0a2-7c1e-7000-8000-000000000001"
KEYS = (
    "seat", "company", "person:3", "unit:4:2026-03-02", "unit:None:None", f"record:{PAPER}", f"record:{PAPER}/2", f"account:{PAPER}:2026-03",
    "order:5", "care.careplan:5", "administration.statutorydate:5", "administration.statutorydate:5/2026", "inspections.problem:5",
    "gone.model:5", "administration.statutorydate:", "administration.statutorydate:five", f"administration.statutorydate:{PAPER}", "orders.order:5/2",
)  # fmt: skip


def said(key):
    row = Occurrence(duty_id="D-XX-01.do.1", subject_key=key, period="2026", opened_at=MONDAY, due_at=MONDAY)
    return number_on(row), address(row)


@pytest.mark.parametrize("key", KEYS)
def test_every_shape_of_key_has_a_number_and_an_address(key):
    number, where = said(key)
    assert number and where.startswith("/")


@pytest.mark.parametrize("model", [m for m in apps.get_models() if m.__module__.startswith("zhangfa.")], ids=str)
@pytest.mark.parametrize("ending", ["", "/2026"])
def test_a_key_may_name_any_thing_and_a_turn_of_it(model, ending):
    for pk in ("5", PAPER):
        number, where = said(f"{model._meta.label_lower}:{pk}{ending}")
        assert number and where.startswith("/")


def test_a_turn_of_a_thing_leads_to_the_thing():
    assert said("administration.statutorydate:5/2026") == said("administration.statutorydate:5")
