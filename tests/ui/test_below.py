"""The further parts of the workbench: small, whole without scripts, and nobody else's."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.houses import MONDAY, House
from tests.tasks.works import give
from zhangfa.core import clock
from zhangfa.ui.web.views import BELOW

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-4")]
MOST = 9


def ask(house: House, name: str, part: str, **headers: str):
    client = Client()
    client.force_login(house.user(name))
    client.get("/")
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(f"/bench/{part}/", headers=headers)
    return answer, sum(is_counted(query["sql"]) for query in seen.captured_queries)


@pytest.mark.parametrize("part", BELOW)
def test_each_part_is_a_small_fragment_for_every_post(house: House, part: str):
    give(house)
    with clock.at(MONDAY):
        for name in house.seats:
            answer, statements = ask(house, name, part, **{"HX-Request": "true"})
            assert answer.status_code == 200 and f'id="below-{part}"' in answer.content.decode(), name
            assert statements <= MOST, (name, statements)


def test_a_task_stands_in_its_part_with_and_without_scripts(house: House):
    task = give(house)
    owner = next(name for name, person in house.people.items() if person.pk == task.owner_id)
    with clock.at(MONDAY):
        for headers in ({"HX-Request": "true"}, {}):
            answer, _statements = ask(house, owner, "tasks", **headers)
            assert task.title in answer.content.decode()
        other, _statements = ask(house, "net", "tasks")
        assert task.title not in other.content.decode()


def test_a_part_that_is_not_there_is_hidden(house: House):
    with clock.at(MONDAY):
        assert ask(house, "cs", "nothing")[0].status_code == 404
