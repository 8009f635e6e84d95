"""What is wrong with the chart is found; the demo company is sound and the same for the same seed."""

import datetime as dt
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.organisation import chart, demo, queries
from zhangfa.organisation.actor import actor_for, actor_for_person
from zhangfa.organisation.demo import names
from zhangfa.organisation.doctor import data_problems
from zhangfa.organisation.models import Absence, Holding, Person, Seat, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-5")]


def problems(at=MONDAY):
    return {(problem.code, problem.seat_id or problem.person_id) for problem in queries.chain_problems(at)}


def test_empty_seats_loops_and_doubles_are_found():
    house = House()
    assert problems() == {("no_second_decider", None)}
    house.name_second_decider("dgm")
    seats, people = house.seats, house.people
    Holding.objects.filter(seat=seats["op"]).update(to_on=clock.local_date(MONDAY) - dt.timedelta(days=1))
    assert problems() == {("empty_seat", seats["op"].pk)}
    Holding.objects.create(person=people["cs"], seat=seats["op"], from_on=clock.local_date(MONDAY))
    assert problems() == {("same_person_twice", seats["op"].pk)}
    Seat.objects.filter(pk=seats["hs"].pk).update(reports_to=seats["oa"])
    loops = {pk for code, pk in problems() if code == "reporting_loop"}
    assert loops == {seats[name].pk for name in ("hs", "sup", "oa", "oa2", "sw", "sw2")}


def test_the_second_holder_of_a_seat_is_compared_too():
    house = House()
    house.name_second_decider("dgm")
    today, seats, people = clock.local_date(MONDAY), house.seats, house.people
    # The superior's deputy on the same seat also sits below; the one who came first does not.
    Holding.objects.create(person=people["mk"], seat=seats["cs"], from_on=today)
    Holding.objects.create(person=people["mk"], seat=seats["op"], from_on=today)
    assert problems() == {("same_person_twice", seats["op"].pk)}


def test_failing_delegations_are_found():
    house = House()
    house.name_second_decider("dgm")
    span = {"from_at": MONDAY, "to_at": MONDAY + dt.timedelta(days=1)}
    cc, cc2, cm = (house.people[name] for name in ("cc", "cc2", "cm"))
    Absence.objects.create(person=cc, delegate=cc2, **span)
    Absence.objects.create(person=cc2, delegate=cc, **span)
    Absence.objects.create(person=cm, **span)
    assert problems() == {("delegation_loop", cc.pk), ("delegation_loop", cc2.pk), ("no_delegate", cm.pk)}
    assert problems(MONDAY + dt.timedelta(days=2)) == set()


def test_an_actor_costs_one_query():
    house = House()
    person = house.people["cs"]
    with CaptureQueriesContext(connection) as queries_made:
        actor_for_person(person, MONDAY)
    assert len(queries_made) == 1


def test_the_demo_company_is_sound_and_reproducible():
    built = demo.build(7, "small", MONDAY)
    assert (built.staff, built.workers, len(built.outlets)) == (65, 120, 6)
    assert Unit.objects.filter(kind="region").count() == 2
    assert set(built.accounts) == set(demo.ACCOUNTS)
    # The second decider is the policy's part of the demo.
    assert {code for code, _pk in problems()} == {"empty_seat", "no_second_decider"}
    for post in demo.ACCOUNTS:
        user = User.objects.get(username=post)
        assert actor_for(user, MONDAY).posts == {post} and user.check_password(demo.PASSWORD)
    people = list(Person.objects.order_by("no"))
    assert all(person.phone.startswith("154") and len(person.phone) == 11 for person in people)
    assert len({person.phone_hash for person in people}) == len(people)
    assert list(data_problems()) == []
    first = [person.name for person in Person.objects.order_by("pk")[:3]]
    assert first == _names_of(7) != _names_of(8)


def _names_of(seed):
    rng = random.Random(f"{seed}:organisation")
    found = []
    for _n in range(3):
        found.append(names.person(rng, 0.68))
        rng.expovariate(1 / 700)
    return found


def test_the_tree_costs_the_same_at_any_size():
    House()
    root = Unit.objects.get(kind="company")

    def cost():
        with CaptureQueriesContext(connection) as made:
            chart.tree(root, MONDAY)
        return len(made)

    before = cost()
    home = Unit.objects.get(code="home")
    for n in range(60):
        unit = Unit(kind="outlet", code=f"X{n}", name=f"网点{n}", parent=home)
        unit.place()
        unit.save()
    assert cost() == before
    top = chart.tree(root, MONDAY)
    assert next(node for node in top.children if node.unit == home).hidden == 62


def test_people_are_found_by_name_sound_number_and_phone():
    person = Person(no="Z7", name="欧阳晓敏", phone="15412345678")
    person.prepare()
    person.save()
    for typed in ("欧阳", "晓敏", "ouyang", "ouyangxiaomin", "oyxm", "Z7", "z7", "5678", "15412345678"):
        assert Person.objects.search(typed).get() == person, typed
    assert not Person.objects.search("guyang").exists()
    rare = Person(no="Z8", name="䶮喆")
    rare.prepare()
    rare.save()
    assert Person.objects.search("䶮").get() == Person.objects.search("yan").get() == rare


def test_the_doctor_finds_rows_that_no_action_wrote():
    house = House()
    assert list(data_problems()) == []
    Unit.objects.filter(code="east").update(department=house.units["facility"])
    Holding.objects.create(person=house.people["sw"], seat=house.seats["cs"], from_on=clock.local_date(MONDAY))
    User.objects.create_user("nobody", password="x")
    found = " ".join(data_problems())
    assert all(word in found for word in ("unit east", "workers' seats", "two holders", "belong to nobody"))
