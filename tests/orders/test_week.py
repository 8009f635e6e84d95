"""A week of one worker: their orders by day, what waits at the outlet, a tap sends it to them (HS-W3, HS-W1.7)."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.houses import MONDAY, House
from tests.orders import stages
from zhangfa.core import clock
from zhangfa.orders.models import Order
from zhangfa.organisation.models import Absence

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W3"), pytest.mark.clause("HS-W1.7"), pytest.mark.postgres]


@pytest.fixture
def house() -> Any:
    with clock.at(MONDAY):
        house = House()
        stages.with_papers(house, "sw")
        yield house


def page_of(client: Any, house: House, who: str = "oa", worker: str = "sw", day: str = "2026-03-03") -> Any:
    client.force_login(house.user(who))
    return client.get(f"/dispatch/workers/{house.people[worker].pk}/?day={day}")


def test_the_week_and_a_tap_that_sends_the_worker(client: Any, house: House) -> None:
    planned = stages.booked(house)
    day = clock.local_date(planned.served_from).isoformat()
    page = page_of(client, house, day=day).content.decode()
    link = f"/orders/{planned.pk}/do/assign/?back=week&amp;worker={house.people['sw'].pk}"
    assert link in page and "空闲" in page
    form = client.get(link.replace("&amp;", "&")).content.decode()
    assert f'value="{house.people["sw"].pk}" checked' in form or "checked" in form
    sent = client.post(link.replace("&amp;", "&"), {"worker": house.people["sw"].pk})
    assert sent.status_code == 303 and sent["Location"] == f"/dispatch/workers/{house.people['sw'].pk}/?day={day}"
    page = client.get(sent["Location"]).content.decode()
    assert planned.get_absolute_url() in page and "待派工" not in page.split('<ol class="week">')[1].split("</ol>")[0]
    board = client.get(f"/dispatch/?day={day}").content.decode()
    assert f"/dispatch/workers/{house.people['sw'].pk}/?day={day}" in board, "the board leads to the week"


def test_whoever_has_nothing_to_do_with_the_worker_finds_nothing(client: Any, house: House) -> None:
    assert page_of(client, house, "oa2").status_code == 404
    assert page_of(client, house, "sw").status_code == 403
    assert page_of(client, house, "op").status_code == 200
    assert page_of(client, house, "oa", worker="gm").status_code == 404
    assert page_of(client, house, "oa", day="x").status_code == 200


def test_days_away_are_said(client: Any, house: House) -> None:
    Absence.objects.create(person=house.people["sw"], from_at=MONDAY, to_at=MONDAY + dt.timedelta(days=1))
    assert "不在岗" in page_of(client, house).content.decode()


def test_statements_do_not_grow(client: Any, house: House) -> None:
    counts = []
    for n in (1, 6):
        for k in range(n):
            stages.booked(house, served_from=stages.NEXT + dt.timedelta(hours=3 * k + n))
        page_of(client, house)
        with CaptureQueriesContext(connection) as made:
            assert page_of(client, house).status_code == 200
        counts.append(len(made))
    assert counts[0] == counts[1] and Order.objects.count() > 6
