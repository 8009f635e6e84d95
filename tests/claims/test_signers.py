"""Who signs 《事故理赔处理表》 where seats are empty or one person would sign twice (CC-W1.7, domain.md A-22, A-41, A-54)."""

import datetime as dt

import pytest

from tests.claims import stages
from tests.houses import MONDAY
from zhangfa.claims import actions
from zhangfa.claims.actions.paying import signers_of
from zhangfa.claims.models import Case
from zhangfa.organisation.models import Holding, Person, Seat
from zhangfa.records.models import Copy

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CC-W1.7")]


def names(house, case):
    by = {person.pk: name for name, person in house.people.items()}
    return {role: by.get(person) for role, person in signers_of(case, MONDAY)}


def leave(house, *seats):
    """These seats are empty since February."""
    empty = Holding.objects.filter(seat__in=[house.seats[name] for name in seats])
    empty.update(to_on=dt.date(2026, 2, 1))


@pytest.mark.parametrize(
    ("empty", "manager", "outlet"),
    [
        ((), "hs", "oa"), (("hs",), "dgm", "oa"), (("sup",), "hs", "oa"), (("oa",), "hs", "sup"), (("oa", "sup"), "hs", "dgm"),
        (("hs", "oa", "sup"), "dgm", "gm"),
    ],
)  # fmt: skip
def test_a_specialists_form_is_signed_for_from_above_and_by_nobody_twice(house, empty, manager, outlet):
    case = stages.accident(house, "assessed")
    leave(house, *empty)
    assert names(house, case) == {"handler": "cc", "worker": "sw", "manager": manager, "outlet": outlet}


@pytest.mark.parametrize(
    ("empty", "manager", "outlet"), [((), "hs", "sup"), (("sup",), "hs", "dgm"), (("hs",), "dgm", "sup"), (("hs", "sup"), "dgm", "gm")]
)  # fmt: skip
def test_what_the_outlet_handled_is_countersigned_by_the_supervisor_or_above(house, empty, manager, outlet):
    case = stages.outlet_accident(house, "assessed")
    leave(house, *empty)
    assert names(house, case) == {"handler": "oa", "worker": "sw", "manager": manager, "outlet": outlet}


def test_the_supervisor_above_the_outlet_countersigns_not_just_any(house):
    case = stages.outlet_accident(house, "assessed")
    second = Seat.objects.create(post_id="sup", unit=house.units["home"], reports_to=house.seats["hs"])
    house.people["second"] = person = Person(no="T900", name="第二位主管", kind="staff")
    person.prepare()
    person.save()
    Holding.objects.create(person=person, seat=second, from_on=dt.date(2026, 1, 1))
    Seat.objects.filter(pk=house.seats["oa"].pk).update(reports_to=second)
    assert names(house, case)["outlet"] == "second"
    # An outlet right below the manager: one of the department's supervisors, not the manager a second time.
    Seat.objects.filter(pk=house.seats["oa"].pk).update(reports_to=house.seats["hs"])
    assert names(house, case)["outlet"] == "sup"


@pytest.mark.parametrize("estimate", ["300", "1800"])
def test_an_accident_at_a_site_finds_its_four(house, estimate):
    house.customer = house.make_customer("园区物业", outlet="site")
    house.order = house.make_order(house.customer)
    case = house.to_assessed(house.report(estimate, unit=house.units["site"]), price="300")
    assert Copy.objects.filter(record=case.survey.record, person=house.people["sl"]).exists() is (estimate == "1800")
    made = house.propose(case, "300")
    made = actions.accept(
        made, by=house.actor(house.handler_of(case)), at=MONDAY, amount=made.total, content="同意", payee="物业"
    )
    made = actions.fill_form(made, by=house.actor(house.handler_of(case)), at=MONDAY, **stages.form())
    expected = {"handler": "sl", "outlet": "dgm"} if estimate == "300" else {"handler": "cc", "outlet": "sl"}
    assert names(house, Case.objects.get()) == {"worker": "sw", "manager": "ls"} | expected
    assert stages.signed(house, made).status == "signed"


@pytest.mark.clause("CC-W1.4")
def test_above_an_empty_managers_seat_the_form_has_its_reader(house):
    leave(house, "hs")
    case = stages.accident(house, "registered")
    assert Copy.objects.filter(record=case.survey.record, person=house.people["dgm"]).exists()
    assert Copy.objects.filter(record=case.survey.record, person=house.people["oa"]).exists()
