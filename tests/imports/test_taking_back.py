"""A staff list taken back in a company that goes on working: what the house began by itself goes, what people did stays."""

import pytest

from tests.houses import MONDAY
from tests.imports.test_actions import staff
from tests.imports.workbooks import brought, checked, undone, written
from tests.regulations import stages as rules
from zhangfa.core.relations import pointers
from zhangfa.imports import actions, jobs
from zhangfa.imports.actions import engine
from zhangfa.imports.models import Result
from zhangfa.notices.actions import notify
from zhangfa.organisation.models import Holding, Person, Seat, Unit
from zhangfa.regulations.models import Receipt

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("X-5")]


def everything():
    return [model.objects.count() for model in (Unit, Seat, Person, Holding)]


def listed(house):
    data = staff(
        ["M1", "新店长", "13700002222", "home单位", "海曙店", "店长", "2023-5-1", "人sup"],
        ["W1", "新服务员", "13700001111", "home单位", "海曙店", "阿姨", "2024-5-1", "新店长"],
    )  # fmt: skip
    return written(house, checked(house, brought(house, data, "staff", by="am"), by="am"), by="am")


def begun(house):
    """As every evening: notices, and a rule in force to acknowledge."""
    rule = rules.in_force(house)
    for person in Person.objects.filter(no__in=("M1", "W1")):
        notify([person.pk], "orders.assigned", {"number": "D1"}, at=MONDAY)
        unit = person.holdings.get().seat.unit
        Receipt.objects.get_or_create(regulation=rule, person=person, defaults={"unit": unit, "asked_at": MONDAY})


def test_what_the_house_began_by_itself_goes_with_whom_it_was_for(house):
    before = everything()
    batch = listed(house)
    begun(house)
    batch = undone(house, batch, by="am")
    assert (
        batch.counts == {"undone": 2}
        and everything() == before
        and not Receipt.objects.filter(person__no__in=("M1", "W1"))
    )


def test_a_line_stays_whole_and_what_it_stands_on_stays_with_it(house):
    before = everything()
    batch = listed(house)
    begun(house)
    Receipt.objects.filter(person__no="W1").update(at=MONDAY)
    batch = undone(house, batch, by="am")
    assert batch.status == "undone" and batch.counts == {"kept": 2}, (
        "the worker acknowledged; outlet and manager carry the worker"
    )
    assert [now - then for now, then in zip(everything(), before, strict=True)] == [1, 2, 2, 2]
    assert Result.objects.filter(batch=batch, undone_at=None, n=1).count() == 4


def test_columns_without_a_name_on_this_side_are_known(house):
    known = {f"{one.related_model._meta.label_lower}.{one.field.name}" for one in pointers(Unit)}
    assert {"regulations.receipt.unit", "records.record.department", "organisation.seat.unit"} <= known


def test_a_failure_that_nobody_foresaw_is_said_on_the_import(house, monkeypatch):
    batch = checked(house, brought(house, staff(["M1", "新店长", "", "home单位", "海曙店", "店长", "", ""]), "staff", by="am"), by="am")  # fmt: skip
    actions.apply(batch, by=house.actor("am"), at=MONDAY)
    broken = {**engine.STEPS, batch.Status.APPLYING: lambda *facts: 1 / 0}
    monkeypatch.setattr(engine, "STEPS", broken)
    with pytest.raises(ZeroDivisionError):
        jobs.carry_on.func(batch.pk)
    batch.refresh_from_db()
    assert "系统会自动再试" in batch.trouble and batch.status == "applying"
    monkeypatch.undo()
    jobs.carry_on.func(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.trouble) == ("applied", "")
