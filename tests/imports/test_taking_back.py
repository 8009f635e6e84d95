"""A staff list taken back in a company that goes on working: what the house began by itself goes, what people did stays."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.houses import MONDAY
from tests.imports.test_actions import staff
from tests.imports.workbooks import brought, checked, undone, work_off, written
from tests.regulations import stages as rules
from zhangfa.core import clock
from zhangfa.core.relations import pointers
from zhangfa.customers.models import Customer
from zhangfa.imports import actions, jobs
from zhangfa.imports.actions import engine
from zhangfa.imports.models import Result
from zhangfa.imports.queries import hindering
from zhangfa.imports.tables import TABLES
from zhangfa.imports.targets import TARGETS
from zhangfa.notices.actions import notify
from zhangfa.organisation.actions import people
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


def taken_back_in(house, count):
    """How many statements the taking back of so many new outlets with their managers takes, all of one chunk."""
    rows = [[f"N{count}{n}", f"店长{count}{n}", "", "home单位", f"新店{count}{n}", "店长", "2023-5-1", ""] for n in range(count)]  # fmt: skip
    batch = written(
        house, checked(house, brought(house, staff(*rows), "staff", by="am", name=f"{count}.xlsx"), by="am"), by="am"
    )
    planned = work_off(actions.plan_undo(batch, by=house.actor("am"), at=MONDAY))
    actions.undo(planned, by=house.actor("am"), at=MONDAY)
    with CaptureQueriesContext(connection) as asked:
        actions.step(batch.pk, at=MONDAY)
    assert not Person.objects.filter(no__startswith=f"N{count}").exists()
    return len(asked)


def test_a_chunk_is_taken_back_by_as_many_statements_for_many_as_for_few(house):
    assert taken_back_in(house, 19) == taken_back_in(house, 2) <= 400


def taken_back_while(house, monkeypatch, happens):
    """The list taken back, with what happens between the looking and the removing."""
    batch = work_off(actions.plan_undo(listed(house), by=house.actor("am"), at=MONDAY))
    actions.undo(batch, by=house.actor("am"), at=MONDAY)
    look, worker = engine.queries.why_stuck, Person.objects.get(no="W1")

    def look_and_then(results, batch):
        found = look(results, batch)
        happens(worker)
        return found

    monkeypatch.setattr(engine.queries, "why_stuck", look_and_then)
    return work_off(batch), worker


@pytest.mark.django_db(transaction=True)
def test_whom_somebody_begins_to_use_between_the_looking_and_the_removing_stays(house, monkeypatch):
    def named(worker):
        Customer.objects.filter(pk=house.customer.pk).update(account_manager=worker)

    batch, worker = taken_back_while(house, monkeypatch, named)
    assert batch.status == "undone" and batch.counts == {"kept": 2} and not batch.trouble
    assert Customer.objects.get(pk=house.customer.pk).account_manager == worker


@pytest.mark.django_db(transaction=True)
def test_whom_somebody_changes_between_the_looking_and_the_removing_stays(house, monkeypatch):
    def changed(worker):
        if worker.phone != "13700009999":
            worker.phone = "13700009999"
            people.edit(Person.objects.get(pk=worker.pk), phone=worker.phone, by=house.actor("am"), at=MONDAY)

    batch, _worker = taken_back_while(house, monkeypatch, changed)
    assert batch.status == "undone" and batch.counts == {"kept": 2}


@pytest.mark.parametrize("label", sorted({label for target in TARGETS.values() for label in target.labels}))
def test_whatever_may_hold_a_row_has_a_word_that_people_use(label):
    missing = {one.related_model._meta.label_lower for one in hindering(label)} - TABLES.keys()
    assert not missing and label in TABLES
    assert all(apps.get_model(name) for name in TABLES), "no word for what is there no more"


def test_what_stays_is_called_by_its_name(client, house):
    batch = listed(house)
    Customer.objects.filter(pk=house.customer.pk).update(account_manager=Person.objects.get(no="W1"))
    work_off(actions.plan_undo(batch, by=house.actor("am"), at=MONDAY))
    client.force_login(house.user("am"))
    with clock.at(MONDAY):
        page = client.get(f"/imports/{batch.pk}/stuck/").content.decode()
    assert "人员 新服务员" in page and "已被使用：客户" in page and f'href="/imports/{batch.pk}/"' in page


def test_the_day_somebody_left_goes_and_comes_back_with_the_list(house):
    """Told with the making of who is new, filled in at who is known: neither is a change made since."""
    known = people.add(
        no="K1", name="老服务员", kind="worker", joined_on=dt.date(2020, 1, 1), by=house.actor("am"), at=MONDAY
    )
    data = staff(
        ["K1", "老服务员", "", "home单位", "", "阿姨", "", ""], ["W9", "离职的", "", "home单位", "", "阿姨", "2022-5-1", ""]
    )  # fmt: skip
    batch = brought(house, data, "staff", by="am")
    batch = written(
        house, checked(house, batch, by="am", constants={"left_on": "2026-01-31"}, on_known="fill"), by="am"
    )
    assert batch.counts == {"applied": 2}, list(batch.rows.values_list("state", "issues"))
    assert set(Person.objects.filter(no__in=("K1", "W9")).values_list("left_on", flat=True)) == {dt.date(2026, 1, 31)}
    batch = undone(house, batch, by="am")
    assert batch.counts == {"undone": 2}
    known.refresh_from_db()
    assert known.left_on is None and not Person.objects.filter(no="W9").exists()


def test_who_still_sits_somewhere_can_t_have_left_by_the_list(house):
    """Said at the check: the writing comes to no stop at it."""
    sup = house.people["sup"]
    row = [sup.no, sup.name, "", "home单位", "", "部门主管", "", ""]
    batch = brought(house, staff(row, ["W9", "新来的", "", "home单位", "", "阿姨", "2022-5-1", ""]), "staff", by="am")
    batch = checked(house, batch, by="am", constants={"left_on": "2026-01-31"}, on_known="fill")
    assert batch.counts == {"wrong": 1, "ready": 1}
    assert [issue["field"] for issue in batch.rows.get(state="wrong").issues] == ["left_on"]
    assert written(house, batch, by="am").counts == {"wrong": 1, "applied": 1}
