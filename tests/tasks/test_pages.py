"""Tasks and problems as people see them, from the form to the accepted result."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.bench import bench
from tests.houses import MONDAY
from tests.tasks.works import WORDS, give
from zhangfa.core import clock
from zhangfa.tasks import actions
from zhangfa.tasks.models import Problem, Task

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-7")]


@pytest.fixture(autouse=True)
def today():
    with clock.at(MONDAY):
        yield


def signed_in(client, house, who):
    client.force_login(house.user(who))
    return client


def form(house, **more):
    return {**WORDS, "owner_seat": str(house.seats["oa"].pk), "due_at": "2026-03-05T18:00", **more}


def test_a_task_goes_its_way_in_the_browser(client, house):
    page = signed_in(client, house, "hs")
    assert page.get("/tasks/new/").status_code == 200
    answer = page.post("/tasks/new/", form(house))
    task = Task.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, task.get_absolute_url())
    mine = signed_in(client, house, "oa")
    assert WORDS["title"] in mine.get("/tasks/").content.decode() and WORDS["title"] in bench(mine)
    shown = mine.get(task.get_absolute_url()).content.decode()
    assert WORDS["standard"] in shown and f"{task.get_absolute_url()}do/report/" in shown
    mine.post(f"{task.get_absolute_url()}do/report/", {"text": "公示牌已更换，照片已上传"})
    page = signed_in(client, house, "hs")
    assert "请验收" in bench(page)
    page.post(f"{task.get_absolute_url()}do/accept/", {"opinion": "很好"})
    task.refresh_from_db()
    assert (task.status, task.opinion) == ("accepted", "很好")
    assert "100.0 %" in page.get("/tasks/tally/?since=2026-03-01&until=2026-03-31").content.decode()
    assert WORDS["title"] in page.get("/tasks/given/").content.decode()
    assert page.get(f"/records/{task.pk}/print.pdf").status_code == 200


@pytest.mark.clause("HS-W1.2")
def test_no_button_that_stands_out_takes_a_task_back(client, house):
    """Who gave the task may withdraw it; who has it is led to the report."""
    task = give(house)
    given = signed_in(client, house, "hs").get(task.get_absolute_url()).content.decode()
    mine = signed_in(client, house, "oa").get(task.get_absolute_url()).content.decode()
    assert "do/withdraw/" in given and "btn-primary" not in given.partition('id="status"')[2].partition("</header>")[0]
    assert "btn-primary" in mine.partition('id="status"')[2].partition("</header>")[0]


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(client, house):
    answer = signed_in(client, house, "hs").post("/tasks/new/", form(house, standard="好", due_at="2026-03-01T10:00"))
    text = answer.content.decode()
    assert answer.status_code == 422 and "没有结果标准不能布置任务" in text and "完成时间应在现在之后" in text
    assert WORDS["details"] in text and not Task.objects.exists()
    other = signed_in(client, house, "cs").post("/tasks/new/", form(house))
    assert other.status_code == 422 and "只能给下属岗位布置任务" in other.content.decode()


@pytest.mark.parametrize(("who", "status"), [("oa", 200), ("oa2", 404), ("cs", 404), ("am", 200), ("sw", 404)])
def test_outside_its_line_there_is_no_task(client, house, who, status):
    task = give(house)
    page = signed_in(client, house, who)
    assert page.get(task.get_absolute_url()).status_code == status
    assert page.get(f"/api/v1/tasks/{task.record.number}").status_code == status


def test_the_interface_says_the_same(client, house):
    page = signed_in(client, house, "hs")
    body = {**WORDS, "owner_seat": str(house.seats["oa"].pk), "due_at": "2026-03-05T18:00:00+08:00"}
    answer = page.post("/api/v1/tasks", body, content_type="application/json")
    assert (answer.status_code, answer.json()["owner_name"], answer.json()["outcome"]) == (201, "人oa", "open")
    refused = page.post("/api/v1/tasks", {**body, "standard": "好"}, content_type="application/json")
    assert (refused.status_code, refused.json()["refusals"][0]["code"]) == (409, "task.standard")
    key = answer.json()["number"]
    step = page.post(f"/api/v1/tasks/{key}/transitions/report", {"text": "已经完成"}, content_type="application/json")
    assert (step.status_code, step.json()["refusals"][0]["code"]) == (409, "task.owner")
    assert page.get("/api/v1/tasks").json()["items"][0]["number"] == key


@pytest.mark.clause("HS-W1.2")
def test_a_problem_is_raised_and_made_into_a_task(client, house):
    page = signed_in(client, house, "oa")
    assert "east单位" in page.get("/problems/new/").content.decode()
    page.post("/problems/new/", {"outlet": str(house.units["east"].pk), "kind": "tools", "text": "洗衣机坏了三天"})
    problem = Problem.objects.get()
    assert page.get(problem.get_absolute_url()).status_code == 200
    page = signed_in(client, house, "hs")
    assert "洗衣机坏了三天" in bench(page)
    address = f"{problem.get_absolute_url()}do/make_task/"
    assert "洗衣机坏了三天" in page.get(address).content.decode()
    page.post(address, {**WORDS, "seat": str(house.seats["oa"].pk), "due_at": "2026-03-05T18:00"})
    problem.refresh_from_db()
    assert (
        problem.status == "tasked"
        and problem.task.record.number in page.get(problem.get_absolute_url()).content.decode()
    )
    assert "洗衣机坏了三天" in page.get(problem.task.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("who", "address", "most"),
    [("oa", "/tasks/", 12), ("hs", "/tasks/given/", 12), ("hs", "/tasks/all/", 12), ("hs", "/tasks/tally/", 10), ("hs", "/problems/", 12)],
)  # fmt: skip
def test_a_page_costs_the_same_however_many_tasks_there_are(client, house, who, address, most):
    page = signed_in(client, house, who)

    def more(count):
        for _time in range(count):
            give(house)
            actions.raise_problem(
                outlet=house.units["east"], kind="tools", text="洗衣机坏了", by=house.actor("oa"), at=MONDAY
            )

    def cost():
        page.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert page.get(address).status_code == 200
        return sum(is_counted(query["sql"]) for query in seen.captured_queries)

    more(2)
    few = cost()
    more(10)
    assert cost() == few <= most


def test_days_beyond_the_calendar_are_a_message(client, house):
    page = signed_in(client, house, "hs")
    assert page.get("/tasks/tally/?since=2026-03-02&until=2026-03-01").status_code == 200
    answer = page.post("/tasks/new/", form(house, due_at="9999-12-31T23:59"))
    assert answer.status_code == 422
