"""Papers through the interface: signing, refusing, copies, print, decisions, published tables."""

import datetime as dt

import pytest

from tests.houses import MONDAY, PASSWORD
from tests.worlds import World
from zhangfa.administration.models import PolicyChange
from zhangfa.claims.models import Settlement
from zhangfa.core import clock
from zhangfa.policy.queries import figure
from zhangfa.records.models import Copy, Signature


@pytest.fixture
def world(db):
    with clock.at(MONDAY):
        return World()


@pytest.fixture
def ask(world, client):
    """`ask(who, method, path, body)`: status and body of the answer."""
    import json

    def call(who, method, path, body=None, at=MONDAY, **headers):
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        signed = {"Authorization": f"Bearer {world.tokens[who]}", **headers}
        with clock.at(at):
            answer = client.generic(method, f"/api/v1{path}", headers=signed, **data)
        is_json = answer["Content-Type"] == "application/json"
        return answer.status_code, answer.json() if is_json else answer.content

    return call


@pytest.mark.clause("CC-W1.7")
def test_a_form_is_signed_with_the_digest_that_was_read(world, ask):
    path = f"/records/{world.settled.pk}/signatures"
    found = ask("cc", "GET", path)[1]
    assert [role["role"] for role in found["items"]] == ["handler", "worker", "manager", "outlet"]
    way = {"signature": {"password": PASSWORD}}
    assert ask("cc", "POST", f"{path}/handler", {"signature": {"password": "wrong"}})[0] == 422
    assert ask("cc", "POST", f"{path}/handler", {**way, "seen": "0" * 64})[1]["refusals"][0]["code"] == "changed"
    assert ask("cs", "POST", f"{path}/handler", way)[0] == 409
    status, found = ask("cc", "POST", f"{path}/handler", {**way, "seen": found["seen"]})
    assert (status, found["items"][0]["state"], found["items"][0]["is_intact"]) == (200, "signed", True)
    assert ask("cc", "POST", f"{path}/handler", way)[1]["refusals"][0]["code"] == "not_waiting"
    assert ask("cc", "POST", f"{path}/nobody", way)[0] == 404


@pytest.mark.clause("A-22")
def test_a_refusal_to_sign_needs_a_witness_and_a_reason(world, ask):
    path = f"/records/{world.settled.pk}/signatures/worker/refusal"
    assert ask("sw", "POST", path, {"reason": "不同意这样写"})[0] == 409
    assert ask("oa", "POST", path, {"reason": "本人认为责任不在自己"})[0] == 200
    assert Signature.objects.get(record_id=world.settled.pk, role="worker").state == "refused"


def test_the_form_is_printed_for_those_who_see_it(world, ask):
    status, pdf = ask("cc", "GET", f"/records/{world.settled.pk}/print")
    assert (status, pdf[:5]) == (200, b"%PDF-")
    assert ask("oa2", "GET", f"/records/{world.settled.pk}/print")[0] == 404


def test_a_copy_is_acknowledged_by_its_reader_once(world, ask):
    copy = Copy.objects.filter(person=world.house.people["cs"]).first()
    assert copy.pk in [row["id"] for row in ask("cs", "GET", "/copies")[1]["items"]]
    assert ask("gm", "POST", f"/copies/{copy.pk}/receipt")[0] == 404
    first = ask("cs", "POST", f"/copies/{copy.pk}/receipt")[1]["received_at"]
    assert ask("cs", "POST", f"/copies/{copy.pk}/receipt", at=MONDAY + dt.timedelta(hours=1))[1]["received_at"] == first


def test_a_step_is_decided_by_whom_it_lies_before(world, ask):
    step = ask("dgm", "GET", "/inbox")[1]["items"][0]
    assert (step["amount"], step["authority"], step["record"]) == ("1900.00", "dgm", str(world.settlement.pk))
    detail = ask("dgm", "GET", f"/steps/{step['id']}")[1]
    assert detail["is_mine"] and detail["facts"]["own"] == "1900.00"
    assert ask("gm", "GET", f"/steps/{step['id']}")[0] == 404
    assert ask("dgm", "POST", f"/steps/{step['id']}/decision", {"result": "refuse"})[0] == 409
    assert ask("dgm", "POST", f"/steps/{step['id']}/decision", {"result": "agree"})[0] == 200
    assert Settlement.objects.get(pk=world.settlement.pk).status == "approved"


@pytest.mark.clause("X-2")
def test_a_figure_changes_by_proposal_approval_and_day(world, ask):
    body = {
        "key": "claims.specialist_max",
        "value": "1100",
        "effective_from": "2026-04-01",
        "reason": "物价上涨需要调整",
    }
    assert ask("cc", "POST", "/policy/changes", body)[0] == 403
    status, change = ask("cs", "POST", "/policy/changes", body)
    assert (status, change["old_value"], change["status"]) == (201, "1000.00", "proposed")
    step = next(row for row in ask("gm", "GET", "/inbox")[1]["items"] if row["record"] == change["id"])
    assert ask("gm", "POST", f"/steps/{step['id']}/decision", {"result": "agree"})[0] == 200
    assert PolicyChange.objects.get(pk=change["id"]).status == "enacted"
    detail = ask("op", "GET", "/policy/values/claims.specialist_max")[1]
    assert [row["value"] for row in detail["history"]][:2] == ["1100.00", "1000.00"]
    assert figure("claims.specialist_max", MONDAY).text == "1000.00"


@pytest.mark.clause("X-2")
def test_explaining_names_clause_figures_and_reason(ask):
    status, told = ask("op", "GET", "/policy/explain/leave?kind=sick&days=3.5&level=staff")
    assert status == 200
    assert set(told) == {"authority", "clause", "policy", "why"}
    assert told["clause"] == "AM-W4.1"
    assert ask("op", "GET", "/policy/explain/leave?kind=sick&days=x&level=staff")[1]["fields"]["days"]
    assert ask("op", "GET", "/policy/explain/leave?colour=red")[0] == 422


def test_personal_numbers_are_masked_on_every_list(world, ask):
    for path in ("/customers", "/people"):
        phones = [row["phone"] for row in ask("gm", "GET", path)[1]["items"] if row["phone"]]
        assert phones and all("****" in phone for phone in phones), path


def test_a_worker_sees_what_concerns_them_and_no_lists_of_people(world, ask):
    assert ask("sw", "GET", "/people")[0] == 403
    assert ask("sw", "GET", "/customers")[0] == 403
    assert ask("sw", "GET", "/me")[1]["posts"] == ["sw"]
    assert ask("technical", "GET", "/cases")[0] == 403
    assert ask("technical", "GET", "/settlements")[0] == 403


@pytest.mark.clause("CC-D5")
def test_totals_are_read_live_and_published_once_over(world, ask):
    periods = ask("cs", "GET", "/claims/totals")[1]["items"]
    assert not periods[0]["is_published"]
    path = f"/claims/totals/{periods[0]['begins']}"
    live = ask("cs", "GET", path)[1]
    assert live["revisions"] == [] and live["figures"]["total"]["accidents"] == 5
    assert ask("op", "GET", path)[0] == 403
    body = {"comment": "平稳", "suggestion": "加强培训"}
    assert ask("cs", "POST", path, body)[0] == 409
    later = clock.day_start(dt.date.fromisoformat(periods[0]["ends"]) + dt.timedelta(days=1)) + dt.timedelta(hours=9)
    status, sent = ask("cc", "POST", path, body, at=later)
    assert (status, len(sent["revisions"]), sent["figures"]["comment"]) == (201, 1, "平稳")
    assert ask("cs", "GET", "/claims/totals/2026-03-03")[0] == 404
