"""The inbox and the page of one step."""

import pytest
from django.utils import translation

from tests.approvals.papers import ask
from tests.claims import stages
from tests.houses import MONDAY
from zhangfa.approvals import queries
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.ids import uuid7

pytestmark = pytest.mark.clause("X-5")


@pytest.fixture
def as_person(house, client):
    def sign_in(name):
        client.force_login(house.user(name))
        return client

    with clock.at(MONDAY):
        yield sign_in


def test_the_inbox_lists_what_waits_for_me_and_says_why(house, as_person):
    step = ask(house)
    client = as_person("cs")
    page = client.get("/inbox/").content.decode()
    assert "试验表单" in page
    assert "1,800.00" in page
    assert "CC-W1.5" in page
    page = client.get(f"/inbox/{step.pk}/").content.decode()
    assert "1800.00 元" in page
    assert "1,500" in page


def test_the_workbench_says_whose_paper_is_agreed_to_with_two_taps(house, as_person):
    step = ask(house)
    (item,) = queries.inbox_items(house.actor("cs"), MONDAY)
    assert item.answers and item.holder == f"申请人：{step.applicant.name}"


def test_what_is_not_mine_does_not_exist(house, as_person):
    step = ask(house)
    client = as_person("cc2")
    assert "没有等您审批的表单" in client.get("/inbox/").content.decode()
    assert client.get(f"/inbox/{step.pk}/").status_code == 404
    assert client.post(f"/inbox/{step.pk}/", {"result": "agree", "once": uuid7()}).status_code == 404


def test_deciding_on_the_page_twice_has_one_effect(house, as_person):
    step, key = ask(house), str(uuid7())
    client = as_person("cs")
    for _ in range(2):
        answer = client.post(f"/inbox/{step.pk}/", {"result": "agree", "shown_amount": "1800.00", "once": key})
        assert answer.status_code == 303
    assert Step.objects.get().state == "agreed"
    assert "人cs" in client.get(f"/inbox/{step.pk}/").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_return_without_a_reason_keeps_what_was_typed(house, as_person, language):
    step = ask(house)
    client = as_person("cs")
    client.cookies["language"] = language
    with translation.override(language):
        answer = client.post(f"/inbox/{step.pk}/", {"result": "return", "opinion": "不行😀", "once": str(uuid7())})
    assert answer.status_code == 422
    assert "不行😀" in answer.content.decode()
    assert Step.objects.get().is_waiting


@pytest.mark.parametrize(
    "sent",
    [{}, {"result": "x"}, {"result": "agree", "shown_amount": "abc"}, {"result": "refuse", "opinion": "字" * 401}, {"result": "refuse", "opinion": "a\x00bcdef"}],
)  # fmt: skip
def test_nonsense_is_a_message(house, as_person, sent):
    step = ask(house)
    answer = as_person("cs").post(f"/inbox/{step.pk}/", sent | {"once": str(uuid7())})
    assert answer.status_code == 422
    assert Step.objects.get().is_waiting


def test_an_amount_changed_meanwhile_is_said(house, as_person):
    step = ask(house)
    answer = as_person("cs").post(
        f"/inbox/{step.pk}/", {"result": "agree", "shown_amount": "1500", "once": str(uuid7())}
    )
    assert answer.status_code == 422
    assert "金额在您查看之后已经变更" in answer.content.decode()


def test_what_has_gone_up_names_its_paper(house, as_person):
    """The manager who let it pass sees which case it was, and opens it."""
    step = Step.objects.get(record_id=stages.settlement(house, "proposed").pk)
    Step.objects.update(seat=house.seats["gm"], escalated_from=house.seats["cs"], level=1)
    case = step.record.parent
    page = as_person("cs").get("/inbox/").content.decode().split("逾期已转给上级的")[1]
    assert case.number in page
    assert case.title in page
    assert f'href="/settlements/{step.record_id}/"' in page
    assert "1,800.00" in page
