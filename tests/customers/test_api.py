"""The archive through the interface: the same rules as on its pages, and what is masked stays masked."""

import json

import pytest
from django.test import Client

from tests.customers.test_entries import SAID, TODAY, entered
from tests.houses import MONDAY, House
from zhangfa.audit.models import Look
from zhangfa.core import clock
from zhangfa.customers.models import ArchiveEntry, Customer, HandIn
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-W2.1")]


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


@pytest.fixture
def ask(house):
    known = {}

    def send(who, method, path, body=None):
        headers = known.setdefault(who, {"Authorization": f"Bearer {tokens.issue(house.user(who), at=MONDAY)}"})
        data = {} if method == "GET" else {"data": json.dumps(body or {}), "content_type": "application/json"}
        answer = Client().generic(method, f"/api/v1{path}", headers=headers, **data)
        return answer.status_code, answer.json()

    return send


def test_a_customer_is_entered_and_changed_and_the_number_stays_masked(house, ask):
    body = {
        "kind": "household",
        "name": "周到",
        "phone": "13900001234",
        "outlet": str(house.units["east"].pk),
        "compound": "枫屿里",
    }
    status, made = ask("op", "POST", "/customers", body)
    assert status == 201 and made["phone"] == "139****1234"
    status, again = ask("op", "POST", "/customers", body)
    assert status == 409 and again["refusals"][0]["code"] == "customer.known"
    one = f"/customers/{made['id']}"
    changed = {**body, "name": "周到到", "status": "active"}
    del changed["phone"]
    assert ask("op", "POST", f"{one}/edit", changed)[1]["name"] == "周到到"
    assert Customer.objects.get(pk=made["id"]).phone == "13900001234"
    assert ask("oa2", "GET", one)[0] == 404 and ask("oa2", "POST", f"{one}/edit", changed)[0] == 404
    assert ask("hr", "POST", "/customers", body)[0] == 403


def test_an_entry_goes_its_way_by_three_people(house, ask):
    day = {"served_on": TODAY.isoformat()}
    status, basic = ask("oa", "POST", f"/customers/{house.customer.pk}/entries", {**day, "name": "林知夏"})
    assert status == 409 and basic["refusals"][0]["code"] == "entry.basic"
    assert ask("oa", "GET", "/archive/today")[1]["items"][0]["entry"] is None
    status, entry = ask("oa", "POST", f"/customers/{house.customer.pk}/entries", {**day, "observation": SAID})
    assert status == 201 and entry["learnt"] == {"observation": SAID}
    status, batch = ask("hs", "POST", "/archive/handins", {})
    assert status == 201 and batch["entry_count"] == 1
    steps = f"/archive/entries/{entry['id']}/transitions"
    assert ask("oa", "POST", f"{steps}/key_in")[0] == 409
    assert ask("op", "POST", f"{steps}/key_in")[1]["status"] == "entered"
    status, wrong = ask("net", "POST", f"{steps}/verify", {"checked": []})
    assert status == 409 and wrong["refusals"][0]["code"] == "entry.unchecked"
    assert (
        ask("cs", "POST", f"/archive/handins/{batch['id']}/transitions/check", {"opinion": "齐全"})[1]["opinion"]
        == "齐全"
    )
    assert ask("cs", "GET", "/archive/entries")[1]["items"][0]["learnt"] == {}


def test_bad_conduct_is_checked_by_another_and_a_request_is_answered_by_the_manager(house, ask):
    facts = {"kind": "abusive", "occurred_on": TODAY.isoformat(), "facts": "服务结束后在门口对服务员大声辱骂约十分钟"}
    status, row = ask("oa", "POST", f"/customers/{house.customer.pk}/adverse", facts)
    assert status == 201
    assert ask("oa", "POST", f"/archive/adverse/{row['id']}/transitions/confirm", {"ground": "属实"})[0] == 409
    status, bare = ask("cs", "POST", f"/archive/adverse/{row['id']}/transitions/confirm", {"ground": "听过录音属实"})
    assert status == 409 and bare["refusals"][0]["code"] == "adverse.evidence"
    assert ask("oa2", "GET", f"/archive/adverse/{row['id']}")[0] == 404
    assert ask("hr", "GET", "/archive/adverse")[0] == 403
    status, asked = ask(
        "op", "POST", f"/customers/{house.customer.pk}/requests", {"kind": "access", "identity": "回拨核对"}
    )
    assert status == 201 and asked["status"] == "open"
    assert ask("op", "POST", f"/archive/requests/{asked['id']}/transitions/fulfil", {"outcome": "已提供"})[0] == 409


def test_papers_are_printed_as_their_forms_with_what_is_masked_masked(house, client):
    entry = entered(house)
    for who, path, status in (
        ("oa", f"/customers/{house.customer.pk}/file.pdf", 200), ("oa2", f"/customers/{house.customer.pk}/file.pdf", 404),
        ("op", f"/records/{entry.pk}/print.pdf", 200), ("hs", f"/records/{HandIn.objects.get().pk}/print.pdf", 200),
    ):  # fmt: skip
        client.force_login(house.user(who))
        answer = client.get(path)
        assert answer.status_code == status
        assert status != 200 or answer.content.startswith(b"%PDF")
    # A file that leaves on paper is written down like a field in clear; whoever found nothing printed nothing.
    printed = Look.objects.filter(kind="customer", field=f"file:{house.customer.pk}")
    assert list(printed.values_list("person_id", flat=True)) == [house.people["oa"].pk]
    client.force_login(house.user("cs"))
    assert "打印客户档案表" in client.get("/archive/looks/").content.decode()
    from zhangfa.customers import prints

    customer = Customer.objects.get(pk=house.customer.pk)
    sheet = prints.customer_file(customer, actor=house.actor("oa"), at=MONDAY)
    said = repr(sheet)
    assert customer.phone not in said and customer.masked_phone in said and (customer.address or "—") not in said
    assert SAID in repr(prints.entry_sheet(ArchiveEntry.objects.get(pk=entry.pk).record, actor=None, at=MONDAY))
