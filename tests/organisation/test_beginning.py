"""A new company is led from nothing to its first accident, and left in peace once its people are there."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.houses import MONDAY, PASSWORD, House
from zhangfa.administration.actions.files import install_statutory, remind
from zhangfa.core import clock
from zhangfa.duties.actions.clockwork import generate
from zhangfa.duties.models import Occurrence
from zhangfa.organisation.actions import founding, people
from zhangfa.organisation.actor import actor_for, actor_for_person, system_actor
from zhangfa.organisation.models import Holding, Unit, User
from zhangfa.organisation.web import beginning

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-4")]


@pytest.fixture(autouse=True)
def forgotten():
    cache.clear()
    yield
    cache.clear()


def titles(actor):
    return [str(item.title) for item in beginning.todo(actor, MONDAY)]


def test_the_founder_reads_what_comes_first_on_an_empty_desk():
    with clock.at(MONDAY):
        made = founding.found(
            name="新居家政", administrator="root", password="Kaishi-2026", manager_name="王小明", at=MONDAY
        )
        client = Client()
        client.force_login(made.administrator)
        said = client.get("/").content.decode()
    assert "设立部门和网点" in said and "安排任职" in said
    assert "投诉与客户维护专员" in said and "行政部经理" not in said.split("还没有人任职")[1].split("。")[0]
    assert titles(actor_for_person(made.manager, MONDAY)) == ["设立部门和网点", "安排任职"]
    Unit.objects.filter(pk=made.root.pk).update(kind="outlet")
    assert titles(actor_for_person(made.manager, MONDAY)) == ["安排任职"]


def test_somebody_without_a_seat_says_to_whom_keeps_the_chart_where_seats_are_given():
    with clock.at(MONDAY):
        house = House()
        new = people.add(no="T777", name="陈小满", by=system_actor("test", MONDAY), at=MONDAY)
        hint, pages = "到“组织机构”里打开席位，点“安排任职”", {}
        for name in ("am", "op"):
            client = Client()
            client.force_login(house.user(name))
            pages[name] = client.get(f"{new.get_absolute_url()}?part=holdings").content.decode()
    assert "没有任职。" in pages["am"] and f'<a href="/org/">{hint}</a>' in pages["am"]
    assert hint not in pages["op"]


def test_who_holds_a_post_and_cannot_sign_in_is_named_to_the_administrator():
    with clock.at(MONDAY):
        house = House()
        founder = User.objects.create_user("root", password=PASSWORD, is_technical=True)
        assert titles(actor_for(founder, MONDAY)) == ["开通登录账号"]
        assert titles(house.actor("am")) == []
        cache.clear()
        for name in ("gm", "am", "cs", "cc", "op", "hs", "oa", "fin"):
            house.user(name)
        assert titles(actor_for(founder, MONDAY)) == []
        Holding.objects.filter(seat__post="fin").delete()
        cache.clear()
        assert titles(house.actor("am")) == ["安排任职"]


def test_once_complete_the_desk_pays_nothing_for_it():
    with clock.at(MONDAY):
        house = House()
        actor = house.actor("am")
        assert titles(actor) == [] == titles(house.actor("oa"))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert titles(actor) == []
        assert not seen.captured_queries


@pytest.mark.clause("X-1")
def test_a_company_that_begins_late_in_the_year_owes_nothing_that_ran_out_before_it():
    late = dt.datetime(2026, 11, 30, 22, 11, tzinfo=clock.TZ)
    with clock.at(late):
        founding.found(name="新居家政", administrator="root", password="Kaishi-2026", manager_name="王小明", at=late)
        install_statutory()
        generate(late)
        remind(by=system_actor("administration", late), at=late)
    owed = Occurrence.objects.order_by("due_at")
    assert owed.exists() and not owed.filter(due_at__lte=late).exists(), list(owed.values_list("duty_id", "due_at"))
