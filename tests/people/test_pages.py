"""A worker's papers: entered by others, seen by those who send them out, taken back but never rewritten."""

import re

import pytest

from tests.houses import MONDAY, House
from tests.orders.stages import with_papers
from zhangfa.core import clock
from zhangfa.people.models import Certificate

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W3")]


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def shown(response, status=200):
    assert response.status_code == status, response.content.decode()[:1500]
    return re.sub(r"\s+", " ", response.content.decode())


def test_an_outlet_enters_the_papers_of_its_own_workers(client, house):
    client.force_login(house.user("oa"))
    body = {
        "person": house.people["sw"].pk, "kind": "health", "number": "H-1", "issuer": "区疾控中心", "valid_from": "2026-03-01", "valid_to": "",
        "category": "", "is_passed": "on",
    }  # fmt: skip
    page = shown(client.post("/papers/new/", body), 422)
    assert "这类证件有期限" in page and 'value="H-1"' in page
    body["valid_to"] = "2027-02-28"
    assert client.post("/papers/new/", body)["Location"] == f"/papers/workers/{house.people['sw'].pk}/"
    assert "已经登记" in shown(client.post("/papers/new/", body), 422)
    other = {**body, "person": house.people["sw2"].pk}
    assert "只能登记本网点" in shown(client.post("/papers/new/", other), 422)
    assert "没有安心码" in shown(client.get(f"/papers/workers/{house.people['sw'].pk}/"))


def test_papers_are_seen_in_scope_and_a_mistake_is_voided(client, house):
    with_papers(house, "sw")
    worker = f"/papers/workers/{house.people['sw'].pk}/"
    client.force_login(house.user("sw"))
    assert "绿码" in shown(client.get(worker)) and client.get("/papers/new/").status_code == 403
    client.force_login(house.user("oa2"))
    assert client.get(worker).status_code == 404
    client.force_login(house.user("fin"))
    assert client.get("/papers/").status_code == 403
    client.force_login(house.user("oa"))
    row = Certificate.objects.get(kind="insurance")
    assert row.number in shown(client.get("/papers/?kind=insurance"))
    assert client.post(f"/papers/{row.pk}/void/", {"reason": "登错人"}).status_code == 303
    page = shown(client.get(worker))
    assert "黄码" in page and "已作废" in page
    assert row.number not in shown(client.get("/papers/"))
    assert "已经作废" in shown(client.post(f"/papers/{row.pk}/void/", {"reason": "登错人"}), 422)
