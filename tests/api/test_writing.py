"""The same POST twice has one effect, and boundaries give the same answer as the pages."""

import io

import pytest
from PIL import Image

from zhangfa.audit.models import Look
from zhangfa.claims.models import Case, Settlement
from zhangfa.records.models import Attachment, Comment


def report(caller, reported, estimate="1800.00", **more):
    answer = caller("op").post("/cases", reported(estimate, **more))
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_the_same_key_with_the_same_request_has_one_effect(caller, reported):
    first = caller("op").post("/cases", reported(), **{"Idempotency-Key": "a-1"})
    again = caller("op").post("/cases", reported(), **{"Idempotency-Key": "a-1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert Case.objects.count() == 1


def test_a_key_goes_back_as_the_answer_gave_it(caller, house, reported):
    unit = report(caller, reported)["unit"]
    assert isinstance(unit, int)
    assert report(caller, reported, unit=unit)["unit"] == unit
    for wrong in (True, 2.5, -1, 2**70, [unit]):
        assert caller("op").post("/cases", reported(unit=wrong)).status_code == 422


def test_the_same_key_with_another_request_is_refused(caller, reported):
    caller("op").post("/cases", reported(), **{"Idempotency-Key": "a-1"})
    other = caller("op").post("/cases", reported("20.00"), **{"Idempotency-Key": "a-1"})
    assert other.status_code == 409
    assert other.json()["refusals"][0]["code"] == "once.reused"
    # The key of one person says nothing about another's.
    assert caller("ops").post("/cases", reported("20.00"), **{"Idempotency-Key": "a-1"}).status_code == 201


def test_a_refused_request_may_be_mended_under_the_same_key(caller, reported):
    key = {"Idempotency-Key": "a-1"}
    assert caller("op").post("/cases", reported("x"), **key).status_code == 422
    assert caller("op").post("/cases", reported(occurred_at="2026-03-03T09:00:00+08:00"), **key).status_code == 409
    assert caller("op").post("/cases", reported(), **key).status_code == 201
    assert caller("op").post("/cases", reported(), **{"Idempotency-Key": "x" * 81}).status_code == 422


def test_a_transition_twice_with_a_key_is_one_step(caller, house, reported):
    case = report(caller, reported)
    name = house.handler_of(Case.objects.get())
    path = f"/cases/{case['number']}/transitions/log_call"
    body = {"content": "客户在家"}
    for _ in range(2):
        assert caller(name).post(path, body, **{"Idempotency-Key": "call-1"}).status_code == 200
    assert Case.objects.get().talks.count() == 1


@pytest.mark.clause("CC-W1.1")
@pytest.mark.parametrize(
    ("estimate", "handled_by"), [("499.99", "outlet"), ("500.00", "specialist"), ("500", "specialist")]
)
def test_the_estimate_routes_as_on_the_page_and_as_explained(caller, reported, estimate, handled_by):
    case = report(caller, reported, estimate)
    assert (case["handled_by"], case["route"]["clause"]) == (handled_by, "CC-W1.1")
    told = caller("op").get(f"/policy/explain/case?estimate={estimate}").json()
    assert told["authority"] == case["route"]["post"]
    assert told["clause"] == "CC-W1.1"


@pytest.mark.clause("CC-W1.5")
@pytest.mark.parametrize(
    ("amount", "authority", "status"),
    [
        ("1000.00", "cc", "approved"),
        ("1000.01", "cs", "proposed"),
        ("1500.00", "cs", "proposed"),
        ("1500.01", "dgm", "proposed"),
    ],
)
def test_the_amount_decides_who_decides(caller, house, reported, amount, authority, status):
    report(caller, reported)
    case = house.to_assessed(Case.objects.select_related("record").get())
    assert caller("oa").post(f"/cases/{case.pk}/transitions/confirm_survey").status_code == 200
    handler = caller(house.handler_of(case))
    answer = handler.post(f"/cases/{case.pk}/transitions/propose", {"methods": ["cash"], "cash_amount": amount})
    assert answer.status_code == 200, answer.content
    line = answer.json()["settlements"][0]
    assert (line["authority"], line["status"], line["total"]) == (authority, status, f"{float(amount):.2f}")
    told = handler.get(f"/policy/explain/case?settlement={amount}&handled_by=specialist").json()
    assert (told["authority"], told["clause"]) == (authority, "CC-W1.5")


@pytest.mark.clause("CC-W1.5")
def test_nine_hundred_and_seven_hundred_on_one_accident_go_to_the_deputy(caller, house, reported):
    report(caller, reported, "900.00")
    first = house.to_assessed(Case.objects.get(), price="900")
    house.propose(first, "900")
    report(caller, reported, "700.00")
    second = house.to_assessed(Case.objects.exclude(pk=first.pk).get(), price="700")
    caller("oa").post(f"/cases/{second.pk}/transitions/confirm_survey")
    answer = caller(house.handler_of(second)).post(
        f"/cases/{second.pk}/transitions/propose", {"methods": ["cash"], "cash_amount": "700"}
    )
    settlement = Settlement.objects.get(case=second)
    assert answer.json()["settlements"][0]["authority"] == "dgm"
    # The manager can't, the deputy can, once.
    path = f"/settlements/{settlement.pk}/transitions/agree"
    refused = caller("cs").post(path, {"amount": "700.00"})
    assert refused.status_code == 409
    assert refused.json()["refusals"][0] | {"text": ""} == {
        "code": "approvals.seat", "text": "", "clause": "X-5", "field": "", "who": ["dgm"],
    }  # fmt: skip
    assert [step["record"] for step in caller("dgm").get("/inbox").json()["items"]] == [str(settlement.pk)]
    assert caller("dgm").post(path, {"amount": "700.00"}).status_code == 200
    assert caller("dgm").post(path, {"amount": "700.00"}).status_code == 409
    assert not caller("dgm").get("/inbox").json()["items"]


def test_a_case_of_others_does_not_exist(caller, house, reported):
    case = report(caller, reported)
    for key in (case["id"], case["number"]):
        assert caller("oa2").get(f"/cases/{key}").status_code == 404
        assert caller("oa2").post(f"/cases/{key}/transitions/log_call", {"content": "x"}).status_code == 404
        assert caller("cs").get(f"/cases/{key}").json()["number"] == case["number"]
        assert caller("oa2").get(f"/records/{key}/attachments").status_code == 404
    assert caller("oa2").get("/cases").json()["items"] == []


@pytest.mark.clause("CC-D3")
def test_every_look_at_a_case_is_logged_through_either_door(caller, house, reported, client):
    case = report(caller, reported)
    for _again in range(2):
        assert caller("cs").get(f"/cases/{case['id']}").status_code == 200
    assert caller("oa2").get(f"/cases/{case['id']}").status_code == 404
    client.force_login(house.user("gm"))
    assert client.get(case["url"]).status_code == 200
    looks = Look.objects.filter(record_id=case["id"], kind="open")
    assert {look.person_id for look in looks} == {house.people["cs"].pk, house.people["gm"].pk}
    assert looks.filter(person_id=house.people["cs"].pk).count() == 1


@pytest.mark.clause("CC-D3")
def test_the_responsible_workers_name_is_for_those_who_may_know(caller, house, reported):
    case = report(caller, reported)
    handler = house.handler_of(Case.objects.get())
    knows = {
        name: caller(name).get(f"/cases/{case['id']}").json()["worker"] is not None
        for name in (handler, "cs", "op", "oa")
    }
    assert knows == {handler: True, "cs": True, "op": False, "oa": True}


def test_steps_are_listed_with_the_reasons_against_them(caller, house, reported):
    case = report(caller, reported)
    steps = {step["name"]: step for step in caller("cs").get(f"/cases/{case['id']}/transitions").json()["items"]}
    assert not steps["acknowledge"]["is_open"]
    assert steps["acknowledge"]["refusals"][0]["code"] == "case.handler"
    assert steps["reassign"]["is_open"]


def photo(size=(40, 30)):
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, "JPEG")
    file.seek(0)
    file.name = "现场.jpg"
    return file


def test_a_photo_is_taken_in_and_shown_as_its_copy(caller, house, reported):
    case = report(caller, reported)
    handler = caller(house.handler_of(Case.objects.get()))
    answer = handler.client.post(
        f"/api/v1/records/{case['id']}/attachments", {"file": photo(), "kind": "scene", "place": "厨房"},
        headers={**handler.headers, "Idempotency-Key": "p1"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    row = Attachment.objects.get()
    assert (answer.json()["id"], answer.json()["kind"], row.place) == (str(row.pk), "scene", "厨房")
    view = handler.get(f"/attachments/{row.pk}/view")
    assert (view.status_code, view["Content-Type"]) == (200, "image/jpeg")
    assert caller("oa2").get(f"/attachments/{row.pk}/view").status_code == 404


@pytest.mark.parametrize(
    "files", [{}, {"file": io.BytesIO(b"MZ nothing")}, {"file": io.BytesIO(b"")}, {"other": io.BytesIO(b"x")}]
)
def test_a_file_that_is_none_is_refused_in_words(caller, house, reported, files):
    case = report(caller, reported)
    handler = caller(house.handler_of(Case.objects.get()))
    for file in files.values():
        file.seek(0)
    answer = handler.client.post(
        f"/api/v1/records/{case['id']}/attachments", {"kind": "scene", **files}, headers=handler.headers
    )
    assert answer.status_code in (409, 422), answer.content
    assert not Attachment.objects.exists()


def test_comments_and_trail(caller, reported):
    case = report(caller, reported)
    assert caller("cs").post(f"/records/{case['id']}/comments", {"text": "请尽快"}).status_code == 201
    assert Comment.objects.get().text == "请尽快"
    assert caller("cs").get(f"/records/{case['number']}/comments").json()["items"][0]["text"] == "请尽快"
    trail = caller("cs").get(f"/records/{case['id']}/trail").json()["items"]
    assert "claims.case.reported" in {entry["event"] for entry in trail}


def test_a_list_costs_few_queries_and_pages_by_key(caller, house, reported, django_assert_max_num_queries):
    for number in range(7):
        house.report(str(100 + number))
    with django_assert_max_num_queries(11):
        first = caller("gm").get("/cases?limit=3&sort=old").json()
    assert (len(first["items"]), first["before"], first["count"]) == (3, "", 7)
    second = caller("gm").get(f"/cases?limit=3&sort=old&after={first['after']}").json()
    assert not {row["id"] for row in first["items"]} & {row["id"] for row in second["items"]}
    back = caller("gm").get(f"/cases?limit=3&sort=old&before={second['before']}").json()
    assert [row["id"] for row in back["items"]] == [row["id"] for row in first["items"]]


@pytest.mark.clause("CC-W1.1")
def test_the_answer_to_a_report_names_what_may_be_the_same(caller, reported):
    """As beside the page's form: number and handler for whoever reports, the case itself for whom it concerns (CC-D3)."""
    first = caller("cc").post("/cases", reported("900")).json()
    again = caller("op").post("/cases", reported("900")).json()
    assert first["similar"] == []
    (named,) = again["similar"]
    assert (named["number"], named["handler_name"]) == (first["number"], first["handler_name"])
    assert (named["id"], named["url"]) == ("", "")
    # Reported at one instant they have no order among each other.
    seen = caller("cs").post("/cases", reported("900")).json()["similar"]
    assert {row["id"] for row in seen} == {first["id"], again["id"]}
