"""Who is let in, and what can't be read is an answer in words."""

import json

import pytest
from django.test import Client

from tests.houses import MONDAY
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.runtime import tokens
from zhangfa.runtime.models import ApiToken


def test_without_a_token_the_answer_is_401_in_the_callers_language(house):
    for language, word in (("zh-hans", "令牌"), ("en", "token")):
        answer = Client(headers={"Accept-Language": language}).get("/api/v1/cases")
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/json"
        assert answer["WWW-Authenticate"] == "Bearer"
        assert answer.json()["code"] == "unsigned"
        if language == "zh-hans":
            assert word in answer.json()["text"]


def test_a_revoked_token_and_a_closed_account_are_nobody(house, caller):
    op = caller("op")
    assert op.get("/me").status_code == 200
    tokens.revoke_all(ApiToken.objects.get().user, at=MONDAY)
    assert op.get("/me").status_code == 401
    cs = caller("cs")
    user = house.user("cs")
    user.is_active = False
    user.save()
    assert cs.get("/me").status_code == 401


def test_a_wrong_token_is_not_helped_out_by_an_open_session(house):
    client = Client()
    client.force_login(house.user("op"))
    assert client.get("/api/v1/cases").status_code == 200
    assert client.get("/api/v1/cases", headers={"Authorization": "Bearer zf_wrong"}).status_code == 401


def test_a_browser_session_writes_only_with_the_csrf_header(house, reported):
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.user("op"))
    with clock.at(MONDAY):
        answer = client.post("/api/v1/cases", json.dumps(reported()), content_type="application/json")
        assert answer.status_code == 403
        assert answer.json()["refusals"][0]["code"] == "csrf"
        client.get("/accounts/login/")
        client.cookies["csrftoken"] = "a" * 32
        answer = client.post(
            "/api/v1/cases", json.dumps(reported()), content_type="application/json", headers={"X-CSRFToken": "a" * 32}
        )
    assert answer.status_code == 201, answer.content


BODIES = [
    (b"{", 400, "json"), (b"\xff\xfe", 400, "json"), (b"[" * 100_000, 400, "json"), (b'{"a": NaN}', 400, "json"),
    (b'{"a": 1, "a": 2}', 400, "json"), (b'{"a": ' + b"9" * 5000 + b"}", 400, "json"), (b"[]", 422, "invalid"),
    (b'"text"', 422, "invalid"), (b"null", 422, "invalid"), (b'{"estimate": "\\ud800"}', 422, "invalid"),
    (b'{"\\ud800": 1}', 422, "invalid"), (b" " * (9 * 2**20), 413, "too_big"),
]  # fmt: skip


def test_what_cannot_be_read_is_an_answer(caller):
    for body, status, code in BODIES:
        answer = caller("op").post("/cases", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body[:20]


def test_another_content_type_is_415(caller):
    answer = caller("op").client.post("/api/v1/cases", {"a": 1}, headers=caller("op").headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "content_type")


NONSENSE = [
    1,
    1.5,
    True,
    None,
    [],
    {},
    "",
    "x" * 5000,
    "\x00",
    "\ud800",
    "<b>x</b>",
    "-1",
    "1e5",
    "1,5",
    "NaN",
    "9" * 30,
    "１２",
]


@pytest.mark.parametrize("field", ["estimate", "occurred_at", "unit", "source", "customer_hour", "reporter_phone"])
def test_every_field_turns_nonsense_away_in_words(caller, reported, field):
    for value in NONSENSE:
        if value == "" and field in ("customer_hour", "reporter_phone"):
            continue
        answer = caller("op").post("/cases", reported(**{field: value}))
        assert answer.status_code == 422, value
        assert answer.json()["fields"][field], value
    assert not Case.objects.exists()


def test_rare_names_and_markup_come_back_as_they_were_sent(caller, reported):
    for name in ("㛃䶮", "李" * 40, "O’Brien <script>", "🏠👵🏽", "𠮷野家", "Zoë"):
        answer = caller("op").post("/cases", reported(reporter=name, summary=name))
        assert answer.status_code == 201, answer.content
        assert answer.json()["summary"] == name


IMPOSSIBLE = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T10:00:00Z", "2026-03-02")


def test_impossible_instants_are_messages(caller, reported):
    for value in IMPOSSIBLE:
        answer = caller("op").post("/cases", reported(occurred_at=value))
        assert answer.status_code == 422, value
        assert "occurred_at" in answer.json()["fields"]


def test_nothing_can_be_assigned_that_the_form_does_not_offer(caller, reported):
    answer = caller("op").post("/cases", reported(status="closed", handler="1"))
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"status", "handler"}
    assert not Case.objects.exists()


NOWHERE = (
    "/cases/x%00", "/cases/" + "1" * 60, "/cases/%ED%A0%80", "/nothing", "/customers/0", "/customers/x", "/customers/" + "9" * 30,
    "/attachments/x/view", "/policy/values/none", "/cases/' OR 1=1", "/records/../cases", "/records/x/signatures",
)  # fmt: skip
UNREADABLE = (
    "status=nonsense", "colour=red", "limit=0", "limit=101", "limit=x",
    "limit=" + "9" * 5000, "after=%00", "after=abc", "q=%00", "sort=x", "from_on=yesterday",
    "open=perhaps",
)  # fmt: skip


def test_an_address_that_leads_nowhere_is_a_json_404(caller):
    for path in NOWHERE:
        answer = caller("gm").get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "missing"), path


def test_a_filter_that_cannot_be_read_is_refused_and_never_ignored(caller):
    for query in UNREADABLE:
        answer = caller("gm").get(f"/cases?{query}")
        assert answer.status_code == 422, query
        assert set(answer.json()["fields"]) == {query.partition("=")[0]}


def test_a_wrong_method_is_told_in_json(caller):
    answer = caller("gm").call("DELETE", "/cases")
    assert (answer.status_code, answer.json()["code"]) == (405, "method")
    assert "GET" in answer["Allow"]


def test_a_program_that_runs_away_is_held_back(caller, settings):
    settings.API_CALLS_PER_MINUTE = 3
    answers = [caller("op").get("/me") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert int(answers[-1]["Retry-After"]) <= 60
