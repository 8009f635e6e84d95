"""A trial of other 2:8 figures: asked, reckoned by the worker, kept with the instant it stands on; nothing else changes (CS-D4)."""

import datetime as dt
import json
from typing import Any

import pytest

from tests.reports.test_pages import NOON, draw, house, sign_in  # noqa: F401
from zhangfa.core import clock
from zhangfa.customers.models import CustomerClass
from zhangfa.reports import actions, trials
from zhangfa.reports.models import Trial
from zhangfa.runtime import queue, tokens

pytestmark = [pytest.mark.clause("CS-D4"), pytest.mark.postgres]
ASKED = {
    "share": "40", "months": "6", "key_amount": "1000", "loyal_orders": "2", "satisfaction": "3", "years": "1", "plan_months": "3", "month": "2026-02",
}  # fmt: skip


def test_asked_reckoned_beside_the_page_and_kept(house: Any, client: Any) -> None:  # noqa: F811
    draw(house)
    before = CustomerClass.objects.count()
    sign_in(client, house, "cs")
    answer = client.post("/reports/trial/", ASKED)
    assert answer.status_code == 303
    trial = Trial.objects.get()
    assert answer["Location"] == f"/reports/trial/{trial.pk}/" and trial.state == "waiting"
    waiting = client.get(answer["Location"]).content.decode()
    assert "progress" in waiting and "按试算" not in waiting and "等待计算" in waiting
    bar = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "progress"}
    assert "every 1500ms" in client.get(answer["Location"], **bar).content.decode()
    assert client.post("/reports/trial/", ASKED)["Location"] == answer["Location"], "the same question is asked once"

    with clock.at(NOON + dt.timedelta(minutes=5)):
        queue.drain(clock.now())
    trial.refresh_from_db()
    assert trial.state == "done" and trial.percent == 100 and trial.as_of == NOON + dt.timedelta(minutes=5)
    assert client.get(answer["Location"], **bar)["HX-Refresh"] == "true"
    page = client.get(answer["Location"]).content.decode()
    assert "按试算" in page and "数据截至" in page and "2026-03-02 12:05" in page and "20% → " not in page
    assert "我的试算" in client.get("/reports/trial/").content.decode()
    assert CustomerClass.objects.count() == before, "a trial changes no class"

    limits = trials.replace(actions.trying.facts.limits_at(NOON)[0], **{**trial.asked, "share": 40})
    assert trial.result == trials.compare(202602, limits, NOON, prefer="database")


def test_an_answer_appears_whole_or_not_at_all(house: Any, client: Any, monkeypatch: Any) -> None:  # noqa: F811
    sign_in(client, house, "cs")
    client.post("/reports/trial/", ASKED)
    trial = Trial.objects.get()

    def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(trials, "compare", broken)
        queue.drain(clock.now())
    trial.refresh_from_db()
    assert trial.state == "broken" and not trial.result
    assert "没有算成" in client.get(trial.get_absolute_url()).content.decode()
    actions.carry_trial(trial.pk, at=NOON, prefer="database")
    trial.refresh_from_db()
    assert trial.state == "done" and trial.result["moves"]


def test_who_may_and_what_is_typed(house: Any, client: Any) -> None:  # noqa: F811
    sign_in(client, house, "cs")
    for wrong in ({"month": "2030-01"}, {"month": "x"}, {"share": "0x"}, {"months": "99"}):
        assert client.post("/reports/trial/", {**ASKED, **wrong}).status_code == 422, wrong
    assert not Trial.objects.exists()
    client.post("/reports/trial/", ASKED)
    sign_in(client, house, "oa")
    assert client.get(f"/reports/trial/{Trial.objects.get().pk}/").status_code == 403
    assert client.get("/reports/trial/").status_code == 403
    assert actions.drop_trials(NOON + dt.timedelta(days=91)) == 1


def test_another_program_asks_and_fetches_the_answer(house: Any, client: Any) -> None:  # noqa: F811
    """The same form, the same refusals at /api/v1; customers outside the reader's scope stand in no answer."""

    def call(who: str, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {tokens.issue(house.user(who), at=NOON)}"}
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return client.generic(method, f"/api/v1{path}", headers=headers, **data)

    draw(house)
    body = {
        name: int(value) if value.isdigit() and name not in ("share", "key_amount") else value
        for name, value in ASKED.items()
    }
    made = call("cs", "POST", "/trials", body)
    assert made.status_code == 201 and (made.json()["state"], made.json()["result"]) == ("waiting", {})
    assert call("cs", "POST", "/trials", {**body, "months": 99}).status_code == 422
    assert call("cs", "POST", "/trials", {**body, "month": "2030-01"}).status_code == 422
    assert call("oa", "POST", "/trials", body).status_code == call("oa", "GET", "/trials").status_code == 403
    queue.drain(clock.now())
    one = f"/trials/{made.json()['id']}"
    told = call("gm", "GET", one).json()
    assert (told["state"], told["percent"]) == ("done", 100) and told["result"] == Trial.objects.get().result
    assert [row["id"] for row in call("cs", "GET", "/trials").json()["items"]] == [told["id"]]
    assert call("cs", "GET", "/trials/999999").status_code == 404 and call("oa", "GET", one).status_code == 403
