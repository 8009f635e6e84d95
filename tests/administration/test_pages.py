"""Proposing a change in the browser: words beside the field, nothing typed is lost, who decides is shown before."""

import re

import pytest

from tests.houses import MONDAY, House
from zhangfa.administration.models import PolicyChange
from zhangfa.approvals.models import Step
from zhangfa.core import clock

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-2")]
URL = "/policy-changes/new/claims.specialist_max/"
GIVEN = {"value": "1200", "effective_from": "2026-04-01", "reason": "物价上涨，原数字太低"}


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


@pytest.fixture
def browse(client, house):
    def as_post(name):
        client.force_login(house.user(name))
        return client

    return as_post


def shown(response, status=200):
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_the_figure_to_the_approved_paper(browse, language):
    client = browse("cs")
    client.cookies["language"] = language
    assert URL in shown(client.get("/policy/claims.specialist_max/?part=changes"))
    assert "1,000" in shown(client.get(URL))
    response = client.post(URL, GIVEN)
    change = PolicyChange.objects.get()
    assert response.status_code == 303 and response["Location"] == change.get_absolute_url()
    shown(client.get(change.get_absolute_url()))
    client = browse("gm")
    step = Step.objects.get(record_id=change.pk)
    page = shown(client.get(f"/inbox/{step.pk}/"))
    assert "1,200" in page and "2026-04-01" in page
    assert client.post(f"/inbox/{step.pk}/", {"result": "agree", "opinion": ""}).status_code == 303
    change.refresh_from_db()
    assert change.status == "enacted"
    assert change.record.number in shown(client.get("/policy-changes/"))
    assert b"".join(client.get(f"/records/{change.pk}/print.pdf")).startswith(b"%PDF")
    for part in ("trail", "comments"):
        shown(client.get(f"{change.get_absolute_url()}?part={part}"))
    assert "1,200" in shown(client.get("/policy/claims.specialist_max/?part=history"))


def test_beyond_the_law_the_article_stands_beside_the_field(browse):
    url = "/policy-changes/new/claims.recourse_wage_share/"
    page = shown(browse("am").post(url, {**GIVEN, "value": "25"}), 422)
    assert "第十六条" in page and 'value="25"' in page and "物价上涨" in page
    assert not PolicyChange.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"value": ""}, {"value": "NaN"}, {"value": "<script>alert(1)</script>"}, {"value": "😀"}, {"value": "\x00"}, {"value": "9" * 500},
        {"effective_from": ""}, {"effective_from": "2026-02-30"}, {"effective_from": "2020-01-01"}, {"effective_from": "99999-01-01"},
        {"reason": ""}, {"reason": "短"}, {"reason": "䶮" * 1001},
    ],
)  # fmt: skip
def test_nonsense_is_a_message_and_keeps_what_was_typed(browse, bad):
    page = shown(browse("cs").post(URL, {**GIVEN, **bad}), 422)
    kept = {**GIVEN, **bad}
    assert "is-invalid" in page and (kept["reason"][:100] in page)
    assert "<script>alert" not in page and not PolicyChange.objects.exists()


@pytest.mark.parametrize(
    "key",
    [
        "meeting.strict_majority",
        "archive.entry",
        "claims.totals_anchor",
        "facility.yearly_output",
        "authority.second_decider",
    ],
)
def test_every_kind_of_figure_has_its_input(browse, key):
    shown(browse("am").get(f"/policy-changes/new/{key}/"))


def test_whoever_decides_finds_the_way_from_the_paper(browse):
    browse("cs").post(URL, GIVEN)
    address = PolicyChange.objects.get().get_absolute_url()
    assert f'href="/inbox/{Step.objects.get().pk}/"' in shown(browse("gm").get(address))
    assert "去审批" not in shown(browse("cs").get(address))


@pytest.mark.clause("X-5")
def test_the_second_decider_is_found_by_name_and_shown_by_name(house, browse):
    url, person = "/policy-changes/new/authority.second_decider/", house.people["dgm"]
    page = shown(browse("am").post(url, {**GIVEN, "value": str(house.people["gm"].pk)}), 422)
    assert "第二决定人不能是总经理本人" in page and not PolicyChange.objects.exists()
    browse("am").post(url, {**GIVEN, "value": str(person.pk)})
    change = PolicyChange.objects.get()
    assert person.name in shown(browse("gm").get(change.get_absolute_url()))
    house.name_second_decider("dgm")
    assert person.name in shown(browse("cs").get("/policy/authority.second_decider/"))


def test_who_may_not_propose_is_told_who_may(browse):
    client = browse("op")
    assert "部门经理以上" in shown(client.get(URL), 403)
    assert "部门经理以上" in shown(client.get("/policy/claims.specialist_max/?part=changes"))


def test_papers_of_others_are_not_found(browse):
    browse("cs").post(URL, GIVEN)
    change = PolicyChange.objects.get()
    assert browse("op").get(change.get_absolute_url()).status_code == 404
    assert browse("cs").get("/policy-changes/new/no.such/").status_code == 404


def test_withdrawn_and_mended_by_buttons(browse):
    client = browse("cs")
    client.post(URL, GIVEN)
    change = PolicyChange.objects.get()
    page = shown(client.get(change.get_absolute_url()))
    assert f"/policy-changes/{change.pk}/do/withdraw/" in page and "/do/approve/" not in page
    step = Step.objects.get(record_id=change.pk)
    browse("gm").post(f"/inbox/{step.pk}/", {"result": "return", "opinion": "请再核一下数字"})
    client = browse("cs")
    again = f"/policy-changes/{change.pk}/do/propose_again/"
    assert 'value="1200.00"' in shown(client.get(again))
    assert client.post(again, {**GIVEN, "value": "1100"}).status_code == 303
    assert client.post(f"/policy-changes/{change.pk}/do/withdraw/", {}).status_code == 303
    change.refresh_from_db()
    assert (change.status, change.value) == ("withdrawn", "1100.00")


def test_the_same_form_twice_has_one_effect(browse):
    client = browse("cs")
    once = re.search(r'name="once" value="([^"]+)"', shown(client.get(URL)))[1]
    for _time in range(2):
        assert client.post(URL, {**GIVEN, "once": once}).status_code == 303
    assert PolicyChange.objects.count() == 1
