"""A visit's gifts and the month's key accounts for other programs."""

import io
import json

import pytest
from python_calamine import CalamineWorkbook

from tests.care import stages
from tests.houses import MONDAY, House
from zhangfa.care import actions
from zhangfa.core import clock
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def caller(house: House, client, name: str, at):
    headers = {"Authorization": f"Bearer {tokens.issue(house.user(name), at=at)}"}

    def ask(path: str, body=None):
        if body is None:
            return client.get(f"/api/v1{path}", headers=headers)
        return client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers)

    return ask


@pytest.mark.clause("CS-W3.2")
def test_what_a_visit_left_is_read_and_taken_back(house: House, client):
    item = stages.gift(house)
    visit = stages.under_way(house)
    at = visit.arrived_at
    with clock.at(at):
        ask = caller(house, client, "cm", at)
        path = f"/care/visits/{visit.pk}"
        given = ask(f"{path}/transitions/give", {"item": item.pk, "count": 2})
        assert given.status_code == 200, given.content
        (row,) = ask(f"{path}/gifts").json()["items"]
        assert (row["name"], row["count"], row["amount"], row["status"]) == ("抹布30", 2, "60.00", "given")
        back = ask(f"{path}/transitions/take_back", {"giving": row["id"], "count": 1, "reason": "客户只要一块"})
        assert back.status_code == 200, back.content
        (row,) = ask(f"{path}/gifts").json()["items"]
        assert (row["count"], row["returned"], row["amount"]) == (1, 1, "30.00")
        assert caller(house, client, "hr", at)(f"{path}/gifts").status_code in (403, 404)


@pytest.mark.clause("CS-W4")
def test_the_table_of_key_accounts_is_read_and_published(house: House, client):
    stages.account(house)
    with clock.at(MONDAY):
        ask = caller(house, client, "cs", MONDAY)
        drawn = ask("/care/account-reports/2026-02").json()
        assert not drawn["is_published"] and [row["amount"] for row in drawn["rows"]] == ["100000.00"]
        made = ask("/care/account-reports/2026-02", {"note": "续约两家"})
        assert made.status_code == 201, made.content
        again = ask("/care/account-reports/2026-02").json()
        assert again["is_published"] and again["note"] == "续约两家" and len(again["rows"]) == 1
        assert ask("/care/account-reports/2026-03", {}).status_code == 409
        assert ask("/care/account-reports/2026-99").status_code == 404
        assert caller(house, client, "op", MONDAY)("/care/account-reports/2026-02").status_code == 403


@pytest.mark.clause("HS-W1.7")
def test_a_complete_sample_is_said_at_the_button(house: House, client):
    for n in range(12):
        stages.division_visit(house, at=MONDAY - n * stages.HOUR)
    client.force_login(house.user("hs"))
    with clock.at(MONDAY):
        assert 'href="/care/rechecks/draw/"' in client.get("/care/rechecks/").content.decode()
        actions.draw_sample(by=house.actor("hs"), at=MONDAY)
        page = client.get("/care/rechecks/").content.decode()
        assert 'href="/care/rechecks/draw/"' not in page
        assert "抽取本周样本（现在不能办理，打开看原因）" in page and "下周一（2026-03-09）起可以再抽" in page
        assert "2026-03-02 – 2026-03-08" in page, "a week is not one day"


@pytest.mark.clause("CS-W4")
def test_amounts_of_key_accounts_are_numbers_in_the_sheet(house: House, client):
    stages.account(house)
    client.force_login(house.user("cs"))
    with clock.at(MONDAY):
        actions.publish_accounts(MONDAY.date() - 20 * stages.DAY, by=house.actor("cs"), at=MONDAY)
        answer = client.get("/care/account-reports/2026-02/?export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    cells = [cell for row in rows for cell in row]
    assert 100000.0 in cells and "100000.00" not in cells
